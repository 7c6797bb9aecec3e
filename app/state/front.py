"""Who is in front of one page: a session for each person of the phone, so that nothing of one is ever drawn for another."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import flet as ft

from app.device.location import Location
from app.state.handset import Handset, Stage
from app.state.receiver import Receiver
from app.state.session import RunTask, Session
from app.state.shared_phone import Member, SharedPhone
from app.state.walk import Walk
from journal.names import WriterId

if TYPE_CHECKING:
    from app.store.queries import PatrolLine

log = logging.getLogger(__name__)

LOOK_FOR_IDLE_S = 5.0
MakeSession = Callable[[Handset, Location], Session]


@dataclass(eq=False)
class Facing(ft.Observable):
    """Whose screens a page shows. The root of a page watches this and not all that a front tells: each new count of what waits
    to be sent would draw the whole page anew."""

    front: Front
    session: Session


@dataclass(eq=False)
class Front(ft.Observable):
    """One for each open page. The session of somebody who is not in front goes on keeping the track of their patrol."""

    phone: SharedPhone
    receiver: Receiver
    make_session: MakeSession
    run_task: RunTask
    read_s: Callable[[], float] = time.monotonic
    members: tuple[Member, ...] = ()
    """Those who share this phone."""
    choosing: bool = False
    """The unlock screen asks who it is."""

    def __post_init__(self) -> None:
        self._sessions: dict[Handset, Session] = {}
        self._listening: list[object] = []
        self._touched_s = 0.0
        self._idle: asyncio.Task[None] | None = None
        self.facing = Facing(self, self._session_of(self.phone.handset))
        self._stop_watching: Callable[[], None] = lambda: None

    @property
    def session(self) -> Session:
        return self.facing.session

    def _session_of(self, handset: Handset) -> Session:
        found = self._sessions.get(handset)
        if found is None:
            found = self._sessions[handset] = self.make_session(handset, self.receiver.tap())
            found.may_walk = partial(self._may_walk, found)
            self._listening.append(found.walk.subscribe(self._walk_changed))
            found.attend()
        return found

    # --- coming and going ---------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Once, when the page opens."""
        self._stop_watching = self.phone.watch(self._heard)
        await self.phone.open()
        self._face_who_is_in_front()
        await self.session.refresh()
        self.touch()
        self._idle = asyncio.get_running_loop().create_task(self._lock_when_idle())
        await self.phone.read_link()

    def touch(self) -> None:
        """Somebody does something on this page."""
        self._touched_s = self.read_s()

    async def _lock_when_idle(self) -> None:
        """By a clock that only goes on: that of the phone may be set."""
        while True:
            await asyncio.sleep(LOOK_FOR_IDLE_S)
            idle_s = self.read_s() - self._touched_s
            if self.session.stage is Stage.OPEN and idle_s >= 60 * self.phone.preferences.idle_lock_min:
                self.run_task(self.session.lock)

    def _heard(self) -> None:
        """From whoever changed something; what it changes here is done in the context of this page."""
        self.run_task(self._look_again)

    async def _look_again(self) -> None:
        before = self.session
        self._face_who_is_in_front()
        session = self.session
        if session is not before or session.stage is not session.handset.shown_stage or session.cut != self.phone.cut:
            session.hear(read_again=True)

    def _face_who_is_in_front(self) -> None:
        session = self._session_of(self.phone.handset)
        if session is not self.session:
            session.look_like(self.session)
            self.facing.session = session
        self._let_go_of_who_left()
        self.members, self.choosing = self.phone.members, self.phone.choosing

    def _let_go_of_who_left(self) -> None:
        here = {*self.phone.handsets, self.phone.handset}
        for handset in [handset for handset in self._sessions if handset not in here]:
            gone = self._sessions.pop(handset)
            gone.end()
            gone.run_task(gone.tracking.rest)  # else its tap would keep the receiver awake for nobody

    def draw_again(self) -> None:
        """After the connection to the page came back: what changed meanwhile did not reach it."""
        self.notify()  # type: ignore[no-untyped-call]  # Flet left it without types
        self.session.draw_again()

    def end(self) -> None:
        """Once, when the page is gone for good."""
        self._stop_watching()
        if self._idle is not None:
            self._idle.cancel()
        for session in self._sessions.values():
            session.end()

    async def hide(self) -> None:
        """The page is out of sight, for everybody."""
        for session in list(self._sessions.values()):
            await session.hide()

    async def show(self) -> None:
        """Sending is tried at once: the clock that it waits by may have stood while the phone slept."""
        for session in list(self._sessions.values()):
            await session.show()
        await self.phone.read_link()
        for handset in self.phone.handsets:
            handset.sync_now()

    # --- who is in front ----------------------------------------------------------------------------------------------

    async def ask_who(self) -> None:
        """Locks; the unlock screen asks who goes on. A patrol under way goes on keeping its track."""
        await self.session.keeping.keep_now()
        await self.phone.ask_who()

    async def put_in_front(self, writer: WriterId) -> None:
        await self.session.keeping.keep_now()
        await self.phone.put_in_front(writer)

    async def begin_joining(self) -> None:
        await self.session.keeping.keep_now()
        await self.phone.begin_joining()

    def sessions(self) -> tuple[Session, ...]:
        """Of all who were in front of this page and still share the phone."""
        return tuple(self._sessions.values())

    # --- whose track is kept ------------------------------------------------------------------------------------------

    def walking(self) -> tuple[WriterId, ...]:
        """Those of whose patrol this page keeps the track."""
        return tuple(one.notebook.writer for one in self._sessions.values() if _is_walking(one))

    def _may_walk(self, session: Session, patrol: PatrolLine) -> bool:
        """One phone walks one patrol: the one that set out last."""
        others = [one for one in self._sessions.values() if one is not session and _is_walking(one)]
        return all(one.walk.started_ms < patrol.started_ms for one in others)

    def _walk_changed(self, walk: Walk, changed: str | None) -> None:
        """Somebody sets out: the track of whoever was out before ends here, as a gap and not as walked."""
        if changed != "patrol" or walk.patrol is None:
            return
        for session in [one for one in self._sessions.values() if one.walk is not walk and _is_walking(one)]:
            session.run_task(partial(_end_walk, session))


async def _end_walk(session: Session) -> None:
    await session.tracking.keep_now()
    session.tracking.let_go()
    await session.tracking.rest()


def _is_walking(session: Session) -> bool:
    return session.walk.patrol is not None and not session.walk.paused
