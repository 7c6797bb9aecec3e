"""What a form must hold depends on what was answered: needed fields, bounded times, care steps that ask."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from journal.catalogue import CatalogueRefused, load_catalogue, read_catalogue

CATALOGUE = load_catalogue()
HOUR_MS = 3_600_000


def problems(kind: str, **values) -> set[tuple[str, str]]:
    return {(one.field, str(one.code)) for one in CATALOGUE.check_values(kind, values)}


def test_a_trail_is_named_unless_it_is_new():
    assert ("trail", "missing") in problems("duong_mon", status="sat_lo")
    assert problems("duong_mon", status="moi_phat_hien") == set()
    assert problems("duong_mon", status="sat_lo", trail="DM-01") == set()


def test_a_reception_says_from_whom():
    assert ("from", "missing") in problems("ban_giao", side="nhan", to="DON")
    assert problems("ban_giao", side="giao", to="DON") == set()


@pytest.mark.parametrize(("area", "most_h"), [("vanh_dai", 12), ("loi_mo", 6), (None, 12)])
def test_a_restriction_ends_within_the_hours_of_the_law(area, most_h):
    values = {"gate": "Lối mở", "incident": "un_tac", "restricted_from_at": HOUR_MS}
    if area:
        values["restricted_area"] = area
    assert problems("su_co_cua_khau", **values, restricted_until_at=HOUR_MS * (1 + most_h)) == set()
    late = problems("su_co_cua_khau", **values, restricted_until_at=HOUR_MS * (1 + most_h) + 1)
    assert late == {("restricted_until_at", "lasts_too_long")}
    assert problems("su_co_cua_khau", **values, restricted_until_at=0) == {("restricted_until_at", "ends_before_start")}


def test_a_tip_needs_its_channel_and_its_text_only():
    assert problems("tin_bao") == {("channel", "missing"), ("text", "missing")}
    assert problems("tin_bao", channel="dien_thoai", text="Thấy bè ở bến đá") == set()


@pytest.mark.parametrize(("kind", "whole"), [("phat_hien_nguoi", "people"), ("van_chuyen", "passengers")])
def test_the_least_is_not_above_the_most_and_minors_are_among_all(kind, whole):
    assert (whole, "min_above_max") in problems(kind, **{f"{whole}_min": 5, f"{whole}_max": 4})
    assert "parts_above_whole" in {code for _, code in problems(kind, **{whole: 2, "minors": 3})}


def test_what_the_app_notes_itself_is_never_needed():
    noted = [one for kind in CATALOGUE.kinds.values() for one in kind.fields if one.by_app]
    assert [one.code for one in noted] == ["not_listed"]
    assert not any(one.required or one.required_when for one in noted)


def test_the_card_of_an_ambulance_asks_for_patient_crew_and_order_before_anything_else():
    card = CATALOGUE.care_cards_for("van_chuyen", {"vehicle": "xe_cuu_thuong"})[0]
    assert [step.asks for step in card.steps if step.asks] == ["patient_on_board", "medical_crew", "dispatch_order"]


@pytest.mark.parametrize(
    ("kind", "values", "card"),
    [
        ("van_chuyen", {"vehicle": "xe_cuu_thuong"}, "xe_cuu_thuong"),
        ("phat_hien_nguoi", {"minors": 1}, "tre_em_nan_nhan"),
        ("lan_trai", {"flags": ("tre_em",)}, "tre_em_nan_nhan"),
        ("van_chuyen", {"flags": ("nguoi_benh",)}, "nguoi_benh"),
        ("chuyen_giao", {"flags": ("nghi_nan_nhan",)}, "tre_em_nan_nhan"),
        ("van_chuyen", {"indicators": ("I16",)}, "tre_em_nan_nhan"),
        ("y_te_dich", {}, "nguoi_benh"),
    ],
)
def test_whoever_may_need_care_opens_a_care_card(kind, values, card):
    assert card in [one.code for one in CATALOGUE.care_cards_for(kind, values)]


def test_no_card_and_no_sign_ever_says_to_stop_a_vehicle():
    said = [step.label for card in CATALOGUE.care_cards.values() for step in card.steps]
    for label in said:
        assert not any(words in label.vi.lower() for words in ("dừng xe", "chặn", "giữ xe", "khám xét", "bắt giữ"))
        assert not any(words in label.en.lower() for words in ("stop the", "block", "detain", "search the"))


def test_assistance_is_never_below_high():
    for kind in CATALOGUE.kinds.values():
        if kind.assistance:
            assert CATALOGUE.priority_for(kind.code, {}) in {"cao", "khan"}
    assert CATALOGUE.priority_for("moc", {"indicators": ("I16",)}) == "khan"


def changed(tmp_path: Path, file: str, change) -> Path:
    folder = Path(shutil.copytree(str(files("journal.catalogue")), tmp_path / "catalogue"))
    told = json.loads((folder / file).read_text(encoding="utf-8"))
    change(told)
    (folder / file).write_text(json.dumps(told), encoding="utf-8")
    return folder


def test_two_cards_may_not_keep_a_time_under_one_name(tmp_path):
    def share(told):
        told["care_cards"][2]["steps"][-1]["code"] = "gio_ban_giao"

    with pytest.raises(CatalogueRefused, match="keep their time"):
        read_catalogue(changed(tmp_path, "care_cards.json", share))


def test_a_care_step_asks_only_what_a_kind_asks(tmp_path):
    def ask(told):
        told["care_cards"][0]["steps"][1]["asks"] = "nobody_asks_this"

    with pytest.raises(CatalogueRefused, match="no yes or no"):
        read_catalogue(changed(tmp_path, "care_cards.json", ask))


def test_a_span_names_fields_that_are_there(tmp_path):
    def stray(told):
        told["spans"][0]["end"] = "nowhere"

    with pytest.raises(CatalogueRefused, match="nowhere"):
        read_catalogue(changed(tmp_path, "kinds/su_co_cua_khau.json", stray))
