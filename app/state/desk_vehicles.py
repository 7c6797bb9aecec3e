"""Vehicles at the desk: every reading of a plate, and what is looked for."""

import asyncio
from dataclasses import dataclass, field

import flet as ft

from app.record import NotRecorded
from app.record.lookout import LookoutForm
from app.state.desk_means import DeskMeans
from app.state.rereading import Rereading
from app.store.outcomes import StoreLocked
from app.store.queries import PAGE
from app.store.queries_vehicles import (
    LookoutLine,
    Reading,
    count_lookouts,
    count_readings,
    lookouts_page,
    readings_of,
)
from journal.lookout import SALT_BYTES

SEARCH_AFTER_S = 0.25
DAY_MS = 86_400_000
DAYS = (1, 3, 7, 14)
REASONS = ("tin_bao", "vu_viec", "bo_chay", "can_giup", "mat_cap")
OUTCOMES = ("da_thay", "het_can", "nham")
MOST_STANDING = 40
"""A phone compares a plate with each of them: more would keep its answer waiting for many seconds."""


@dataclass
class LookoutDraft:
    """A lookout in the making; read when it is given, never drawn."""

    plate: str = ""
    reason: str = ""
    issuer: str = ""
    days: int = 3
    for_units: tuple[str, ...] = ()


@dataclass(eq=False)
class VehiclesDesk(ft.Observable):
    """``missing`` names what a lookout still needs, ``too_many`` that no more may stand. Fields are only replaced."""

    means: DeskMeans
    plate: str = ""
    readings: tuple[Reading, ...] = ()
    found: int = 0
    page: int = 0
    lookouts: tuple[LookoutLine, ...] = ()
    standing: int = 0
    total: int = 0
    loaded: bool = False
    missing: tuple[str, ...] = ()
    asked: int = 0
    """Counts the plates that a button asked for, so that the search field shows them."""
    given: int = 0
    """Counts the lookouts given from this screen, so that the form begins anew."""
    shape: int = 0
    """Grows when a choice of the form changes what is drawn."""
    ending: str | None = None
    form: LookoutDraft = field(default_factory=LookoutDraft)

    def __post_init__(self) -> None:
        self._reread = Rereading(self._read)
        self._typed = 0

    async def refresh(self) -> None:
        await self._reread()

    async def _read(self) -> None:
        plate, offset, now_ms, ask = self.plate, self.page * PAGE, self.means.now_ms(), self.means.notebook.ask
        try:
            self.readings = await ask(lambda views: readings_of(views, plate)) if plate else ()
            self.found = await ask(lambda views: count_readings(views, plate)) if plate else 0
            self.lookouts = await ask(lambda views: lookouts_page(views, now_ms, offset))
            self.standing, self.total = await ask(lambda views: count_lookouts(views, now_ms))
        except StoreLocked:
            return
        self.loaded = True

    async def show(self, plate: str) -> None:
        """Every reading of this plate, which a button named."""
        self.asked += 1
        await self._find(plate)

    async def _find(self, plate: str) -> None:
        self.plate = plate
        await self.refresh()

    async def search(self, text: str) -> None:
        """Searches once the typing has paused."""
        self._typed += 1
        mine = self._typed
        await asyncio.sleep(SEARCH_AFTER_S)
        if mine == self._typed and text != self.plate:
            await self._find(text)

    async def turn(self, page: int) -> None:
        self.page = page
        await self.refresh()

    def may_look_out(self) -> bool:
        return self.means.may("lookout", self.means.notebook.unit)

    def choose(self, **chosen: str | int | tuple[str, ...]) -> None:
        """A choice in the form."""
        for name, value in chosen.items():
            setattr(self.form, name, value)
        self.shape += 1

    async def look_out(self) -> bool:
        """Gives the lookout; False while something is missing or too many stand."""
        form = self.form
        self.missing = tuple(name for name in ("plate", "reason") if not getattr(form, name).strip())
        if self.standing >= MOST_STANDING:
            self.missing = (*self.missing, "too_many")
        if self.missing:
            return False
        unit = self.means.notebook.unit
        outcome = await self.means.verbs.look_out(
            LookoutForm(
                plate=form.plate,
                reason=form.reason,
                issuer=form.issuer or unit,
                until_ms=self.means.now_ms() + form.days * DAY_MS,
                for_units=form.for_units,
            ),
            salt=self.means.random_bytes(SALT_BYTES),
            unit=unit,
        )
        if isinstance(outcome, NotRecorded):
            self.missing = tuple(problem.where for problem in outcome.problems)
            return False
        self.form = LookoutDraft()
        self.given += 1
        await self.refresh()
        return True

    def ask_end(self, subject: str | None) -> None:
        self.ending = subject

    async def end(self, lookout: LookoutLine, outcome: str) -> None:
        await self.means.verbs.end_lookout(lookout.subject, outcome, unit=lookout.unit)
        self.ending = None
        await self.refresh()
