"""Cases at the desk: the list, the board of the one that is open, and what is done with it."""

import asyncio
from dataclasses import dataclass, field

import flet as ft

from app.state.desk_means import DeskMeans
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import PAGE, CaseLine, cases_page
from app.store.queries_cases import CareLine, CaseBoard, case_board, count_cases, open_care
from journal.entries import CaseDisposed

CASES, TIPS, VEHICLES, HANDOVERS = "cases", "tips", "vehicles", "handovers"
BOOKS = (CASES, TIPS, VEHICLES, HANDOVERS)
SEARCH_AFTER_S = 0.25
MOST_FIGURES = 12


@dataclass
class DisposalForm:
    """What was done, while it is typed; read when it is written."""

    disposition: str = ""
    unit: str = ""
    document: str = ""
    people: str = ""
    amount_dong: str = ""


def find_missing(form: DisposalForm) -> tuple[str, ...]:
    """Which fields a result of a case still needs."""
    missing = [name for name in ("disposition", "unit") if not getattr(form, name)]
    wrong = [name for name in ("people", "amount_dong") if (typed := getattr(form, name).strip()) and read_figures(typed) is None]
    return (*missing, *wrong)


def read_figures(typed: str) -> int | None:
    """The whole number that was typed, also in groups as 7.500.000; None when it is none."""
    bare = typed.replace(".", "").replace(" ", "")
    return int(bare) if bare.isdecimal() and len(bare) <= MOST_FIGURES else None


@dataclass(eq=False)
class CasesDesk(ft.Observable):
    """Fields are only replaced. ``leaving`` is the record about to be taken out of the case; ``disposing`` that a result is
    being written."""

    means: DeskMeans
    book: str = CASES
    text: str = ""
    page: int = 0
    total: int = 0
    cases: tuple[CaseLine, ...] = ()
    board: CaseBoard | None = None
    care: tuple[CareLine, ...] = ()
    loaded: bool = False
    leaving: str | None = None
    disposing: bool = False
    missing: tuple[str, ...] = ()
    shape: int = 0
    """Grows when a choice changes what is drawn."""
    form: DisposalForm = field(default_factory=DisposalForm)

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)
        self._typed = 0
        self._chosen: str | None = None
        self._reason = ""

    async def refresh(self) -> None:
        await self._reread()

    async def _read(self) -> None:
        text, offset, now_ms = self.text, self.page * PAGE, self.means.now_ms()
        kinds = tuple(code for code, kind in self.means.catalogue.kinds.items() if kind.assistance)
        ask = self.means.notebook.ask
        try:
            self.care = await ask(lambda views: open_care(views, kinds, now_ms))
            self.cases = await ask(lambda views: cases_page(views, text=text, offset=offset))
            self.total = await ask(lambda views: count_cases(views, text))
            # News brings other cases to the top of the list; the one that is read stays. Noted before the board is read, so that
            # it does not take the place of what somebody chooses meanwhile.
            self._chosen = chosen = self._chosen or (self.cases[0].subject if self.cases else None)
            self.board = await ask(lambda views: case_board(views, chosen, now_ms)) if chosen else None
        except StoreLocked:
            return
        self.loaded = True

    def turn_to(self, book: str) -> None:
        self.book = book

    async def open(self, subject: str) -> None:
        self.book, self._chosen, self.leaving, self.disposing, self.missing = CASES, subject, None, False, ()
        await self.refresh()

    async def turn(self, page: int) -> None:
        self.page = page
        await self.refresh()

    async def search(self, text: str) -> None:
        """Searches once the typing has paused."""
        self._typed += 1
        mine = self._typed
        await asyncio.sleep(SEARCH_AFTER_S)
        if mine == self._typed and text != self.text:
            self.text, self.page, self._chosen = text, 0, None
            await self.refresh()

    def may_change(self) -> bool:
        return self.board is not None and self.means.may("case", self.board.detail.line.unit)

    # --- what belongs to it -------------------------------------------------------------------------------------------

    async def link(self, item: str) -> None:
        if (case := self._case) is not None:
            await self.means.verbs.link_to_case(case.subject, item, unit=case.unit)
            await self.refresh()

    def ask_to_leave(self, item: str | None) -> None:
        self.leaving, self._reason, self.missing = item, "", ()

    def note_reason(self, text: str) -> None:
        self._reason = text

    async def unlink(self) -> bool:
        """Takes the record out of the case; False without a reason in words. The record itself stays as it is."""
        case, item = self._case, self.leaving
        if case is None or item is None:
            return False
        if not self._reason.strip():
            self.missing = ("reason",)
            return False
        await self.means.verbs.unlink_from_case(case.subject, item, reason=self._reason, unit=case.unit)
        self.ask_to_leave(None)
        await self.refresh()
        return True

    # --- where it stands ----------------------------------------------------------------------------------------------

    async def move(self, state: str) -> None:
        case = self._case
        if case is not None and state != case.state:
            await self.means.verbs.move_case(case.subject, state, unit=case.unit)
            await self.refresh()

    def begin_result(self) -> None:
        self.form, self.missing, self.disposing = DisposalForm(unit=self.means.notebook.unit), (), True

    def drop_result(self) -> None:
        self.disposing, self.missing = False, ()

    async def dispose(self) -> bool:
        """Writes what was done; False while something is missing."""
        case, form = self._case, self.form
        self.missing = find_missing(form)
        if case is None or self.missing:
            return False
        done = CaseDisposed(
            disposition=form.disposition,
            done_ms=self.means.now_ms(),
            unit=form.unit,
            document=form.document.strip() or None,
            people=read_figures(form.people.strip()),
            amount_dong=read_figures(form.amount_dong.strip()),
        )
        await self.means.verbs.dispose_case(case.subject, done, unit=case.unit)
        self.drop_result()
        await self.refresh()
        return True

    @property
    def _case(self) -> CaseLine | None:
        return self.board.detail.line if self.board else None
