"""The proposed result says what the records say, and claims nothing that they contradict."""

import pytest

from app.patrol.nearest import KnownPlace
from app.screens.phone.result import propose_result
from app.store.queries import ObservationLine
from app.texts import Texts
from tests.app.phone.fakes import CATALOGUE

SAFE = "Bảo đảm an toàn về người, trang bị."
CLEAN = "Không phát hiện vi phạm."


def seen(
    kind: str, *, at: int = 0, priority: str = "thap", voided: bool = False, note: str | None = None, **values: object
) -> ObservationLine:
    empty = dict.fromkeys(ObservationLine.__dataclass_fields__)
    given = {
        "kind": kind,
        "values": values,
        "happened_ms": at,
        "priority": priority,
        "voided": voided,
        "flags": (),
        "description": note,
        "subject": f"{kind}{at}",
    }
    return ObservationLine(**{**empty, **given})


def propose(*lines: ObservationLine, language: str = "vi", all_safe: bool = True) -> str:
    return propose_result(Texts(language), CATALOGUE, lines, distance_m=4_200, all_safe=all_safe, places=REGISTERED)


REGISTERED = (
    KnownPlace("place:M905", "Mốc 905", "moc", 0, 0),
    KnownPlace("place:LM03", "Lối mở Chợ Cũ", "loi_mo", 0, 0),
    KnownPlace("place:DM01", "Đường mòn Dốc Gió", "duong_mon", 0, 0),
)


def test_the_result_of_a_bilateral_patrol_reads_as_the_post_writes_it():
    told = propose(
        seen("moc", at=1, marker="905", condition="nguyen_trang"),
        seen("moc", at=2, marker="906", condition="nut_vo", priority="trung_binh", action=("chup_anh", "bao_cao"), note="Nứt bệ"),
        seen("duong_mon", at=3, trail="LM-03", status="da_rao"),
        seen("moc", at=4, marker="907", condition="nguyen_trang"),
    )
    assert told == (
        "Đã kiểm tra mốc 905, 906, 907 và lối mở Chợ Cũ. Mốc 905, 907 nguyên trạng; mốc 906 nứt bệ, đã chụp ảnh, báo cáo. "
        "Không phát hiện vi phạm. Bảo đảm an toàn về người, trang bị."
    )


def test_a_trail_that_is_not_as_usual_is_told():
    told = propose(seen("duong_mon", trail="DM-01", status="sat_lo", priority="trung_binh"))
    assert told == f"Đã kiểm tra đường mòn Dốc Gió. Đường mòn Dốc Gió sạt lở. {CLEAN} {SAFE}"


def test_a_marker_picked_from_the_register_is_told_by_its_number():
    assert propose(seen("moc", marker="M905", condition="nguyen_trang")).startswith("Đã kiểm tra mốc 905. Mốc 905 nguyên trạng.")


def test_a_long_note_stays_with_its_record():
    long = "Vết nứt dài ở bệ phía đông, đã đo và chụp, cần gia cố trước mùa mưa"
    assert "mốc 906 nứt vỡ" in propose(seen("moc", marker="906", condition="nut_vo", note=long)).lower()


def test_markers_of_one_condition_are_told_together():
    told = propose(
        seen("moc", at=1, marker="905", condition="nguyen_trang"),
        seen("moc", at=2, marker="906", condition="nut_vo", priority="trung_binh"),
        seen("moc", at=3, marker="907", condition="nguyen_trang"),
    )
    assert told == f"Đã kiểm tra mốc 905, 906, 907. Mốc 905, 907 nguyên trạng; mốc 906 nứt vỡ. {CLEAN} {SAFE}"


def test_a_patrol_without_any_record_claims_nothing_that_nobody_recorded():
    assert propose() == SAFE
    assert propose(all_safe=False) == ""


def test_a_patrol_that_recorded_nothing_found_tells_its_way():
    assert propose(seen("khong_phat_hien")) == f"Đã đi 4,2 km. {CLEAN} {SAFE}"


@pytest.mark.parametrize(
    "line",
    [
        seen("van_chuyen", vehicle="xe_may", priority="cao"),
        seen("moc", marker="906", condition="xe_dich_nghi_van", priority="cao"),
        seen("dau_vet", trace="dau_chan", priority="trung_binh"),
    ],
)
def test_no_violation_is_never_claimed_beside_a_finding(line):
    assert CLEAN not in propose(line)


def test_everything_but_markers_is_told_by_its_title():
    assert "Ghi nhận: Xe máy." in propose(seen("van_chuyen", vehicle="xe_may", priority="cao"))


def test_a_withdrawn_record_is_not_told():
    assert propose(seen("moc", marker="905", condition="nghieng", voided=True)) == SAFE


def test_a_way_that_nobody_measured_is_not_told():
    told = propose_result(Texts("vi"), CATALOGUE, [seen("khong_phat_hien")], distance_m=0, all_safe=True)
    assert told == f"{CLEAN} {SAFE}"


def test_safety_is_not_claimed_when_the_leader_says_otherwise():
    assert SAFE not in propose(all_safe=False)


def test_a_marker_checked_twice_has_its_last_condition():
    told = propose(
        seen("moc", at=2, marker="905", condition="nghieng", priority="trung_binh"),
        seen("moc", at=1, marker="905", condition="nguyen_trang"),
    )
    assert told.startswith("Đã kiểm tra mốc 905. Mốc 905 nghiêng.")
