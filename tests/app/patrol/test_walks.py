"""What is drawn and counted of a walk, whatever junk is in its fixes, and why it has gaps."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from app.patrol.measuring import measure, walked_mm
from app.patrol.walks import Cause, Event, Note, Silence, find_gaps
from benchmarks.walks import JUNK, drive_road, hear, spoil, walk_trail, watch_at_rest
from journal.track.fixes import Fix, apart_m
from journal.track.judging import NO_FIX_AFTER_MS, Verdict, judge_fixes
from journal.track.thinning import thin_line
from journal.track.walks import split_walks

START = Fix(1_763_000_000_000, 209_480_000, 1_038_600_000, 5_000)
SEEDS = range(6)
ONE_JUNK = [pytest.param((one,), id=one.__name__, marks=pytest.mark.slow) for one in JUNK]
JUNKS = [pytest.param((), id="clean"), *ONE_JUNK, pytest.param(JUNK, id="all of it")]


def straight(steps: int, metres_each: int = 20, every_s: int = 15) -> list[Fix]:
    per_metre = 90  # 1e-7 degrees of latitude
    return [
        Fix(START.at_ms + i * every_s * 1000, START.latitude_e7 + i * metres_each * per_metre, START.longitude_e7, 5_000)
        for i in range(steps)
    ]


@pytest.mark.parametrize("every_s", [1, 5])
@pytest.mark.parametrize("junk", JUNKS)
def test_a_mountain_trail_is_measured_within_two_percent(junk, every_s):
    assert_measured(lambda chance: walk_trail(chance, 100), junk, every_s)


@pytest.mark.parametrize("every_s", [1, 5])
@pytest.mark.parametrize("junk", [(), JUNK], ids=["clean", "all of it"])
def test_a_car_between_nodes_is_measured_within_two_percent(junk, every_s):
    assert_measured(lambda chance: drive_road(chance, 90), junk, every_s)


@pytest.mark.parametrize("junk", [(), JUNK], ids=["clean", "all of it"])
def test_hours_at_rest_after_a_walk_add_nothing(junk):
    assert_measured(lambda chance: watch_at_rest(chance, 180), junk, 1)


def assert_measured(make, junk, every_s):
    for seed in SEEDS:
        chance = random.Random(seed)
        walk = spoil(chance, hear(chance, make(chance), every_s), junk)
        assert walked_mm(walk.fixes) / 1000 == pytest.approx(walk.truth_m, rel=0.02), f"seed {seed}"
        for stretch in split_walks(walk.fixes):
            for before, after in pairwise(stretch):
                assert 0 < after.at_ms - before.at_ms < NO_FIX_AFTER_MS, f"drawn over a gap in seed {seed}"
                assert apart_m(before, after) < 45 * (after.at_ms - before.at_ms) / 1000 + 50, f"drawn over a jump in seed {seed}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("every_s", [1, 5, 30])
def test_an_hour_at_rest_is_no_walking(seed, every_s):
    chance = random.Random(seed)
    walk = hear(chance, [(0.0, 0.0)] * 3600, every_s)
    measured = measure(walk.fixes)
    assert measured.distance_mm < 25_000
    assert measured.verdicts.count(Verdict.STILL) > 0.8 * len(walk.fixes)
    assert measured.still_since_ms is not None


def test_each_verdict_has_its_name():
    track = straight(40, metres_each=5, every_s=5)
    told = [
        replace(track[0], latitude_e7=START.latitude_e7 + 9_000_000),
        *track[:10],
        track[9],
        replace(track[10], mocked=True),
        replace(track[11], latitude_e7=0, longitude_e7=0),
        replace(track[12], accuracy_mm=60_000),
        replace(track[13], longitude_e7=START.longitude_e7 + 90_000),
        replace(track[14], at_ms=track[14].at_ms + 3_600_000),
        *track[15:],
    ]
    verdicts = judge_fixes(told).verdicts
    assert verdicts[0] is Verdict.JUMP
    assert verdicts[11:17] == (
        Verdict.DUPLICATE,
        Verdict.MOCKED,
        Verdict.ZERO_ISLAND,
        Verdict.INACCURATE,
        Verdict.JUMP,
        Verdict.CLOCK_JUMP,
    )
    assert set(verdicts[1:11]) | set(verdicts[17:]) == {Verdict.SOUND}


def test_of_two_places_at_one_moment_the_one_on_the_way_stands():
    track = straight(20)
    astray = replace(track[7], longitude_e7=START.longitude_e7 + 90_000)
    for pair in ([astray, track[7]], [track[7], astray]):
        judged = judge_fixes([*track[:7], *pair, *track[8:]])
        assert judged.verdicts[7 + pair.index(astray)] is Verdict.JUMP
        assert judged.verdicts[7 + pair.index(track[7])] is Verdict.SOUND


def test_fixes_of_nothing_and_of_one_moment_measure_nothing():
    assert measure([]).distance_mm == 0
    assert measure([START] * 5).distance_mm == 0
    assert judge_fixes([replace(START, mocked=True)] * 3).stretches == ()


def heard(fixes: list[Fix], run: str = "one", boot: str = "a", percent: int | None = 60) -> Note:
    return Note(Event.HEARD, fixes[-1].at_ms if fixes else 0, tuple(fixes), run, boot, percent)


BEFORE = straight(10)
AFTER = [replace(fix, at_ms=fix.at_ms + 42 * 60_000) for fix in straight(10)]
BORDERS = (BEFORE[-1].at_ms, AFTER[0].at_ms)


@pytest.mark.parametrize(
    ("between", "after", "cause"),
    [
        ([], heard(AFTER), Cause.NO_FIX),
        ([Note(Event.REFUSED, 0, run="one", boot="a")], heard(AFTER), Cause.PERMISSION),
        ([Note(Event.PAUSED, 0), Note(Event.RESUMED, 0)], heard(AFTER), Cause.PAUSED),
        ([], heard(AFTER, run="two"), Cause.KILLED),
        ([heard([], run="two")], heard(AFTER, run="two"), Cause.KILLED),
        ([], heard(AFTER, run="two", boot="b"), Cause.POWER),
        ([heard([], percent=3)], heard(AFTER, run="two"), Cause.POWER),
        ([Note(Event.PAUSED, 0)], heard(AFTER, run="two", boot="b"), Cause.PAUSED),
    ],
)
def test_a_gap_tells_its_cause(between, after, cause):
    assert find_gaps([heard(BEFORE), *between, after]) == [Silence(*BORDERS, cause)]


def test_the_time_before_the_first_fix_and_after_the_last_is_covered_too():
    started, ended_ms = Note(Event.STARTED, BEFORE[0].at_ms - 600_000), BEFORE[-1].at_ms + 300_000
    assert find_gaps([started, heard(BEFORE)], ended_ms) == [
        Silence(started.at_ms, BEFORE[0].at_ms, Cause.NO_FIX),
        Silence(BEFORE[-1].at_ms, ended_ms, Cause.NO_FIX),
    ]
    assert find_gaps([started], started.at_ms + 60_000) == []


def test_a_note_comes_back_from_its_bytes():
    note = heard(straight(3))
    assert Note.from_bytes(note.as_bytes()) == note


def test_a_line_for_the_screen_keeps_both_ends():
    track = straight(3001)
    thin = thin_line(track)
    assert len(thin) <= 500
    assert (thin[0], thin[-1]) == (track[0], track[-1])
