"""RFC 8785, the one way to write the JSON of an entry: quick for what entries hold, by the reference for all else.

Python's own JSON writer, told to sort keys and to leave no blanks, differs from RFC 8785 only in fractions, in numbers beyond
2^53 − 1 and in the order of keys beyond U+FFFF. Where none of these is, its answer is the canonical one, at a third of the cost.
"""

import json
from typing import Any

import rfc8785

from journal.entries.envelope import LARGEST_INTEGER


class CannotBeCanonical(ValueError):
    """A value that an entry must not hold, because not every reader would read it alike."""


class _NotPlain(ValueError):
    """The reference has to look at it."""


def _refuse(_text: str) -> None:
    raise _NotPlain


def _read_whole(text: str) -> int:
    number = int(text)
    if not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
        raise _NotPlain
    return number


_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
_READER = json.JSONDecoder(parse_float=_refuse, parse_int=_read_whole, parse_constant=_refuse)


def write_canonical(fields: dict[str, Any]) -> bytes:
    """The canonical bytes of an object that holds no fractions. Raises :class:`CannotBeCanonical`."""
    try:
        text = _WRITER.encode(fields)
        if within_ffff(text):
            _READER.decode(text)
            return text.encode()
    except (ValueError, RecursionError):
        pass  # the reference writes it, or says what is wrong
    _refuse_fractions(fields)
    try:
        return rfc8785.dumps(fields)
    except rfc8785.CanonicalizationError as impossible:
        raise CannotBeCanonical(str(impossible)) from impossible


def within_ffff(text: str) -> bool:
    """Whether no character needs two units of UTF-16, which orders such a key elsewhere than Python does."""
    return len(text.encode("utf-16-le")) == 2 * len(text)


def _refuse_fractions(value: object) -> None:
    if isinstance(value, float):
        raise CannotBeCanonical("an entry holds no fractions: use a smaller unit")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        _refuse_fractions(part)
