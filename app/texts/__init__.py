"""All words of the interface, read from vi/*.json and en/*.json, with the rules for writing numbers and ages."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Final

from app.texts.formats import (
    Language,
    format_clock,
    format_count,
    format_date,
    format_datetime,
    format_km,
    format_number,
    format_size,
    format_time,
)

__all__ = ["LANGUAGES", "Language", "MissingText", "Plural", "Texts", "load_texts"]

LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")

_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_DAY_S: Final = 86_400

Plural = dict[str, str]
Sentence = str | Plural


class MissingText(LookupError):
    """A screen asked for words that no translation file has."""


class DoubleText(ValueError):
    """Two translation files give words for the same key."""


def _flatten(tree: dict[str, object], prefix: str = "") -> dict[str, Sentence]:
    flat: dict[str, Sentence] = {}
    for name, branch in tree.items():
        key = f"{prefix}{name}"
        if isinstance(branch, str):
            flat[key] = branch
        elif isinstance(branch, dict) and "other" in branch and set(branch) <= {"one", "other"}:
            flat[key] = {form: str(words) for form, words in branch.items()}
        elif isinstance(branch, dict):
            flat |= _flatten(branch, f"{key}.")
        else:
            raise TypeError(f"{key} is neither words nor a group of words")
    return flat


def _refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        names = [name for name, _ in pairs]
        raise DoubleText(f"written twice in one group: {sorted({n for n in names if names.count(n) > 1})}")
    return tree


@cache
def load_texts(language: Language) -> dict[str, Sentence]:
    """Read and merge the files of a language, one for each room; raises DoubleText when a key is given twice."""
    merged: dict[str, Sentence] = {}
    found = [one for one in resources.files("app.texts").joinpath(language).iterdir() if one.name.endswith(".json")]
    for part in sorted(found, key=lambda one: one.name):
        flat = _flatten(json.loads(part.read_text(encoding="utf-8"), object_pairs_hook=_refuse_repeats))
        doubles = sorted(merged.keys() & flat.keys())
        if doubles:
            raise DoubleText(f"{language}/{part.name} repeats {doubles}")
        merged |= flat
    return merged


class Texts:
    """The words of one language; `say` looks a sentence up and fills it in."""

    def __init__(self, language: Language = "vi") -> None:
        """Load the words of a language, "vi" or "en"."""
        self.language: Language = language
        self._sentences = load_texts(language)

    def has(self, key: str) -> bool:
        """Tell whether there are words for this key."""
        return key in self._sentences

    def say(self, key: str, **values: str | float) -> str:
        """Give the words for a dotted key, with its {places} filled in.

        Whole numbers are written by the rules of the language; `count` also picks the singular or the plural.
        Raises MissingText for an unknown key and KeyError for a place without a value.
        """
        if key not in self._sentences:
            raise MissingText(key)
        sentence = self._sentences[key]
        if not isinstance(sentence, str):
            form = "one" if values.get("count") == 1 and "one" in sentence else "other"
            sentence = sentence[form]
        return sentence.format(**{name: self._write(value) for name, value in values.items()})

    def _write(self, value: str | float) -> str:
        if isinstance(value, str):
            return value
        return self.number(value, decimals=0 if isinstance(value, int) else 1)

    def number(self, value: float, *, decimals: int = 0) -> str:
        """Write a number with the marks of the language."""
        return format_number(value, self.language, decimals=decimals)

    def km(self, distance_m: float) -> str:
        """Write metres as "1.234,5 km"."""
        return f"{format_km(distance_m, self.language)} km"

    def size(self, size_bytes: int) -> str:
        """Write a number of bytes as "46,2 KB"."""
        return format_size(size_bytes, self.language)

    def moment(self, at: datetime) -> str:
        """Write an aware datetime as dd/MM/yyyy HH:mm, Vietnam time."""
        return format_datetime(at)

    def day(self, at: datetime) -> str:
        """Write the day of an aware datetime as dd/MM/yyyy, Vietnam time."""
        return format_date(at)

    def hour(self, at: datetime) -> str:
        """Write the hour of an aware datetime as HH:mm, Vietnam time."""
        return format_time(at)

    def clock(self, duration_s: float) -> str:
        """Write a running time as H:MM:SS."""
        return format_clock(duration_s)

    def age(self, age_s: float) -> str:
        """Say how long ago something was, in the largest whole unit; the future counts as now."""
        seconds = max(0, int(age_s))
        if seconds < _MINUTE_S:
            return self.say("age.now")
        if seconds < _HOUR_S:
            return self.say("age.minutes", count=seconds // _MINUTE_S)
        if seconds < _DAY_S:
            return self.say("age.hours", count=seconds // _HOUR_S)
        return self.say("age.days", count=seconds // _DAY_S)

    def people(self, count: int) -> str:
        """Write a number of people as papers want it: 02 people, with a leading zero under ten."""
        return self.say("count.people", figure=format_count(count, self.language), count=count)
