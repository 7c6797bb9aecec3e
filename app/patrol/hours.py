"""Hours of the day in Vietnam, and which of them are night."""

from typing import Final

HOUR_MS: Final = 3_600_000
VIETNAM_MS: Final = 7 * HOUR_MS
"""UTC+7, all year."""
NIGHT_FROM_H, NIGHT_UNTIL_H = 18, 6


def hour_of(at_ms: int) -> int:
    """The hour of the day in Vietnam."""
    return (at_ms + VIETNAM_MS) // HOUR_MS % 24


def is_night(at_ms: int) -> bool:
    """From 18 to 6 o'clock."""
    return not NIGHT_UNTIL_H <= hour_of(at_ms) < NIGHT_FROM_H
