"""Checks of the catalogue itself: names that resolve, no code twice, and signs that speak of behaviour, never of people.

The list of words and the ban on fields of identity follow the OHCHR Recommended Principles and Guidelines on Human
Rights at International Borders (non-discrimination) and the presumption that a person has done nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from journal.catalogue.folding_marks import fold_marks
from journal.catalogue.kinds import Condition, Kind, KindField, Label

if TYPE_CHECKING:
    from journal.catalogue.catalogue import Catalogue
    from journal.catalogue.lists import ForbiddenWords

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class CatalogueRefused(Exception):
    """The catalogue's files do not hold together; names the file and the reason."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


def check_catalogue(catalogue: Catalogue) -> None:
    """Raise `CatalogueRefused` for the first thing that does not hold."""
    _check_signs(catalogue)
    _check_fields(catalogue, "catalogue.json", catalogue.shared_fields)
    for kind in catalogue.kinds.values():
        _check_kind(catalogue, kind)
    for patrol_type in catalogue.patrol_types.values():
        _check_label(catalogue, "patrol_types.json", patrol_type.code, patrol_type.label)
        _check_fields(catalogue, "patrol_types.json", (*patrol_type.fields, *patrol_type.end_fields))
    for file, conditions in _shared_conditions(catalogue):
        _check_shared_conditions(catalogue, file, conditions)
    ranks = Counter(kind.usage_rank for kind in catalogue.kinds.values())
    if any(times > 1 for times in ranks.values()):
        raise CatalogueRefused("kinds", "two kinds have the same usage_rank")


def find_forbidden_words(text: str, groups: Iterable[ForbiddenWords], *, everywhere_only: bool = False) -> list[str]:
    """Words of a text that speak of who people are, in either language; typed without Vietnamese marks they match too."""
    plain = " ".join(unicodedata.normalize("NFC", text).lower().split())
    words = tuple(word for group in groups if group.everywhere or not everywhere_only for word in (*group.vi, *group.en))
    if not words:
        return []
    # Without its marks a phrase may be another word, so folding is only for texts that were typed without any.
    return [found.group() for found in _search_for(words, folded=plain.isascii()).finditer(plain)]


@cache
def _search_for(words: tuple[str, ...], *, folded: bool) -> re.Pattern[str]:
    """One search for all words: loading looks through every label of the catalogue."""
    wanted = [fold_marks(word) if folded and " " in word else word.lower() for word in words]
    shapes = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in sorted(wanted, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{shapes})(?!\w)")


def _check_signs(catalogue: Catalogue) -> None:
    for sign in catalogue.indicators.values():
        _check_words(catalogue, "indicators.json", sign.code, [sign.label])
    for card in catalogue.care_cards.values():
        for step in card.steps:
            _check_words(catalogue, "care_cards.json", f"{card.code}.{step.code}", [step.label])
    _check_care_steps(catalogue)
    for choices in catalogue.lists.values():
        for label in (choices.label, *(choice.label for choice in choices.choices)):
            _check_label(catalogue, "enumerations.json", choices.code, label)
        if len({choice.code for choice in choices.choices}) < len(choices.choices):
            raise CatalogueRefused("enumerations.json", f"list {choices.code} has a choice twice")


def _check_care_steps(catalogue: Catalogue) -> None:
    """Times stand in a record by the code of their step, so no two cards may share one; what a step asks is a yes or no."""
    timed = Counter(step.code for card in catalogue.care_cards.values() for step in card.steps if step.takes_time)
    yes_or_no = {field.code for kind in catalogue.kinds.values() for field in kind.fields if field.type == "bool"}
    for code, times in timed.items():
        if times > 1:
            raise CatalogueRefused("care_cards.json", f"two steps keep their time as {code}")
    for step in (step for card in catalogue.care_cards.values() for step in card.steps if step.asks is not None):
        if step.asks not in yes_or_no:
            raise CatalogueRefused("care_cards.json", f"step {step.code} asks {step.asks}, which is no yes or no of any kind")


def _check_words(catalogue: Catalogue, file: str, what: str, labels: Iterable[Label]) -> None:
    """Refuse words about who people are, of any group."""
    for label in labels:
        for text in (label.vi, label.en):
            if words := find_forbidden_words(text, catalogue.forbidden.groups):
                raise CatalogueRefused(file, f"{what} speaks of who people are: {', '.join(words)}")


