"""Values of observations against their kind: what is refused, what is only noticed, and that nothing ever raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.catalogue import ProblemCode, load_catalogue

CATALOGUE = load_catalogue()
PEOPLE = {"people_min": 2, "people_max": 4, "direction": "vao_noi_dia", "outcome": "quay_lai"}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
known_keys = sorted({key for kind in CATALOGUE.kinds for field in CATALOGUE.fields_of(kind) for key in field.keys})


def problems(kind: str, values: dict[str, object], **more: str) -> set[tuple[str, ProblemCode]]:
    return {(found.field, found.code) for found in CATALOGUE.check_values(kind, values, **more)}


def test_a_full_and_true_record_has_no_problem():
    assert problems("phat_hien_nguoi", PEOPLE) == set()
    assert problems("phat_hien_nguoi", {**PEOPLE, "indicators": ["I13"], "flags": ()}) == set()


def test_an_exact_count_stands_for_both_ends():
    assert problems("phat_hien_nguoi", {"people": 3, "direction": "khong_ro", "outcome": "chua_ro"}) == set()


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("moc", {"condition": "nguyen_trang"}, ("marker", ProblemCode.MISSING)),
        ("moc", {"marker": "", "condition": "nguyen_trang"}, ("marker", ProblemCode.MISSING)),
        ("moc", {"marker": "901", "condition": "melted"}, ("condition", ProblemCode.NOT_A_CHOICE)),
        ("moc", {"marker": "9" * 41, "condition": "ngap"}, ("marker", ProblemCode.TOO_LONG)),
        ("moc", {"marker": 901, "condition": "ngap"}, ("marker", ProblemCode.WRONG_TYPE)),
        ("phat_hien_nguoi", {**PEOPLE, "people_min": 9}, ("people", ProblemCode.MIN_ABOVE_MAX)),
        ("phat_hien_nguoi", {**PEOPLE, "people_max": 100_000}, ("people_max", ProblemCode.OUT_OF_RANGE)),
        ("phat_hien_nguoi", {**PEOPLE, "people_max": 4.0}, ("people_max", ProblemCode.WRONG_TYPE)),
        ("phat_hien_nguoi", {**PEOPLE, "minors": True}, ("minors", ProblemCode.WRONG_TYPE)),
        ("phat_hien_nguoi", {**PEOPLE, "minors": 5}, ("men", ProblemCode.PARTS_ABOVE_WHOLE)),
        ("drone", {"direction": "khong_ro", "seen": False}, ("seen", ProblemCode.ONE_OF_MISSING)),
        ("luu_tru", {"result": "chap_hanh"}, ("premises", ProblemCode.ONE_OF_MISSING)),
        ("drone", {"heading_deg": 360}, ("heading_deg", ProblemCode.OUT_OF_RANGE)),
        ("ho_tro", {"assist": "y_te", "people": 1, "ended_at": "hôm qua"}, ("ended_at", ProblemCode.NOT_A_TIME)),
        ("ho_tro", {"ended_at": "2026-11-09T00:20:00"}, ("ended_at", ProblemCode.NOT_A_TIME)),
        ("luu_tru", {"guest_names": ["x"]}, ("guest_names", ProblemCode.ASKS_IDENTITY)),
        ("van_chuyen", {"nationality": "x"}, ("nationality", ProblemCode.ASKS_IDENTITY)),
    ],
)
def test_what_does_not_fit_is_named_with_its_field(kind, values, expected):
    found = problems(kind, values)
    assert expected in found
    assert not next(row for row in CATALOGUE.check_values(kind, values) if row.code is expected[1]).is_notice


def test_a_tip_needs_only_channel_and_text():
    assert problems("tin_bao", {"channel": "dien_thoai", "text": "Xe dừng ở đầu đường mòn"}) == set()
    assert problems("tin_bao", {}) == {("channel", ProblemCode.MISSING), ("text", ProblemCode.MISSING)}


def test_times_are_taken_with_offset_or_as_milliseconds():
    told = {"assist": "y_te", "people": 1}
    assert problems("ho_tro", {**told, "ended_at": "2026-11-09T00:20:00+07:00"}) == set()
    assert problems("ho_tro", {**told, "ended_at": 1_793_899_200_000}) == set()


def test_text_is_measured_composed():
    assert problems("moc", {"marker": "e\u0302\u0301" * 40, "condition": "ngap"}) == set()


def test_what_a_newer_version_brought_is_noticed_and_kept():
    assert problems("moc", {"marker": "901", "condition": "ngap", "tilt_mrad": 3}) == {("tilt_mrad", ProblemCode.NEWER_FIELD)}
    newer = {"marker": "901", "condition": "melted"}
    assert problems("moc", newer, from_version="2027.1") == {("condition", ProblemCode.NEWER_CHOICE)}
    assert problems("moc", newer, from_version="2026.1") == {("condition", ProblemCode.NOT_A_CHOICE)}
    assert problems("moc", newer, from_version="nonsense") == {("condition", ProblemCode.NOT_A_CHOICE)}
    assert all(found.is_notice for found in CATALOGUE.check_values("kind_of_next_year", {"a": 1}))


@given(
    kind=st.sampled_from([*CATALOGUE.kinds, "kind_of_next_year"]),
    values=st.dictionaries(st.sampled_from(known_keys) | st.text(), json_values, max_size=12),
)
def test_no_json_value_makes_the_catalogue_raise(kind, values):
    CATALOGUE.check_values(kind, values)
    assert CATALOGUE.priority_for(kind, values) in CATALOGUE.priorities
    CATALOGUE.care_cards_for(kind, values)
    CATALOGUE.search_text(kind, values)
    assert "\n" not in CATALOGUE.summary(kind, values, "vi")
