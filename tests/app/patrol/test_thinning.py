"""A thinned track keeps its ends and stays as near to its fixes as it says."""

import random
from itertools import pairwise
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.track.fixes import Fix, offset_m
from journal.track.thinning import thin_line, thin_within
from tests.entries_made import START_MS


def a_walk(seed: int, count: int, stride_e7: int) -> list[Fix]:
    """Steps in all directions, with rests, hairpins and ways back over the same ground."""
    chance, north, east, fixes = random.Random(seed), 209_000_000, 1_038_000_000, []
    way = (0, 0)
    for number in range(count):
        if chance.random() < 0.2:
            way = (chance.randrange(-stride_e7, stride_e7 + 1), chance.randrange(-stride_e7, stride_e7 + 1))
        elif chance.random() < 0.05:
            way = (-way[0], -way[1])
        north, east = north + way[0], east + way[1]
        fixes.append(Fix(START_MS + number * 10_000, north, east, 5_000))
    return fixes


def off_piece_m(fix: Fix, begin: Fix, end: Fix) -> float:
    """How far a fix lies from the piece of line between two others."""
    (to_east, to_north), (east, north) = offset_m(begin, end), offset_m(begin, fix)
    long = to_east * to_east + to_north * to_north
    share = max(0.0, min(1.0, (east * to_east + north * to_north) / long)) if long else 0.0
    return hypot(east - share * to_east, north - share * to_north)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 400), st.sampled_from([0, 40, 900, 20_000]), st.sampled_from([1.0, 5.0, 40.0]))
def test_no_fix_lies_farther_from_the_thinned_line_than_twice_its_bound(seed: int, count: int, stride_e7: int, off_m: float):
    fixes = a_walk(seed, count, stride_e7)
    thinned = thin_within(fixes, off_m)
    places = [fix.at_ms for fix in fixes]
    at = [places.index(fix.at_ms) for fix in thinned]
    assert (at[0], at[-1]) == (0, count - 1)
    assert at == sorted(set(at))
    for begin, end in pairwise(at):
        for fix in fixes[begin : end + 1]:
            assert off_piece_m(fix, fixes[begin], fixes[end]) <= 2 * off_m * 1.001


@pytest.mark.parametrize("most", [2, 10, 400])
def test_a_line_for_a_screen_has_no_more_points_than_it_may_and_keeps_both_ends(most: int):
    fixes = a_walk(7, 3_000, 900)
    thinned = thin_line(fixes, most)
    assert len(thinned) <= most
    assert (thinned[0], thinned[-1]) == (fixes[0], fixes[-1])
    assert thin_line(fixes[:2], most) == fixes[:2]