def _check_kind(catalogue: Catalogue, kind: Kind) -> None:
    file = f"kinds/{kind.code}.json"
    if kind.group not in catalogue.groups:
        raise CatalogueRefused(file, f"unknown group {kind.group}")
    fields = {field.code: field for field in (*kind.fields, *catalogue.shared_fields)}
    _check_fields(catalogue, file, kind.fields, known=fields)
    for label in (kind.label, kind.hint, kind.summary):
        _check_label(catalogue, file, kind.code, label)
    rules = [condition for rule in kind.priority_rules for condition in rule.when]
    rules += [condition for trigger in kind.care_cards for condition in trigger.when]
    for condition in rules:
        _check_condition(catalogue, file, condition, fields, in_rule=True)
    for trigger in kind.care_cards:
        if trigger.card not in catalogue.care_cards:
            raise CatalogueRefused(file, f"unknown care card {trigger.card}")
    for span in kind.spans:
        for condition in span.when:
            _check_condition(catalogue, file, condition, fields, in_rule=False)
    named = [code for group in kind.require_one_of for code in group]
    named += [code for span in kind.spans for code in (span.start, span.end)]
    named += [code for count in kind.counts for code in (*count.parts, *count.whole)]
    named += [code for text in (kind.summary.vi, kind.summary.en) for code in _PLACEHOLDER.findall(text)]
    for code in named:
        if code not in fields and code != "kind":
            raise CatalogueRefused(file, f"names a field it does not have: {code}")


def _check_fields(
    catalogue: Catalogue, file: str, fields: tuple[KindField, ...], known: dict[str, KindField] | None = None
) -> None:
    keys = Counter(key for field in fields for key in field.keys)
    for key, times in keys.items():
        if times > 1:
            raise CatalogueRefused(file, f"key {key} stands twice")
    for field in fields:
        if set(field.keys) & set(catalogue.forbidden.field_codes):
            raise CatalogueRefused(file, f"field {field.code} asks who a person is")
        if field.enum is not None and field.enum not in catalogue.lists:
            raise CatalogueRefused(file, f"field {field.code} names an unknown list {field.enum}")
        codes = catalogue.choice_codes(field)
        if len(codes) != len(set(codes)):
            raise CatalogueRefused(file, f"field {field.code} has a choice twice")
        if isinstance(field.default, str) and field.default not in codes:
            raise CatalogueRefused(file, f"field {field.code} has a default that is no choice")
        for label in (field.label, field.hint, *(choice.label for choice in field.choices)):
            _check_label(catalogue, file, field.code, label)
        for condition in field.shown_when:
            _check_condition(catalogue, file, condition, known or {other.code: other for other in fields}, in_rule=False)
        for condition in field.required_when:
            _check_condition(catalogue, file, condition, known or {other.code: other for other in fields}, in_rule=False)


def _check_label(catalogue: Catalogue, file: str, code: str, label: Label | None) -> None:
    for text in () if label is None else (label.vi, label.en):
        if words := find_forbidden_words(text, catalogue.forbidden.groups, everywhere_only=True):
            raise CatalogueRefused(file, f"{code} speaks of who people are: {', '.join(words)}")


def _check_condition(
    catalogue: Catalogue, file: str, condition: Condition, fields: dict[str, KindField], *, in_rule: bool
) -> None:
    field = fields.get(condition.field)
    if field is None:
        raise CatalogueRefused(file, f"a condition names a field it does not have: {condition.field}")
    if in_rule and field.never_in_rules:
        raise CatalogueRefused(file, f"field {field.code} may not decide a priority or a card")
    choices = {choice.code: choice.label for choice in catalogue.choices_of(field)}
    if choices and not {str(wanted) for wanted in condition.any_of} <= set(choices):
        raise CatalogueRefused(file, f"a condition on {field.code} names a choice it does not have")
    if in_rule:
        asked = [field.label, *(choices[str(wanted)] for wanted in condition.any_of if choices)]
        _check_words(catalogue, file, f"a rule on {field.code}", asked)


def _shared_conditions(catalogue: Catalogue) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    for floor in catalogue.floors:
        yield "priorities.json", (*floor.when, *floor.unless)
    for trigger in catalogue.care_triggers:
        yield "care_cards.json", (*trigger.when, *trigger.unless)
        if trigger.card not in catalogue.care_cards:
            raise CatalogueRefused("care_cards.json", f"unknown care card {trigger.card}")


def _check_shared_conditions(catalogue: Catalogue, file: str, conditions: tuple[Condition, ...]) -> None:
    """A shared condition must fit every kind that has its field."""
    for condition in conditions:
        asked = [
            field
            for kind in catalogue.kinds.values()
            for field in catalogue.fields_of(kind.code)
            if field.code == condition.field
        ]
        if not asked:
            raise CatalogueRefused(file, f"a condition names a field of no kind: {condition.field}")
        for field in asked:
            _check_condition(catalogue, file, condition, {field.code: field}, in_rule=True)
