"""A patrol about to start: what was chosen so far, in order that a tired hand has little left to choose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from app.record import PatrolForm, Problem
from app.record.lengths import TOO_LONG
from app.state.draft import DraftUnreadable
from app.state.form_draft import FormDraft
from journal.entries import Force, Value

if TYPE_CHECKING:
    from app.store.queries import OrderLine, PatrolLine

MOST_OF_A_FORCE: Final = 60
HOUR_MS: Final = 3_600_000
USUAL_HOURS_OUT: Final = 8


TYPED: Final = ("plan", "campaign", "partner_unit", "started", "number")


@dataclass(frozen=True)
class StartContent:
    """What of a start is sealed and kept. A number that was only proposed is proposed anew."""

    type: str | None = None
    lead_unit: str = ""
    units: frozenset[str] = frozenset()
    people: dict[str, int] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    transport: str | None = None
    places: tuple[str, ...] = ()
    wanted: str | None = None
    order: str | None = None
    return_due_ms: int | None = None
    leader: str | None = None
    channel: str | None = None
    on_behalf: bool = False
    started_ms: int | None = None
    typed: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Value] = field(default_factory=dict)


_ADAPTER: Final = TypeAdapter(StartContent)


@dataclass(eq=False)
class PatrolDraft(FormDraft):
    """The answers so far, of a leader or of who writes for a patrol without a phone."""

    KEPT: ClassVar[tuple[str, ...]] = (
        "type", "lead_unit", "units", "people", "members", "transport", "places", "wanted", "order", "return_due_ms",
        "leader", "channel", "on_behalf", "started_ms",
    )  # fmt: skip

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
    too_long: frozenset[str] = frozenset()
    unfolded: frozenset[str] = frozenset()
    """Parts of the form that were opened: ``types``, ``forces``, ``people``, ``route``, ``more``."""
    leader: str | None = None
    """Who led a patrol that is entered on behalf."""
    channel: str | None = None
    on_behalf: bool = False
    started_ms: int | None = None
    """Typed for a patrol that is entered on behalf."""

    def __post_init__(self) -> None:
        self.set_up("patrol", TYPED)

    def as_bytes(self) -> bytes:
        said = {name: getattr(self, name) for name in self.KEPT}
        return _ADAPTER.dump_json(StartContent(**said, typed=self._typed, answers=self.answers.content.values))

    @classmethod
    def from_bytes(cls, raw: bytes) -> PatrolDraft:
        """Raises :class:`DraftUnreadable`."""
        try:
            kept = _ADAPTER.validate_json(raw)
        except ValidationError:
            raise DraftUnreadable("start") from None  # what went before says what was typed
        draft = cls(**{name: getattr(kept, name) for name in cls.KEPT})
        draft.number = kept.typed.get("number", "")
        draft.fill(kept.typed, kept.answers)
        return draft

    def type_start(self, text: str, started_ms: int | None) -> None:
        """When a patrol without a phone set out; drawn nothing anew, as all typed text."""
        self.__dict__["started_ms"] = started_ms
        self.put_text("started", text)

    def put_number(self, text: str) -> None:
        self.put_text("number", text)
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
        self.lead_unit, self.units = order.to_unit, frozenset(order.with_units)
        for name in ("campaign", "partner_unit"):
            if said := getattr(order, name):
                self.put_text(name, said)
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

    def tell(self, problems: Iterable[Problem]) -> None:
        """What the recorder wants mended."""
        self.too_long = frozenset(one.where for one in problems if one.code == TOO_LONG)
        self.missing = frozenset(one.where for one in problems) - self.too_long
        self.answers.problems = dict.fromkeys(self.too_long, TOO_LONG)

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
