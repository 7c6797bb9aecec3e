"""Fixes, tracks and the nearest place."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.patrol.fixes import Fix, is_sound, walked_mm
from app.patrol.nearest import KnownPlace, find_nearest
from app.patrol.track import TrackUnreadable, find_gaps, pack_fixes, split_walks, thin_line, unpack_fixes

START = Fix(1_763_000_000_000, 209_480_000, 1_038_600_000, 5_000)

fixes = st.builds(
    Fix,
    at_ms=st.integers(0, 2**45),
    latitude_e7=st.integers(-900_000_000, 900_000_000),
    longitude_e7=st.integers(-1_800_000_000, 1_800_000_000),
    accuracy_mm=st.none() | st.integers(0, 10**7),
    altitude_mm=st.none() | st.integers(-500_000, 9_000_000),
    mocked=st.booleans(),
)


def walk(steps: int, metres_each: int = 20, every_s: int = 15) -> list[Fix]:
    per_metre = 90  # 1e-7 degrees of latitude
    return [
        Fix(START.at_ms + i * every_s * 1000, START.latitude_e7 + i * metres_each * per_metre, START.longitude_e7, 5_000)
        for i in range(steps)
    ]


@given(st.lists(fixes, max_size=50))
def test_a_packed_track_comes_back_exactly(track):
    assert list(unpack_fixes(pack_fixes(track))) == track
    assert all(Fix.from_bytes(fix.as_bytes()) == fix for fix in track)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_track_are_refused_and_nothing_else(noise):
    with pytest.raises(TrackUnreadable):
        unpack_fixes(noise)


def test_a_walk_is_measured_within_one_percent():
    assert walked_mm(walk(101)) == pytest.approx(2_000_000, rel=0.01)


def test_standing_still_with_a_drifting_receiver_is_no_walking():
    chance = random.Random(1)
    still = [
        Fix(
            START.at_ms + i * 5000,
            START.latitude_e7 + chance.randint(-300, 300),
            START.longitude_e7 + chance.randint(-300, 300),
            6_000,
        )
        for i in range(500)
    ]
    assert walked_mm(still) < 40_000


def test_a_jump_and_the_zero_island_are_not_counted():
    track = walk(50)
    jump = Fix(track[25].at_ms + 1000, track[25].latitude_e7 + 5_000_000, track[25].longitude_e7, 5_000)
    island = Fix(track[30].at_ms + 1000, 0, 0, 5_000)
    assert walked_mm([*track[:26], jump, *track[26:31], island, *track[31:]]) == walked_mm(track)
    assert not is_sound(island)


def test_nothing_is_drawn_across_a_gap():
    track = walk(20)
    later = [Fix(f.at_ms + 3_600_000, f.latitude_e7 + 90_000, f.longitude_e7, f.accuracy_mm) for f in track]
    assert len(split_walks([*track, *later])) == 2
    assert find_gaps([*track, *later]) == [(track[-1].at_ms, later[0].at_ms)]


def test_a_line_for_the_screen_keeps_both_ends():
    track = walk(3001)
    thin = thin_line(track)
    assert len(thin) <= 500
    assert (thin[0], thin[-1]) == (track[0], track[-1])


def test_the_nearest_marker_is_named_with_its_distance():
    places = [
        KnownPlace("M901", "Mốc 901", "moc", 208_850_000, 1_038_000_000),
        KnownPlace("DON", "Đồn", "don", 209_480_000, 1_038_600_000),
    ]
    near = find_nearest(208_850_900, 1_038_000_000, places, frozenset({"moc"}))
    assert near is not None
    assert near.place.code == "M901"
    assert near.distance_m == 10
    assert find_nearest(0, 0, places) is None
