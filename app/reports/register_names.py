"""What the register calls things, for papers: units, places and people on duty; and records in one line."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.patrol.nearest import KnownPlace, find_nearest
from app.reports.issuing import WORDS
from app.store.queries import ObservationLine, PlaceLine
from app.texts.formats import format_number
from journal.catalogue import Catalogue
from journal.catalogue.checks import find_forbidden_words
from journal.clock import moment

NEAR_KINDS: Final = frozenset({"moc", "chot", "loi_mo", "nut_giao_thong", "dau_duong"})
AT_THE_PLACE_M: Final = 25


@dataclass(frozen=True)
class RegisterNames:
    """Names by code: ``units`` by unit code, ``persons`` by ``person:CODE``, ``places`` by ``place:CODE``."""

    units: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, PlaceLine] = field(default_factory=dict)

    def unit(self, code: str) -> str:
        return self.units.get(code, code)

    def person(self, subject: str) -> str:
        return self.persons.get(subject, subject.partition(":")[2] or subject)

    def place(self, subject: str) -> str:
        known = self.places.get(subject)
        return subject.partition(":")[2] or subject if known is None else known.name

    def value(self, value: object) -> object:
        """A value of a record with names for registered codes."""
        if isinstance(value, tuple | list):
            return tuple(self.value(one) for one in value)
        if not isinstance(value, str):
            return value
        kind, _, code = value.partition(":")
        if kind == "unit":
            return self.unit(code)
        return self.place(value if kind == "place" else f"place:{value}") if self._is_place(value) else value

    def _is_place(self, value: str) -> bool:
        """Trails are recorded by their code alone."""
        return value.startswith("place:") or f"place:{value}" in self.places


def title_of(line: ObservationLine, catalogue: Catalogue, names: RegisterNames) -> str:
    """One line such as "Mốc 902, cây che khuất"."""
    told = line.values.get("text")
    if isinstance(told, str) and told:
        # What somebody told is not cut short on paper.
        return f"{catalogue.label(f'kinds.{line.kind}', 'vi')}: {' '.join(told.split())}"
    values = {code: names.value(value) for code, value in line.values.items()}
    return catalogue.summary(line.kind, {**values, "flags": line.flags}, "vi")


def place_of(line: ObservationLine, names: RegisterNames) -> str:
    """The words of the author, the registered place, or the nearest one with its distance, such as "Mốc 904(1) + 120 m"."""
    if line.place_text:
        return line.place_text
    if line.place is not None:
        return names.place(line.place)
    if line.latitude_e7 is None or line.longitude_e7 is None:
        return ""
    known = (
        KnownPlace(one.subject, one.name, one.kind, one.latitude_e7, one.longitude_e7)
        for one in names.places.values()
        if one.kind in NEAR_KINDS and one.latitude_e7 is not None and one.longitude_e7 is not None
    )
    near = find_nearest(line.latitude_e7, line.longitude_e7, known)
    if near is None:
        return ""
    if near.distance_m < AT_THE_PLACE_M:
        return near.place.name
    return WORDS.say("paper.near", name=near.place.name, distance=format_number(near.distance_m, "vi"))


def note_of(line: ObservationLine, catalogue: Catalogue) -> str:
    """What the author wrote beside it; a note that speaks of origin or looks stays in the record and out of papers."""
    note = unicodedata.normalize("NFC", " ".join((line.description or "").split()))
    if note and find_forbidden_words(note, [group.model_copy(update={"en": ()}) for group in catalogue.forbidden.groups]):
        return WORDS.say("paper.note_kept_back")
    return note


def hour_of(at_ms: int) -> str:
    return WORDS.hour(moment(at_ms))


def moment_of(at_ms: int) -> str:
    return WORDS.moment(moment(at_ms))
