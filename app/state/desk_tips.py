"""Tips and handovers at the desk: how far a tip is trusted, who is still to be called back, who was given to whom."""

from dataclasses import dataclass

import flet as ft

from app.state.desk_means import DeskMeans
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import PAGE, CaseLine, cases_page
from app.store.queries_tips import (
    WAITING,
    HandoverLine,
    TipLine,
    TipPage,
    count_handovers,
    handovers_page,
    tips_page,
)
from journal.entries import CalledBack

CALL_WITHIN_MS = 24 * 3_600_000
"""How long a teller waits for the promised call before it is late."""
CLOSED = "ket_thuc"


@dataclass(eq=False)
class TipsDesk(ft.Observable):
    """``book`` is ``waiting``, ``promised`` or ``all``. Fields are only replaced."""

    means: DeskMeans
    book: str = WAITING
    page: int = 0
    tips: TipPage | None = None
    open_cases: tuple[CaseLine, ...] = ()
    linking: str | None = None
    """The tip for which a case is being chosen."""

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)

    async def refresh(self) -> None:
        await self._reread()

    async def _read(self) -> None:
        book, offset = self.book, self.page * PAGE
        try:
            self.tips = await self.means.notebook.ask(lambda views: tips_page(views, book, offset))
            cases = await self.means.notebook.ask(cases_page)
        except StoreLocked:
            return
        self.open_cases = tuple(case for case in cases if case.state != CLOSED and not case.voided)

    async def open_book(self, book: str) -> None:
        self.book, self.page, self.linking = book, 0, None
        await self.refresh()

    async def turn(self, page: int) -> None:
        self.page = page
        await self.refresh()

    def may_answer(self, tip: TipLine) -> bool:
        return self.means.may("receive", tip.line.unit)

    def is_late(self, tip: TipLine) -> bool:
        return tip.call_is_due and self.means.now_ms() > tip.line.happened_ms + CALL_WITHIN_MS

    async def grade(self, tip: TipLine, *, reliability: str | None = None, content: str | None = None) -> None:
        """One of the two grades; the other stays as it was, or is the one that says nothing yet."""
        await self.means.verbs.grade_tip(
            tip.line.subject,
            reliability=reliability or tip.reliability or "C",
            content_grade=content or tip.content_grade or "3",
            unit=tip.line.unit,
        )
        await self.refresh()

    async def called(self, tip: TipLine, *, reached: bool) -> None:
        """Somebody called just now."""
        call = CalledBack(called_ms=self.means.now_ms(), result="da_noi" if reached else "khong_nghe_may")
        await self.means.verbs.call_back(tip.line.subject, call, unit=tip.line.unit)
        await self.refresh()

    def choose_case(self, tip: str | None) -> None:
        self.linking = tip

    async def link(self, tip: TipLine, case: CaseLine) -> None:
        await self.means.verbs.link_to_case(case.subject, tip.line.subject, unit=case.unit)
        self.linking = None
        await self.refresh()


@dataclass(eq=False)
class HandoversDesk(ft.Observable):
    """The register of who was given or taken over."""

    means: DeskMeans
    page: int = 0
    total: int = 0
    lines: tuple[HandoverLine, ...] = ()
    loaded: bool = False

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)

    async def refresh(self) -> None:
        await self._reread()

    async def _read(self) -> None:
        offset = self.page * PAGE
        try:
            self.lines = await self.means.notebook.ask(lambda views: handovers_page(views, offset))
            self.total = await self.means.notebook.ask(count_handovers)
        except StoreLocked:
            return
        self.loaded = True

    async def turn(self, page: int) -> None:
        self.page = page
        await self.refresh()
