"""Words that an entry has no room for: told at their field, since nothing could ever be recorded with them."""

from collections.abc import Mapping

from app.record.forms import Problem
from journal.entries import Value
from journal.entries.envelope import LONGEST_LINE, LONGEST_TEXT

TOO_LONG = "too_long"


def judge_lines(**typed: str | None) -> list[Problem]:
    """By field, what is longer than a line of an entry."""
    return [Problem(name, TOO_LONG) for name, words in typed.items() if words is not None and len(words) > LONGEST_LINE]


def judge_texts(**typed: str | None) -> list[Problem]:
    """By field, what is longer than a text of an entry."""
    return [Problem(name, TOO_LONG) for name, words in typed.items() if words is not None and len(words) > LONGEST_TEXT]


def judge_answers(values: Mapping[str, Value]) -> list[Problem]:
    """Answers to what the catalogue asks of a patrol, by code."""
    return judge_texts(**{code: max(_words(value), key=len, default=None) for code, value in values.items()})


def _words(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
