"""The books of the desk: every record and every patrol, sorted, searched and narrowed."""

import asyncio
from dataclasses import dataclass, field, replace

import flet as ft

from app.state.desk_means import DeskMeans
from app.state.page_starts import DRAWN_AFTER_S, IN_SIGHT, PageStarts
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import (
    PAGE,
    AlarmLine,
    ObservationFilter,
    ObservationLine,
    Order,
    PatrolLine,
    alarms_page,
    count_alarms,
    count_records,
    patrols_page,
    register_page,
)
from app.store.queries_desk import count_patrols

SEARCH_AFTER_S = 0.25
RECORDS, PATROLS, ALARMS = "records", "patrols", "alarms"
ACCESS, RETENTION = "access", "retention"
READ_ELSEWHERE = frozenset({ACCESS, RETENTION})
"""Books that have a desk of their own."""


@dataclass(eq=False)
class RegisterDesk(ft.Observable):
    """``book`` is the one that is open. Fields are only replaced."""

    means: DeskMeans
    book: str = RECORDS
    chosen: ObservationFilter = field(default_factory=ObservationFilter)
    order: Order = field(default_factory=Order)
    page: int = 0
    total: int = 0
    lines: tuple[ObservationLine, ...] = ()
    patrols: tuple[PatrolLine, ...] = ()
    alarms: tuple[AlarmLine, ...] = ()
    loaded: bool = False

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)
        self._typed = 0
        self._starts = PageStarts()
        self._fresh = True
        """Whether other rows come now than those that are shown."""

    async def refresh(self) -> None:
        await self._reread()

    async def _read(self) -> None:
        chosen, ask = self.chosen, self.means.notebook.ask
        if self.book in READ_ELSEWHERE:
            return
        try:
            await self._read_page(self.page)
            if self.book == PATROLS:
                self.total = await ask(count_patrols)
            elif self.book == ALARMS:
                self.total = await ask(count_alarms)
            else:
                self.total = (await ask(lambda views: count_records(views, chosen))).total
        except StoreLocked:
            return
        self.loaded = True

    async def _read_page(self, page: int) -> None:
        ask, offset = self.means.notebook.ask, page * PAGE
        if self.book == PATROLS:
            self.patrols = await ask(lambda views: patrols_page(views, offset=offset))
        elif self.book == ALARMS:
            self.alarms = await ask(lambda views: alarms_page(views, offset=offset))
        else:
            page = await self._read_records(self._starts.nearest(page))
        self.page = page

    async def _read_records(self, page: int) -> int:
        """The page of records with this number, or the one before it when nothing is left on it; returns which it was.

        Of another page than the one that is shown, what is in sight comes first.
        """
        chosen, order, starts = self.chosen, self.order, self._starts
        cursor = starts.cursor(page)
        read = await self.means.notebook.ask(lambda views: register_page(views, chosen, order, cursor))
        if starts is not self._starts:
            return self.page
        if page and not read.lines:
            return await self._read_records(page - 1)
        starts.note(page, read.following)
        fresh, self._fresh = self._fresh or page != self.page, False
        self.page, self.lines, self.loaded = page, read.lines[:IN_SIGHT] if fresh else read.lines, True
        if fresh:
            await asyncio.sleep(DRAWN_AFTER_S)
            if starts is self._starts and self.page == page:
                self.lines = read.lines
        return self.page

    async def open_book(self, book: str) -> None:
        self.book, self.page, self.loaded, self._starts = book, 0, False, PageStarts()
        await self.refresh()

    async def narrow(self, chosen: ObservationFilter) -> None:
        self.book, self.chosen, self.page, self._starts, self._fresh = RECORDS, chosen, 0, PageStarts(), True
        await self.refresh()

    async def sort(self, order: Order) -> None:
        self.order, self.page, self._starts, self._fresh = order, 0, PageStarts(), True
        await self.refresh()

    async def turn(self, page: int) -> None:
        try:
            await self._read_page(page)
        except StoreLocked:
            return

    async def search(self, text: str) -> None:
        """Searches once the typing has paused."""
        self._typed += 1
        mine = self._typed
        await asyncio.sleep(SEARCH_AFTER_S)
        if mine == self._typed and text != self.chosen.text:
            await self.narrow(replace(self.chosen, text=text))
