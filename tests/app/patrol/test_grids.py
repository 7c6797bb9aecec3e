"""Grids against PROJ, which map makers use."""

import random

import pytest
from pyproj import Transformer
from pyproj.transformer import TransformerGroup

from app.patrol.grids import describe_position, name_way, to_grid, to_mgrs, to_vn2000, utm_zone
from app.patrol.grids_read import TM3_SCALE, UTM_SCALE

GRIDS = {3405: (105.0, UTM_SCALE), 3406: (111.0, UTM_SCALE), 9206: (104.0, TM3_SCALE), 9209: (105.5, TM3_SCALE)}


@pytest.mark.parametrize("epsg", GRIDS)
def test_vn2000_by_epsg_6960_is_within_five_centimetres_of_proj(epsg):
    to_datum = next(one for one in TransformerGroup(4326, 4756, always_xy=True).transformers if "-191.904" in one.definition)
    grid = Transformer.from_crs(4756, epsg, always_xy=True)
    meridian, scale = GRIDS[epsg]
    chance = random.Random(epsg)
    for _ in range(200):
        latitude, longitude = chance.uniform(8, 23.5), meridian + chance.uniform(-3, 3)
        easting, northing = grid.transform(*to_datum.transform(longitude, latitude))
        point = to_grid(*to_vn2000(latitude, longitude), meridian, scale)
        assert point.easting_m == pytest.approx(easting, abs=0.05)
        assert point.northing_m == pytest.approx(northing, abs=0.05)


def test_the_known_example_reads_as_published():
    told = describe_position(207_500_000, 1_039_000_000, 104.0)
    assert told.vn2000_utm.easting_m == pytest.approx(385_288.4, abs=0.06)
    assert told.vn2000_utm.northing_m == pytest.approx(2_294_977.6, abs=0.06)
    assert told.mgrs == "48QUH 85483 94869"
    words = told.as_words()
    assert words["wgs84"] == "20.75000, 103.90000"
    assert words["vn2000_utm"] == "X=2294978 Y=385288 (UTM 48N)"
    assert words["vn2000_province"].endswith("(KTT 104°00')")


def test_mgrs_agrees_with_utm_of_proj_the_world_over():
    chance = random.Random(5)
    for _ in range(300):
        latitude, longitude = chance.uniform(-79.9, 71.9), chance.uniform(-180, 179.99)
        if 56 <= latitude < 64 and 0 <= longitude < 12:
            continue  # the exceptions of Norway
        zone = utm_zone(longitude)
        easting, northing = Transformer.from_crs(4326, (32600 if latitude >= 0 else 32700) + zone, always_xy=True).transform(
            longitude, latitude
        )
        told = to_mgrs(latitude, longitude)
        assert told is not None
        square, east, north = told.split()
        assert abs(int(east) - easting % 100_000) < 1.01
        assert abs(int(north) - northing % 100_000) < 1.01
        assert square.startswith(str(zone))


def test_near_the_poles_there_is_no_mgrs_and_nothing_breaks():
    assert to_mgrs(84.5, 0) is None
    assert describe_position(-900_000_000, 1_800_000_000).mgrs is None


@pytest.mark.parametrize(
    ("bearing", "way"), [(0, "bac"), (22, "bac"), (23, "dong_bac"), (180, "nam"), (359, "bac"), (-90, "tay")]
)
def test_a_bearing_is_one_of_eight_ways(bearing, way):
    assert name_way(bearing) == way
