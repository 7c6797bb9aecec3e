"""Plates, place references and folded Vietnamese: golden samples of each form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.catalogue import PlateForm, PlateWarning, fold_marks, normalise_plate, parse_place_reference, plate_matches


@pytest.mark.parametrize(
    ("raw", "country", "background", "normalised", "form", "warning"),
    [
        ("87B-012.34", "VN", "trang", "87B01234", PlateForm.VN_CAR, None),
        ("87b 012.34", None, None, "87B01234", PlateForm.VN_CAR, None),
        ("29A–123.45", None, None, "29A12345", PlateForm.VN_CAR, None),
        ("51F-9999", None, None, "51F9999", PlateForm.VN_CAR, None),
        ("87R-001.23", None, None, "87R00123", PlateForm.VN_CAR, None),
        ("87C-1234", "VN", "xanh", "87C1234", PlateForm.VN_CAR, None),
        ("29TĐ-012.34", None, None, "29TĐ01234", PlateForm.VN_CAR, None),
        ("87AA-123.45", None, None, "87AA12345", PlateForm.VN_MOTORBIKE, None),
        ("87-MĐ1 123.45", None, None, "87MĐ112345", PlateForm.VN_MOTORBIKE, None),
        ("26-H1 1234", None, None, "26H11234", PlateForm.VN_MOTORBIKE, None),
        ("26H11234", None, None, "26H11234", PlateForm.VN_CAR, PlateWarning.SEVERAL_FORMS),
        ("99LD-035.37", None, None, "99LD03537", PlateForm.VN_CAR, PlateWarning.SEVERAL_FORMS),
        ("KB-12-34", "VN", "do", "KB1234", PlateForm.VN_ARMY, None),
        ("KB-12-34", "VN", "trang", "KB1234", PlateForm.VN_ARMY, PlateWarning.NOT_OF_BACKGROUND),
        ("80-011-NG-01", "VN", "trang_chu_do", "80011NG01", PlateForm.VN_FOREIGN_ORGANISATION, None),
        ("2AB-1234", "KH", None, "2AB1234", PlateForm.KH, None),
        ("ກຂ 1234", "LA", None, "ກຂ1234", PlateForm.LA, None),
        ("KB 1234", "LA", None, "KB1234", PlateForm.VN_ARMY, PlateWarning.NOT_OF_COUNTRY),
        ("云A·12345", "CN", None, "云A12345", PlateForm.CN, None),
        ("桂B12345", "CN", None, "桂B12345", PlateForm.CN, None),
        ("云AD12345", "CN", None, "云AD12345", PlateForm.CN, None),
        ("87B-0??.34", None, None, "87B0??34", PlateForm.PARTIAL, PlateWarning.PARTIAL),
        ("123", None, None, "123", PlateForm.PARTIAL, PlateWarning.PARTIAL),
        ("10A-123.45", None, None, "10A12345", PlateForm.PARTIAL, PlateWarning.PARTIAL),
        ("  ", None, None, "", PlateForm.UNKNOWN, PlateWarning.EMPTY),
        ("biển mờ, không đọc được", None, None, "BIỂNMỜ,KHÔNGĐỌCĐƯỢC", PlateForm.UNKNOWN, PlateWarning.NO_KNOWN_FORM),
    ],
)
def test_a_plate_is_read_as_its_form_says(raw, country, background, normalised, form, warning):
    reading = normalise_plate(raw, country, background)
    assert (reading.raw, reading.normalised, reading.form, reading.warning) == (raw, normalised, form, warning)


def test_an_ambiguous_plate_names_all_it_can_be_until_the_vehicle_is_known():
    assert normalise_plate("99LD-035.37", None, None).forms == (PlateForm.VN_CAR, PlateForm.VN_MOTORBIKE)
    assert normalise_plate("99LD-035.37", None, None, "xe_may").forms == (PlateForm.VN_MOTORBIKE,)
    assert normalise_plate("99LD-035.37", None, None, "o_to_con").forms == (PlateForm.VN_CAR,)
    assert normalise_plate("26H11234", "VN", "trang", "xe_may").warning is None


@given(st.text(max_size=40), st.text(max_size=4) | st.none(), st.text(max_size=8) | st.none())
def test_any_text_is_read_and_kept(raw, country, background):
    assert normalise_plate(raw, country, background).raw == raw


def test_an_unread_sign_matches_any_sign():
    assert plate_matches("87B-0??.34", "87B 012.34")
    assert plate_matches("87*", "87B-012.34")
    assert not plate_matches("87B-0?.34", "87B-012.34")
    assert not plate_matches("", "87B-012.34")


@pytest.mark.parametrize(
    ("text", "code", "marker_class", "offset_m"),
    [
        ("1126", "1126", None, 0),
        ("174/3", "174/3", None, 0),
        ("165(1)", "165(1)", None, 0),
        ("134 (2)", "134(2)", None, 0),
        ("903/1(2)", "903/1(2)", None, 0),
        ("Mốc 1366(2)+1.000m", "1366(2)", "moc", 1000),
        ("cột mốc 904 - 250 m", "904", "moc", -250),
        ("Cọc dấu 903/1", "903/1", "coc_dau", 0),
        ("coc dau 903/1", "903/1", "coc_dau", 0),
        ("Cột mốc 29", "29", "moc", 0),
        ("CD903/1", "903/1", "coc_dau", 0),
        ("M904(1)", "904(1)", "moc", 0),
        ("m 905 +12.500 m", "905", "moc", 12_500),
        (unicodedata.normalize("NFD", "Mốc 29"), "29", "moc", 0),
        ("Mốc 0", "0", "moc", 0),
    ],
)
def test_a_marker_is_read_as_people_write_it(text, code, marker_class, offset_m):
    place = parse_place_reference(text)
    assert place is not None
    assert (place.form, place.code, place.marker_class, place.offset_m) == ("marker", code, marker_class, offset_m)


def test_a_stake_is_read_with_its_road():
    place = parse_place_reference("QL12 Km 7+250")
    assert place is not None
    assert (place.form, place.code, place.offset_m, place.road) == ("stake", "KM7", 250, "QL12")
    assert parse_place_reference("Km12").road is None


@pytest.mark.parametrize("text", ["", "Suối Nậm Hảo", "Mốc", "12345", "903/", "Mốc 901 phía đông"])
def test_another_name_is_no_reference(text):
    assert parse_place_reference(text) is None


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for_a_place(text):
    parse_place_reference(text)


def test_folding_drops_marks_in_both_forms():
    assert fold_marks("Đường mòn") == "duong mon"
    assert fold_marks(unicodedata.normalize("NFD", "ĐƯỜNG MÒN")) == "duong mon"
    assert fold_marks("Xã Chiềng Vạn") == "xa chieng van"
    assert fold_marks("ກຂ 云A") == "ກຂ 云a"


@given(st.text(max_size=60))
def test_folding_is_the_same_for_composed_and_decomposed_text(text):
    assert fold_marks(unicodedata.normalize("NFC", text)) == fold_marks(unicodedata.normalize("NFD", text))
