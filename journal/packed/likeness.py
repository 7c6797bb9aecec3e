"""Which lines of a part are alike: the same text but for plain values. Where one of them is canonical JSON, all of them are.

A value stands in one of two kinds of holes. An *open* one is a whole JSON value: after ``:``, ``[`` or ``,``, and before ``,``,
``]`` or ``}``. A *quoted* one lies in a text that is a value and no key. Plain are, in an open hole, a text without escapes, a
whole number of at most 15 digits, ``true``, ``false`` and ``null``; in a quoted one, what needs no escape. So a plain value moves
no key, ends no text, and has no other way to be written. Whether bytes are UTF-8 is not seen here.
"""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from journal.packed.memory import Column
from journal.packed.shapes import Gaps

_INNER = rb'[^"\\\x00-\x1f]*'
_TOO_LONG = 10**15
_SPECIAL = b"\\" + bytes(one for one in range(32) if one != ord("\n"))
"""What no plain value holds, but for the line feed, which is counted."""
_BEFORE, _AFTER = (b":", b"[", b","), (b",", b"]", b"}")


class Hole(Enum):
    """How a value stands in its line."""

    OPEN = rb'"' + _INNER + rb'"|-?[1-9][0-9]{0,14}|0|true|false|null'
    QUOTED = _INNER

    def __init__(self, plain: bytes) -> None:
        self.is_plain = re.compile(plain).fullmatch


@lru_cache(maxsize=512)
def holes_of(gaps: Gaps) -> tuple[Hole, ...]:
    """The holes of a shape; none where one of them is of neither kind."""
    if any(b"\\" in gap for gap in gaps):
        return ()
    holes, quotes = list[Hole](), 0
    for place, (before, after) in enumerate(pairwise(gaps)):
        quotes += before.count(b'"')
        if quotes % 2:
            _, quote, behind = b"".join(gaps[place + 1 :]).partition(b'"')
            stands, hole = bool(quote) and behind[:1] in _AFTER, Hole.QUOTED
        else:
            stands, hole = before[-1:] in _BEFORE and after[:1] in _AFTER, Hole.OPEN
        if not stands:
            return ()
        holes.append(hole)
    return tuple(holes)


def are_plain(hole: Hole, column: Column) -> bool:
    """Whether all values of the part in this column are plain in such a hole, as far as that is seen at one look."""
    values, numbers = column.values, column.numbers
    if numbers is not None:
        return -_TOO_LONG < min(numbers) <= max(numbers) < _TOO_LONG
    if values.count(values[0]) == len(values):
        return bool(hole.is_plain(values[0]))
    return hole is Hole.OPEN and _are_plain_texts(values)


def _are_plain_texts(values: Sequence[bytes]) -> bool:
    """Each line feed parts two texts, and no quote is left over: so each value is one text."""
    told, parted = b"\n".join(values), len(values) - 1
    return (
        told[:1] == told[-1:] == b'"'
        and told.count(b"\n") == told.count(b'"\n"') == parted
        and told.count(b'"') == 2 * parted + 2
        and told.translate(None, _SPECIAL) == told
    )
