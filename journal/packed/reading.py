"""A part becomes lines again, in bounded time and memory, whatever is in it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, islice, repeat
from operator import add

from journal.packed import ways
from journal.packed.likeness import are_plain, holes_of
from journal.packed.memory import MAX_VALUES, Column, Kept, Memory
from journal.packed.numbers import Reading
from journal.packed.shapes import HOLE
from journal.wire import WireUnreadable

MAX_LINES = 1_000
MAX_WORDS = 131_072
"""In one column of one part."""


class LinesReader:
    """Takes apart what a :class:`~journal.packed.writing.LinesWriter` made. ``longest_bytes`` bounds the lines of one part.

    After :class:`WireUnreadable` nothing more can be read with it. Where it ``likens``, it tells which lines are alike.
    """

    def __init__(self, longest_bytes: int, *, likens: bool = False) -> None:
        self._memory = Memory()
        self._longest_bytes = longest_bytes
        self._likens = likens
        self.alike: tuple[int, ...] = ()
        """Of the part read last, for each line the place of the first one that it is like: its own where there is none."""

    def read(self, areas: Sequence[bytes]) -> list[bytes]:
        """The lines of a part. Raises :class:`WireUnreadable`."""
        reading, memory = Reading(areas), self._memory
        count = reading.heads.varint()
        if not 0 < count <= MAX_LINES:
            raise WireUnreadable("a part of no lines, or of too many")
        for _ in range(reading.heads.varint()):
            if memory.add_shape(tuple(reading.texts.text().split(HOLE))) is None:
                raise WireUnreadable("no shape that can be shown")
        shapes = reading.numbers(count)
        if max(shapes) >= len(memory.shapes):
            raise WireUnreadable("a shape that was never shown")
        if sum(len(memory.shapes[number].columns) for number in shapes) > MAX_VALUES:
            raise WireUnreadable("too many values in a part")
        used = memory.begin(shapes)
        counts = {number: shapes.count(number) for number in set(shapes)}
        for place, column in enumerate(used):
            values = sum(counts[number] for number in column.shapes)
            column.values = _ColumnReading(memory, reading, column, values, self._longest_bytes).read(used[:place], shapes)
        reading.must_end()
        lines = self._put_together(shapes)
        if self._likens:
            self.alike = self._liken(shapes)
        memory.end(used)
        return lines

    def _put_together(self, shapes: Sequence[int]) -> list[bytes]:
        on_lines, made = _OnLines(shapes), dict[int, Iterator[bytes]]()
        for number in set(shapes):
            shape = self._memory.shapes[number]
            columns = [on_lines.values(column, number) for column in shape.columns]
            made[number] = map(shape.template.__mod__, zip(*columns, strict=True))
        lines, left = list[bytes](), self._longest_bytes
        for number in shapes:
            line = next(made[number])
            left -= len(line)
            if left < 0:
                raise WireUnreadable("a part is too large")
            lines.append(line)
        return lines

    def _liken(self, shapes: Sequence[int]) -> tuple[int, ...]:
        on_lines, plain = _OnLines(shapes), dict[int, Iterator[bool]]()
        for number in set(shapes):
            shape = self._memory.shapes[number]
            holes = holes_of(shape.gaps)
            doubtful = [
                (hole, column) for hole, column in zip(holes, shape.columns, strict=bool(holes)) if not are_plain(hole, column)
            ]
            judged = [map(hole.is_plain, on_lines.values(column, number)) for hole, column in doubtful]
            plain[number] = map(all, zip(*judged, strict=True)) if judged else repeat(bool(holes))
        first = dict[int, int]()
        return tuple([
            first.setdefault(number, place) if next(plain[number]) else place for place, number in enumerate(shapes)
        ])  # fmt: skip


class _OnLines:
    """Which of a column's values stand on the lines of one shape. ``shapes`` are those of the part's lines."""

    def __init__(self, shapes: Sequence[int]) -> None:
        self._shapes = shapes
        self._chosen: dict[tuple[frozenset[int], int], list[bool]] = {}

    def values(self, column: Column, shape: int) -> Iterable[bytes]:
        if len(column.shapes) == 1:
            return column.values
        key = (frozenset(column.shapes), shape)
        if key not in self._chosen:
            self._chosen[key] = [one == shape for one in self._shapes if one in column.shapes]
        return compress(column.values, self._chosen[key])


class _ColumnReading:
    """Reads one column of a part."""

    def __init__(self, memory: Memory, reading: Reading, column: Column, lines: int, longest_bytes: int) -> None:
        self._memory, self._reading, self._column, self._lines = memory, reading, column, lines
        self._longest_bytes = longest_bytes

    def read(self, earlier: Sequence[Column], shapes: Sequence[int]) -> list[bytes]:
        reading, count = self._reading, self._lines
        way = reading.heads.take(1)[0]
        match way:
            case ways.SAME:
                if not self._column.last:
                    raise WireUnreadable("a value as before, where there was none")
                return [self._column.last] * count
            case ways.ONE:
                return [reading.texts.text()] * count
            case ways.TEXTS:
                return [reading.texts.text() for _ in range(count)]
            case ways.TABLE:
                return self._kept(self._column.table, reading.numbers(count))
            case ways.WORDS:
                return self._words()
        numbers = self._numbers(way, earlier, shapes)
        self._column.numbers = numbers
        return list(map(b"%d".__mod__, numbers))

    def _kept(self, kept: Kept, places: Sequence[int]) -> list[bytes]:
        found, texts = list[bytes](), kept.texts
        add, read, keep = found.append, self._reading.texts.text, self._memory.keep
        try:
            for place in places:
                if place:
                    add(texts[place])
                else:
                    text = read()
                    keep(kept, text)
                    add(text)
        except IndexError:
            raise WireUnreadable("a text that was never shown") from None
        return found

    def _words(self) -> list[bytes]:
        sizes = self._reading.numbers(self._lines)
        if sum(sizes) > MAX_WORDS:
            raise WireUnreadable("too many words in a part")
        words = iter(self._kept(self._memory.words, self._reading.numbers(sum(sizes))))
        texts, left = list[bytes](), self._longest_bytes
        for size in sizes:
            text = b'"%b"' % b" ".join(islice(words, size))
            left -= len(text)
            if left < 0:
                raise WireUnreadable("a part is too large")
            texts.append(text)
        return texts

    def _numbers(self, way: int, earlier: Sequence[Column], shapes: Sequence[int]) -> list[int]:
        signed, way = way & ways.SIGNED, way & ~ways.SIGNED
        others: Sequence[int] | None = None
        if way in (ways.BESIDE, ways.BESIDE_STEPS):
            others = self._beside(earlier, shapes)
        elif way not in (ways.PLAIN, ways.STEPS):
            raise WireUnreadable("a column in an unknown way")
        run = self._reading.numbers(self._lines)
        if signed:
            run = [~(number >> 1) if number & 1 else number >> 1 for number in run]
        if way == ways.STEPS:
            run = list(accumulate(chain((self._column.last_number + run[0],), run[1:])))
        elif way == ways.BESIDE_STEPS:
            run = list(accumulate(run))
        return list(map(add, run, others)) if others is not None else list(run)

    def _beside(self, earlier: Sequence[Column], shapes: Sequence[int]) -> Sequence[int]:
        number = self._reading.heads.varint()
        for column in earlier:
            if column.number == number:
                others = column.numbers_along(self._column, shapes)
                if others is not None:
                    return others
        raise WireUnreadable("a column beside none")
