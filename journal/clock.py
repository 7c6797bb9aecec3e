"""Hybrid logical clock: stamps that never go back, whatever the phone's clock does; and time with a stated source.

After Kulkarni et al., "Logical Physical Clocks" (2014). A stamp orders entries; it proves nothing about wall time. Wall time,
its source and its confidence travel beside it as evidence.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FARTHEST_MS = 253_402_300_799_999
_FIRST_MS = -62_135_596_800_000


class Stamp(NamedTuple):
    """A point of hybrid logical time: milliseconds since 1970 UTC and a counter within them."""

    ms: int
    n: int


class Reading(NamedTuple):
    """What a device's clocks say at one moment."""

    wall_ms: int
    """Wall clock, ms since 1970 UTC; may be wrong by years."""
    mono_ms: int
    """Monotonic clock, ms since an unknown start; measures durations within one boot."""
    boot: str
    """Names the boot that ``mono_ms`` belongs to."""
    source: str = "phone"
    """Who says so: ``phone``, ``gnss``, ``station`` or ``typed``."""
    within_ms: int | None = None
    """Half-width of the interval the source vouches for; None when it vouches for nothing."""

    def since_ms(self, earlier: "Reading") -> int:
        """How long ago ``earlier`` was: a monotonic clock may stand while a phone sleeps, a wall clock may be put back."""
        by_wall = self.wall_ms - earlier.wall_ms
        return max(by_wall, self.mono_ms - earlier.mono_ms) if self.boot == earlier.boot else by_wall


ReadClocks = Callable[[], Reading]


@dataclass
class HybridClock:
    """One writer's clock. ``last`` must be kept with the journal, so that a restart cannot go back."""

    last: Stamp = field(default=Stamp(0, 0))

    def tick(self, wall_ms: int) -> Stamp:
        """The stamp of a new entry: later than every stamp seen, as close to the wall clock as that allows."""
        self.last = Stamp(wall_ms, 0) if wall_ms > self.last.ms else Stamp(self.last.ms, self.last.n + 1)
        return self.last

    def meet(self, other: Stamp, trusted_ms: int) -> bool:
        """Move past another's stamp, so that what is written next sorts after what was read.

        A stamp a day or more ahead of ``trusted_ms`` is not adopted (returns False): a phone that lives in 2036 drags
        nobody along.
        """
        if other.ms >= trusted_ms + DAY_MS:
            return False
        self.last = max(self.last, other)
        return True


def moment(ms: int) -> datetime:
    """Aware UTC datetime of ms since 1970; what lies outside the years 1 to 9999 is read as their edge."""
    return _EPOCH + timedelta(milliseconds=min(max(ms, _FIRST_MS), _FARTHEST_MS))


def milliseconds(at: datetime) -> int:
    """Ms since 1970 of an aware datetime."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone is no time")
    return (at - _EPOCH) // timedelta(milliseconds=1)
