"""What the station holds back: read from the station, let in by a commander with a reason."""

from dataclasses import dataclass
from enum import StrEnum

import flet as ft
from sqlmodel import Session as Views

from app.state.desk_means import DeskMeans
from app.store.outcomes import StoreLocked
from app.store.queries import held_entries, kept_entry, observation_detail
from app.sync.answers import ExchangeFailed, ServerRefused
from app.sync.desk import HeldThere, entries_held
from journal.access import HeldReason
from journal.entries import Entry, EntryUnreadable, ObservationRecorded, Reviewed, read_entry

LOOK_EVERY_S = 30.0
"""Each look is written into the station's log of who read what."""


class WhyNot(StrEnum):
    """Why this person cannot let an entry in."""

    OWN = "own"
    """Nobody answers for what they wrote themselves."""
    NO_ROLE = "no_role"
    WITH_ANOTHER = "with_another"
    """It is about a held entry and comes in with that one."""
    DAMAGED = "damaged"
    """A second branch, or bytes in another's place: there is nothing that could count."""


@dataclass(frozen=True)
class HeldItem:
    """A held entry as the desk shows it; ``recorded`` is the observation in it, if it is one."""

    ref: str
    person: str
    unit: str
    reason: str
    fact: str
    made_ms: int
    received_ms: int | None
    recorded: ObservationRecorded | None
    why_not: WhyNot | None
    subject: str = ""
    let_in_by: str = ""
    """The unit in which it is let in: that of the record that it is about, which may be another than it names."""
    review: Reviewed | None = None
    """A verdict that came when another's stood, or for a version that was no longer the present one."""


@dataclass(eq=False)
class HeldDesk(ft.Observable):
    """``trouble`` says why the station was not asked: ``unreachable`` or the code of its problem."""

    means: DeskMeans
    items: tuple[HeldItem, ...] = ()
    leaving: frozenset[str] = frozenset()
    """Let in here, and not yet gone from the station's list."""
    trouble: str | None = None

    def __post_init__(self) -> None:
        self._asked = False

    async def begin(self) -> None:
        """Looks as soon as it is known who sits here and the station answers; after that the clock decides."""
        if not self._asked:
            await self.look()

    async def look(self) -> None:
        """Asks the station, and this device for its own entries; what does not differ is not drawn again."""
        try:
            own = await self.means.notebook.ask(self._read_own)
        except StoreLocked:
            return
        items = own + await self._ask_station()
        if items != self.items:
            self.items = items
        leaving = self.leaving & {one.ref for one in items}
        if leaving != self.leaving:
            self.leaving = leaving

    async def _ask_station(self) -> tuple[HeldItem, ...]:
        if not self.means.may("release"):
            return ()
        client, before = self.means.client(), tuple(one for one in self.items if one.why_not is not WhyNot.OWN)
        if client is None:
            self._note("unreachable")
            return before
        try:
            there = await entries_held(client)
        except ServerRefused as refused:
            self._note(refused.problem.code)
            return before
        except ExchangeFailed:
            self._note("unreachable")
            return before
        self._note(None)
        self._asked = True
        refs = {one.ref for one in there}
        return tuple(self._tell(one, refs) for one in there)

    def _tell(self, there: HeldThere, refs: set[str]) -> HeldItem:
        try:
            entry: Entry | None = read_entry(there.raw.encode())
        except EntryUnreadable:
            entry = None
        why_not: WhyNot | None = None
        if entry is None or there.branch or entry.ref != there.ref:
            why_not = WhyNot.DAMAGED
        elif not self.means.may("release", there.unit):
            why_not = WhyNot.NO_ROLE
        elif there.reason == HeldReason.UNKNOWN_SUBJECT and entry.subject in refs:
            why_not = WhyNot.WITH_ANOTHER
        body = entry.body if entry else None
        return HeldItem(
            there.ref, there.person, entry.unit if entry else there.unit, there.reason, body.fact if body else "",
            entry.at[0] if entry else 0, there.received_ms, body if isinstance(body, ObservationRecorded) else None, why_not,
            entry.subject if entry else "", there.unit, body if isinstance(body, Reviewed) else None,
        )  # fmt: skip

    def _read_own(self, views: Views) -> tuple[HeldItem, ...]:
        items = []
        for line in held_entries(views):
            if line.own:
                detail = observation_detail(views, line.ref)
                unit, recorded = (detail.line.unit, detail.state.recorded) if detail else (self.means.notebook.unit, None)
                entry, person = kept_entry(views, line.ref), self.means.notebook.person
                review = entry.body if entry is not None and isinstance(entry.body, Reviewed) else None
                own = HeldItem(
                    line.ref, person, unit, line.reason or "", line.fact, line.order_ms, None, recorded, WhyNot.OWN,
                    line.subject, review=review,
                )  # fmt: skip
                items.append(own)
        return tuple(items)

    def late_on(self, subject: str) -> tuple[HeldItem, ...]:
        """Verdicts on this record that the station holds back, the earliest first."""
        late = [one for one in self.items if one.subject == subject and one.review is not None]
        return tuple(sorted(late, key=lambda one: (one.made_ms, one.ref)))

    async def release(self, item: HeldItem, reason: str) -> bool:
        """Lets an entry in; the reason stays with it. False without one, or where this person may not."""
        if item.why_not is not None or not reason.strip():
            return False
        await self.means.verbs.release(item.ref, reason=reason.strip(), unit=item.let_in_by)
        self.leaving = self.leaving | {item.ref}
        return True

    def _note(self, trouble: str | None) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
