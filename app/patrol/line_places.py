"""What of a station's line is watched: the segments between neighbouring markers, trails, openings, nodes, and the markers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import ceil, cos, hypot, radians
from typing import Final

from app.patrol.place_groups import PlaceGroup, group_of
from app.patrol.visits import METRES_A_DEGREE, PASSED_WITHIN_M, Point
from journal.catalogue import PlaceReference, parse_place_reference

STEP_M: Final = 100.0
"""A line is looked at in steps of at most so much: the share that was walked is a share of steps."""
BESIDE_M: Final = 300.0
"""A path runs beside the border and seldom on it, and between two markers the register knows no more than the straight line."""
FARTHEST_NEIGHBOUR_M: Final = 20_000.0
"""Markers farther apart than this are no neighbours: what lies between is another station's, or another line."""
OWN_STATION: Final = "don"
"""Everybody sets out from here; that it was passed says nothing."""
OPENING: Final = "loi_mo"


class Watch(StrEnum):
    """The sorts of what is watched, each with a limit of its own."""

    SEGMENT = "segment"
    MARKER = "marker"
    TRAIL = "trail"
    OPENING = "opening"
    NODE = "node"


@dataclass(frozen=True, slots=True)
class Registered:
    """A place of the register, in degrees; ``course`` is the line of a trail."""

    code: str
    name: str
    kind: str
    at: Point | None
    course: tuple[Point, ...] = ()
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """One stretch or place. ``code`` is ``place:CODE``, of a segment those of its two markers joined by ``>``.

    ``steps`` are the middles of the steps of its course, one for a place; ``between`` the numbers of a segment's markers, of a
    marker its own.
    """

    code: str
    sort: Watch
    name: str
    course: tuple[Point, ...]
    steps: tuple[Point, ...]
    within_m: float
    length_m: float = 0.0
    between: tuple[str, str] = ("", "")


def watch_line(places: Iterable[Registered]) -> tuple[Watched, ...]:
    """Everything that is watched: segments in the order of the markers, then markers, trails, openings and nodes by name.

    Of twin markers, the one that is nearer to the neighbour ends the segment; numbered signs between two markers shape it.
    """
    listed = list(places)
    read = ((_marker_reference(one), one) for one in listed)
    markers = sorted(((ref, one) for ref, one in read if ref is not None), key=lambda marker: _order(marker[0]))
    ends = [end for one in listed if one.course for end in (one.course[0], one.course[-1])]
    others = [found for one in listed if (found := _other(one, ends)) is not None]
    places_of_markers = [replace(_place(one, Watch.MARKER), between=(str(ref.number), "")) for ref, one in markers]
    order = list(Watch)
    return (*_segments(markers), *places_of_markers, *sorted(others, key=lambda one: (order.index(one.sort), one.name)))


def length_m(course: Sequence[Point]) -> float:
    """Of a line in degrees, on a plane: to 0.7 % within some kilometres."""
    return sum(flat_m(before, after) for before, after in pairwise(course))


def flat_m(before: Point, after: Point) -> float:
    """How far two points are apart, on a plane."""
    narrow = cos(radians((before[0] + after[0]) / 2))
    return hypot((after[0] - before[0]) * METRES_A_DEGREE, (after[1] - before[1]) * METRES_A_DEGREE * narrow)


def _marker_reference(one: Registered) -> PlaceReference | None:
    if group_of(one.kind) is not PlaceGroup.MARKERS or one.at is None:
        return None
    read = parse_place_reference(one.name) or parse_place_reference(one.number or "")
    return read if read is not None and read.form == "marker" else None


def _order(ref: PlaceReference) -> tuple[int, int, int]:
    return ref.number, ref.serial or 0, ref.twin or 0


def _segments(markers: Sequence[tuple[PlaceReference, Registered]]) -> list[Watched]:
    main: dict[int, list[Registered]] = {}
    signs: dict[int, list[Registered]] = {}
    codes = {one.code: ref.code for ref, one in markers}
    for ref, one in markers:
        (main if ref.serial is None else signs).setdefault(ref.number, []).append(one)
    found = []
    for before, after in pairwise(sorted(main)):
        pairs = [(first, last) for first in main[before] for last in main[after]]
        first, last = min(pairs, key=lambda ends: flat_m(_at(ends[0]), _at(ends[1])))
        course = tuple(_at(one) for one in (first, *signs.get(before, ()), last))
        if length_m(course) <= FARTHEST_NEIGHBOUR_M:
            ends = f"{first.name} – {codes[last.code]}"
            watched = _line(f"{first.code}>{last.code}", Watch.SEGMENT, ends, course, BESIDE_M)
            found.append(replace(watched, between=(str(before), str(after))))
    return found


def _at(one: Registered) -> Point:
    assert one.at is not None
    return one.at


def _other(one: Registered, ends: Sequence[Point]) -> Watched | None:
    """A trail, an opening or a node; None for what is not watched, and for the point where a drawn trail begins or ends."""
    group = group_of(one.kind)
    if group is PlaceGroup.TRAILS:
        sort = Watch.OPENING if one.kind == OPENING else Watch.TRAIL
        if one.course:
            return _line(one.code, sort, one.name, one.course, PASSED_WITHIN_M)
        is_an_end = one.at is not None and any(flat_m(one.at, end) <= PASSED_WITHIN_M for end in ends)
        return None if one.at is None or is_an_end else _place(one, Watch.OPENING)
    if group is PlaceGroup.NODES and one.kind != OWN_STATION and one.at is not None:
        return _place(one, Watch.NODE)
    return None


def _place(one: Registered, sort: Watch) -> Watched:
    return Watched(one.code, sort, one.name, (_at(one),), (_at(one),), PASSED_WITHIN_M)


def _line(code: str, sort: Watch, name: str, course: tuple[Point, ...], within_m: float) -> Watched:
    return Watched(code, sort, name, course, _cut(course), within_m, length_m(course))


def _cut(course: Sequence[Point]) -> tuple[Point, ...]:
    """The middles of steps of at most :data:`STEP_M`, along the whole course."""
    steps: list[Point] = []
    for before, after in pairwise(course):
        count = max(1, ceil(flat_m(before, after) / STEP_M))
        for number in range(count):
            share = (number + 0.5) / count
            steps.append((before[0] + (after[0] - before[0]) * share, before[1] + (after[1] - before[1]) * share))
    return tuple(steps) or tuple(course[:1])
