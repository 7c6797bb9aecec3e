"""What one page shows of carrying: who carries what of the own work, what is carried for others, and the verbs of both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import flet as ft

from app.later import Later
from app.state.carrying import Door
from app.state.handset import Handset
from app.store.carried import CarriedBundle, CarriedState
from app.store.handed_over import HandedOver, HandedWork, Proof
from app.sync.allowance import Why
from app.sync.bundle import MadeBundle, Photos, Plan, make_bundle, note_handed, plan_bundle
from app.sync.delivery import why_carried_waits
from app.sync.discovery import Near
from app.sync.giving import Given, Giving, NotGiven, Where
from journal.names import split_ref
from journal.neighbour import TakerCard
from journal.wire import WireUnreadable

if TYPE_CHECKING:
    from app.state.session import Session
    from app.store import queries_carry
else:
    queries_carry = Later("app.store.queries_carry")

CODE_DIGITS = 6
MOST_HOSTS = 8


@dataclass(frozen=True)
class OnItsWay:
    """Bytes of a bundle that goes over now."""

    sent_bytes: int = 0
    size_bytes: int = 0


@dataclass(eq=False)
class CarryPage(ft.Observable):
    """A component that takes it is drawn again when a field changes."""

    carried: tuple[CarriedBundle, ...] = ()
    kept: Mapping[str, Why] = field(default_factory=dict)
    """By bundle, why one that waits may not travel on this link."""
    door: Door | None = None
    notes: tuple[HandedOver, ...] = ()
    """What others carry of the own work, the oldest first."""
    carriers: Mapping[str, HandedOver] = field(default_factory=dict)
    """By record, who carries all of it that waits."""
    fellows: "Mapping[str, queries_carry.Fellow]" = field(default_factory=dict)
    near: tuple[Near, ...] = ()
    looking: bool = False
    going: OnItsWay | None = None
    outcome: Given | NotGiven | None = None

    @classmethod
    def of(cls, session: "Session") -> "CarryPage":
        page = cls()
        page._session = session
        page._stop_watching = session.handset.phone.carrying.watch(page._hear)
        return page

    def __post_init__(self) -> None:
        self._session: Session | None = None
        self._stop_watching: Callable[[], None] = lambda: None

    @property
    def _page(self) -> "Session":
        if self._session is None:
            raise RuntimeError("no page shows this")
        return self._session

    @property
    def _handset(self) -> Handset:
        return self._page.handset

    def end(self) -> None:
        self._stop_watching()

    async def read(self) -> None:
        """Once the store may tell something else."""
        notebook = self._page.notebook
        self.fellows = await notebook.ask(queries_carry.fellows)
        self.notes = notes = await notebook.handed(HandedWork.notes)
        self.carriers = await notebook.ask(lambda views: queries_carry.carriers_of(views, notes))

    def _hear(self) -> None:
        self._page.run_task(self._follow)

    async def _follow(self) -> None:
        carrying = self._handset.phone.carrying
        self.carried, self.door = carrying.carried, carrying.door
        waiting = [one for one in self.carried if one.state is CarriedState.WAITING]
        whys = {one.bundle: why_carried_waits(one, self._handset.phone.allowance) for one in waiting}
        self.kept = {bundle: why for bundle, why in whys.items() if why is not None}

    def name_of(self, writer: str | None) -> str | None:
        """Whose phone it is, where the register tells."""
        fellow = self.fellows.get(writer or "")
        return fellow.name if fellow is not None else None

    # --- for others ---------------------------------------------------------------------------------------------------

    async def open_door(self) -> None:
        await self._handset.phone.carrying.open_door(self._handset)
        await self._follow()

    async def shut_door(self) -> None:
        await self._handset.phone.carrying.shut_door()
        await self._follow()

    async def try_again(self, bundle: str) -> None:
        await self._handset.phone.carrying.try_again(bundle)
        self._handset.sync_now()

    async def throw_away(self, bundle: str) -> None:
        await self._handset.phone.carrying.throw_away(bundle)

    # --- by others ----------------------------------------------------------------------------------------------------

    async def plan(self, choice: Photos) -> Plan:
        return await plan_bundle(self._page.notebook, choice)

    async def make_file(self, choice: Photos) -> MadeBundle | None:
        """A bundle for a file; :meth:`note_file` says that somebody has it."""
        phone = self._handset.phone
        return await make_bundle(self._page.notebook, choice, now_ms=phone.now_ms(), random_bytes=phone.random_bytes)

    async def note_file(self, bundle: MadeBundle) -> None:
        await note_handed(self._page.notebook, bundle.handed_to(None, self._handset.phone.now_ms()))

    async def look_around(self) -> None:
        """Who takes bundles in this network; nobody may be heard where the system keeps multicast away."""
        if self.looking:
            return
        self.looking = True
        try:
            found = await self._handset.phone.carrying.look_around(self._page.notebook.station.station)
            self.near = tuple(one for one in found if one.writer and not self._is_here(one.writer))
        finally:
            self.looking = False

    def _is_here(self, writer: str) -> bool:
        return any(handset.is_of(writer) for handset in self._handset.phone.handsets)

    async def give(self, where: Where, code: str, choice: Photos) -> None:
        """Hands over what waits; how it ended is in :attr:`outcome`."""
        if self.going is not None:
            return
        phone, notebook = self._handset.phone, self._page.notebook
        members = {writer for writer, fellow in self.fellows.items() if not fellow.revoked}
        self.outcome, self.going = None, OnItsWay()

        def sent(sent_bytes: int, size_bytes: int) -> None:
            self.going = OnItsWay(sent_bytes, size_bytes)

        giving = Giving(notebook, members=members, now_ms=phone.now_ms, random_bytes=phone.random_bytes, sent=sent)
        try:
            self.outcome = await giving.hand_over(where, code, choice)
        finally:
            self.going = None

    def forget_outcome(self) -> None:
        self.outcome = None

    # --- receipts -----------------------------------------------------------------------------------------------------

    async def prove(self, ref: str) -> Proof | None:
        """What the receipts kept here prove of an own entry; None for what is not own."""
        named = split_ref(ref)
        if named is None or named[0] != self._page.notebook.writer:
            return None
        return await self._page.notebook.handed(lambda work: work.prove(named[1]))


def read_where(text: str) -> tuple[Where, str] | None:
    """Where a carrier listens, from its card's text or from a typed ``host:port``; and the card's code, empty when typed."""
    try:
        card = TakerCard.from_text(text)
    except WireUnreadable:
        return _read_typed(text)
    return Where(card.hosts[:MOST_HOSTS], card.port, card.writer), card.code


def _read_typed(text: str) -> tuple[Where, str] | None:
    host, _, port = text.strip().rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:  # noqa: PLR2004  as TCP counts
        return None
    return Where((host.strip(),), int(port)), ""
