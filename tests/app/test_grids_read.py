"""Positions as people write them, in every form, and what is none."""

import pytest

from app.patrol.geodesic import distance_mm
from app.patrol.grids import describe_position
from app.patrol.grids_read import Form, from_grid, read_point
from app.patrol.nearest import KnownPlace

HERE = (20.75, 103.90)
PLACES = (
    KnownPlace("place:M904(1)", "Mốc 904(1)", "moc", 208_990_000, 1_038_680_000),
    KnownPlace("place:M905", "Mốc 905", "moc", 209_060_000, 1_038_895_000),
    KnownPlace("place:M906", "Mốc 906", "moc", 209_150_000, 1_039_120_000),
    KnownPlace("place:CD905/1", "Cọc dấu 905/1", "moc", 209_100_000, 1_039_000_000),
    KnownPlace("place:CHOT2", "Chốt số 2 Bến Đá", "chot", 209_040_000, 1_038_705_000),
)


def metres_off(read, latitude: float, longitude: float) -> float:
    return distance_mm(read.latitude_e7, read.longitude_e7, round(latitude * 1e7), round(longitude * 1e7)) / 1000


@pytest.mark.parametrize(
    "text",
    [
        "20.75000, 103.90000", "20,75 103,9", "20.75; 103.90", " 20.75   103.90 ", "103.90, 20.75", "20.75°, 103.90°",
        "20°45'00\"N 103°54'00\"E", "20 45 0 N, 103 54 0 E", "20°45'B 103°54'Đ", "20°45.000' 103°54.000'",
        "20 độ 45 phút 0 giây, 103 độ 54 phút 0 giây", "N 20°45' E 103°54'",
    ],
)  # fmt: skip
def test_degrees_are_read_however_they_are_written(text):
    read = read_point(text)
    assert read is not None, text
    assert metres_off(read, *HERE) < 0.1
    assert read.accuracy_m is None


@pytest.mark.parametrize(
    "text",
    [
        "VN-2000 385288.4 2294977.6 48", "VN2000: 2294977,6 385288,4 múi 48", "385.288,4 2.294.977,6 48",
        "X=2294977.6 Y=385288.4 zone 48N", "385 288,4; 2 294 977,6; 48",
    ],
)  # fmt: skip
def test_vn2000_is_read_with_its_zone_whichever_figure_comes_first(text):
    read = read_point(text)
    assert read is not None, text
    assert read.form is Form.VN2000
    assert metres_off(read, *HERE) < 0.2


def test_vn2000_of_the_province_needs_the_central_meridian():
    bare = "489390.8 2295278.7"  # EPSG:9206 by PROJ
    assert read_point(bare) is None
    by_station = read_point(bare, meridian_deg=104.0)
    assert by_station is not None
    assert metres_off(by_station, *HERE) < 0.2
    for written in (f"{bare} 104", f"{bare} KTT 104°00'", f"{bare} 104.0"):
        assert read_point(written) == by_station, written


@pytest.mark.parametrize("text", ["48QUH85489486", "48Q UH 8548 9486", "48quh 8548 9486"])
def test_mgrs_is_the_middle_of_its_square(text):
    read = read_point(text)
    assert read is not None, text
    assert read.form is Form.MGRS
    assert metres_off(read, *HERE) < 8
    assert read.accuracy_m == 8


def test_a_grid_s_own_origin_comes_back():
    latitude, longitude = from_grid(500_000, 0, 105, 0.9996)
    assert (latitude, longitude) == (pytest.approx(0, abs=1e-12), pytest.approx(105))
    # WGS 84 / UTM 48N, by PROJ.
    assert from_grid(385_483.7, 2_294_869.4, 105, 0.9996) == (pytest.approx(20.75, abs=1e-6), pytest.approx(103.9, abs=1e-6))


def test_a_marker_is_read_by_its_number_or_a_place_by_its_name():
    for text in ("mốc 905", "M905", "moc 905", "905"):
        read = read_point(text, PLACES)
        assert read is not None, text
        assert (read.place, read.latitude_e7) == ("place:M905", 209_060_000)
    assert read_point("chot so 2 ben da", PLACES).place == "place:CHOT2"
    assert read_point("CD 905/1", PLACES).place == "place:CD905/1"


def test_an_offset_goes_straight_towards_the_next_marker_and_says_its_doubt():
    read = read_point("Mốc 905+200m", PLACES)
    assert read.form is Form.PLACE
    assert metres_off(read, 20.906, 103.8895) == pytest.approx(200, abs=1)
    assert read.longitude_e7 > 1_038_895_000
    assert read.accuracy_m == 200
    back = read_point("mốc 905 - 300 m", PLACES)
    assert back.longitude_e7 < 1_038_895_000
    assert read_point("mốc 905+5m", PLACES).accuracy_m == 20
    assert read_point("mốc 906+200m", PLACES) is None
    assert read_point("mốc 905+9000m", PLACES) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "gần suối", "91.5, 200.5", "20°75' 103°54'", "385288.4 2294977.6", "999999 9999999 48", "48QZZ12341234",
        "61QUH12341234", "48QUH123", "48CUH85489486", "nan, nan", "mốc 1234", "385288 2294977 77", "1" * 500,
    ],
)  # fmt: skip
def test_what_is_no_position_is_not_made_one(text):
    assert read_point(text, PLACES) is None


def test_no_text_takes_long_or_breaks():
    for text in ("1 " * 2_000, "20°" * 300, "N" * 5_000, "2.222." * 400, "\u0669" * 20, "1e309, 2e309"):
        read_point(text, PLACES)


def test_what_this_app_copies_it_reads_again():
    told = describe_position(207_500_000, 1_039_000_000, 104.0).as_words()
    assert set(told) == {"wgs84", "vn2000_utm", "vn2000_province", "mgrs"}
    for form, words in told.items():
        read = read_point(words)
        assert read is not None, form
        assert metres_off(read, *HERE) < 1.2, form
