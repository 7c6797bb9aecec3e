"""What the shipped catalogue holds: every kind and type, in both languages, and able to say an invented month of records."""

import json
from pathlib import Path

import flet as ft
import pytest

from journal.catalogue import Kind, Label, load_catalogue

CATALOGUE = load_catalogue()
MONTH = json.loads((Path(__file__).parent / "month_of_observations.json").read_text(encoding="utf-8"))
KINDS = [
    *("khong_phat_hien", "phat_hien_nguoi", "dau_vet", "van_chuyen", "chuyen_giao", "duong_mon", "moc", "cong_trinh"),
    *("phuong_tien_thuy", "lan_trai", "drone", "luu_tru", "lao_dong", "tin_bao", "su_co_cua_khau", "ho_tro"),
    *("ban_giao", "tuyen_truyen", "y_te_dich", "an_toan_to"),
]
PATROL_TYPES = [
    *("khep_kin", "thuong_xuyen", "song_phuong", "dot_xuat", "chot", "mat_phuc", "luu_dong", "lien_nganh_nut_gt"),
    *("dia_ban", "luu_tru", "lao_dong", "duong_thuy", "tim_kiem", "tu_quan"),
]


def labels_of(kind: Kind) -> list[Label]:
    fields = CATALOGUE.fields_of(kind.code)
    choices = [choice.label for field in fields for choice in CATALOGUE.choices_of(field)]
    return [kind.label, *(field.label for field in fields), *choices]


def test_every_kind_and_every_patrol_type_is_there():
    assert set(CATALOGUE.kinds) == set(KINDS)
    assert set(CATALOGUE.patrol_types) == set(PATROL_TYPES)
    assert set(CATALOGUE.indicators) == {f"I{number:02}" for number in range(1, 21)}
    assert CATALOGUE.version == "2026.2"


def test_the_six_most_used_kinds_come_first():
    assert list(CATALOGUE.kinds)[:6] == [
        "khong_phat_hien",
        "moc",
        "duong_mon",
        "phat_hien_nguoi",
        "dau_vet",
        "van_chuyen",
    ]


@pytest.mark.parametrize("code", KINDS)
def test_labels_are_in_both_languages_and_fit_a_narrow_screen(code):
    for label in labels_of(CATALOGUE.kinds[code]):
        assert label.vi.strip() == label.vi
        assert label.en.strip() == label.en
        assert len(label.vi) <= 75
        assert len(label.en) <= 75
    assert len(CATALOGUE.kinds[code].label.vi) <= 32


def test_every_icon_is_one_that_the_screen_has():
    drawn = [
        *CATALOGUE.kinds.values(),
        *CATALOGUE.patrol_types.values(),
        *CATALOGUE.priorities.values(),
        *CATALOGUE.care_cards.values(),
    ]
    assert [thing.icon for thing in drawn if not hasattr(ft.Icons, thing.icon)] == []


def test_a_stationary_watch_is_never_listed_ahead():
    assert [code for code, row in CATALOGUE.patrol_types.items() if not row.listed_ahead] == ["mat_phuc"]


def test_only_the_sign_of_being_controlled_leads_to_assistance():
    assert [code for code, sign in CATALOGUE.indicators.items() if sign.assistance] == ["I16"]


def test_priorities_have_their_clocks():
    targets = {code: row.acknowledge_within_min for code, row in CATALOGUE.priorities.items()}
    assert targets == {"thap": 1440, "trung_binh": 480, "cao": 60, "khan": 15}


def test_nothing_asks_who_a_person_is():
    keys = {key for kind in KINDS for field in CATALOGUE.fields_of(kind) for key in field.keys}
    assert keys.isdisjoint(CATALOGUE.forbidden.field_codes)
    assert {"nationality", "ethnicity", "passport_number", "full_name"} <= set(CATALOGUE.forbidden.field_codes)


def test_an_invented_month_of_observations_can_be_said_with_its_priorities():
    assert len(MONTH) == 28
    for row in MONTH:
        assert CATALOGUE.check_values(row["kind"], row["values"]) == ()
        assert CATALOGUE.priority_for(row["kind"], row["values"]) == row["priority"]


@pytest.mark.parametrize(
    ("kind", "vi", "en"),
    [
        ("van_chuyen", "Xe cứu thương 87B-012.34, 5 người", "Ambulance 87B-012.34, passengers: 5"),
        ("dau_vet", "Dấu chân, 4–6 người, vào nội địa", "Footprints, people: 4–6, inland"),
        ("moc", "Mốc 901, nguyên trạng", "Marker 901, intact"),
        ("drone", "Thiết bị bay, dọc biên giới", "Drone, along border"),
        ("khong_phat_hien", "Không phát hiện", "Nothing to report"),
        ("luu_tru", "Lưu trú CSLT-01, chấp hành", "Lodging CSLT-01, compliant"),
    ],
)
def test_a_title_is_one_plain_line(kind, vi, en):
    values = next(row["values"] for row in MONTH if row["kind"] == kind)
    assert CATALOGUE.summary(kind, values, "vi") == vi
    assert CATALOGUE.summary(kind, values, "en") == en


def test_a_title_with_nothing_filled_is_the_kind_itself():
    assert CATALOGUE.summary("moc", {}, "vi") == "Kiểm tra mốc, cọc dấu"
    assert CATALOGUE.summary("kind_of_next_year", {}, "vi") == "kind_of_next_year"


def test_a_long_tip_is_cut_at_a_word():
    title = CATALOGUE.summary("tin_bao", {"text": "một hai ba bốn " * 20}, "vi")
    assert title.endswith("…")
    assert len(title) < 80


def test_search_finds_without_marks_and_by_plate():
    trail = CATALOGUE.search_text("duong_mon", {"trail": "Đường mòn Bến Đá", "status": "sat_lo"})
    assert "duong mon ben da" in trail
    assert "landslide" in trail
    assert "87b01234" in CATALOGUE.search_text("van_chuyen", {"plate": "87B-012.34"})


def test_labels_are_found_by_path_and_a_newer_path_reads_as_its_code():
    assert CATALOGUE.label("kinds.moc", "en") == "Marker check"
    assert CATALOGUE.label("kinds.moc.condition", "vi") == "Tình trạng"
    assert CATALOGUE.label("kinds.moc.condition.nut_vo", "vi") == "Nứt vỡ"
    assert CATALOGUE.label("kinds.phat_hien_nguoi.people_max", "en") == "People"
    assert CATALOGUE.label("lists.direction.vao_noi_dia", "en") == "Inland"
    assert CATALOGUE.label("lists.direction", "en") == "Direction"
    assert CATALOGUE.label("patrol_types.chot", "vi") == "Trực chốt"
    assert CATALOGUE.label("priorities.khan", "en") == "Urgent"
    assert CATALOGUE.label("groups.kiem_tra", "en") == "Checked"
    assert CATALOGUE.label("care_cards.tre_em_nan_nhan.giu_am", "en") == "Warmth, water, food"
    assert CATALOGUE.label("kinds.moc.condition.melted", "en") == "melted"
    assert CATALOGUE.label("", "en") == ""
