"""How closely a team is followed, and how long the battery lasts by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

LOW_PERCENT: Final = 15
"""Below this, saving is proposed; recording what was seen is never cut back."""
HOUR_MS: Final = 3_600_000
TRUST_AFTER_H: Final = 1.0
"""An hour of this patrol weighs as much as the stated default."""
LONGEST_STEP_MS: Final = 900_000
"""Between two readings further apart the phone may have slept, been charged or been off."""


class Mode(StrEnum):
    """What the team chose for the track."""

    PRECISE = "precise"
    NORMAL = "normal"
    SAVING = "saving"


@dataclass(frozen=True)
class Sampling:
    """What is asked of the receiver: a fix every ``interval_s``, not before ``step_m`` metres of movement; ``fine`` asks for the
    best that it can, else for ten metres, which costs an iPhone less. Coarser fixes would be believed by nobody.
    """

    interval_s: int
    step_m: int = 0
    fine: bool = True


MOVING: Final = {Mode.PRECISE: Sampling(1), Mode.NORMAL: Sampling(5), Mode.SAVING: Sampling(20, 10, fine=False)}
STILL: Final = {Mode.PRECISE: Sampling(5), Mode.NORMAL: Sampling(30), Mode.SAVING: Sampling(60, fine=False)}
"""At rest fixes still come, without a least step: a rest is no gap."""
FULL_H: Final = {Mode.PRECISE: 9.0, Mode.NORMAL: 14.0, Mode.SAVING: 24.0}
"""Hours of a full battery of a cheap phone (4,000-5,000 mAh), screen mostly off. A default until this patrol has told better."""


def sampling_for(mode: Mode, *, still: bool) -> Sampling:
    return (STILL if still else MOVING)[mode]


@dataclass(frozen=True)
class BatteryReading:
    at_ms: int
    percent: int
    mode: Mode


@dataclass(frozen=True)
class BatteryEnd:
    """When the battery will be empty in a mode; ``measured`` when this patrol has told more of it than the default."""

    hours: float
    at_ms: int
    measured: bool


def foresee_end(readings: Sequence[BatteryReading], mode: Mode, now_ms: int) -> BatteryEnd | None:
    """From the drain of this patrol in ``mode``, or in the others by the proportion of the defaults, weighed against the default
    of the mode. None before the first reading.
    """
    if not readings:
        return None
    used, hours = 0.0, 0.0
    for before, after in pairwise(readings):
        step_ms = after.at_ms - before.at_ms
        if 0 < step_ms <= LONGEST_STEP_MS and after.percent <= before.percent:
            used += (before.percent - after.percent) * FULL_H[before.mode] / FULL_H[mode]
            hours += step_ms / HOUR_MS
    drain = (used + 100 / FULL_H[mode] * TRUST_AFTER_H) / (hours + TRUST_AFTER_H)
    last = readings[-1]
    end_ms = last.at_ms + round(last.percent / drain * HOUR_MS)
    return BatteryEnd(max(0.0, (end_ms - now_ms) / HOUR_MS), end_ms, hours >= TRUST_AFTER_H)
