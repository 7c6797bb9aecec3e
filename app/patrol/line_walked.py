"""Which stretches and places of the line a walk passed, how much of each, and when by day and by night."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, floor, hypot, radians
from typing import Final

from app.patrol.hours import is_night
from app.patrol.line_places import Watch, Watched
from app.patrol.visits import METRES_A_DEGREE, Point

CELL_M: Final = 500.0
TimedPoint = tuple[float, float, int]
"""Latitude and longitude in degrees, and the time in ms."""
Way = Sequence[Sequence[TimedPoint]]
"""The stretches of a patrol's track; nothing is known of what lies between two of them."""
_FIRST_LOOKED_AT: Final = (frozenset({Watch.MARKER, Watch.OPENING, Watch.NODE}), frozenset({Watch.TRAIL}), frozenset(Watch))
"""A record at a marker is the marker's, and not also that of both segments that end there."""
_Step = tuple[float, float, float, int, int]
"""East and north in metres, the square of how near is near, which is watched, its bit."""


@dataclass(slots=True)
class Passing:
    """How a walk passed one of the watched: bit n of ``steps`` is its n-th step. Times are the last, None where there is none."""

    steps: int = 0
    by_day_ms: int | None = None
    by_night_ms: int | None = None

    def note(self, at_ms: int) -> None:
        if is_night(at_ms):
            self.by_night_ms = at_ms if self.by_night_ms is None else max(self.by_night_ms, at_ms)
        else:
            self.by_day_ms = at_ms if self.by_day_ms is None else max(self.by_day_ms, at_ms)


class LineGround:
    """The watched on a plane in metres, by cells, so that a walk is held only against what is near to it."""

    def __init__(self, watched: Sequence[Watched]) -> None:
        self.watched = tuple(watched)
        latitudes = [step[0] for one in watched for step in one.steps]
        middle = (min(latitudes) + max(latitudes)) / 2 if latitudes else 0.0
        self._east_m = METRES_A_DEGREE * cos(radians(middle))
        self._margin_m = max((one.within_m for one in watched), default=0.0)
        self._cells: dict[tuple[int, int], list[_Step]] = {}
        self._about: dict[tuple[int, int, int, int], list[_Step]] = {}
        for number, one in enumerate(watched):
            for bit, step in enumerate(one.steps):
                east, north = self._plane(step[0], step[1])
                cell = (floor(east / CELL_M), floor(north / CELL_M))
                self._cells.setdefault(cell, []).append((east, north, one.within_m**2, number, 1 << bit))

    def _plane(self, latitude: float, longitude: float) -> Point:
        return longitude * self._east_m, latitude * METRES_A_DEGREE

    def pass_along(self, way: Way) -> dict[str, Passing]:
        """What this way passed, by code; a step is passed when its middle is as near to the way as its sort asks."""
        passed: dict[int, Passing] = {}
        for walk in way:
            plane = [(*self._plane(latitude, longitude), at_ms) for latitude, longitude, at_ms in walk]
            for start, end in pairwise(plane) if len(plane) > 1 else zip(plane, plane, strict=True):
                self._pass_leg(passed, start, end)
        return {self.watched[number].code: one for number, one in passed.items()}

    def _pass_leg(self, passed: dict[int, Passing], start: TimedPoint, end: TimedPoint) -> None:
        east, north, at_ms = start
        to_east, to_north, took_ms = end[0] - east, end[1] - north, end[2] - at_ms
        length2 = to_east * to_east + to_north * to_north
        touched: dict[int, tuple[int, float, float]] = {}
        for step_east, step_north, within2, number, bit in self._near(start, end):
            off_east, off_north = step_east - east, step_north - north
            share = (off_east * to_east + off_north * to_north) / length2 if length2 else 0.0
            share = 0.0 if share < 0.0 else share if share < 1.0 else 1.0
            off_east -= share * to_east
            off_north -= share * to_north
            if off_east * off_east + off_north * off_north <= within2:
                steps, first, last = touched.get(number, (0, share, share))
                touched[number] = steps | bit, share if share < first else first, share if share > last else last
        for number, (steps, first, last) in touched.items():
            one = passed.setdefault(number, Passing())
            one.steps |= steps
            one.note(at_ms + round(first * took_ms))
            one.note(at_ms + round(last * took_ms))

    def _near(self, start: Sequence[float], end: Sequence[float]) -> Sequence[_Step]:
        """The steps in all cells that a leg may pass; teams go the same ways, so what lies about one is kept."""
        margin = self._margin_m
        west, east = (start[0], end[0]) if start[0] < end[0] else (end[0], start[0])
        south, north = (start[1], end[1]) if start[1] < end[1] else (end[1], start[1])
        about = (
            floor((west - margin) / CELL_M), floor((east + margin) / CELL_M),
            floor((south - margin) / CELL_M), floor((north + margin) / CELL_M),
        )  # fmt: skip
        kept = self._about.get(about)
        if kept is None:
            first, last, low, high = about
            cells = ((column, row) for row in range(low, high + 1) for column in range(first, last + 1))
            kept = self._about[about] = [step for cell in cells for step in self._cells.get(cell, ())]
        return kept

    def find(self, at: Point) -> str | None:
        """The code of what this point is at: a marker, opening or node before a trail, a trail before a segment; else None."""
        here = self._plane(*at)
        near: dict[int, float] = {}
        for east, north, within2, number, _ in self._near(here, here):
            away_m = hypot(east - here[0], north - here[1])
            if away_m * away_m <= within2 and away_m < near.get(number, self._margin_m + 1):
                near[number] = away_m
        for sorts in _FIRST_LOOKED_AT:
            among = [number for number in near if self.watched[number].sort in sorts]
            if among:
                return self.watched[min(among, key=lambda number: (near[number], number))].code
        return None


def share_of(steps: int, of: Watched) -> float:
    """What part of its steps these are, 0 to 1."""
    return steps.bit_count() / len(of.steps)
