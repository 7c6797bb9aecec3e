"""How a packed track foresees the next fix, and the small ladders on which it keeps accuracy and altitude."""

from dataclasses import dataclass
from math import cos, radians
from typing import Final

LATITUDE_STEP_E7: Final = 124
"""1.385 m at most (at the poles): with :func:`longitude_step_e7` no corner of a cell is 1 m from its middle."""
TICK_MS: Final = 100
ALTITUDE_STEP_MM: Final = 10_000
SUB: Final = 8
"""Places and speeds are foreseen in 1/256 of a step."""
LONGEST_TICKS: Final = 600
"""After a minute without a fix the last speed says nothing more."""
RUNGS: Final = 4
"""Rungs of the accuracy ladder between one power of two and the next."""
RUNG_MM: Final = 250
HIGHEST_RUNG: Final = 200
Gains = tuple[int, int]
GAINS: Final[tuple[Gains, ...]] = ((256, 16), (230, 32), (200, 24), (230, 90), (256, 160), (150, 12))
"""How far (place, speed), in 1/256, a surprise moves what is foreseen; the packer takes the pair that surprises least."""


def longitude_step_e7(least_latitude_e7: int) -> int:
    """As wide on the ground as a step of latitude, or less; ``least_latitude_e7`` is the one nearest to the equator."""
    return min(10**9, int(LATITUDE_STEP_E7 / max(1e-9, cos(radians(least_latitude_e7 / 1e7)))))


@dataclass(slots=True)
class Foresight:
    """Alpha-beta filter of one coordinate, in whole numbers: the next place by the last ones and their speed."""

    gains: Gains
    place: int = 0
    speed: int = 0
    ahead: int = 0

    def foresee(self, ticks: int) -> int:
        """The step where the next fix is expected after ``ticks`` tenths of a second."""
        self.ahead = self.place + (self.speed * ticks >> SUB if 0 < ticks <= LONGEST_TICKS else 0)
        return self.ahead + (1 << SUB - 1) >> SUB

    def learn(self, step: int, ticks: int) -> None:
        """The fix was at ``step``."""
        surprise = (step << SUB) - self.ahead
        self.place = self.ahead + (surprise * self.gains[0] >> SUB)
        if 0 < ticks <= LONGEST_TICKS:
            self.speed += surprise * self.gains[1] // ticks
        elif ticks:
            self.speed = 0


def rung_of(accuracy_mm: int | None) -> int:
    """The rung at or above an accuracy: 1.0, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5 ... m; 0 for none stated."""
    if accuracy_mm is None:
        return 0
    rung = 1
    while rung < HIGHEST_RUNG and accuracy_on(rung) < accuracy_mm:
        rung += 1
    return rung


def accuracy_on(rung: int) -> int:
    """Millimetres of a rung above 0."""
    octave, part = divmod(rung - 1, RUNGS)
    return (RUNGS + part) * RUNG_MM << octave
