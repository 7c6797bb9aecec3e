"""A patrol about to start: what was chosen so far."""

from dataclasses import dataclass, field

import flet as ft

from app.record import PatrolForm
from journal.entries import Force, Value

MOST_OF_A_FORCE = 60


@dataclass(eq=False)
class PatrolDraft(ft.Observable):
    """Handlers change it and read it when they are called."""

    number: str = ""
    type: str | None = None
    units: frozenset[str] = frozenset()
    """Coordinating units, by code."""
    people: dict[str, int] = field(default_factory=dict)
    """By force."""
    transport: str | None = None
    places: frozenset[str] = frozenset()
    order: str | None = None
    return_due_ms: int | None = None
    answers: dict[str, Value] = field(default_factory=dict)
    """What the type of patrol asks besides, by code."""
    missing: frozenset[str] = frozenset()
    all_types: bool = False
    """Whether the rarer types are unfolded."""
    all_forces: bool = False

    def __post_init__(self) -> None:
        self._plan = ""
        self._partner_unit = ""

    def put_plan(self, text: str) -> None:
        """Typed text draws nothing anew: the field already shows it."""
        self._plan = text

    def put_partner(self, text: str) -> None:
        self._partner_unit = text

    @property
    def partner_unit(self) -> str:
        return self._partner_unit

    @property
    def plan(self) -> str:
        return self._plan

    def show_all_types(self) -> None:
        self.all_types = True

    def show_all_forces(self) -> None:
        self.all_forces = True

    def set_people(self, force: str, count: int) -> None:
        self.people = {**self.people, force: count}

    def as_form(self, lead_unit: str) -> PatrolForm:
        partner_people = self.answers.get("partner_people")
        return PatrolForm(
            type=self.type or "",
            lead_unit=lead_unit,
            number=self.number,
            coordinating_units=tuple(sorted(self.units)),
            composition=tuple(Force(force=force, people=count) for force, count in self.people.items() if count),
            partner_unit=self._partner_unit.strip() or None,
            partner_people=partner_people if isinstance(partner_people, int) else None,
            transport=self.transport,
            plan=self._plan.strip() or None,
            places_planned=tuple(sorted(self.places)),
            order=self.order,
            return_due_ms=self.return_due_ms,
        )
