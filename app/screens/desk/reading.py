"""Records in words: titles, places, times and the values of fields, by the catalogue and the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import flet as ft

from app.patrol.nearest import KnownPlace, find_nearest
from app.screens import told
from app.screens.tokens import Custody, Look, Priority
from app.state.desk_means import Names
from app.store.queries import ObservationLine
from journal.catalogue import Catalogue, KindField
from journal.clock import moment
from journal.entries import ObservationRecorded

PRIORITIES: Final[Mapping[str, Priority]] = {
    "khan": Priority.URGENT,
    "cao": Priority.HIGH,
    "trung_binh": Priority.MEDIUM,
    "thap": Priority.LOW,
}
_NEAREST: Final = frozenset({"moc", "chot", "loi_mo", "nut_giao_thong", "dau_duong"})


@dataclass(frozen=True)
class Reader:
    """Says records in one language."""

    look: Look
    catalogue: Catalogue
    names: Names

    # --- records ------------------------------------------------------------------------------------------------------

    def kind(self, code: str) -> str:
        return self.catalogue.label(f"kinds.{code}", self.look.texts.language)

    def kind_icon(self, code: str) -> ft.IconData:
        kind = self.catalogue.kind(code)
        return _icon_named(kind.icon if kind else "")

    def title(self, line: ObservationLine) -> str:
        """One line such as "Xe cứu thương 87B-012.34, 5 người"."""
        return self.summary(line.kind, line.values, line.flags)

    def summary(self, kind: str, values: Mapping[str, object], flags: object) -> str:
        """What was recorded in one line, with names for registered units, people and places."""
        named = {code: self._name(value) for code, value in values.items()}
        return self.catalogue.summary(kind, {**named, "flags": flags}, self.look.texts.language)

    def _name(self, value: object) -> object:
        if isinstance(value, tuple | list):
            return tuple(self._name(one) for one in value)
        if not isinstance(value, str):
            return value
        kind, _, code = value.partition(":")
        if kind == "unit" and code in self.names.units:
            return self.names.unit(code)
        if value in self.names.persons:
            return self.names.person(value)
        return self.names.place(value) if value in self.names.places else value

    def priority(self, line: ObservationLine) -> Priority:
        """Assistance has its own sign: it comes before suspicion."""
        kind = self.catalogue.kind(line.kind)
        if kind is not None and kind.assistance:
            return Priority.ASSISTANCE
        return PRIORITIES.get(line.priority, Priority.MEDIUM)

    def priority_word(self, code: str) -> str:
        return self.catalogue.label(f"priorities.{code}", self.look.texts.language)

    def status(self, code: str) -> str:
        return self.look.say(f"desk.status.{code}") if self.look.texts.has(f"desk.status.{code}") else code

    def place(self, line: ObservationLine) -> str:
        """The words of the author, the registered place, or the nearest one with its distance."""
        if line.place_text:
            return line.place_text
        if line.place is not None:
            return self.names.place(line.place)
        if line.latitude_e7 is None or line.longitude_e7 is None:
            return self.look.say("desk.place.unknown")
        return self.near(line.latitude_e7, line.longitude_e7) or self.coordinates(line.latitude_e7, line.longitude_e7)

    def near(self, latitude_e7: int, longitude_e7: int) -> str | None:
        """The nearest registered place within five kilometres, with the distance when it is worth saying."""
        known = (
            KnownPlace(place.subject, place.name, place.kind, place.latitude_e7, place.longitude_e7)
            for place in self.names.places.values()
            if place.latitude_e7 is not None and place.longitude_e7 is not None and place.kind in _NEAREST
        )
        found = find_nearest(latitude_e7, longitude_e7, known)
        if found is None:
            return None
        if found.distance_m < _AT_THE_PLACE_M:
            return found.place.name
        return self.look.say("desk.place.near", name=found.place.name, distance=self.distance(found.distance_m))

    def coordinates(self, latitude_e7: int, longitude_e7: int) -> str:
        return f"{latitude_e7 / 1e7:.5f}, {longitude_e7 / 1e7:.5f}"

    def distance(self, metres: int) -> str:
        """A figure that never parts from its unit."""
        said = self.look.texts.km(metres) if metres >= _KM else f"{self.look.texts.number(metres)} m"
        return said.replace(" ", "\u00a0")

    # --- times --------------------------------------------------------------------------------------------------------

    def moment(self, at_ms: int) -> str:
        return self.look.texts.moment(moment(at_ms))

    def hour(self, at_ms: int) -> str:
        return self.look.texts.hour(moment(at_ms))

    def short(self, at_ms: int, now_ms: int) -> str:
        """The hour alone today, day and month with it before."""
        at, now = self.moment(at_ms), self.moment(now_ms)
        return at[-5:] if at[:10] == now[:10] else f"{at[:5]} {at[-5:]}"

    # --- fields -------------------------------------------------------------------------------------------------------

    def fields(self, recorded: ObservationRecorded) -> list[tuple[str, str]]:
        """Label and value of every field that was filled in, in the order of the form; those of a newer version last."""
        shared: dict[str, object] = {
            "direction": recorded.direction,
            "heading_deg": recorded.heading_deg,
            "certainty": recorded.certainty,
            "flags": recorded.flags or None,
        }
        values: dict[str, object] = {**shared, **recorded.values}
        said: list[tuple[str, str]] = []
        known: set[str] = {"indicators", "note"}
        for field in self.catalogue.fields_of(recorded.kind):
            if field.code in {"indicators", "note"}:
                continue
            known.update(field.keys)
            words = self._say_value(field, values)
            if words:
                said.append((field.label.text(self.look.texts.language), words))
        newer = [(code, value) for code, value in values.items() if code not in known and value is not None]
        return said + [(f"{code} ({self.look.say('word.newer_version')})", str(value)) for code, value in newer]

    def indicators(self, codes: tuple[str, ...]) -> list[str]:
        return [self.catalogue.label(f"indicators.{code}", self.look.texts.language) for code in codes]

    def care_step(self, code: str) -> str:
        """The words of a step of a care card; steps of the same code read alike on every card."""
        for card in self.catalogue.care_cards.values():
            for step in card.steps:
                if step.code == code:
                    return step.label.text(self.look.texts.language)
        return code

    def _say_value(self, field: KindField, values: Mapping[str, object]) -> str:
        if field.type == "count_range":
            return _say_range(values.get(f"{field.code}_min"), values.get(f"{field.code}_max"), values.get(field.code))
        value = values.get(field.code)
        if value is None or value == "":
            return ""
        parts = value if isinstance(value, tuple | list) else (value,)
        return ", ".join(self._say_part(field, part) for part in parts)

    def _say_part(self, field: KindField, value: object) -> str:
        if isinstance(value, bool):
            return self.look.say("verb.yes") if value else self.look.say("verb.no")
        if isinstance(value, int):
            if field.type == "time":
                return self.moment(value)
            return f"{self.look.texts.number(value)} {_UNITS.get(field.unit or '', '')}".strip()
        text = str(self._name(value))
        if field.type == "time":
            return self._say_time(text)
        choice = self.catalogue.choice(field, text)
        return choice.label.text(self.look.texts.language) if choice else text

    def _say_time(self, text: str) -> str:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        return self.look.texts.moment(at) if at.tzinfo else text


_AT_THE_PLACE_M: Final = 25
_KM: Final = 1_000
_UNITS: Final[Mapping[str, str]] = {"m": "m", "mm": "mm", "min": "min", "h": "h", "deg": "°"}


def _say_range(low: object, high: object, exact: object) -> str:
    if exact is not None:
        return str(exact)
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        return str(low if low is not None else high)
    return f"{low}–{high}"


def _icon_named(name: str) -> ft.IconData:
    icon = getattr(ft.Icons, name, None)
    return icon if icon is not None else ft.Icons.DESCRIPTION_OUTLINED


def custody_of(line: ObservationLine) -> Custody:
    """Where a record is, in the words that every screen uses."""
    return told.custody_of(line.custody, line.status)
