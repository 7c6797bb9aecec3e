"""The numbers of a window beside those before it, each of which opens the records that make it."""

from dataclasses import dataclass
from datetime import date, timedelta

import flet as ft
from sqlmodel import Session as Views

from app.reports.numbers import Number, Numbers, count_numbers, find, within
from app.reports.windows import Window, WindowKind, before, day_of, free_window, running, window_around
from app.state.desk_means import DeskMeans
from app.state.report_form import read_day
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import CaseLine, ObservationLine, PatrolLine, counted_rows
from app.store.queries.counted import holds_anything
from app.store.queries.listed import cases_among, patrols_among, records_among
from app.store.queries.signed import reports_of

LISTED = 50


@dataclass(frozen=True)
class Reported:
    """One window's numbers, those of the window before it, and those since the year began."""

    window: Window
    now: Numbers
    earlier: Numbers
    so_far: Numbers


@dataclass(frozen=True)
class Opened:
    """A page of the list behind a number; one of the three is filled. ``amounts`` tell what each adds."""

    number: Number
    page: int = 0
    records: tuple[ObservationLine, ...] = ()
    patrols: tuple[PatrolLine, ...] = ()
    cases: tuple[CaseLine, ...] = ()


def opening_window(views: Views, today: date, unit: str) -> Window:
    """The reporting month that closed last, until this unit has sent its report of it; then the one that runs.

    A month of which nothing is here waits for no report: the post did not use this program yet.
    """
    runs = window_around(WindowKind.REPORT_MONTH, today)
    closed = before(runs)
    report = reports_of(views, closed.from_ms, closed.until_ms).get(unit)
    if report is not None and report.sent_ms is not None:
        return runs
    return closed if holds_anything(views, closed.from_ms, closed.until_ms) else runs


@dataclass(eq=False)
class ReportDesk(ft.Observable):
    """``window`` is None until it is first read: see :func:`opening_window`. Fields are only replaced."""

    means: DeskMeans
    window: Window | None = None
    unit: str = ""
    told: Reported | None = None
    opened: Opened | None = None

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)

    def shown_window(self) -> Window:
        return self.window or window_around(WindowKind.REPORT_MONTH, day_of(self.means.now_ms()))

    @property
    def is_behind(self) -> bool:
        """Whether the numbers are still those of another window than the one that is shown."""
        return self.told is not None and self.told.window != self.shown_window()

    async def refresh(self) -> None:
        await self._reread()

    async def settle(self) -> None:
        """Until the numbers are those of what was chosen last."""
        await self._reread.settle()

    async def _read(self) -> None:
        try:
            if self.window is None:
                self.window = await self._opening_window()
            window = self.window
            now, so_far = await self._count(window, running(window))
            (earlier,) = await self._count(before(window))
        except StoreLocked:
            return
        if window != self.window:
            return  # another was chosen meanwhile, and is read next
        self.told = Reported(window, now, earlier, so_far)
        if self.opened is not None:
            await self.open(self.opened.number.code, self.opened.page)

    async def _opening_window(self) -> Window:
        today, unit = day_of(self.means.now_ms()), self.unit or self.means.notebook.unit
        return await self.means.notebook.ask(lambda views: opening_window(views, today, unit))

    async def _count(self, *windows: Window) -> list[Numbers]:
        """The numbers of these windows, of which the last holds the others: it is read once for all."""
        units, whole = (self.unit,) if self.unit else (), windows[-1]

        def count(views: Views) -> list[Numbers]:
            counted = counted_rows(views, whole.from_ms, whole.until_ms, units)
            return [count_numbers(within(counted, one.from_ms, one.until_ms), one.from_ms, one.until_ms) for one in windows]

        return await self.means.notebook.ask(count)

    async def choose_kind(self, kind: WindowKind) -> None:
        """A window of this kind around the last day of the one that is shown, or around today if that is earlier."""
        shown, today = self.shown_window(), day_of(self.means.now_ms())
        self.window = (
            Window(kind, shown.first, shown.last) if kind is WindowKind.FREE else window_around(kind, min(shown.last, today))
        )
        await self.refresh()

    async def step(self, windows: int) -> None:
        """Goes to the window before (-1) or after (+1)."""
        shown = self.shown_window()
        if windows < 0:
            self.window = before(shown)
        elif shown.kind is WindowKind.FREE:
            self.window = free_window(shown.last + timedelta(days=1), shown.last + timedelta(days=shown.days))
        else:
            self.window = window_around(shown.kind, shown.last + timedelta(days=1))
        await self.refresh()

    async def choose_days(self, window: Window) -> None:
        """Any days, up to a cut-off of one's own."""
        self.window = window
        await self.refresh()

    async def type_day(self, end: str, typed: str) -> None:
        """Sets the ``first`` or the ``last`` day; what is no day, or would turn the period round, changes nothing."""
        shown, day = self.shown_window(), read_day(typed)
        first, last = (day, shown.last) if end == "first" else (shown.first, day)
        if first is None or last is None or last < first or (first, last) == (shown.first, shown.last):
            return
        await self.choose_days(free_window(first, last))

    async def choose_unit(self, unit: str) -> None:
        self.unit = unit
        await self.refresh()

    async def open(self, code: str, page: int = 0) -> None:
        """Shows the records that make this number."""
        if self.told is None:
            return
        number = find(self.told.now, code)
        subjects = number.refs[page * LISTED : (page + 1) * LISTED]
        ask = self.means.notebook.ask
        try:
            match number.of:
                case "record":
                    self.opened = Opened(number, page, records=await ask(lambda views: records_among(views, subjects)))
                case "patrol":
                    self.opened = Opened(number, page, patrols=await ask(lambda views: patrols_among(views, subjects)))
                case "case":
                    self.opened = Opened(number, page, cases=await ask(lambda views: cases_among(views, subjects)))
        except StoreLocked:
            return

    def close(self) -> None:
        self.opened = None
