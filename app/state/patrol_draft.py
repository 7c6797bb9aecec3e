"""A patrol about to start: what was chosen so far, in order that a tired hand has little left to choose."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import flet as ft

from app.record import PatrolForm
from app.state.draft import Draft, DraftContent
from app.store.queries import OrderLine, PatrolLine
from journal.entries import Force

MOST_OF_A_FORCE: Final = 60
HOUR_MS: Final = 3_600_000
USUAL_HOURS_OUT: Final = 8


@dataclass(eq=False)
class PatrolDraft(ft.Observable):
    """Handlers change it and read it when they are called."""

    number: str = ""
    type: str | None = None
    lead_unit: str = ""
    units: frozenset[str] = frozenset()
    """Coordinating units, by code."""
    people: dict[str, int] = field(default_factory=dict)
    """By force."""
    members: tuple[str, ...] = ()
    """``person:CODE`` of those who are named."""
    transport: str | None = None
    places: tuple[str, ...] = ()
    """``place:CODE`` in the order in which they were chosen."""
    wanted: str | None = None
    """The order by which the leader began."""
    order: str | None = None
    """The same, once it has been read and followed."""
    return_due_ms: int | None = None
    missing: frozenset[str] = frozenset()
    unfolded: frozenset[str] = frozenset()
    """Parts of the form that were opened: ``types``, ``forces``, ``people``, ``route``, ``more``."""
    leader: str | None = None
    """Who led a patrol that is entered on behalf."""
    channel: str | None = None
    on_behalf: bool = False
    started_ms: int | None = None
    """Typed for a patrol that is entered on behalf."""

    def __post_init__(self) -> None:
        self._typed = dict.fromkeys(("plan", "campaign", "partner_unit", "started"), "")
        self.answers = Draft.of("patrol", DraftContent("patrol"), lambda _: None)
        """What the type of patrol asks besides; never kept on disk by itself."""

    def put_text(self, name: str, text: str) -> None:
        """Typed text draws nothing anew: the field already shows it."""
        self._typed[name] = text

    def text(self, name: str) -> str:
        return self._typed[name]

    def type_start(self, text: str, started_ms: int | None) -> None:
        """When a patrol without a phone set out; drawn nothing anew, as all typed text."""
        self._typed["started"] = text
        self.__dict__["started_ms"] = started_ms

    def put_number(self, text: str) -> None:
        self.number = text

    def unfold(self, part: str) -> None:
        self.unfolded |= {part}

    def set_people(self, force: str, count: int) -> None:
        self.people = {**self.people, force: count}
        self.missing -= {"team"}

    def set_partner_people(self, count: int) -> None:
        self.answers.put("partner_people", count)

    @property
    def partner_people(self) -> int:
        count = self.answers.content.values.get("partner_people")
        return count if isinstance(count, int) else 0

    def add_place(self, place: str) -> None:
        if place not in self.places:
            self.places = (*self.places, place)

    def drop_place(self, place: str) -> None:
        self.places = tuple(one for one in self.places if one != place)

    def follow_order(self, order: OrderLine, last: PatrolLine | None, own_force: str | None, now_ms: int) -> None:
        """Everything that the order says, and the rest as the same team went out before: a tired leader only has to agree."""
        self.order = order.subject
        self.type = order.patrol_type or self.type
        self.places = order.places
        if order.ends_ms is not None and order.ends_ms > now_ms:
            self.return_due_ms = order.ends_ms
        self.put_text("plan", order.title)
        people = dict(last.people_by_force) if last else {own_force: 1} if own_force else {}
        self.people = self.people or {force: count for force, count in people.items() if count}
        self.transport = self.transport or "di_bo"
        self.notify()  # type: ignore[no-untyped-call]  # Flet left it without types

    def find_missing(self, required: Iterable[str]) -> frozenset[str]:
        """What must be chosen before the team sets out; ``required`` are codes that the type asks."""
        given = {**self.answers.content.values, "partner_unit": self.text("partner_unit").strip()}
        missing = {code for code in required if not given.get(code)}
        missing |= {"kind"} if self.type is None else set()
        missing |= set() if any(self.people.values()) else {"team"}
        missing |= set() if self.number.strip() else {"number"}
        if self.on_behalf:
            missing |= {name for name in ("leader", "channel", "started") if getattr(self, _BEHALF[name]) is None}
        elif self.return_due_ms is None:
            missing |= {"return_due"}
        return frozenset(missing)

    def as_form(self) -> PatrolForm:
        return PatrolForm(
            type=self.type or "",
            lead_unit=self.lead_unit,
            number=self.number,
            coordinating_units=tuple(sorted(self.units - {self.lead_unit})),
            composition=tuple(Force(force=force, people=count) for force, count in self.people.items() if count),
            partner_unit=self.text("partner_unit").strip() or None,
            partner_people=self.partner_people or None,
            transport=self.transport,
            plan=self.text("plan").strip() or None,
            places_planned=self.places,
            order=self.order,
            return_due_ms=self.return_due_ms,
            leader=self.leader,
            members=self.members,
            campaign=self.text("campaign").strip() or None,
            values={code: value for code, value in self.answers.content.values.items() if value not in ("", ())},
            started_ms=self.started_ms,
            on_behalf=self.on_behalf,
            channel=self.channel,
        )


_BEHALF: Final = {"leader": "leader", "channel": "channel", "started": "started_ms"}
