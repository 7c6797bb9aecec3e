"""Which places a line passed: what a patrol's track says of where it was."""

import math
from collections.abc import Iterable, Sequence

from app.patrol.nearest import KnownPlace

PASSED_WITHIN_M = 150
"""A valley's receiver is off by 50 m and a marker is looked at from its path: nearer than this counts as having been there."""
METRES_A_DEGREE = 111_320.0
CELL_DEG = 0.01

Point = tuple[float, float]
Cell = tuple[int, int]


def passed_places(places: Iterable[KnownPlace], lines: Iterable[Sequence[Point]], within_m: float = PASSED_WITHIN_M) -> set[str]:
    """``place:CODE`` of the places that a line (degrees) comes near to. Flat geometry: exact to millimetres at this distance."""
    grid: dict[Cell, list[KnownPlace]] = {}
    for place in places:
        grid.setdefault(_cell(place.latitude_e7 / 1e7, place.longitude_e7 / 1e7), []).append(place)
    passed: set[str] = set()
    for line in lines:
        ends = list(line)
        for start, end in zip(ends, ends[1:] or ends, strict=False):
            for place in _near(grid, start, end, within_m):
                if place.code not in passed and apart_m(place, start, end) <= within_m:
                    passed.add(place.code)
    return passed


def apart_m(place: KnownPlace, start: Point, end: Point) -> float:
    """Metres from a place to the nearest point of the stretch between two points."""
    latitude, longitude = place.latitude_e7 / 1e7, place.longitude_e7 / 1e7
    east = METRES_A_DEGREE * math.cos(math.radians(latitude))
    ax, ay = (start[1] - longitude) * east, (start[0] - latitude) * METRES_A_DEGREE
    bx, by = (end[1] - longitude) * east, (end[0] - latitude) * METRES_A_DEGREE
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = 0.0 if length == 0 else min(1.0, max(0.0, -(ax * (bx - ax) + ay * (by - ay)) / length))
    return math.hypot(ax + share * (bx - ax), ay + share * (by - ay))


def _cell(latitude: float, longitude: float) -> Cell:
    return math.floor(latitude / CELL_DEG), math.floor(longitude / CELL_DEG)


def _near(grid: dict[Cell, list[KnownPlace]], start: Point, end: Point, within_m: float) -> Iterable[KnownPlace]:
    spare = within_m / METRES_A_DEGREE * 1.5
    south, west = _cell(min(start[0], end[0]) - spare, min(start[1], end[1]) - spare)
    north, east = _cell(max(start[0], end[0]) + spare, max(start[1], end[1]) + spare)
    for row in range(south, north + 1):
        for column in range(west, east + 1):
            yield from grid.get((row, column), ())
