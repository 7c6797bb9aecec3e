"""The man-down timer: asks every so often whether somebody is well, and calls for help by itself when nobody answers.

It runs only while the app lives. What it needs rests beside the journal, readable before the PIN: an app that was killed goes on
asking when it is opened again, and asks anew before it calls.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import flet as ft

from app.record import NO_ANSWER
from journal.clock import Reading

if TYPE_CHECKING:
    from app.state.safety import Safety

log = logging.getLogger(__name__)

EVERY_MIN: Final = (15, 30, 60)
ANSWER_WITHIN_MS: Final = 60_000
TICK_S: Final = 1.0
SHAKE_EVERY_TICKS: Final = 2
MINUTE_MS: Final = 60_000


@dataclass(frozen=True)
class Due:
    """When the next question comes, by both clocks: the monotonic one counts within its boot, the wall clock after it."""

    wall_ms: int
    mono_ms: int
    boot: str

    @classmethod
    def after(cls, now: Reading, wait_ms: int) -> "Due":
        return cls(now.wall_ms + wait_ms, now.mono_ms + wait_ms, now.boot)

    def left_ms(self, now: Reading) -> int:
        """Negative once it has passed."""
        return self.mono_ms - now.mono_ms if now.boot == self.boot else self.wall_ms - now.wall_ms


class CheckIn(ft.Observable):
    """The timer of one page's person. ``left_s`` is the time to the next question, or to the call while it asks."""

    def __init__(self, safety: "Safety") -> None:
        super().__init__()
        self._safety = safety
        self.every_min: int | None = None
        self.alone = False
        self.left_s = 0
        self._due: Due | None = None
        self._asked: Due | None = None
        self._ticks = 0
        self._ticker: asyncio.Task[None] | None = None

    @property
    def is_on(self) -> bool:
        return self.every_min is not None

    @property
    def asking(self) -> bool:
        return self._asked is not None

    # --- verbs --------------------------------------------------------------------------------------------------------

    async def start(self, every_min: int, *, alone: bool = False) -> None:
        """Asks every so many minutes from now on."""
        self.every_min, self.alone = every_min, alone
        await self._wait_anew()
        self.keep_ticking()

    async def stop(self) -> None:
        self.every_min, self._due = None, None
        self._ask(None)
        await self._keep()

    async def go_alone(self, *, alone: bool) -> None:
        """Whether one person is asked, or a team."""
        self.alone = alone
        await self._keep()

    async def confirm(self) -> None:
        """The one tap: we are well."""
        await self._wait_anew()

    async def put_off(self) -> None:
        """A hand was on the device just now: the time begins anew."""
        if self.is_on:
            await self._wait_anew()

    # --- time ---------------------------------------------------------------------------------------------------------

    async def take_up(self) -> None:
        """What an earlier run left; a question that fell due meanwhile is asked now, with its whole time to answer."""
        raw = await self._safety.session.notebook.read_watch()
        if raw is None:
            return
        kept = json.loads(raw)
        self.every_min, self.alone = kept["every_min"], kept["alone"]
        due, now = Due(*kept["due"]), self._read()
        longest_ms = kept["every_min"] * MINUTE_MS
        self._due = Due.after(now, min(max(due.left_ms(now), 0), longest_ms))
        self.keep_ticking()

    async def tick(self) -> None:
        """Looks at the clock: asks, counts down, calls."""
        now, due = self._read(), self._due
        if due is None or self._safety.is_calling:
            self._ask(None)
            return
        if self._asked is None and due.left_ms(now) <= 0:
            self._ask(Due.after(now, ANSWER_WITHIN_MS))
        if self._asked is not None:
            await self._count_down(now, self._asked)
        else:
            self.left_s = max(0, due.left_ms(now)) // 1000

    async def _count_down(self, now: Reading, asked: Due) -> None:
        if self._ticks % SHAKE_EVERY_TICKS == 0:
            self._safety.session.run_task(self._safety.haptics.shake)
        self._ticks += 1
        left_ms = asked.left_ms(now)
        self.left_s = max(0, left_ms + 999) // 1000
        if left_ms <= 0:
            await self._safety.call_for_help(NO_ANSWER)
            await self.stop()

    def _ask(self, until: Due | None) -> None:
        self._asked, self._ticks = until, 0
        self._safety.session.asked_if_well = until is not None

    def keep_ticking(self) -> None:
        if self._ticker is None or self._ticker.done():
            self._safety.session.run_task(self._begin)

    async def _begin(self) -> None:
        """In the context of the page, so that it can be felt."""
        if self._ticker is None or self._ticker.done():
            self._ticker = asyncio.get_running_loop().create_task(self._tick_on())

    async def _tick_on(self) -> None:
        while self.is_on or self._safety.is_calling:
            try:
                await self.tick()
                if self._safety.is_calling:
                    await self._safety.follow()
            except Exception:
                log.exception("the timer could not look; it goes on")
            await asyncio.sleep(TICK_S)

    def end(self) -> None:
        if self._ticker is not None:
            self._ticker.cancel()

    # --- keeping ------------------------------------------------------------------------------------------------------

    async def _wait_anew(self) -> None:
        wait_ms = (self.every_min or 0) * MINUTE_MS
        self._due = Due.after(self._read(), wait_ms)
        self._ask(None)
        self.left_s = wait_ms // 1000
        await self._keep()

    async def _keep(self) -> None:
        payload = b""
        if self.every_min is not None and self._due is not None:
            due = (self._due.wall_ms, self._due.mono_ms, self._due.boot)
            payload = json.dumps({"every_min": self.every_min, "alone": self.alone, "due": due}).encode()
        await self._safety.session.notebook.act(lambda pen: pen.keep_watch(payload))

    def _read(self) -> Reading:
        return self._safety.session.handset.read_clocks()
