"""A line of a stream as a shape and its values: what is alike in many lines, and what differs.

A shape is the text between the values. Values are JSON strings that are no keys, numbers, ``true``, ``false`` and ``null``; a
ref (``"writer.seq"``) is two values. This is a cut through the bytes and no reading of JSON: shape and values put together give
the very bytes, whatever they are.
"""

import re
from functools import lru_cache
from typing import NamedTuple

HOLE = b"\xff"
"""Marks the place of a value in the text of a shape; UTF-8 never holds it."""
MAX_SHAPE_BYTES = 4_096
MAX_SHAPE_VALUES = 128

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_PLAIN = rb"-?[0-9][0-9.eE+-]*+|true|false|null"
# Python before 3.11.5 loses its place in a possessive repeat of which a part fails halfway (gh-106052): this one may go back.
_CUT = re.compile(rb'((?:[^"0-9tfn\-]++|"[^"\\]*+":)*)(' + _STRING + b"|" + _PLAIN + rb"|\Z)", re.DOTALL)
_WRITER, _SEQ = b"([a-z2-7]{16})", b"([1-9][0-9]{0,14})"
_REF = re.compile(b'"' + _WRITER + rb"\." + _SEQ + b'"')
_SHORTEST_REF, _DOT_AT = 20, 17

Gaps = tuple[bytes, ...]
"""The pieces around the values: one more than there are values."""
Name = tuple[bytes, int]
"""The key before a value, and how many values of the line stand under that key before it."""

WHOLE: Gaps = (b"", b"")
"""Shape 0 of every stream: one value, which is the line."""


def cut(line: bytes) -> tuple[Gaps, list[bytes]] | None:
    """Gaps and values of a line; None for one that goes whole: bytes outside the cut, or more than a shape holds."""
    gaps, values, before, size = list[bytes](), list[bytes](), b"", 0
    for gap, value in _CUT.findall(line):
        size += len(gap) + len(value)
        if not value:
            gaps.append(before + gap)
            break
        ref = _REF.fullmatch(value) if len(value) >= _SHORTEST_REF and value[_DOT_AT] == ord(".") else None
        if ref is None:
            gaps.append(before + gap)
            values.append(value)
            before = b""
        else:
            gaps += (before + gap + b'"', b".")
            values += ref.groups()
            before = b'"'
    covered = size == len(line) and len(gaps) == len(values) + 1
    return (tuple(gaps), values) if covered and values and may_be_shape(tuple(gaps)) else None


def may_be_shape(gaps: Gaps) -> bool:
    """Whether a stream may show these gaps as a shape."""
    values, text = len(gaps) - 1, b"".join(gaps)
    return 0 < values <= MAX_SHAPE_VALUES and len(text) + values <= MAX_SHAPE_BYTES and HOLE not in text


@lru_cache(maxsize=512)
def pattern_of(gaps: Gaps) -> re.Pattern[bytes]:
    """Matches lines of this shape, with a group for each value: five times as quick as the general cut."""
    parts = list[bytes]()
    for gap in gaps[:-1]:
        parts.append(re.escape(gap))
        if gap == b"." and parts[-2:-1] == [_WRITER]:
            parts.append(_SEQ)
        elif gap.endswith(b'"'):
            parts.append(_WRITER)
        else:
            parts.append(b"(" + _STRING + b"|" + _PLAIN + b")")
    return re.compile(b"".join(parts) + re.escape(gaps[-1]), re.DOTALL)


class Layout(NamedTuple):
    """What follows from the gaps of a shape. ``template`` makes a line with ``%`` and a value for each name."""

    names: tuple[Name, ...]
    template: bytes


@lru_cache(maxsize=512)
def lay_out(gaps: Gaps) -> Layout:
    """The layout of gaps that may be a shape. Devices of one version show the same few."""
    return Layout(_name_values(gaps), b"%b".join(gap.replace(b"%", b"%%") for gap in gaps))


def _name_values(gaps: Gaps) -> tuple[Name, ...]:
    """The names of a shape's values, in order; no two are alike."""
    names, key, counts = list[Name](), b"", dict[bytes, int]()
    for gap in gaps[:-1]:
        end = gap.rfind(b'":')
        if end >= 0:
            key = gap[gap.rfind(b'"', 0, end) + 1 : end]
        before = counts.get(key, 0)
        names.append((key, before))
        counts[key] = before + 1
    return tuple(names)
