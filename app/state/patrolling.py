"""The patrol under way: start, pause, go on, end."""

from typing import TYPE_CHECKING

from app.record import EndForm, NotRecorded, PatrolForm, Recorded
from app.store.queries import tracks_of

if TYPE_CHECKING:
    from app.state.session import Session


class Patrolling:
    """The verbs of a patrol on one page; its track is kept by ``session.tracking``."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    async def start(self, form: PatrolForm) -> Recorded | NotRecorded:
        started = await self._session.handset.verbs.field.start_patrol(form)
        if isinstance(started, Recorded):
            await self._session.refresh()
        return started

    async def pause(self, *, reason: str | None = None) -> None:
        patrol = self._session.walk.patrol
        if patrol is not None:
            await self._session.handset.verbs.field.pause_patrol(patrol, reason)
            self._session.walk.paused = True
            self._session.walk.close_piece()

    async def resume(self) -> None:
        patrol = self._session.walk.patrol
        if patrol is not None:
            await self._session.handset.verbs.field.resume_patrol(patrol)
            self._session.walk.paused = False

    async def end(self, form: EndForm) -> Recorded | None:
        """Closes the track and the patrol in one transaction; None when no patrol was under way."""
        walk = self._session.walk
        if walk.patrol is None:
            return None
        pieces = await self._session.notebook.ask(lambda views: tracks_of(views, walk.patrol or ""))
        before_mm = sum(piece.track.distance_mm for piece in pieces)
        done = await self._session.handset.verbs.field.end_patrol(walk.patrol, form, walked_before_mm=before_mm)
        self._session.tracking.let_go()
        self._session.say_done("phone.end.saved")
        return done
