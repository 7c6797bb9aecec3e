"""What changes by the second: position, battery, sending. Apart from the session, so that a fix redraws the strip and no form."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

import flet as ft

from app.device.location import NoFix
from app.patrol.modes import LOW_PERCENT, BatteryEnd, Mode
from app.sync.state import ENTRY_DAMAGED, Phase, SyncState
from journal.track.fixes import Fix

SHOW_EVERY_MS: Final = 1_000
LAGS_KEPT: Final = 5
"""So many fixes tell how the device's clock stands to the receiver's; more would remember a clock that was set since."""


@dataclass(eq=False)
class Gauges(ft.Observable):
    """The instruments of one page."""

    fix: Fix | None = None
    no_fix: NoFix | None = NoFix.WAITING
    """Why there is no position now; None while fixes come."""
    battery_percent: int | None = None
    battery_end: BatteryEnd | None = None
    """When the battery will be empty in ``mode``."""
    mode: Mode = Mode.NORMAL
    sync: SyncState = field(default_factory=SyncState)
    now_ms: int = 0
    """The clock by which ages are drawn."""

    def __post_init__(self) -> None:
        self._lags_ms: deque[int] = deque(maxlen=LAGS_KEPT)

    @property
    def battery_h(self) -> float | None:
        """Hours left in the present mode."""
        return None if self.battery_end is None else self.battery_end.hours

    @property
    def battery_low(self) -> bool:
        return self.battery_percent is not None and self.battery_percent < LOW_PERCENT

    @property
    def clock_ahead_ms(self) -> int:
        """How far the device's clock is ahead of the receiver's: a phone may be minutes off, its fixes are fresh all the same.

        The least lag of the last fixes tells it, since a receiver may give an old fix first. One fix alone tells only of a clock
        that is behind: nothing comes from the future.
        """
        return min(self._lags_ms) if len(self._lags_ms) > 1 else min([0, *self._lags_ms])

    def fix_age_ms(self, now_ms: int) -> int | None:
        """How old the fix is at this reading of the device's clock; None without one."""
        return None if self.fix is None else max(0, now_ms - self.fix.at_ms - self.clock_ahead_ms)

    @property
    def fix_age_s(self) -> float | None:
        age_ms = self.fix_age_ms(self.now_ms)
        return None if age_ms is None else age_ms / 1000

    @property
    def offline(self) -> bool:
        return self.sync.phase in {Phase.WAITING, Phase.CUT, Phase.REFUSED}

    @property
    def stuck(self) -> bool:
        """Whether damage on this device holds up what waits, though the link is well."""
        return self.sync.phase is Phase.IDLE and self.sync.problem_code == ENTRY_DAMAGED

    @property
    def waiting_count(self) -> int:
        return self.sync.waiting_count + self.sync.waiting_photos

    def show_fix(self, fix: Fix, now_ms: int) -> None:
        """Draws a new fix, at most once a second."""
        self.no_fix = None
        self._lags_ms.append(now_ms - fix.at_ms)
        if self.fix is None or fix.at_ms - self.fix.at_ms >= SHOW_EVERY_MS or fix.at_ms < self.fix.at_ms:
            self.fix = fix
            self.now_ms = now_ms
