"""Which rank and which care card an observation gets, and that care always lifts and never lowers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.catalogue import RANKS, load_catalogue

CATALOGUE = load_catalogue()
ASSISTANCE = [code for code, kind in CATALOGUE.kinds.items() if kind.assistance]


@pytest.mark.parametrize(
    ("kind", "values", "priority"),
    [
        ("moc", {"condition": "nguyen_trang"}, "thap"),
        ("moc", {"condition": "xe_dich_nghi_van"}, "cao"),
        ("moc", {"condition": "mat_nghi_van"}, "cao"),
        ("phat_hien_nguoi", {"people": 3, "outcome": "quay_lai"}, "cao"),
        ("phat_hien_nguoi", {"people": 3, "minors": 1, "outcome": "mat_dau"}, "khan"),
        ("phat_hien_nguoi", {"people": 3, "minors": 1, "outcome": "dan_dia_phuong"}, "thap"),
        ("van_chuyen", {"vehicle": "o_to_7"}, "cao"),
        ("van_chuyen", {"vehicle": "o_to_7", "minors": 1}, "khan"),
        ("khong_phat_hien", {"flags": ["tre_em"]}, "cao"),
        ("khong_phat_hien", {"flags": ["nghi_nan_nhan"]}, "khan"),
        ("dau_vet", {"trace": "vet_mau"}, "cao"),
        ("luu_tru", {"result": "chua_khai_bao"}, "trung_binh"),
        ("an_toan_to", {"incident": "lac"}, "khan"),
        ("su_co_cua_khau", {"incident": "un_tac", "restriction_in_force": True}, "khan"),
        ("ban_giao", {"people_min": 1, "people_max": 4}, "cao"),
        ("kind_of_next_year", {}, "trung_binh"),
    ],
)
def test_the_rules_give_the_expected_priority(kind, values, priority):
    assert CATALOGUE.priority_for(kind, values) == priority


def test_a_sign_of_being_controlled_is_urgent_help_in_any_kind():
    for kind in CATALOGUE.kinds:
        assert CATALOGUE.priority_for(kind, {"indicators": ("I16",)}) == "khan"
        cards = [card.code for card in CATALOGUE.care_cards_for(kind, {"indicators": ["I16"]})]
        assert "tre_em_nan_nhan" in cards


@pytest.mark.parametrize("kind", ASSISTANCE)
@given(choice=st.sampled_from(["khong", "da_xong", "nuoc_uong_thuc_an", "sot", "lac"]), people=st.integers(0, 50))
def test_assistance_is_never_below_high(kind, choice, people):
    values = {"assist": choice, "incident": choice, "sos": choice, "symptoms": (choice,), "people": people}
    assert RANKS.index(CATALOGUE.priority_for(kind, values)) >= RANKS.index("cao")


@given(
    kind=st.sampled_from(sorted(CATALOGUE.kinds)),
    country=st.sampled_from(["VN", "LA", "KH", "CN", "khac"]),
    men=st.integers(0, 20),
    women=st.integers(0, 20),
)
def test_neither_plate_country_nor_gender_nor_foreign_guests_changes_a_priority(kind, country, men, women):
    told = {
        "plate_country": country,
        "men": men,
        "women": women,
        "foreign_guests": men,
        "nationality": "LA",
        "spoken": "x",
    }
    assert CATALOGUE.priority_for(kind, told) == CATALOGUE.priority_for(kind, {})


def test_an_ambulance_opens_its_card_before_anything_else():
    card = CATALOGUE.care_card_for("van_chuyen", {"vehicle": "xe_cuu_thuong", "minors": 1})
    assert card is not None
    assert card.code == "xe_cuu_thuong"
    assert card.steps[0].code == "nguoi_benh"
    assert [step.code for step in card.steps].index("giay_to") == 4


def test_blood_asks_to_look_for_someone_hurt():
    card = CATALOGUE.care_card_for("dau_vet", {"trace": "vet_mau"})
    assert card is not None
    assert card.code == "tim_nguoi_bi_thuong"


def test_a_plain_check_opens_no_card():
    assert CATALOGUE.care_card_for("moc", {"marker": "901", "condition": "nguyen_trang"}) is None
    assert CATALOGUE.care_card_for("phat_hien_nguoi", {"minors": 2, "outcome": "dan_dia_phuong"}) is None
