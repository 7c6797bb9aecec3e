"""What both ends of a stream remember of the lines that passed: shapes, columns, texts and words, in the same bounds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from journal.packed.shapes import WHOLE, Gaps, Name, lay_out, may_be_shape

MAX_SHAPES = 512
MAX_COLUMNS = 2_048
MAX_VALUES = 131_072
"""Values in one part."""
TABLE_TEXTS = 255
WORDS_KEPT = 16_384
KEPT_TEXT_BYTES = 128
"""A longer text is not remembered: neither as the last of its column, nor in a table, nor among the words."""
KEPT_BYTES = 1_048_576
"""Texts of tables and words that a stream remembers; what comes later is not."""
FARTHEST = 2**60
"""From here on, either way, a number is a text."""


class Kept:
    """Texts with places from 1 on; place 0 stands for a text that follows in full."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.texts: list[bytes] = [b""]
        """By their places."""
        self.places: dict[bytes, int] = {}

    @property
    def room(self) -> int:
        return self.most + 1 - len(self.texts)


@dataclass(eq=False, slots=True)
class Column:
    """The values of many lines under one name. ``values``, ``numbers`` and ``shapes`` are of the part at hand."""

    number: int
    last: bytes = b""
    """The value of the last line before this part; empty where there was none, or one too long to remember."""
    table: Kept = field(default_factory=lambda: Kept(TABLE_TEXTS))
    values: list[bytes] = field(default_factory=list)
    numbers: Sequence[int] | None = None
    shapes: set[int] = field(default_factory=set)

    def numbers_along(self, other: "Column", shapes: Sequence[int]) -> Sequence[int] | None:
        """This column's numbers on the lines that hold ``other``; None where it is no column of numbers or not on all of them.

        ``shapes`` are the shapes of the part's lines.
        """
        if not other.shapes <= self.shapes:
            return None
        if self.numbers is None:
            self.numbers = numbers_of(self.values)
        if self.numbers is None or other.shapes == self.shapes:
            return self.numbers
        own = [shape for shape in shapes if shape in self.shapes]
        return [number for number, shape in zip(self.numbers, own, strict=True) if shape in other.shapes]

    @property
    def last_number(self) -> int:
        """``last`` as a whole number, 0 where it is none."""
        numbers = numbers_of([self.last])
        return numbers[0] if numbers else 0


@dataclass(eq=False, slots=True)
class Shape:
    """A shape that a stream has shown. ``template`` is that of its layout."""

    number: int
    gaps: Gaps
    columns: tuple[Column, ...]
    template: bytes


class Memory:
    """The memory of one stream."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.by_gaps: dict[Gaps, Shape] = {}
        self.words = Kept(WORDS_KEPT)
        self._by_name: dict[Name, Column] = {}
        self._bytes_left = KEPT_BYTES
        self.add_shape(WHOLE)

    @property
    def columns(self) -> int:
        return len(self._by_name)

    def add_shape(self, gaps: Gaps) -> Shape | None:
        """A new shape; None where the stream may show no more, or not this one."""
        if len(self.shapes) >= MAX_SHAPES or gaps in self.by_gaps or not may_be_shape(gaps):
            return None
        layout, by_name = lay_out(gaps), self._by_name
        fresh = [name for name in layout.names if name not in by_name]
        if len(by_name) + len(fresh) > MAX_COLUMNS:
            return None
        for name in fresh:
            by_name[name] = Column(len(by_name))
        shape = Shape(len(self.shapes), gaps, tuple([by_name[name] for name in layout.names]), layout.template)
        self.shapes.append(shape)
        self.by_gaps[gaps] = shape
        return shape

    def keep(self, kept: Kept, text: bytes) -> None:
        """Gives a text the next place among ``kept``, unless a bound says no."""
        size = len(text)
        if size <= KEPT_TEXT_BYTES and size <= self._bytes_left and len(kept.texts) <= kept.most and text not in kept.places:
            self._bytes_left -= size
            kept.places[text] = len(kept.texts)
            kept.texts.append(text)

    def begin(self, shapes: Iterable[int]) -> list[Column]:
        """Columns of a part whose lines have these shapes, in the order in which they are written."""
        used = dict[Column, None]()
        for number in dict.fromkeys(shapes):
            for column in self.shapes[number].columns:
                if column not in used:
                    used[column] = None
                    column.shapes, column.numbers = set(), None
                column.shapes.add(number)
        return list(used)

    def end(self, used: Iterable[Column]) -> None:
        """Remembers the last value of each column of the part."""
        for column in used:
            last = column.values[-1]
            column.last = last if len(last) <= KEPT_TEXT_BYTES else b""
            column.values, column.numbers = [], None


def numbers_of(values: Sequence[bytes]) -> list[int] | None:
    """The values as whole numbers; None unless each is written as such a number is, and nearer than :data:`FARTHEST`."""
    try:
        numbers = list(map(int, values))
    except ValueError:
        return None
    if list(map(b"%d".__mod__, numbers)) != values or not -FARTHEST < min(numbers) <= max(numbers) < FARTHEST:
        return None
    return numbers
