"""Shifts at the desk: who stands where, the hand-over from one to the next, and who answered for a sector at a moment."""

from dataclasses import dataclass, field

import flet as ft

from app.record import DutyRecorder, NotRecorded, Recorded, ShiftForm
from app.state.desk_means import DeskMeans
from app.state.desk_plan import read_hour
from app.state.typed_time import read_moment
from app.store.outcomes import StoreLocked
from app.store.queries import ShiftLine, places
from app.store.queries_duty import Responsibility, responsible_at, sectors, shifts_between, shifts_running
from app.texts.formats import VIETNAM_TIME
from journal.clock import milliseconds, moment

DAY_MS = 86_400_000
LISTED_DAYS = 7


@dataclass
class ShiftDraft:
    """A shift being written; read when it is saved. An empty ``started`` is now."""

    sector: str = ""
    responsible: str = ""
    on_duty: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    started: str = ""
    until: str = ""
    note: str = ""


def read_next_hour(typed: str, after_ms: int) -> int | None:
    """The first moment after ``after_ms`` at which the clock shows this hour; None for anything that is no hour."""
    hour = read_hour(typed)
    if hour is None:
        return None
    at = moment(after_ms).astimezone(VIETNAM_TIME).replace(hour=hour[0], minute=hour[1], second=0, microsecond=0)
    at_ms = milliseconds(at)
    return at_ms if at_ms > after_ms else at_ms + DAY_MS


@dataclass(eq=False)
class ShiftsDesk(ft.Observable):
    """Fields are only replaced. ``problems`` names what the form lacks; ``ending`` is the shift that nobody takes over."""

    means: DeskMeans
    loaded: bool = False
    running: tuple[ShiftLine, ...] = ()
    lines: tuple[ShiftLine, ...] = ()
    """Those of the last days, the newest first."""
    sectors: tuple[str, ...] = ()
    draft: ShiftDraft = field(default_factory=ShiftDraft)
    taking_over: ShiftLine | None = None
    ending: str | None = None
    problems: frozenset[str] = frozenset()
    shape: int = 0
    """Grows when a choice changes what is drawn, or when the form begins anew."""
    saved: int = 0
    """Grows whenever the form begins anew, so that its fields are drawn empty."""
    asked_sector: str = ""
    asked_at: str = ""
    not_understood: bool = False
    answer: Responsibility | None = None
    posts: dict[str, str] = field(default_factory=dict)
    """``place:CODE`` of each registered post, by its name."""

    async def refresh(self) -> None:
        now_ms, ask = self.means.now_ms(), self.means.notebook.ask
        try:
            self.running = await ask(shifts_running)
            self.lines = await ask(lambda views: shifts_between(views, now_ms - LISTED_DAYS * DAY_MS, now_ms + DAY_MS))
            self.sectors = await ask(sectors)
            self.posts = {post.name: post.subject for post in await ask(lambda views: places(views, ("chot",)))}
        except StoreLocked:
            return
        self.loaded = True

    # --- a shift begins -----------------------------------------------------------------------------------------------

    def choose(self, **chosen: str | frozenset[str]) -> None:
        """A choice in the form."""
        for name, value in chosen.items():
            setattr(self.draft, name, value)
        self.shape += 1

    def take_over(self, line: ShiftLine) -> None:
        """The form as this shift hands over: the same sector and places."""
        self.draft = ShiftDraft(sector=line.sector, places=frozenset(line.places))
        self.taking_over, self.ending, self.problems = line, None, frozenset()
        self.shape += 1

    def start_anew(self) -> None:
        self.saved += 1
        self.draft, self.taking_over, self.problems = ShiftDraft(), None, frozenset()
        self.shape += 1

    async def save(self) -> bool:
        """Begins the shift; False while something is missing. A sector in which one runs is taken over from it."""
        draft, now_ms = self.draft, self.means.now_ms()
        started_ms = read_moment(draft.started, now_ms) if draft.started.strip() else now_ms
        until_ms = read_next_hour(draft.until, started_ms or now_ms) if draft.until.strip() else None
        wrong = {"started"} if started_ms is None else set()
        wrong |= {"until"} if draft.until.strip() and until_ms is None else set()
        before = self.taking_over or next((one for one in self.running if one.sector == draft.sector.strip()), None)
        if before is not None and started_ms is not None and started_ms < before.started_ms:
            wrong.add("started")
        if wrong or started_ms is None:
            self.problems = frozenset(wrong)
            return False
        form = ShiftForm(
            sector=draft.sector,
            responsible=draft.responsible,
            started_ms=started_ms,
            on_duty=tuple(sorted(draft.on_duty)),
            post=self.posts.get(draft.sector.strip()),
            places=tuple(sorted(draft.places)),
            until_ms=until_ms,
            takes_over=before.subject if before else None,
            note=draft.note,
        )
        if not self._told(await self._verbs.begin_shift(form, unit=before.unit if before else self.unit)):
            return False
        self.start_anew()
        await self.refresh()
        return True

    # --- a shift ends, or was written down wrongly ----------------------------------------------------------------------

    def begin_ending(self, line: ShiftLine) -> None:
        self.draft, self.ending, self.taking_over, self.problems = ShiftDraft(), line.subject, None, frozenset()
        self.shape += 1

    def stop_ending(self) -> None:
        self.ending, self.problems = None, frozenset()
        self.shape += 1

    async def end(self, line: ShiftLine) -> None:
        """Nobody takes over, for the reason that was written."""
        done = await self._verbs.end_shift(line.subject, self.means.now_ms(), self.draft.note, unit=line.unit)
        if self._told(done):
            self.stop_ending()
            self.start_anew()
            await self.refresh()

    async def take_back(self, line: ShiftLine) -> None:
        """Written down wrongly: it stays on the list with the reason."""
        if self._told(await self._verbs.take_back_shift(line.subject, self.draft.note, unit=line.unit)):
            self.stop_ending()
            self.start_anew()
            await self.refresh()

    async def confirm(self, line: ShiftLine) -> None:
        await self._verbs.confirm(line.subject, unit=line.unit)
        await self.refresh()

    # --- who answered -------------------------------------------------------------------------------------------------

    async def ask_who(self) -> None:
        """Who answered for the chosen sector at the written moment; an empty one is now."""
        now_ms = self.means.now_ms()
        at_ms = read_moment(self.asked_at, now_ms) if self.asked_at.strip() else now_ms
        self.not_understood = at_ms is None or not self.asked_sector
        if at_ms is None or not self.asked_sector:
            return
        sector = self.asked_sector
        try:
            self.answer = await self.means.notebook.ask(lambda views: responsible_at(views, sector, at_ms))
        except StoreLocked:
            return

    @property
    def unit(self) -> str:
        """The unit whose desk this is."""
        mine = self.means.units_with("shift")
        home = self.means.notebook.unit
        return home if home in mine or not mine else mine[0]

    @property
    def _verbs(self) -> DutyRecorder:
        return DutyRecorder(self.means.notebook, self.means.now_ms)

    def _told(self, done: Recorded | NotRecorded) -> bool:
        self.problems = frozenset(one.where for one in done.problems) if isinstance(done, NotRecorded) else frozenset()
        return isinstance(done, Recorded)
