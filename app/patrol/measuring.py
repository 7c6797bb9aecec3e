"""How far a team went: rests found, the receiver's wandering smoothed away, the rest summed along the geodesic."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from typing import Final

from app.patrol.geodesic import distance_mm
from journal.track.fixes import METRES_OF_E7, Fix, offset_m
from journal.track.judging import Verdict, judge_fixes

SMOOTH_S: Final = 13.0
"""Half the window of the local parabola, whose weights fall to nothing at its ends: on trails with hairpins every 40-160 m it
neither cuts the bends nor counts the noise."""
FEWEST_TO_SMOOTH: Final = 4
STILL_S: Final = 75.0
"""Nobody on a trail stays within the radius for so long and is walking."""
STILL_AT_END_S: Final = 45.0
STILL_M: Final = 10.0
MOST_STILL_M: Final = 25.0
NEAR: Final = 0.6
"""The share of the radius within which a rest is reached, and left."""
STEP_S: Final = 4.0
"""The smoothed line is summed at this step: closer points add time and no truth."""
FLAT: Final = 1e-9
"""Times that lie so close together hold no parabola."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Measured:
    """``verdicts`` as judged, with rests told; ``walks`` are the fixes of each stretch, to be drawn; ``distance_mm`` over all."""

    verdicts: tuple[Verdict, ...]
    walks: tuple[tuple[Fix, ...], ...]
    distance_mm: int
    still_since_ms: int | None = None
    """Since when the team rests, where the last fixes say that it does."""


def measure(fixes: Sequence[Fix]) -> Measured:
    """Judges and measures fixes in the order in which they came. Gaps and junk count nothing."""
    judged = judge_fixes(fixes)
    verdicts, total, still_since_ms = list(judged.verdicts), 0, None
    for stretch in judged.stretches:
        walk = [fixes[number] for number in stretch]
        rests = find_rests(walk)
        for begin, end in rests:
            for number in stretch[begin + 1 : end]:
                verdicts[number] = Verdict.STILL
        total += _length_mm(walk, rests)
        still_since_ms = walk[rests[-1][0]].at_ms if rests and rests[-1][1] == len(walk) else None
    walks = tuple(tuple(fixes[number] for number in stretch) for stretch in judged.stretches)
    return Measured(tuple(verdicts), walks, total, still_since_ms)


def walked_mm(fixes: Sequence[Fix]) -> int:
    """The distance in :func:`measure`, in mm."""
    return measure(fixes).distance_mm


def find_rests(walk: Sequence[Fix]) -> list[tuple[int, int]]:
    """Where the team did not move: (begin, end) positions, end left out.

    A rest begins where all fixes of the next 75 s lie within 10 m (or half as far again as they claim to be wrong) of their
    middle; it ends when the team is twice as far from the middle of the whole rest.
    """
    rests: list[tuple[int, int]] = []
    begin = 0
    while begin < len(walk) - 1:
        end = _first_rest(walk, begin)
        if end is None:
            begin += 1
        else:
            rests.append(_whole_rest(walk, begin, end))
            begin = rests[-1][1]
    return rests


def _radius_m(fix: Fix) -> float:
    return min(MOST_STILL_M, max(STILL_M, (fix.accuracy_mm or 0) * 1.5 / 1000))


def _first_rest(walk: Sequence[Fix], begin: int) -> int | None:
    """The end of the shortest rest that begins here; None when there is none."""
    first = walk[begin]
    points: list[Point] = []
    for end in range(begin, len(walk)):
        east, north = offset_m(first, walk[end])
        if hypot(east, north) > 2 * _radius_m(walk[end]):
            return None
        points.append((east, north))
        if walk[end].at_ms - first.at_ms >= STILL_S * 1000:
            break
    else:
        if walk[-1].at_ms - first.at_ms < STILL_AT_END_S * 1000:
            return None
    middle = _middle(points)
    fits = all(_far_m(point, middle) <= _radius_m(fix) for point, fix in zip(points, walk[begin:], strict=False))
    return begin + len(points) if fits else None


