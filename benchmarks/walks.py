"""Walks as receivers tell them, made from a seed: where people truly went, and its fixes with the noise and junk of the field.

The noise is what is reported of phones under canopy: an error that wanders (Ornstein-Uhlenbeck) plus a little jitter.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from journal.track.fixes import Fix

START_MS = 1_793_836_800_000
LATITUDE, LONGITUDE = 20.948, 103.86
METRE_E7 = 1e7 / 111_320.0
Truth = list[tuple[float, float]]
"""East and north in metres, one a second."""


@dataclass(frozen=True)
class Walk:
    """What happened and what the receiver said; ``truth_m`` is the way that was truly gone."""

    fixes: list[Fix]
    truth_m: float


@dataclass(frozen=True)
class Noise:
    """Standard deviation of the wandering error, how long it remembers, and of the jitter on top."""

    wander_m: float = 3.0
    memory_s: float = 60.0
    jitter_m: float = 0.3


def walk_trail(chance: random.Random, minutes: int) -> Truth:
    """A mountain trail: legs of 40 to 160 m, hairpins of a few steps, a rest now and then."""
    truth, east, north, heading = [(0.0, 0.0)], 0.0, 0.0, chance.uniform(0, 2 * math.pi)
    uphill, side = heading, 1
    while len(truth) < minutes * 60:
        speed = chance.uniform(0.75, 1.25)
        wanted = uphill + side * math.radians(chance.uniform(55, 72))
        side = -side
        for _ in range(round(chance.uniform(40, 160) / speed)):
            turn = (wanted - heading + math.pi) % (2 * math.pi) - math.pi
            heading += max(-0.35, min(0.35, turn)) + chance.gauss(0, 0.03)
            pace = max(0.2, speed + chance.gauss(0, 0.08))
            east, north = east + pace * math.sin(heading), north + pace * math.cos(heading)
            truth.append((east, north))
        if chance.random() < 0.12:
            truth += [(east, north)] * chance.randint(60, 600)
    return truth[: minutes * 60]


def drive_road(chance: random.Random, minutes: int) -> Truth:
    """A car: it starts, takes bends at up to 60 km/h, and stands at nodes."""
    truth, east, north, heading, speed = [(0.0, 0.0)], 0.0, 0.0, chance.uniform(0, 2 * math.pi), 0.0
    while len(truth) < minutes * 60:
        for _ in range(chance.randint(120, 600)):
            speed = min(16.7, speed + chance.uniform(0, 1.5))
            heading += chance.gauss(0, 0.04)
            east, north = east + speed * math.sin(heading), north + speed * math.cos(heading)
            truth.append((east, north))
        while speed > 0:
            speed = max(0.0, speed - 2.0)
            east, north = east + speed * math.sin(heading), north + speed * math.cos(heading)
            truth.append((east, north))
        truth += [(east, north)] * chance.randint(300, 1_200)
    return truth[: minutes * 60]


def watch_at_rest(chance: random.Random, minutes: int) -> Truth:
    """A walk of an hour and a half to a post, and then nobody moves."""
    there = walk_trail(chance, 90)
    return there + [there[-1]] * (minutes * 60 - len(there))


def hear(chance: random.Random, truth: Truth, every_s: int = 1, noise: Noise | None = None) -> Walk:
    """The fixes of a way, every so many seconds, without junk."""
    noise = noise or Noise()
    keep = math.exp(-1 / noise.memory_s)
    spread = noise.wander_m * math.sqrt(1 - keep * keep)
    off_east, off_north = chance.gauss(0, noise.wander_m), chance.gauss(0, noise.wander_m)
    doubt, fixes = 0.0, []
    for second, (east, north) in enumerate(truth):
        off_east = keep * off_east + chance.gauss(0, spread)
        off_north = keep * off_north + chance.gauss(0, spread)
        doubt = 0.97 * doubt + chance.gauss(0, 0.5)
        if second % every_s == 0:
            east_m = east + off_east + chance.gauss(0, noise.jitter_m)
            north_m = north + off_north + chance.gauss(0, noise.jitter_m)
            fixes.append(_fix(START_MS + second * 1000, east_m, north_m, 4.0 + abs(doubt)))
    return Walk(fixes, sum(math.dist(before, after) for before, after in pairwise(truth)))


def _fix(at_ms: int, east_m: float, north_m: float, accuracy_m: float) -> Fix:
    latitude_e7 = round(LATITUDE * 1e7 + north_m * METRE_E7)
    longitude_e7 = round(LONGITUDE * 1e7 + east_m * METRE_E7 / math.cos(math.radians(latitude_e7 / 1e7)))
    return Fix(at_ms, latitude_e7, longitude_e7, round(accuracy_m * 1000))


Spoil = Callable[[random.Random, list[Fix]], None]


def _jump(chance: random.Random, fixes: list[Fix], at: int, count: int) -> None:
    """The receiver believes for a while that it is somewhere else."""
    north, east = (round(chance.choice((-1, 1)) * chance.uniform(60, 20_000) * METRE_E7) for _ in range(2))
    for number in range(at, min(len(fixes), at + count)):
        fix = fixes[number]
        fixes[number] = replace(fix, latitude_e7=fix.latitude_e7 + north, longitude_e7=fix.longitude_e7 + east)


def jump_first(chance: random.Random, fixes: list[Fix]) -> None:
    _jump(chance, fixes, 0, 1)


def jump_and_stay(chance: random.Random, fixes: list[Fix]) -> None:
    for _ in range(6):
        _jump(chance, fixes, chance.randrange(len(fixes)), chance.randint(1, 6))


def say_twice(chance: random.Random, fixes: list[Fix]) -> None:
    for _ in range(len(fixes) // 50):
        at = chance.randrange(len(fixes))
        fixes[at:at] = [fixes[at]] * chance.randint(1, 3)


def land_on_zero_island(chance: random.Random, fixes: list[Fix]) -> None:
    for _ in range(5):
        at = chance.randrange(len(fixes))
        fixes.insert(at, replace(fixes[at], latitude_e7=0, longitude_e7=0))


def turn_the_clock(chance: random.Random, fixes: list[Fix]) -> None:
    """Some seconds or an hour forward or back, or to 1970, for a few fixes."""
    for _ in range(5):
        at, off_ms = chance.randrange(len(fixes)), chance.choice((-3_600_000, 3_600_000, 45_000, -45_000, -START_MS))
        for number in range(at, min(len(fixes), at + chance.randint(1, 5))):
            fixes[number] = replace(fixes[number], at_ms=max(0, fixes[number].at_ms + off_ms))


def set_the_clock(chance: random.Random, fixes: list[Fix]) -> None:
    """The clock is put right in the middle of the walk, and stays so."""
    at, off_ms = chance.randrange(len(fixes)), chance.choice((-3_600_000, 7 * 60_000, -7 * 60_000))
    fixes[at:] = [replace(fix, at_ms=fix.at_ms + off_ms) for fix in fixes[at:]]


def enter_a_tunnel(chance: random.Random, fixes: list[Fix]) -> None:
    """For half a minute accuracy decays and the place wanders off; then both come back at once, before the walk is over."""
    for _ in range(3):
        at, east, north = chance.randrange(len(fixes) - 60), chance.uniform(-3, 3), chance.uniform(-3, 3)
        for number in range(at, len(fixes)):
            fix, deep = fixes[number], round((fixes[number].at_ms - fixes[at].at_ms) / 1000)
            if not 0 <= deep < 30:
                break
            fixes[number] = replace(
                fix,
                latitude_e7=fix.latitude_e7 + round(north * deep * METRE_E7),
                longitude_e7=fix.longitude_e7 + round(east * deep * METRE_E7),
                accuracy_mm=5_000 + 6_000 * deep,
            )


def mock(chance: random.Random, fixes: list[Fix]) -> None:
    """An app gives other positions for ten fixes, and Android says so."""
    at = chance.randrange(len(fixes))
    _jump(chance, fixes, at, 10)
    fixes[at : at + 10] = [replace(fix, mocked=True) for fix in fixes[at : at + 10]]


JUNK: tuple[Spoil, ...] = (
    jump_first, jump_and_stay, say_twice, land_on_zero_island, turn_the_clock, set_the_clock, enter_a_tunnel, mock,
)  # fmt: skip


def spoil(chance: random.Random, walk: Walk, junk: tuple[Spoil, ...] = JUNK) -> Walk:
    """The same walk with all this junk in its fixes."""
    fixes = list(walk.fixes)
    for add in junk:
        add(chance, fixes)
    return Walk(fixes, walk.truth_m)
