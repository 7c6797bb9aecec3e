"""Safety of a page's person: the own call for help in all its steps, and the timer that asks whether they are well."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import flet as ft

from app.device.haptics import FletHaptics, Haptics
from app.later import Later
from app.patrol.geodesic import distance_mm
from app.record import NO_ANSWER, UNNAMED, CallForm, SafetyRecorder
from app.state.check_in import CheckIn
from app.store.open_call import OpenCall
from app.store.outcomes import Change, StoreLocked
from app.sync.help_line import HelpState
from journal.entries import Position

if TYPE_CHECKING:
    from app.state.session import Session
    from app.store import queries
else:
    queries = Later("app.store.queries")

log = logging.getLogger(__name__)

TAKE_BACK_MS: Final = 5_000
"""For so long one tap takes back a call that a sleeve raised."""
STALE_FIX_MS: Final = 120_000
MOVED_MM: Final = 100_000
PLACE_EVERY_MS: Final = 60_000
AUTOMATIC: Final = frozenset({"track_recorded", "device_reported", "rendition_made", "sos_raised", "sos_closed"})
"""Entries that the device may make without a hand on it: they say nothing of whether somebody is well."""


class Step(StrEnum):
    """How far the open call has come, in the order in which it goes."""

    HERE = "here"
    RECEIVED = "received"
    ANSWERED = "answered"
    OVER = "over"


def step_of(call: OpenCall) -> Step:
    """The farthest step that is proved."""
    if call.is_over:
        return Step.OVER
    if call.answered_ms is not None:
        return Step.ANSWERED
    return Step.RECEIVED if call.received_ms is not None and call.held is None else Step.HERE


@dataclass(eq=False)
class Safety(ft.Observable):
    """Fields are only replaced. ``call`` is what the store keeps, ``line`` how its sending stands."""

    session: Session
    call: OpenCall | None = None
    line: HelpState = field(default_factory=HelpState)
    desk_name: str | None = None
    """Who answered or closed at the desk; None while their name cannot be read."""
    in_front: bool = False
    """Whether a locked page shows the call instead of the keys of the PIN."""
    now_ms: int = 0

    def __post_init__(self) -> None:
        self.haptics: Haptics = FletHaptics()
        self.check_in = CheckIn(self)
        self._placed_ms = 0
        self._listening: object | None = None
        self._stop_listening: Callable[[], None] = lambda: None

    @property
    def verbs(self) -> SafetyRecorder:
        return SafetyRecorder(self.session.notebook, self.session.handset.read_clocks)

    @property
    def may_call(self) -> bool:
        return self.session.handset.notebook is not None

    @property
    def is_calling(self) -> bool:
        return self.call is not None and not self.call.is_over

    @property
    def take_back_ms(self) -> int:
        """How long one tap still takes the call back."""
        if self.call is None or self.call.is_over or self.call.raised.kind == NO_ANSWER:
            return 0
        return max(0, self.call.raised.raised_ms + TAKE_BACK_MS - self.now_ms)

    # --- verbs --------------------------------------------------------------------------------------------------------

    async def call_for_help(self, kind: str = UNNAMED) -> None:
        """On disk when it returns, and on its way. Works while locked."""
        session = self.session
        fix, patrol = session.gauges.fix, session.patrol
        await self.verbs.call_for_help(
            CallForm(
                kind,
                patrol=patrol.subject if patrol else None,
                position=fix.as_position() if fix else None,
                people=1 if self.check_in.alone else (patrol.people or None) if patrol else None,
            )
        )
        self.in_front = True
        await self.follow()
        session.run_task(session.tracking.wake)
        session.run_task(self.haptics.shake)

    async def say_what(self, kind: str) -> None:
        await self.verbs.add_to_call(kind=kind)
        await self.follow()

    async def say_how_many(self, people: int) -> None:
        await self.verbs.add_to_call(people=people)
        await self.follow()

    async def close(self, outcome: str) -> None:
        await self.verbs.close_call(outcome)
        await self.follow()

    async def put_away(self) -> None:
        """How it ended was read."""
        await self.verbs.put_call_away()
        self.in_front = False
        await self.follow()

    # --- following what is true ---------------------------------------------------------------------------------------

    async def follow(self) -> None:
        """Reads again what is known of the call; cheap, and works while locked."""
        notebook, runner = self.session.handset.notebook, self.session.handset.runner
        if notebook is None:
            return
        if self._listening is not notebook:
            self._stop_listening()
            self._listening, self._stop_listening = notebook, notebook.listen(self._noticed)
            await self.check_in.take_up()
        call = await notebook.open_call()
        if call is not None:
            self.now_ms = self.session.now_ms()
        if call != self.call:
            self.call = call
        if runner is not None and runner.help_line.state != self.line:
            self.line = runner.help_line.state
        if call is None:
            self._placed_ms = 0
        await self._read_name()
        await self._place_better()
        if self.is_calling:
            self.check_in.keep_ticking()

    def end(self) -> None:
        """The page is gone for good."""
        self._stop_listening()
        self.check_in.end()

    def _noticed(self, change: Change) -> None:
        if change.made - AUTOMATIC:
            self.session.run_task(self.check_in.put_off)

    async def _read_name(self) -> None:
        """The name of whoever answered, once the register can be read."""
        by = None if self.call is None else self.call.closed_by or self.call.answered_by
        name = None
        if by is not None:
            now_ms = self.now_ms
            try:
                writers = await self.session.notebook.ask(queries.persons_by_writer)
                known = await self.session.notebook.ask(lambda views: queries.persons(views, now_ms))
            except StoreLocked:
                return
            person = known.get(writers.get(by, by))
            name = None if person is None else person.name
        if name != self.desk_name:
            self.desk_name = name

    async def _place_better(self) -> None:
        """While somebody calls, the desk gets a first position, or one that moved on: at most once a minute."""
        fix, call = self.session.fresh_fix(), self.call
        if fix is None or call is None or call.is_over or self.now_ms - self._placed_ms < PLACE_EVERY_MS:
            return
        if self._is_better(call.raised.position, fix.as_position()):
            self._placed_ms = self.now_ms
            await self.verbs.add_to_call(position=fix.as_position())

    def _is_better(self, known: Position | None, fix: Position) -> bool:
        if known is None or (known.fixed_ms or 0) + STALE_FIX_MS < (fix.fixed_ms or 0):
            return True
        moved = distance_mm(known.latitude_e7, known.longitude_e7, fix.latitude_e7, fix.longitude_e7)
        return moved >= MOVED_MM