def _whole_rest(walk: Sequence[Fix], begin: int, end: int) -> tuple[int, int]:
    """The rest that begins here, followed until the team is seen well away; without the steps into it and out of it."""
    points = [offset_m(walk[begin], fix) for fix in walk[begin:end]]
    east, north, count = sum(p[0] for p in points), sum(p[1] for p in points), len(points)
    over = len(walk)
    for number in range(end, len(walk)):
        point = offset_m(walk[begin], walk[number])
        if _far_m(point, (east / count, north / count)) > 2 * _radius_m(walk[number]):
            over = number
            break
        points.append(point)
        east, north, count = east + point[0], north + point[1], count + 1
    middle = (east / count, north / count)
    near = [n for n, point in enumerate(points) if _far_m(point, middle) <= NEAR * _radius_m(walk[begin + n])]
    if over == len(walk):
        return begin + near[0] if near else begin, over
    return (begin + near[0], begin + near[-1] + 1) if near else (begin, over)


def _middle(points: Sequence[Point]) -> Point:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _far_m(point: Point, other: Point) -> float:
    return hypot(point[0] - other[0], point[1] - other[1])


def _length_mm(walk: Sequence[Fix], rests: Sequence[tuple[int, int]]) -> int:
    """The smoothed way between rests, with each rest as one point."""
    total, before = 0, None
    begin = 0
    origin = walk[0]
    for rest_begin, rest_end in (*rests, (len(walk), len(walk))):
        way = _smooth(origin, walk[begin:rest_begin])
        if before is not None:
            way.insert(0, before)
        if rest_end > rest_begin:
            before = _middle([offset_m(origin, fix) for fix in walk[rest_begin:rest_end]])
            way.append(before)
        total += sum(_geodesic_mm(origin, here, there) for here, there in pairwise(way))
        begin = rest_end
    return total


def _geodesic_mm(origin: Fix, here: Point, there: Point) -> int:
    return distance_mm(*_place(origin, here), *_place(origin, there))


def _place(origin: Fix, point: Point) -> tuple[int, int]:
    """Latitude and longitude, in 1e-7 degrees, of a point :func:`offset_m` from ``origin``."""
    narrow = cos(radians(origin.latitude_e7 / 1e7))
    return (
        origin.latitude_e7 + round(point[1] / METRES_OF_E7),
        origin.longitude_e7 + round(point[0] / METRES_OF_E7 / max(narrow, 1e-9)),
    )


def _smooth(origin: Fix, way: Sequence[Fix]) -> list[Point]:
    """Points of the way, one every few seconds, each on the parabola that fits best to the fixes about it (Savitzky and Golay,
    1964, with weights by accuracy, for fixes at any times).
    """
    points = [offset_m(origin, fix) for fix in way]
    smoothed: list[Point] = []
    begin = end = 0
    for number in _every_few_seconds(way):
        at_ms = way[number].at_ms
        while at_ms - way[begin].at_ms > SMOOTH_S * 1000:
            begin += 1
        while end < len(way) and way[end].at_ms - at_ms <= SMOOTH_S * 1000:
            end += 1
        near = range(begin, end)
        if len(near) < FEWEST_TO_SMOOTH:
            smoothed.append(points[number])
            continue
        times = [(way[one].at_ms - at_ms) / (SMOOTH_S * 1000) for one in near]
        weights = [
            (1 - abs(time) ** 3) ** 3 / max(1.0, (way[one].accuracy_mm or 5_000) / 1000) ** 2
            for time, one in zip(times, near, strict=True)
        ]
        smoothed.append(_parabola_at_zero(times, weights, points[begin:end]) or points[number])
    return smoothed


def _every_few_seconds(way: Sequence[Fix]) -> list[int]:
    chosen: list[int] = []
    for number, fix in enumerate(way):
        if not chosen or number == len(way) - 1 or fix.at_ms - way[chosen[-1]].at_ms >= STEP_S * 1000:
            chosen.append(number)
    return chosen


def _parabola_at_zero(times: Sequence[float], weights: Sequence[float], points: Sequence[Point]) -> Point | None:
    """Where the best parabola through the points is at time 0; None where the times do not hold one."""
    s0, s1, s2, s3, s4 = (sum(w * t**power for w, t in zip(weights, times, strict=True)) for power in range(5))
    a, b, c = s2 * s4 - s3 * s3, s2 * s3 - s1 * s4, s1 * s3 - s2 * s2
    whole = s0 * a + s1 * b + s2 * c
    if abs(whole) < FLAT * s0**3:
        return None
    parts = [w * (a + b * t + c * t * t) / whole for w, t in zip(weights, times, strict=True)]
    pairs = list(zip(parts, points, strict=True))
    return sum(part * point[0] for part, point in pairs), sum(part * point[1] for part, point in pairs)
