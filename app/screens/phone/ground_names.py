"""Which names of places a map has room for: the further one looks, the fewer, and never one over another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.screens.phone.ground_layers import PlaceMark

NAMES_FROM: Final = 12
"""From further away a map shows signs alone."""
NAME_WIDTH, NAME_HEIGHT = 130, 40
"""Room for a name with its two lines, in logical pixels."""
TILE: Final = 256
MOST_LATITUDE: Final = 85.0


def thin_names(marks: Sequence[PlaceMark], level: int) -> tuple[PlaceMark, ...]:
    """The same marks; a name is left out where, at this whole zoom level, it would lie on one that came before it."""
    taken: list[tuple[float, float]] = []
    thinned: list[PlaceMark] = []
    for mark in marks:
        x, y = _pixels(mark.place.latitude_e7 / 1e7, mark.place.longitude_e7 / 1e7, level)
        room = level >= NAMES_FROM and all(abs(x - left) >= NAME_WIDTH or abs(y - top) >= NAME_HEIGHT for left, top in taken)
        if mark.named and room:
            taken.append((x, y))
        thinned.append(mark if room or not mark.named else replace(mark, named=False))
    return tuple(thinned)


def _pixels(latitude: float, longitude: float, level: int) -> tuple[float, float]:
    """Where a point lies on the whole world drawn at this level (Web Mercator), in logical pixels."""
    across = TILE * 2.0**level
    north = math.radians(max(-MOST_LATITUDE, min(MOST_LATITUDE, latitude)))
    return (longitude + 180) / 360 * across, (1 - math.asinh(math.tan(north)) / math.pi) / 2 * across
