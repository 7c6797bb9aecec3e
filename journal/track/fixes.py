"""A fix as the receiver gave it."""

import json
from dataclasses import asdict, dataclass
from math import cos, hypot, radians
from typing import Self

from journal.entries import Position

METRES_OF_E7 = 0.011_131_95
"""1e-7 degrees of a meridian, or of the equator, on the ground."""
HALF_TURN_E7 = 1_800_000_000


@dataclass(frozen=True)
class Fix:
    """One position of the receiver, kept whatever :func:`journal.track.judging.judge_fixes` thinks of it."""

    at_ms: int
    latitude_e7: int
    longitude_e7: int
    accuracy_mm: int | None = None
    altitude_mm: int | None = None
    mocked: bool = False
    """Android says that an app, not the receiver, made it."""

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        return cls(**json.loads(raw))

    def as_position(self, source: str = "gps") -> Position:
        """The fix in an entry; one that an app made up says so by its source ``mocked``."""
        return Position(
            latitude_e7=self.latitude_e7,
            longitude_e7=self.longitude_e7,
            accuracy_mm=self.accuracy_mm,
            altitude_mm=self.altitude_mm,
            source="mocked" if self.mocked else source,
            fixed_ms=self.at_ms,
        )


def offset_m(origin: Fix, fix: Fix) -> tuple[float, float]:
    """East and north of ``fix`` from ``origin`` in metres on a plane: to 0.7 % within some kilometres, enough to judge by."""
    east_e7 = (fix.longitude_e7 - origin.longitude_e7 + HALF_TURN_E7) % (2 * HALF_TURN_E7) - HALF_TURN_E7
    narrow = cos(radians(origin.latitude_e7 / 1e7))
    return east_e7 * narrow * METRES_OF_E7, (fix.latitude_e7 - origin.latitude_e7) * METRES_OF_E7


def apart_m(before: Fix, fix: Fix) -> float:
    """About how far two fixes are apart, in metres; see :func:`offset_m`."""
    return hypot(*offset_m(before, fix))
