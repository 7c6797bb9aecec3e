"""The receiver and the track of the patrol under way. A fix is on disk before any screen shows it."""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from app.device.location import NoFix, TrackNotice
from app.patrol.fixes import Fix
from app.store.queries import PatrolLine, tracks_of
from app.texts import Texts

if TYPE_CHECKING:
    from app.state.session import Session

log = logging.getLogger(__name__)

CLOSE_EVERY_S: Final = 600.0
FRESH_FOR_MS: Final = 120_000


class Tracking:
    """The receiver of one page, which both the patrol and the forms look at, and the track that it makes."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._receiving = False
        self._closer: asyncio.Task[None] | None = None

    async def follow(self, patrol: PatrolLine | None) -> None:
        """Takes up the patrol that the journal says is under way, e.g. after a kill; lets go of one that has ended."""
        walk = self._session.walk
        if patrol is None:
            if walk.patrol is not None:
                self.let_go()
            return
        if walk.patrol == patrol.subject:
            walk.paused = patrol.paused
            return
        await self._session.handset.verbs.track.close(patrol.subject)  # fixes of a run that was killed
        pieces = await self._session.notebook.ask(lambda views: tracks_of(views, patrol.subject))
        walk.begin(patrol.subject, patrol.started_ms, pieces)
        walk.paused = patrol.paused
        if self._closer is None:
            self._closer = asyncio.get_running_loop().create_task(self._close_now_and_then())
        await self.wake()
        fix = self._session.fresh_fix()
        if fix is not None:
            await self._on_fix(fix)  # a receiver at rest may say nothing new for a while

    async def wake(self) -> None:
        """Listens to the receiver while the page can be seen or a patrol is on."""
        if self._receiving or self._session.handset.notebook is None:
            return
        self._receiving = True
        say = Texts(self._session.language).say
        notice = TrackNotice(say("phone.patrol.notice_title"), say("phone.patrol.notice_text"))
        try:
            await self._session.location.start(self._on_fix, self._on_trouble, notice)
        except Exception:
            log.exception("the receiver does not start")
            self._on_trouble(NoFix.BROKEN)

    async def rest(self) -> None:
        """Out of sight and no patrol on: nobody is followed."""
        if self._receiving and self._session.walk.patrol is None:
            self._receiving = False
            await self._session.location.stop()

    async def _on_fix(self, fix: Fix) -> None:
        session = self._session
        walk = session.walk
        if walk.patrol is not None and not walk.paused:
            if session.handset.claim_walk(session):
                await session.handset.verbs.track.keep_fix(fix)
            walk.recording = True
            walk.take(fix)
        session.gauges.show_fix(fix, session.now_ms())

    def _on_trouble(self, trouble: NoFix) -> None:
        self._session.gauges.no_fix = trouble
        if trouble is not NoFix.WAITING:
            self._session.walk.recording = False
            self._receiving = trouble is not NoFix.PERMISSION

    async def _close_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(CLOSE_EVERY_S)
            patrol = self._session.walk.patrol
            if patrol is None:
                continue
            try:
                await self._session.handset.verbs.track.close(patrol)
                self._session.walk.close_piece()
            except Exception:
                log.exception("the track could not be closed now; its fixes stay kept")

    def let_go(self) -> None:
        """No patrol is under way any more."""
        self._session.walk.forget()
        if self._closer is not None:
            self._closer.cancel()
            self._closer = None
