"""The catalogue as the rest of the product asks it: labels, checks, priority, care card, title and search text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from journal.catalogue.kinds import Choice, Kind, KindField, Label, Language, PriorityCode
from journal.catalogue.lists import (
    CareCard,
    Choices,
    ForbiddenWordsFile,
    Indicator,
    PatrolType,
    Priority,
    PriorityFloor,
    SharedCareTrigger,
)
from journal.catalogue.priorities import choose_care_cards, rank
from journal.catalogue.titles import gather_search_text, write_title
from journal.catalogue.validation import FieldProblem, find_problems


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All that the files say, checked and unchangeable.

    `values` of an observation are those of its entry together with `ENTRY_KEYS`; lists from JSON and tuples are alike.
    """

    version: str
    groups: Mapping[str, Choice]
    shared_fields: tuple[KindField, ...]
    kinds: Mapping[str, Kind]
    patrol_types: Mapping[str, PatrolType]
    lists: Mapping[str, Choices]
    indicators: Mapping[str, Indicator]
    care_cards: Mapping[str, CareCard]
    care_triggers: tuple[SharedCareTrigger, ...]
    priorities: Mapping[str, Priority]
    floors: tuple[PriorityFloor, ...]
    assistance_at_least: PriorityCode
    forbidden: ForbiddenWordsFile

    def kind(self, code: str) -> Kind | None:
        """The kind of that code, or nothing when a newer version has it."""
        return self.kinds.get(code)

    def fields_of(self, kind_code: str) -> tuple[KindField, ...]:
        """The fields of a kind and then those of every kind, where the kind's own stands in place of a shared one."""
        return self._fields_by_kind.get(kind_code, self.shared_fields)

    def choices_of(self, field: KindField) -> tuple[Choice, ...]:
        """The answers a field offers; empty for a field that is no choice."""
        if field.enum is not None:
            return self.lists[field.enum].choices
        return field.choices

    def choice_codes(self, field: KindField) -> tuple[str, ...]:
        """The codes of the answers a field offers."""
        return tuple(choice.code for choice in self.choices_of(field))

    def choice(self, field: KindField, code: str) -> Choice | None:
        """One answer of a field, or nothing when a newer version offers it."""
        for choice in self.choices_of(field):
            if choice.code == code:
                return choice
        return None

    def label(self, path: str, language: Language) -> str:
        """The words at a path such as `kinds.moc`, `kinds.moc.condition`, `kinds.moc.condition.nut_vo`,
        `lists.direction.vao_noi_dia`, `patrol_types.chot`, `indicators.I01`, `priorities.cao`, `groups.kiem_tra` or
        `care_cards.tre_em.tu_van`. A path of a newer version reads as its last code.
        """
        label = self._find_label(path.split("."))
        return path.rsplit(".", 1)[-1] if label is None else label.text(language)

    def check_values(
        self, kind_code: str, values: Mapping[str, object], *, from_version: str | None = None
    ) -> tuple[FieldProblem, ...]:
        """What does not fit; notices (`is_notice`) are about what a newer version brought and refuse nothing.

        With the `from_version` of an entry, choices of a newer catalogue are notices too. Never raises.
        """
        return tuple(find_problems(self, kind_code, values, from_version=from_version))

    def priority_for(self, kind_code: str, values: Mapping[str, object]) -> PriorityCode:
        """thap, trung_binh, cao or khan; a person may change it."""
        return rank(self, kind_code, values)

    def care_cards_for(self, kind_code: str, values: Mapping[str, object]) -> tuple[CareCard, ...]:
        """The care cards to open before the rest of the form."""
        return choose_care_cards(self, kind_code, values)

    def care_card_for(self, kind_code: str, values: Mapping[str, object]) -> CareCard | None:
        """The first of the care cards to open, if any."""
        return next(iter(self.care_cards_for(kind_code, values)), None)

    def summary(self, kind_code: str, values: Mapping[str, object], language: Language) -> str:
        """One line, such as "Xe cứu thương 87B-012.34, 5 người"."""
        return write_title(self, kind_code, values, language)

    def search_text(self, kind_code: str, values: Mapping[str, object]) -> str:
        """Folded words by which a search finds an observation, in both languages."""
        return gather_search_text(self, kind_code, values)

    @cached_property
    def _fields_by_kind(self) -> dict[str, tuple[KindField, ...]]:
        """Joined once: titles and search texts of a whole journal ask for them over and over."""
        return {
            kind.code: (*kind.fields, *(field for field in self.shared_fields if kind.field(field.code) is None))
            for kind in self.kinds.values()
        }

    def _find_label(self, steps: list[str]) -> Label | None:
        match steps:
            case ["kinds", code, *rest]:
                kind = self.kind(code)
                return kind.label if kind is not None and not rest else self._find_field_label(code, rest)
            case ["lists", code]:
                return self.lists[code].label if code in self.lists else None
            case ["lists", code, choice_code]:
                choice = self.lists[code].choice(choice_code) if code in self.lists else None
                return None if choice is None else choice.label
            case ["care_cards", code, step_code] if code in self.care_cards:
                return next((step.label for step in self.care_cards[code].steps if step.code == step_code), None)
            case [("patrol_types" | "indicators" | "priorities" | "groups" | "care_cards") as table, code]:
                rows: Mapping[str, PatrolType | Indicator | Priority | Choice | CareCard] = getattr(self, table)
                row = rows.get(code)
                return None if row is None else row.label
        return None

    def _find_field_label(self, kind_code: str, steps: list[str]) -> Label | None:
        match steps:
            case [key]:
                field = self._field_holding(kind_code, key)
                return None if field is None else field.label
            case [key, choice_code]:
                field = self._field_holding(kind_code, key)
                choice = None if field is None else self.choice(field, choice_code)
                return None if choice is None else choice.label
        return None

    def _field_holding(self, kind_code: str, key: str) -> KindField | None:
        return next((field for field in self.fields_of(kind_code) if key in field.keys), None)
