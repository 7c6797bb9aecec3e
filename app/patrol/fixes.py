"""A fix as the receiver gave it, and which fixes count as walking."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from geopy.distance import geodesic

from journal.entries import Position

WORST_ACCURACY_MM = 50_000
"""Valleys and canopy give 15-50 m; beyond that a fix says little about a trail."""
FASTEST_MM_S = 45_000
"""162 km/h: faster is a jump of the receiver, not of a car on a mountain road."""
STILL_MM = 8_000
"""Movement below this, or below the fixes' own accuracy up to 15 m, is drift of a receiver at rest."""
MOST_DRIFT_MM = 15_000
ZERO_ISLAND_E7 = 10_000
"""About 100 m around 0° N 0° E, where receivers put themselves when they know nothing."""


@dataclass(frozen=True)
class Fix:
    """One position of the receiver. Raw fixes are kept whatever :func:`walked_mm` thinks of them."""

    at_ms: int
    latitude_e7: int
    longitude_e7: int
    accuracy_mm: int | None = None
    altitude_mm: int | None = None
    mocked: bool = False

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        return cls(**json.loads(raw))

    def as_position(self, source: str = "gps") -> Position:
        return Position(
            latitude_e7=self.latitude_e7,
            longitude_e7=self.longitude_e7,
            accuracy_mm=self.accuracy_mm,
            altitude_mm=self.altitude_mm,
            source=source,
            fixed_ms=self.at_ms,
        )


def distance_mm(latitude_e7: int, longitude_e7: int, to_latitude_e7: int, to_longitude_e7: int) -> int:
    """Geodesic distance on WGS84 (Karney), in whole millimetres; both places in 1e-7 degrees."""
    here, there = (latitude_e7 / 1e7, longitude_e7 / 1e7), (to_latitude_e7 / 1e7, to_longitude_e7 / 1e7)
    return round(float(geodesic(here, there).m) * 1000)


def is_sound(fix: Fix) -> bool:
    """Whether the receiver itself vouches for the fix: real, accurate enough, and not the zero island."""
    at_zero_island = abs(fix.latitude_e7) < ZERO_ISLAND_E7 and abs(fix.longitude_e7) < ZERO_ISLAND_E7
    return not fix.mocked and not at_zero_island and (fix.accuracy_mm or 0) <= WORST_ACCURACY_MM


def step_mm(before: Fix, fix: Fix) -> int | None:
    """Distance walked from one sound fix to the next; 0 for drift at rest, None for a jump that nobody can walk or drive."""
    apart = distance_mm(before.latitude_e7, before.longitude_e7, fix.latitude_e7, fix.longitude_e7)
    elapsed_ms = fix.at_ms - before.at_ms
    if elapsed_ms <= 0 or apart * 1000 > FASTEST_MM_S * elapsed_ms:
        return None
    drift = min(max(STILL_MM, fix.accuracy_mm or 0), MOST_DRIFT_MM)
    return apart if apart > drift else 0


def walked_mm(fixes: list[Fix]) -> int:
    """Distance walked along fixes in order of time; unsound fixes and jumps are kept elsewhere and never counted here."""
    total = 0
    last: Fix | None = None
    for fix in fixes:
        if not is_sound(fix):
            continue
        if last is None:
            last = fix
            continue
        step = step_mm(last, fix)
        if step:
            total += step
            last = fix
    return total
