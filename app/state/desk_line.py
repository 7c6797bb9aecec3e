"""The line at the desk: how it is watched, what that takes, how regular it has become, where and when something is seen."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

import flet as ft
from sqlmodel import Session as Views

from app.patrol.coverage import USUAL_LIMITS, Covered
from app.patrol.line_places import Watch
from app.reports.numbers import Measure, Number
from app.reports.windows import DAY, Window, day_of, free_window, start_of
from app.state.desk_means import DeskMeans
from app.state.line_limits import bound_days, limits_of
from app.state.line_reading import LineReading, LineTold
from app.state.page_starts import DRAWN_AFTER_S, IN_SIGHT
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import PAGE, ObservationLine, PatrolLine
from app.store.queries.listed import patrols_among, records_among
from app.store.queries_line import line_limits
from app.store.ways import trace_ways

LOOK_BACK_DAYS: Final = 90
"""What is older is told as "more than so many days": a place unseen for a quarter is found, and the room opens at once."""
WINDOW_DAYS: Final = (7, 28, 84)
"""Whole weeks, so that every day of the week is in them as often as another."""
TRACED_AT_ONCE: Final = 10
SHOWN_AFTER: Final = 50
"""Rounds of tracing after which what is known so far is shown."""
LISTED: Final = 50


class LineTab(StrEnum):
    COVERAGE = "coverage"
    EFFORT = "effort"
    HABITS = "habits"
    HEAT = "heat"


@dataclass(frozen=True)
class OpenedLine:
    """A list that is open: of a number, or the visits of a place (``covered``). ``amounts`` tell what each adds to a number."""

    heading: str
    number: Number | None = None
    covered: Covered | None = None
    page: int = 0
    patrols: tuple[PatrolLine, ...] = ()
    records: tuple[ObservationLine, ...] = ()


@dataclass(eq=False)
class LineDesk(ft.Observable):
    """Fields are only replaced."""

    means: DeskMeans
    tab: LineTab = LineTab.COVERAGE
    days: int = 28
    page: int = 0
    """Of the table of places, or of the heat."""
    strip_page: int | None = None
    """Of the strip; None for the one on which its worst segment is."""
    limits: Mapping[Watch, int] = field(default_factory=lambda: USUAL_LIMITS)
    told: LineTold | None = None
    rows: int = IN_SIGHT
    """Of the table of places, drawn at most: when the room is first entered what is in sight comes first."""
    opened: OpenedLine | None = None

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)
        self._reading = LineReading()
        self._chosen = False
        """Something else is to be shown before all is traced."""

    def shown_window(self) -> Window:
        """As many days as were chosen, today the last of them."""
        today = day_of(self.means.now_ms())
        return free_window(today - timedelta(days=self.days - 1), today)

    async def refresh(self) -> None:
        """Reads the line, then traces what is not traced yet and reads it again."""
        await self._reread()

    async def _read(self) -> None:
        rounds, left = 0, -1
        try:
            while left:
                left = await self.means.notebook.ask(lambda views: trace_ways(views, TRACED_AT_ONCE))
                if left == 0 or self._chosen or rounds % SHOWN_AFTER == 0:
                    await self._tell(left)
                rounds += 1
        except StoreLocked:
            return

    async def _tell(self, untraced: int) -> None:
        self._chosen = False
        unit, window, now_ms = self.means.notebook.enrolment.unit, self.shown_window(), self.means.now_ms()
        self.limits = limits = await self.means.notebook.ask(lambda views: limits_of(line_limits(views, unit)))
        back_ms = min(window.from_ms, start_of(window.last - (LOOK_BACK_DAYS - 1) * DAY))

        def read(views: Views) -> LineTold:
            return self._reading.tell(views, window, limits, back_ms=back_ms, now_ms=now_ms, untraced=untraced)

        self.told = await self.means.notebook.ask(read)
        opened = self.opened
        if opened is not None and opened.covered is not None:
            await self.open_place(opened.covered.of.code, opened.page)
        if self.rows == IN_SIGHT:
            await asyncio.sleep(DRAWN_AFTER_S)
            self.rows = PAGE

    def open_tab(self, tab: LineTab) -> None:
        self.tab, self.opened, self.page = tab, None, 0

    async def choose_days(self, days: int) -> None:
        self.days, self.opened, self.page, self._chosen = days, None, 0, True
        await self.refresh()

    def turn(self, page: int) -> None:
        """Goes to this page of the table or the heat, from 0."""
        self.page = page

    def move_strip(self, page: int) -> None:
        """Goes to this part of a long line, from 0."""
        self.strip_page = page

    @property
    def may_set_limits(self) -> bool:
        """Who gives orders says how often a place is to be seen."""
        return bool(self.means.units_with("order"))

    async def set_limits(self, limits: Mapping[Watch, int]) -> None:
        """Says limits of 1 to 90 days for the desks of all units that this person commands; who commands none changes nothing."""
        units, home = self.means.units_with("order"), self.means.notebook.enrolment.unit
        said = {sort: bound_days(days) for sort, days in limits.items()}
        if not units or said == self.limits:
            return
        unit = home if home in units else units[0]
        others = [one for one in units if one != unit]
        await self.means.verbs.set_line_limits({sort.value: days for sort, days in said.items()}, others, unit=unit)
        self._chosen = True
        await self.refresh()

    async def open_number(self, number: Number, heading: str, page: int = 0) -> None:
        """Shows a page of the patrols or records that make this number."""
        subjects = number.refs[page * LISTED : (page + 1) * LISTED]
        ask = self.means.notebook.ask
        try:
            if number.of == "patrol":
                self.opened = OpenedLine(
                    heading, number, page=page, patrols=await ask(lambda views: patrols_among(views, subjects))
                )
            else:
                self.opened = OpenedLine(
                    heading, number, page=page, records=await ask(lambda views: records_among(views, subjects))
                )
        except StoreLocked:
            return

    async def open_turns(self, turns: tuple[str, ...], heading: str) -> None:
        """Shows these patrols."""
        await self.open_number(Number("turns", "patrol", Measure.COUNT, turns), heading)

    async def open_place(self, code: str, page: int = 0) -> None:
        """Shows the visits of one stretch or place in the window: patrols, then records."""
        covered = self.find(code)
        if covered is None:
            self.opened = None
            return
        ask = self.means.notebook.ask
        try:
            patrols = await ask(lambda views: patrols_among(views, covered.turns[:LISTED]))
            records = await ask(lambda views: records_among(views, covered.records[:LISTED]))
        except StoreLocked:
            return
        self.opened = OpenedLine(covered.of.name, None, covered, page, patrols, records)

    def find(self, code: str) -> Covered | None:
        """How this stretch or place stands; None when it is not watched."""
        covered = self.told.covered if self.told is not None else ()
        return next((one for one in covered if one.of.code == code), None)

    def close(self) -> None:
        self.opened = None
