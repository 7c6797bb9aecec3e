"""The receiver and the track of the patrol under way. A fix is on disk before any screen shows it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.device.location import NoFix, TrackNotice
from app.later import Later
from app.patrol.modes import BatteryReading, Mode, Sampling, foresee_end, sampling_for
from app.state.walk import Drawn, draw_pieces, sum_drawn
from app.store.outcomes import StoreLocked
from app.texts import Texts
from journal.folding import TrackPiece
from journal.track.fixes import Fix

if TYPE_CHECKING:
    from app.state.session import Session
    from app.store import queries
else:
    queries = Later("app.store.queries")

log = logging.getLogger(__name__)

CLOSE_EVERY_S: Final = 600.0
KEEP_AFTER_S: Final = 4.0
"""Fixes that follow within so many seconds are one transaction: even with a slow disk a kill loses less than ten seconds."""
SILENT_AFTER_MS: Final = 60_000
"""A receiver that waits for a least step says nothing of a team at rest: then it is asked without one."""
MOST_UNKEPT: Final = 7_200
FRESH_FOR_MS: Final = 120_000


class Tracking:
    """The receiver of one page, which both the patrol and the forms look at, and the track that it makes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._receiving = False
        self._closer: asyncio.Task[None] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._keeping = asyncio.Lock()
        self._unkept: list[Fix] = []
        self._kept_s = -KEEP_AFTER_S
        self._drawn_pieces: dict[str, Drawn] = {}
        self._readings: list[BatteryReading] = []
        self._asked: Sampling | None = None
        self._refused = False

    # --- the pace -----------------------------------------------------------------------------------------------------

    @property
    def mode(self) -> Mode:
        """As chosen on this phone, whoever carries it."""
        kept = self._session.handset.phone.preferences.mode
        return Mode(kept) if kept in set(Mode) else Mode.NORMAL

    async def switch_mode(self, mode: Mode) -> None:
        """Remembered, and asked of the receiver at once."""
        phone = self._session.handset.phone
        phone.keep(replace(phone.preferences, mode=mode.value))
        self._foresee()
        await self._pace()

    def read_battery(self, percent: int | None) -> None:
        """A reading of the battery: what is left is told in hours of the present mode."""
        self._session.gauges.battery_percent = percent
        if percent is not None:
            self._readings.append(BatteryReading(self._session.now_ms(), percent, self.mode))
        self._foresee()

    def _foresee(self) -> None:
        self._session.gauges.mode = self.mode
        self._session.gauges.battery_end = foresee_end(self._readings, self.mode, self._session.now_ms())

    def _wanted(self) -> Sampling:
        walk, gauges = self._session.walk, self._session.gauges
        if walk.patrol is None or self._session.trailing.subject is not None:
            return sampling_for(Mode.NORMAL if walk.patrol is None else Mode.PRECISE, still=False)
        silent = gauges.fix is not None and self._session.now_ms() - gauges.fix.at_ms > SILENT_AFTER_MS
        return sampling_for(self.mode, still=walk.still_since_ms is not None or silent)

    async def _pace(self) -> None:
        wanted = self._wanted()
        if self._receiving and wanted != self._asked:
            self._asked = wanted
            await self._session.location.change(wanted)

    # --- following what is true ---------------------------------------------------------------------------------------

    async def follow(self, patrol: queries.PatrolLine | None) -> None:
        """Takes up the patrol that the journal says is under way, e.g. after a kill; lets go of one that has ended."""
        walk = self._session.walk
        if patrol is None:
            if walk.patrol is not None:
                await self.keep_now()
                await self._session.handset.verbs.track.close(walk.patrol)
                self.let_go()
            return
        if walk.patrol == patrol.subject:
            walk.paused = patrol.paused
            return
        track = self._session.handset.verbs.track
        await track.close(patrol.subject)  # fixes of a run that was killed
        await track.keep()  # from here on it is another run
        walk.begin(patrol.subject, patrol.started_ms, await self._draw_earlier(patrol.subject))
        walk.paused = patrol.paused
        if self._closer is None:
            self._closer = asyncio.get_running_loop().create_task(self._close_now_and_then())
        fix = self._session.fresh_fix()
        await self.wake()
        await self._pace()
        if fix is not None:
            await self._on_fix(fix)  # a receiver at rest may say nothing new for a while

    async def wake(self) -> None:
        """Listens to the receiver while the page can be seen or a patrol is on; tries again where it broke."""
        broken = self._session.gauges.no_fix in {NoFix.OFF, NoFix.BROKEN}
        if (self._receiving and not broken) or self._session.handset.notebook is None:
            return
        self._receiving, self._asked = True, self._wanted()
        say = Texts(self._session.language).say
        notice = TrackNotice(say("phone.patrol.notice_title"), say("phone.patrol.notice_text"))
        try:
            await self._session.location.start(self._on_fix, self._on_trouble, notice, self._asked)
        except Exception:
            log.exception("the receiver does not start")
            self._on_trouble(NoFix.BROKEN)

    async def rest(self) -> None:
        """Out of sight and no patrol on: nobody is followed."""
        await self.keep_now()
        if self._receiving and self._session.walk.patrol is None and self._session.trailing.subject is None:
            self._receiving = False
            await self._session.location.stop()

    async def _on_fix(self, fix: Fix) -> None:
        session = self._session
        await session.trailing.take(fix)
        if session.walk.patrol is None or session.walk.paused:
            session.gauges.show_fix(fix, session.now_ms())
            return
        self._refused = False
        self._unkept.append(fix)
        del self._unkept[:-MOST_UNKEPT]
        loop = asyncio.get_running_loop()
        if loop.time() - self._kept_s >= KEEP_AFTER_S:
            await self.keep_now()
        elif self._keeper is None or self._keeper.done():
            self._keeper = loop.create_task(self._keep_soon())

    async def _keep_soon(self) -> None:
        await asyncio.sleep(KEEP_AFTER_S)
        await self.keep_now()

    async def keep_now(self) -> None:
        """Brings what was heard onto the disk, and then onto the screen. What cannot be written is tried again."""
        async with self._keeping:
            fixes, session = tuple(self._unkept), self._session
            if not fixes or session.walk.patrol is None:
                return
            try:
                if session.handset.claim_walk(session):
                    await session.handset.verbs.track.keep(*fixes, battery_percent=session.gauges.battery_percent)
            except Exception:
                log.exception("fixes could not be kept; they are tried again")
                session.walk.recording = False
                return
            self._kept_s = asyncio.get_running_loop().time()
            del self._unkept[: len(fixes)]
            session.walk.recording = True
            session.walk.take(fixes)
            session.gauges.show_fix(fixes[-1], session.now_ms())
            await self._pace()

    def _on_trouble(self, trouble: NoFix) -> None:
        session = self._session
        session.gauges.no_fix = trouble
        if trouble is NoFix.WAITING:
            return
        session.walk.recording = False
        self._receiving = trouble is not NoFix.PERMISSION
        if trouble is NoFix.PERMISSION and session.walk.patrol is not None and not self._refused:
            self._refused = True
            session.run_task(session.handset.verbs.track.note_refusal)

    async def _close_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(CLOSE_EVERY_S)
            try:
                await self.close_piece()
                await self.wake()  # in a pocket nobody presses "try again"
            except Exception:
                log.exception("the track could not be closed now; its fixes stay kept")

    async def close_piece(self) -> None:
        """What was heard so far becomes a track entry."""
        await self.keep_now()
        patrol = self._session.walk.patrol
        if patrol is not None:
            await self._session.handset.verbs.track.close(patrol)
            await self.show_pieces()

    async def show_pieces(self) -> None:
        """After track entries were written: what they hold is drawn as they tell it."""
        walk = self._session.walk
        if walk.patrol is not None:
            try:
                walk.close_piece(await self._draw_earlier(walk.patrol))
            except StoreLocked:
                walk.close_unread()

    async def _draw_earlier(self, patrol: str) -> Drawn:
        pieces = await self._session.notebook.ask(lambda views: queries.tracks_of(views, patrol))
        return await asyncio.to_thread(self._drawn, pieces)

    def _drawn(self, pieces: Sequence[TrackPiece]) -> Drawn:
        """Each entry is unpacked once."""
        for piece in pieces:
            if piece.ref not in self._drawn_pieces:
                self._drawn_pieces[piece.ref] = draw_pieces([piece])
        return sum_drawn(self._drawn_pieces[piece.ref] for piece in pieces)

    def let_go(self) -> None:
        """No patrol is under way any more."""
        self._session.walk.forget()
        self._unkept.clear()
        self._drawn_pieces.clear()
        if self._closer is not None:
            self._closer.cancel()
            self._closer = None
