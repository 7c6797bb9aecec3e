"""The books of the desk: every record and every patrol, sorted, searched and narrowed."""

import asyncio
from dataclasses import dataclass, field, replace

import flet as ft

from app.state.desk_means import DeskMeans
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import (
    PAGE,
    AlarmLine,
    ObservationFilter,
    ObservationLine,
    PatrolLine,
    alarms_page,
    count_alarms,
    patrols_page,
)
from app.store.queries_desk import Order, count_patrols, read_register

SEARCH_AFTER_S = 0.25
RECORDS, PATROLS, ALARMS = "records", "patrols", "alarms"


@dataclass(eq=False)
class RegisterDesk(ft.Observable):
    """``book`` is ``records``, ``patrols`` or ``alarms``. Fields are only replaced."""

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

    async def refresh(self) -> None:
        await self._reread()

    async def _read(self) -> None:
        chosen, order, offset = self.chosen, self.order, self.page * PAGE
        ask = self.means.notebook.ask
        try:
            if self.book == PATROLS:
                self.patrols = await ask(lambda views: patrols_page(views, offset=offset))
                self.total = await ask(count_patrols)
            elif self.book == ALARMS:
                self.alarms = await ask(lambda views: alarms_page(views, offset=offset))
                self.total = await ask(count_alarms)
            else:
                inbox = await ask(lambda views: read_register(views, chosen, order, offset))
                self.lines, self.total = inbox.lines, inbox.total
        except StoreLocked:
            return
        self.loaded = True

    async def open_book(self, book: str) -> None:
        self.book, self.page, self.loaded = book, 0, False
        await self.refresh()

    async def narrow(self, chosen: ObservationFilter) -> None:
        self.book, self.chosen, self.page = RECORDS, chosen, 0
        await self.refresh()

    async def sort(self, order: Order) -> None:
        self.order, self.page = order, 0
        await self.refresh()

    async def turn(self, page: int) -> None:
        self.page = page
        await self.refresh()

    async def search(self, text: str) -> None:
        """Searches once the typing has paused."""
        self._typed += 1
        mine = self._typed
        await asyncio.sleep(SEARCH_AFTER_S)
        if mine == self._typed and text != self.chosen.text:
            await self.narrow(replace(self.chosen, text=text))
