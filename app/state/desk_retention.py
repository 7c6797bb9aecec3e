"""What falls due for erasing its personal part, as a preview: nothing is erased from here."""

from dataclasses import dataclass, field

import flet as ft

from app.state.desk_means import DeskMeans
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import PAGE
from app.store.queries_retention import FallingPage, falling_due
from journal.clock import DAY_MS

WITHIN_DAYS = {"now": 0, "quarter": 92, "year": 366, "later": 1_100}
"""How far ahead the preview looks, in days."""


@dataclass(eq=False)
class RetentionDesk(ft.Observable):
    """``within`` is a code of ``WITHIN_DAYS``. Fields are only replaced."""

    means: DeskMeans
    within: str = "later"
    page: int = 0
    found: FallingPage = field(default_factory=FallingPage)
    loaded: bool = False

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)

    async def refresh(self) -> None:
        await self._reread()

    async def _read(self) -> None:
        until_ms, offset = self.means.now_ms() + WITHIN_DAYS[self.within] * DAY_MS, self.page * PAGE
        try:
            self.found = await self.means.notebook.ask(lambda views: falling_due(views, until_ms, offset))
        except StoreLocked:
            return
        self.loaded = True

    async def choose(self, within: str) -> None:
        self.within, self.page = within, 0
        await self.refresh()

    async def turn(self, page: int) -> None:
        self.page = page
        await self.refresh()
