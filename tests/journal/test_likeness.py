"""Where one of several like lines is canonical JSON, all of them are, whatever shape somebody shows and whatever stands in it."""

import json
from itertools import pairwise

import pytest
import rfc8785
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic_core import from_json

from journal.packed.likeness import Hole, are_plain, holes_of
from journal.packed.memory import Column, numbers_of
from journal.packed.reading import LinesReader
from journal.packed.shapes import Gaps, cut
from journal.packed.writing import LinesWriter
from journal.wire import MAX_FRAME_BYTES

TEXTS = st.text(max_size=5) | st.sampled_from(["kzdvvj2umnduyauf.7", ",", ":", '"', "\\", "\n", "}", "é", "\U0001f600"])
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS
JSON = st.dictionaries(
    TEXTS, SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(TEXTS, SCALARS, max_size=3), min_size=1, max_size=4
)
PIECES = st.sampled_from(
    [b'"', b",", b":", b'","', b'":"', b'"a"', b"1", b"-1", b"-0", b"01", b"1.0", b"true", b"{}", b"[", b"a", b"\\"]
)
VALUES = (
    PIECES | st.lists(PIECES, max_size=3).map(b"".join) | SCALARS.map(lambda one: json.dumps(one, ensure_ascii=False).encode())
)


def is_canonical(raw: bytes) -> bool:
    try:
        return rfc8785.dumps(from_json(raw, allow_inf_nan=False)) == raw
    except ValueError:
        return False


def fill(gaps: Gaps, values: list[bytes]) -> bytes:
    return b"".join(gap + value for gap, value in zip(gaps, [*values, b""], strict=True))


@st.composite
def shown(draw: st.DrawFn) -> tuple[Gaps, list[bytes]]:
    """A line that is cut as we cut, but that some values stay in the gaps; or cut anywhere."""
    line = rfc8785.dumps(draw(JSON))
    parted = cut(line)
    if parted is None or draw(st.booleans()):
        at = sorted(draw(st.lists(st.integers(0, len(line)), min_size=2, max_size=6).filter(lambda some: len(some) % 2 == 0)))
        ends = [0, *at, len(line)]
        pieces = [line[start:end] for start, end in pairwise(ends)]
        return tuple(pieces[::2]), pieces[1::2]
    gaps, values = list(parted[0]), list(parted[1])
    for place in sorted(draw(st.sets(st.integers(0, len(values) - 1), max_size=len(values) - 1)), reverse=True):
        gaps[place : place + 2] = [gaps[place] + values.pop(place) + gaps[place + 1]]
    return tuple(gaps), values


@settings(max_examples=200)
@given(shown(), st.data())
def test_other_plain_values_in_the_holes_of_a_canonical_line_make_a_canonical_line(
    line: tuple[Gaps, list[bytes]], data: st.DataObject
):
    gaps, values = line
    holes = holes_of(gaps)
    assume(
        holes
        and all(hole.is_plain(value) for hole, value in zip(holes, values, strict=True))
        and is_canonical(fill(gaps, values))
    )
    made = fill(gaps, [data.draw(VALUES.filter(hole.is_plain)) for hole in holes])
    assert is_canonical(made) or made.decode(errors="ignore").encode() != made  # a letter that was cut in two is no letter


@pytest.mark.parametrize(("gaps", "values", "others"), [
    ((b'{"', b'":1,"m":2}'), [b"a"], [b"z"]),
    ((b'{"m', b'":1,"mm":2}'), [b"a"], [b"z"]),
    ((b'{"a":9', b"}"), [b"1"], [b"999999999999999"]),
    ((b'{"a":', b"9}"), [b"1"], [b"999999999999999"]),
    ((b'{"a":-', b"}"), [b"1"], [b"0"]),
    ((b'{"b":"x:', b",", b',y"}'), [b"1", b"1"], [b'","', b'":"']),
    ((b'{"b":"x', b"", b'y"}'), [b"1", b"1"], [b'","', b'":"']),
    ((b'{"b":"', b'"}'), [b"1"], [b'","a":"']),
    ((b'{"b":"\\', b'"}'), [b"n"], [b"/"]),
    ((b'{"b":', b"}"), [b"1"], [b"-0"]),
    ((b'{"b":', b"}"), [b"1"], [b"9007199254740993"]),
    ((b'{"b":', b"}"), [b"1"], [b"1.0"]),
    ((b'{"b":', b"}"), [b"1"], [rb'"\u0061"']),
    ((b'{"b":', b"}"), [b"1"], [b" 1"]),
    ((b'{"b":', b"}"), [b"1"], [b'{"z":1,"a":1}']),
    ((b"", b""), [b'{"a":1}'], [b'{"b":1,"a":1}']),
])  # fmt: skip
def test_a_value_that_would_make_something_else_of_its_line_is_no_plain_one(gaps: Gaps, values: list[bytes], others: list[bytes]):
    assert is_canonical(fill(gaps, values))
    assert not is_canonical(fill(gaps, others))
    holes = holes_of(gaps)
    assert not holes or not all(hole.is_plain(other) for hole, other in zip(holes, others, strict=True))


NOT_PLAIN = (
    b'"', b'"a', b'a"', b'"\n"', b'"a\nb"', b'"a"\n"b"', b"a", b"", b'"a""b"', b'""a', b'a""', rb'"\n"', b'"\t"', b'"\x1f"',
    b"01", b"-0", b"1.0",
    b"1" * 16, b"[]",
)  # fmt: skip


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("value", NOT_PLAIN)
def test_one_value_that_is_not_plain_is_seen_among_others(value: bytes, place: int):
    assert not Hole.OPEN.is_plain(value)
    for others in ([b'"b"', b'"c"'], [b'""', b'"d"'], [b"1", b"2"]):
        values = [*others[:place], value, *others[place:]]
        assert not are_plain(Hole.OPEN, Column(0, values=values, numbers=numbers_of(values)))


@pytest.mark.parametrize(
    "values", [[b'"a"', b'"b"'], [b'"a"'] * 2, [b"1", b"-999999999999999"], [b"true", b"true"], [b'""', '"đ"'.encode()]]
)
def test_columns_of_plain_values_are_seen_at_one_look(values: list[bytes]):
    assert are_plain(Hole.OPEN, Column(0, values=values, numbers=numbers_of(values)))


def read(lines: list[bytes]) -> tuple[int, ...]:
    reader = LinesReader(MAX_FRAME_BYTES, likens=True)
    assert reader.read(LinesWriter().write(lines)) == lines
    return reader.alike


@given(st.lists(JSON.map(rfc8785.dumps), min_size=1, max_size=4), st.lists(st.integers(0, 3), min_size=1, max_size=9))
def test_of_lines_that_came_each_is_like_an_earlier_one_or_itself(kinds: list[bytes], order: list[int]):
    lines = [kinds[one % len(kinds)] for one in order]
    alike = read(lines)
    assert all(first <= place and alike[first] == first for place, first in enumerate(alike))
    assert all(cut(lines[first])[0] == cut(line)[0] for first, line in zip(alike, lines, strict=True) if cut(line))  # type: ignore[index]


def test_records_of_one_kind_are_alike_but_for_one_whose_text_is_escaped():
    lines = [b'{"seq":%d,"text":"%b"}' % (seq, text) for seq, text in enumerate([b"a", b"b", rb"\u0061", rb"a\nb", "đ".encode()])]
    assert read(lines) == (0, 0, 2, 3, 0)
