"""The demo's drawn map and photos are what the screens expect of real ones."""

import io
import math
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from app.maps.opening import open_pack
from demo.drawn_lines import dashed
from demo.drawn_photos import Subject, draw_photo
from demo.drawn_sheet import MAX_ZOOM, MIN_ZOOM, TILE_PX, mercator, read_lettering, read_scenario, sheet_at
from demo.drawn_terrain import raise_terrain

PACK = Path(__file__).parents[2] / "assets" / "maps" / "demo.mbtiles"
STAMP_BOX = (1000, 895, 1262, 942)


def test_every_place_of_the_scenario_has_a_tile_at_every_zoom() -> None:
    pack = open_pack(PACK)
    assert (pack.min_zoom, pack.max_zoom) == (MIN_ZOOM, MAX_ZOOM)
    for place in read_scenario().places.values():
        assert pack.bounds.holds(place.lat, place.lon)
        for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
            x, y = mercator(place.lat, place.lon, zoom)
            image = pack.tile(zoom, int(x // TILE_PX), int(y // TILE_PX))
            assert image is not None
            assert Image.open(io.BytesIO(image)).size == (256, 256)
            assert image.startswith(b"\x89PNG")
    pack.close()


def test_the_pack_is_small_and_says_that_it_is_invented() -> None:
    pack = open_pack(PACK)
    assert pack.name == read_lettering().name
    assert "Fictional" in pack.attribution
    assert PACK.stat().st_size <= 6_000_000
    pack.close()


def test_places_fall_on_the_tiles_that_the_rest_of_the_world_counts() -> None:
    # The slippy-map formula, written the other way round.
    lat, lon, zoom = 20.899, 103.868, 15
    x, y = mercator(lat, lon, zoom)
    assert int(x // 256) == int((lon + 180) / 360 * 2**zoom)
    assert int(y // 256) == int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    sheet = sheet_at(13)
    assert 0 < sheet.at(lat, lon)[0] < sheet.width


def test_streams_of_the_invented_mountains_run_downhill() -> None:
    terrain = raise_terrain(read_scenario(), 904)
    assert 250 < min(terrain.heights_m) < max(terrain.heights_m) < 2_000
    assert len(terrain.streams) > 50
    measured = 0
    for _, path in terrain.streams:
        spring, mouth = path[0], path[-1]
        # A stream that leaves the grid has no height at its end to compare with.
        if all(0 <= c < terrain.columns - 1 and 0 <= r < terrain.rows - 1 for c, r in (spring, mouth)):
            first, last = (terrain.heights_m[round(r) * terrain.columns + round(c)] for c, r in (spring, mouth))
            assert first > last
            measured += 1
    assert measured > 80


def test_a_dashed_line_keeps_its_pattern_round_corners() -> None:
    pieces = dashed([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], (4.0, 2.0))
    assert [round(sum(math.dist(a, b) for a, b in pairwise(piece)), 6) for piece in pieces] == [4, 4, 4, 2]
    assert (10.0, 0.0) not in pieces[0]


@pytest.mark.parametrize("subject", list(Subject))
def test_each_photo_is_a_jpeg_of_a_phones_shape_with_the_demo_stamp(subject: Subject) -> None:
    photo = draw_photo(subject, 11)
    picture = Image.open(io.BytesIO(photo))
    assert (picture.format, picture.size) == ("JPEG", (1280, 960))
    assert 80_000 <= len(photo) <= 200_000
    stamp = picture.convert("L").crop(STAMP_BOX)
    assert max(stamp.get_flattened_data()) > 215
    assert min(stamp.get_flattened_data()) < 90


def test_the_same_seed_draws_the_same_photo_and_another_seed_another() -> None:
    first, again, other = (draw_photo("footprints", seed) for seed in (5, 5, 6))
    assert first == again
    one, two = (Image.open(io.BytesIO(photo)).convert("RGB") for photo in (first, other))
    assert ImageChops.difference(one, two).getbbox() is not None


def test_a_subject_nobody_can_draw_is_refused() -> None:
    with pytest.raises(ValueError, match="unicorn"):
        draw_photo("unicorn", 1)
