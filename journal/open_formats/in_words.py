"""Features in the catalogue's words, for tables that people read: programs get the codes."""

from collections.abc import Callable
from functools import partial

from journal.catalogue import Catalogue
from journal.catalogue.kinds import Language
from journal.entries.envelope import Value
from journal.open_formats.feature import PATROL, PLACE, Feature

Fact = str | int | bool
LISTS: dict[str, tuple[str, ...]] = {
    "status": ("lists.review_verdict", "lists.patrol_state"),
    "priority": ("priorities",),
    "certainty": ("lists.certainty",),
    "direction": ("lists.direction",),
    "type": ("patrol_types",),
    "transport": ("lists.transport",),
}
"""Where the words of a fact stand."""


def tell_in_words(feature: Feature, catalogue: Catalogue, language: Language) -> Feature:
    """The same with words for codes; a code that this catalogue does not know stays as it is."""
    kind = feature.kind
    told: dict[str, Value] = {
        key: _each(value, partial(_choice, catalogue, kind, key, language)) for key, value in feature.values.items()
    }
    facts = {name: _fact(catalogue, name, value, language) for name, value in feature.facts.items()}
    named = kind if kind in {PATROL, PLACE} else catalogue.label(f"kinds.{kind}", language)
    return feature.model_copy(update={"kind": named, "values": told, "facts": facts})


def column_in_words(code: str, catalogue: Catalogue, language: Language) -> str:
    """The words of a column of values: those of the first kind that asks for it; people of one force; else the code."""
    if code.startswith("people_") and (force := catalogue.lists["force"].choice(code.removeprefix("people_"))) is not None:
        return force.label.text(language)
    asking = (kind for kind in catalogue.kinds if any(code in field.keys for field in catalogue.fields_of(kind)))
    kind = next(asking, None)
    return code if kind is None else catalogue.label(f"kinds.{kind}.{code}", language)


def _each(value: Value, say: Callable[[str], str]) -> Value:
    if isinstance(value, tuple):
        return tuple(say(one) for one in value)
    return say(value) if isinstance(value, str) else value


def _choice(catalogue: Catalogue, kind: str, key: str, language: Language, code: str) -> str:
    field = next((one for one in catalogue.fields_of(kind) if key in one.keys), None)
    choice = None if field is None else catalogue.choice(field, code)
    return code if choice is None else choice.label.text(language)


def _fact(catalogue: Catalogue, name: str, value: Fact, language: Language) -> Fact:
    if not isinstance(value, str):
        return value
    words = (catalogue.label(f"{place}.{value}", language) for place in LISTS.get(name, ()))
    return next((one for one in words if one != value), value)
