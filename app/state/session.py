"""The state of one person's page: its stage, who holds the device, the patrol under way, the last message, and the verbs."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import flet as ft

from app.device.location import Location
from app.device.permissions import Permissions, SilentPermissions
from app.device.power import Power
from app.device.voice import FletVoice, Voice
from app.later import Later
from app.patrol.nearest import KnownPlace
from app.record import NotRecorded, Recorded
from app.state.capturing import Capturing
from app.state.carry_page import CarryPage
from app.state.dictating import Dictating
from app.state.draft import Draft
from app.state.drafting import Drafting
from app.state.gauges import Gauges
from app.state.handset import Handset, JoinFailed, Stage
from app.state.keeping import Keeping
from app.state.mapping import Mapping
from app.state.own_vault import OwnVault
from app.state.patrolling import Patrolling
from app.state.photographing import Photographing
from app.state.safety import Safety
from app.state.steady import Steady
from app.state.toast import Toast
from app.state.tracking import FRESH_FOR_MS, Tracking
from app.state.trailing import Trailing
from app.state.walk import Walk
from app.state.who import DESK_FROM, Who
from app.store.notebook import Notebook
from app.store.outcomes import LockedOut, StoreLocked, Unlocked, WeakPin, WrongPin
from journal.clock import Reading
from journal.track.fixes import Fix

if TYPE_CHECKING:
    from app.store import queries, queries_phone
else:
    queries, queries_phone = Later("app.store.queries"), Later("app.store.queries_phone")

log = logging.getLogger(__name__)

Language = Literal["vi", "en"]
ThemeName = Literal["day", "night", "red"]
THEMES: tuple[ThemeName, ...] = ("day", "night", "red")
LOCK_AFTER_S = 120.0
"""Out of sight for longer than this, the device asks for the PIN again."""
RunTask = Callable[[Callable[[], Awaitable[None]]], object]


@dataclass(eq=False)
class Session(ft.Observable):
    """One for each person on each open page.

    A component that takes it is drawn again when a field changes; ``gauges`` and ``walk`` apart.
    """

    handset: Handset
    location: Location
    power: Power
    run_task: RunTask
    language: Language = "vi"
    theme: ThemeName = "day"
    width: float = 360.0
    text_scale: float = 1.0
    stage: Stage = Stage.STARTING
    who: Who | None = None
    patrol: queries.PatrolLine | None = None
    """The own patrol that has not ended."""
    places: tuple[KnownPlace, ...] = ()
    """Registered places that have a point."""
    revision: int = 0
    """Grows whenever what the queries tell may differ; screens ask again then."""
    visible: bool = True
    """Whether the page is in sight; out of it, the system takes camera and microphone away."""
    cut: bool = False
    """Whether the demo's switch has cut the connection."""
    toast: Toast | None = None
    unlock_outcome: WrongPin | LockedOut | None = None
    asked_if_well: bool = False
    """Whether the man-down timer asks, over whatever else is on the screen."""
    permissions: Permissions = field(default_factory=SilentPermissions)
    gauges: Gauges = field(default_factory=Gauges)
    walk: Walk = field(default_factory=Walk)
    may_walk: Callable[[queries.PatrolLine], bool] = lambda _: True
    """Whether the phone keeps the track of this patrol, and of no other that set out later."""
    voice: Voice = field(default_factory=FletVoice)

    def __post_init__(self) -> None:
        self._stop_watching: Callable[[], None] = lambda: None
        self._refreshing = self._again = False
        self._toasts, self._steady = 0, Steady()
        self._hidden: Reading | None = None
        self.keeping = Keeping(self)
        self.drafting = Drafting(self)
        self.capturing = Capturing(self)
        self.photographing = Photographing(self)
        self.patrolling = Patrolling(self)
        self.tracking = Tracking(self)
        self.own_vault = OwnVault(self)
        self.mapping = Mapping.of(self)
        self.dictating = Dictating(self, self.voice)
        self.trailing = Trailing(self)
        self.safety = Safety(self)
        self.carrying = CarryPage.of(self)

    # --- what is true now ---------------------------------------------------------------------------------------------

    @property
    def is_desk(self) -> bool:
        """Whether this page shows the desk: the roles for it, and a screen wide enough."""
        return self.stage is Stage.OPEN and self.who is not None and self.who.may_sit_at_desk and self.width >= DESK_FROM

    @property
    def notebook(self) -> Notebook:
        """Raises RuntimeError before the device has joined: no screen that reads is shown then."""
        if self.handset.notebook is None:
            raise RuntimeError("this device has no notebook yet")
        return self.handset.notebook

    def now_ms(self) -> int:
        return self.handset.read_clocks().wall_ms

    def fresh_fix(self) -> Fix | None:
        """The last fix, if it is at most two minutes old: an older one says where somebody was."""
        age_ms = self.gauges.fix_age_ms(self.now_ms())
        return self.gauges.fix if age_ms is not None and age_ms <= FRESH_FOR_MS else None

    # --- coming and going ---------------------------------------------------------------------------------------------

    def attend(self) -> None:
        """Once, when this person is first in front of the page."""
        self._stop_watching = self.handset.watch(lambda read_again: self.hear(read_again=read_again))

        kept = self.handset.phone.preferences
        self.theme = next((name for name in THEMES if name == kept.theme), self.theme)
        if kept.language is not None:
            self.language = "en" if kept.language == "en" else "vi"

    def look_like(self, other: Session) -> None:
        """The page stays as it was, whoever is in front of it."""
        self.language, self.theme = other.language, other.theme
        self.width, self.text_scale = other.width, other.text_scale

    async def try_again(self) -> None:
        """After what was in the way has been put right, such as a second window that was closed."""
        await self.handset.phone.open()
        await self.refresh()

    def draw_again(self) -> None:
        """After the connection to the page came back: what changed meanwhile did not reach it."""
        self.notify()  # type: ignore[no-untyped-call]  # Flet left it without types
        self.gauges.notify()  # type: ignore[no-untyped-call]  # same

    def end(self) -> None:
        """Once, when the page is gone for good."""
        self._stop_watching()
        self.safety.end()
        self.mapping.end()
        self.carrying.end()
        if self.handset.walker is self:
            self.handset.walker = None

    def hear(self, *, read_again: bool) -> None:
        """Something changed: ``read_again`` when what the store or the stage tells may differ, else only the state of sending."""
        if not read_again:
            self.run_task(self._read_gauges)
        elif self._refreshing:
            self._again = True
        else:
            self._refreshing = True
            self.run_task(self.refresh)

    async def _read_gauges(self) -> None:
        self.gauges.now_ms = self.now_ms()
        self.cut = self.handset.phone.cut
        if self.handset.sync_state is not None:
            self.gauges.sync = self.handset.sync_state
        await self.safety.follow()

    async def refresh(self) -> None:
        """Reads again what a page keeps; several changes at once are read once."""
        self._refreshing = True
        try:
            while True:
                self._again = False
                await self._read_again()
                if not self._again:
                    return
        finally:
            self._refreshing = False

    async def _read_again(self) -> None:
        await self._read_gauges()
        if self.handset.shown_stage is Stage.OPEN:
            try:
                await self._read_holder()
                await self.carrying.read()
                self.places = await self.notebook.ask(queries_phone.known_places)
                if self.stage is not Stage.OPEN:
                    await self.patrolling.recall()
            except StoreLocked:
                return
            await self.tracking.follow(self.patrol if self.patrol is not None and self.may_walk(self.patrol) else None)
            await self.trailing.follow()
            if self._hidden is None:
                self.run_task(self.tracking.wake)
        else:
            self.keeping.forget()
        self.stage = self.handset.shown_stage
        self.revision += 1

    async def _read_holder(self) -> None:
        """Who holds the device, and the own patrol that is under way; one of another leader is not this device's to record."""
        notebook, now_ms = self.notebook, self.now_ms()
        enrolled = notebook.enrolment
        holder = await notebook.ask(lambda views: queries_phone.read_holder(views, enrolled.person, enrolled.unit, now_ms))
        self.who = Who(
            notebook.writer,
            enrolled.person,
            holder.name or enrolled.person_name,
            enrolled.unit,
            holder.unit_name or enrolled.unit_name,
            notebook.station.name,
            holder.roles,
        )
        own = await notebook.ask(lambda views: queries.current_patrol(views, enrolled.person))
        self.patrol = own if own is not None and own.author == notebook.writer else None

    async def hide(self) -> None:
        """The page is out of sight: drafts are kept now, since no later moment is certain."""
        self._hidden = self.handset.read_clocks()
        self.visible = False
        await self.dictating.keep()
        await self.keeping.keep_now()
        await self.tracking.rest()
        if self.stage is Stage.OPEN:
            await self.notebook.write_snapshot()

    async def show(self) -> None:
        """The page is back; locked, if it was away for two minutes or more."""
        since, self._hidden = self._hidden, None
        self.visible = True
        away_ms = self.handset.read_clocks().since_ms(since) if since else 0
        if self.stage is Stage.OPEN and away_ms > LOCK_AFTER_S * 1000:
            await self.lock()
        await self.tracking.wake()

    # --- opening ------------------------------------------------------------------------------------------------------

    async def join(self, code_text: str, pin: str, device_name: str) -> JoinFailed | WeakPin | None:
        outcome = await self.handset.phone.join(code_text, pin, device_name)
        await self.refresh()
        return outcome

    async def unlock(self, pin: str) -> Unlocked | WrongPin | LockedOut:
        outcome = await self.handset.unlock(pin)
        self.unlock_outcome = None if isinstance(outcome, Unlocked) else outcome
        if isinstance(outcome, Unlocked):
            await self.refresh()
            await self.tracking.wake()
        return outcome

    async def lock(self) -> None:
        await self.dictating.keep()
        await self.keeping.keep_now()
        await self.handset.lock()
        await self.refresh()

    # --- recording ----------------------------------------------------------------------------------------------------

    def begin_record(self, kind: str, *, quick: bool = False) -> Draft:
        """A new draft of this kind, with the last position and the patrol under way."""
        return self.drafting.begin(kind, quick=quick)

    async def save_record(self, draft: Draft) -> Recorded | NotRecorded:
        return await self.drafting.save(draft)

    async def nothing_found(self) -> None:
        """The one tap, with its way back. A thumb that trembles is one tap."""
        if self._steady.is_same_press(self.handset.read_clocks()):
            return
        field_verbs = self.handset.verbs.field
        fix = self.fresh_fix()
        done = await field_verbs.record_nothing_found(
            patrol=self.patrol.subject if self.patrol else None, position=fix.as_position() if fix else None
        )
        more = (f"/checked/{done.ref}", "phone.checked.more")
        self.say_done("phone.nothing.saved", undo=lambda: self.undo(done.ref), more=more)

    async def undo(self, subject: str) -> None:
        """Takes back what was just recorded; the journal keeps that it was."""
        await self.handset.verbs.field.void(subject, "undo", undo=True)
        self._steady = Steady()
        self.say_done("phone.record.undone")

    async def acknowledge_order(self, subject: str) -> None:
        await self.handset.verbs.desk.acknowledge(subject, seen=subject)
        self.say_done("phone.order.acknowledged")

    # --- the rest -----------------------------------------------------------------------------------------------------

    def say_done(
        self,
        key: str,
        *,
        undo: Callable[[], Awaitable[None]] | None = None,
        more: tuple[str, str] = ("", ""),
        **values: str | int,
    ) -> None:
        """``more`` is the address of a screen that adds to it, and the key of its words."""
        self._toasts += 1
        self.toast = Toast(key, self._toasts, values, undo, more[0] or None, more[1])

    def drop_toast(self, number: int) -> None:
        """Ends a toast, unless a newer one is shown."""
        if self.toast is not None and self.toast.number == number:
            self.toast = None

    async def sync_now(self) -> None:
        self.handset.sync_now()

    async def send_whatever_it_costs(self) -> None:
        """What waits for Wi-Fi or for tomorrow goes now, this once."""
        if self.handset.runner is not None:
            await self.handset.runner.send_whatever_it_costs()

    def toggle_cut(self) -> None:
        self.handset.phone.toggle_cut()

    def switch_language(self, *, to: Language | None = None) -> None:
        """To the other language, or to this one."""
        self.language = to or ("en" if self.language == "vi" else "vi")
        phone = self.handset.phone
        phone.keep(replace(phone.preferences, language=self.language))

    def switch_theme(self, theme: ThemeName) -> None:
        self.theme = theme
        phone = self.handset.phone
        phone.keep(replace(phone.preferences, theme=theme))

    async def read_battery(self) -> None:
        self.tracking.read_battery(await self.power.read_percent())
