"""A track with fewer points for a screen, and how far it may then be from the fixes that were left out."""

from collections.abc import Sequence
from math import asin, atan2, hypot, pi
from typing import Final

from journal.track.fixes import Fix, offset_m

FINEST_M: Final = 1.0
COARSER: Final = 1.6


def thin_line(fixes: Sequence[Fix], most: int = 500) -> list[Fix]:
    """At most ``most`` (two or more) of these fixes, both ends in: as near to the others as that number of points allows."""
    thinned, off_m = list(fixes), FINEST_M
    while len(thinned) > most:
        thinned, off_m = thin_within(fixes, off_m), off_m * COARSER
    return thinned


def thin_within(fixes: Sequence[Fix], off_m: float) -> list[Fix]:
    """A line through some of the fixes, both ends in; every other one lies within twice ``off_m`` of the piece that passes it.

    Goes once along the fixes: a piece goes on while some direction from its first point passes all its points within ``off_m``
    and it does not turn back by more than that (sleeve fitting, Zhao and Saalfeld 1997).
    """
    if len(fixes) <= 2:  # noqa: PLR2004  nothing between the ends
        return list(fixes)
    kept, first, sleeve = [0], 0, _Sleeve(off_m)
    for number in range(1, len(fixes)):
        if not sleeve.takes(*offset_m(fixes[first], fixes[number])):
            first = number - 1
            kept.append(first)
            sleeve = _Sleeve(off_m)
            sleeve.takes(*offset_m(fixes[first], fixes[number]))
    return [fixes[number] for number in (*kept, len(fixes) - 1)]


class _Sleeve:
    """The directions from a point that pass all points so far closely enough."""

    def __init__(self, off_m: float) -> None:
        self._off_m = off_m
        self._far_m = 0.0
        self._middle: float | None = None
        self._right = self._left = 0.0

    def takes(self, east_m: float, north_m: float) -> bool:
        """Whether the piece may end here; if so it is one more point that it must pass."""
        away_m = hypot(east_m, north_m)
        if away_m < self._far_m - self._off_m:
            return False
        if away_m > self._off_m:
            half, direction = asin(self._off_m / away_m), atan2(north_m, east_m)
            if self._middle is None:
                self._middle, self._right, self._left = direction, -half, half
            else:
                turned = (direction - self._middle + pi) % (2 * pi) - pi
                if not self._right <= turned <= self._left:
                    return False
                self._right, self._left = max(self._right, turned - half), min(self._left, turned + half)
        self._far_m = max(self._far_m, away_m)
        return True
