"""A restriction lasts as long as the law allows, and only a new order on a higher decision lets it go on."""

import pytest

from journal.access import HeldReason, Standing, SubjectFacts, judge
from journal.entries import Amended, Entry, Fact, OrderIssued, Restriction, Taken
from journal.folding import Kept, OrderState, fold
from journal.restriction import judge_restriction, read_law

HOUR_MS = 3_600_000
START_MS = 1_794_000_000_000
WRITER = "a" * 16


def an_order(scope: str = "loi_mo", lasts_ms: int = 6 * HOUR_MS, **said: object) -> OrderIssued:
    return OrderIssued.model_validate({
        "kind": "han_che", "title": "Tạm dừng qua lại", "to_unit": "DON", "starts_ms": START_MS, "ends_ms": START_MS + lasts_ms,
        "restriction": Restriction(scope=scope, ground="dich_benh"), **said,
    })  # fmt: skip


def an_entry(body: Fact, seq: int = 1, subject: str | None = None) -> Entry:
    taken = Taken(wall_ms=START_MS, mono_ms=1, boot="b")
    return Entry(
        writer=WRITER, seq=seq, unit="DON", at=(START_MS + seq, 0), taken=taken, subject=subject or f"{WRITER}.{seq}", body=body
    )


CHIEF = Standing("person:P09", WRITER, {"DON": frozenset({"chi_huy"})})


@pytest.mark.parametrize(("scope", "hours"), [("vanh_dai", 12), ("cua_khau_phu", 6), ("loi_mo", 6), ("of_a_newer_version", 6)])
def test_a_restriction_ends_within_the_time_of_the_law(scope: str, hours: int):
    assert judge_restriction(an_order(scope, hours * HOUR_MS)) is None
    assert judge_restriction(an_order(scope, hours * HOUR_MS + 1)) == "too_long"


def test_a_restriction_needs_its_hours_and_its_ground():
    assert judge_restriction(an_order(ends_ms=None)) == "hours"
    assert judge_restriction(an_order(lasts_ms=0)) == "hours"
    assert judge_restriction(an_order(restriction=Restriction(scope="loi_mo", ground=" "))) == "ground"
    assert judge_restriction(an_order(restriction=None)) == "ground"


def test_a_restriction_goes_on_only_by_a_new_order_that_names_the_higher_decision():
    alone = Restriction(scope="loi_mo", ground="dich_benh", extends=f"{WRITER}.1")
    assert judge_restriction(an_order(restriction=alone)) == "decision"
    decided = alone.model_copy(update={"decided_by": "Ban Chỉ huy BĐBP tỉnh, số 12/QĐ"})
    assert judge_restriction(an_order(restriction=decided)) is None
    assert judge_restriction(an_order(restriction=decided, lasts_ms=6 * HOUR_MS + 1)) == "too_long"


def test_the_station_holds_an_order_beyond_the_law_and_a_correction_of_its_end():
    assert judge(CHIEF, an_entry(an_order()), None) is None
    assert judge(CHIEF, an_entry(an_order(lasts_ms=7 * HOUR_MS)), None) is HeldReason.BEYOND_LAW
    order = an_entry(an_order())
    about = SubjectFacts("person:P09", units=frozenset({"DON"}), began="order_issued", owner_unit="DON", version=order.ref)
    later = Amended(saw=order.ref, changes={"ends_ms": START_MS + 9 * HOUR_MS}, reason="Kéo dài")
    words = Amended(saw=order.ref, changes={"title": "Tạm dừng qua lại lối mở Chợ Cũ"}, reason="Ghi rõ")
    assert judge(CHIEF, an_entry(later, 2, order.ref), about) is HeldReason.NEEDS_NEW_ORDER
    assert judge(CHIEF, an_entry(words, 2, order.ref), about) is None


def test_a_correction_of_the_end_changes_nothing_even_where_nobody_judges_it():
    order = an_entry(an_order())
    later = Amended(saw=order.ref, changes={"ends_ms": START_MS + 9 * HOUR_MS, "title": "Lệnh số 2"}, reason="Kéo dài")
    state = fold([Kept(order), Kept(an_entry(later, 2, order.ref))])
    assert isinstance(state, OrderState)
    assert (state.issued.ends_ms, state.issued.title) == (START_MS + 6 * HOUR_MS, "Lệnh số 2")


def test_who_must_be_told_is_left_until_each_was():
    assert [one.code for one in read_law().untold(())] == ["cap_tren", "ubnd_xa", "co_quan", "ban"]
    assert [one.code for one in read_law().untold(("ubnd_xa", "khac", "ban"))] == ["cap_tren", "co_quan"]
