"""Lines become a part: shapes shown once, values by column, each column in the way that costs least."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter, sub

from journal.packed import ways
from journal.packed.memory import KEPT_TEXT_BYTES, MAX_VALUES, Column, Kept, Memory, Shape, numbers_of
from journal.packed.numbers import Written, varint
from journal.packed.shapes import HOLE, Gaps, cut, pattern_of

RECENT_SHAPES = 4
USES_WORTH_A_PATTERN = 8
LIKE_MAGNITUDE_BITS = 6
SLACK_BITS = 1.5
FEW_BITS = 4
ALIKE_LINES = 5
"""So many equal numbers are one text; fewer are better seen beside others."""
LONGEST_IN_WORDS = 4_096
FIRST_FRESH = 12
"""Texts that a table takes in before it has to show that they come again."""


class LinesWriter:
    """Packs lines, part after part, into areas that a :class:`~journal.packed.reading.LinesReader` takes apart."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._habits: dict[Column, _Habit] = {}
        self._uses: dict[Shape, int] = {}
        self._recent: list[Shape] = []
        self._shown: list[Shape] = []

    def write(self, lines: Sequence[bytes]) -> tuple[bytes, ...]:
        """The four areas of a part with these lines, at least one and at most what a reader takes."""
        memory, written = self._memory, Written()
        self._shown, left = [], MAX_VALUES
        parted = list[tuple[Shape, Sequence[bytes]]]()
        for place, line in enumerate(lines, start=1):
            # Each line that follows must find room for one value at least.
            shape, values = self._part(line, left - (len(lines) - place))
            left -= len(values)
            parted.append((shape, values))
        shapes = [shape.number for shape, _ in parted]
        used = memory.begin(shapes)
        for column in used:
            column.values = []
        for shape, alike in groupby(parted, key=itemgetter(0)):
            for column, values in zip(shape.columns, zip(*(values for _, values in alike), strict=True), strict=True):
                column.values.extend(values)
        written.heads += varint(len(lines)) + varint(len(self._shown))
        for shape in self._shown:
            written.text(HOLE.join(shape.gaps))
        written.numbers(shapes)
        for place, column in enumerate(used):
            habit = self._habits.setdefault(column, _Habit())
            _ColumnWriting(memory, written, column, habit, shapes).write(used[:place])
        memory.end(used)
        return written.areas()

    def _part(self, line: bytes, values_left: int) -> tuple[Shape, Sequence[bytes]]:
        for recent in self._recent:
            if len(recent.columns) <= values_left and (found := pattern_of(recent.gaps).fullmatch(line)):
                return recent, found.groups()
        parted = cut(line)
        if parted is None or len(parted[1]) > values_left:
            return self._memory.shapes[0], [line]
        gaps, values = parted
        shape = self._memory.by_gaps.get(gaps) or self._show(gaps)
        if shape is None:
            return self._memory.shapes[0], [line]
        self._note_use(shape)
        return shape, values

    def _show(self, gaps: Gaps) -> Shape | None:
        shape = self._memory.add_shape(gaps)
        if shape is not None:
            self._shown.append(shape)
        return shape

    def _note_use(self, shape: Shape) -> None:
        uses = self._uses[shape] = self._uses.get(shape, 0) + 1
        if uses >= USES_WORTH_A_PATTERN:
            self._recent = [shape, *(one for one in self._recent if one is not shape)][:RECENT_SHAPES]


class _Habit:
    """What the writer chose for a column of numbers last, at what cost a value; and how often its texts were new."""

    def __init__(self) -> None:
        self.way = ways.PLAIN
        self.beside: Column | None = None
        self.bits = 0.0
        self.seen = 0
        self.fresh = 0


class _ColumnWriting:
    """Writes one column of a part."""

    def __init__(self, memory: Memory, written: Written, column: Column, habit: _Habit, shapes: Sequence[int]) -> None:
        self._memory, self._written, self._column, self._habit = memory, written, column, habit
        self._values = column.values
        self._shapes = shapes

    def write(self, earlier: Sequence[Column]) -> None:
        column, values, heads = self._column, self._values, self._written.heads
        first, alike = values[0], values.count(values[0]) == len(values)
        if alike and first and first == column.last:
            heads.append(ways.SAME)
            return
        if first[:1].strip(b"-0123456789") == b"" and not (alike and len(values) >= ALIKE_LINES):
            column.numbers = numbers_of(values)
        if column.numbers is not None:
            self._write_numbers(list(column.numbers), earlier)
        elif alike:
            heads.append(ways.ONE)
            self._written.text(first)
        elif self._table_helps():
            self._write_table()
        elif self._are_words():
            self._write_words()
        else:
            heads.append(ways.TEXTS)
            for value in values:
                self._written.text(value)

    # --- texts

    def _table_helps(self) -> bool:
        habit, table = self._habit, self._column.table
        fresh = set(self._values) - table.places.keys()
        habit.seen += len(self._values)
        habit.fresh += len(fresh)
        few = len(fresh) <= table.room and habit.fresh <= FIRST_FRESH + habit.seen // 3
        return few and all(len(one) <= KEPT_TEXT_BYTES for one in fresh)

    def _write_table(self) -> None:
        self._written.heads.append(ways.TABLE)
        self._written.numbers(self._places(self._values, self._column.table))

    def _are_words(self) -> bool:
        values = self._values
        quoted = all(len(value) > 1 and value[:1] == b'"' == value[-1:] for value in values)
        return quoted and any(b" " in value for value in values) and max(map(len, values)) <= LONGEST_IN_WORDS

    def _write_words(self) -> None:
        texts = [value[1:-1].split(b" ") for value in self._values]
        self._written.heads.append(ways.WORDS)
        self._written.numbers([len(words) for words in texts])
        self._written.numbers(self._places([word for words in texts for word in words], self._memory.words))

    def _places(self, texts: Sequence[bytes], kept: Kept) -> list[int]:
        """Place of each text; those without one are written in full."""
        places, found = list[int](), kept.places
        for text in texts:
            place = found.get(text, 0)
            places.append(place)
            if not place:
                self._written.text(text)
                self._memory.keep(kept, text)
        return places

    # --- numbers

    def _write_numbers(self, numbers: list[int], earlier: Sequence[Column]) -> None:
        run = self._cheapest(numbers, earlier)
        habit, heads = self._habit, self._written.heads
        if habit.bits > FEW_BITS and self._comes_again():
            self._write_table()
            return
        signed = min(run) < 0
        heads.append(habit.way | signed * ways.SIGNED)
        if habit.beside is not None:
            heads += varint(habit.beside.number)
        self._written.numbers(_unsigned(run) if signed else run)

    def _comes_again(self) -> bool:
        table = self._column.table
        fresh = set(self._values) - table.places.keys()
        return len(fresh) <= min(len(self._values) // 16, table.room)

    def _cheapest(self, numbers: list[int], earlier: Sequence[Column]) -> list[int]:
        """The run to write, in the way that the habit says then: the last one, while it costs no more than it did."""
        habit = self._habit
        if habit.seen and (habit.beside is None or habit.beside in earlier):
            run = self._run(habit.way, numbers, habit.beside)
            if run is not None and _bits(run) <= habit.bits + SLACK_BITS:
                return run
        size = numbers[0].bit_length()
        leaning = [
            other
            for other in earlier
            if other.numbers is not None and abs(other.numbers[0].bit_length() - size) <= LIKE_MAGNITUDE_BITS
        ]
        best: list[int] | None = None
        for way, other in (
            (ways.PLAIN, None), (ways.STEPS, None),
            *((way, other) for other in leaning for way in (ways.BESIDE, ways.BESIDE_STEPS)),
        ):  # fmt: skip
            run = self._run(way, numbers, other)
            if run is not None and (best is None or _bits(run) < habit.bits):
                best, habit.way, habit.beside, habit.bits = run, way, other, _bits(run)
        habit.seen = 1
        return best if best is not None else numbers

    def _run(self, way: int, numbers: list[int], beside: Column | None) -> list[int] | None:
        """The numbers in this way; None where the other column does not stand on each of their lines."""
        if way == ways.PLAIN:
            return numbers
        if way == ways.STEPS:
            return list(map(sub, numbers, [self._column.last_number, *numbers]))
        others = beside.numbers_along(self._column, self._shapes) if beside is not None else None
        if others is None:
            return None
        distances = list(map(sub, numbers, others))
        return distances if way == ways.BESIDE else list(map(sub, distances, [0, *distances]))


def _bits(run: Sequence[int]) -> float:
    """What a value of the run costs, about."""
    return sum(map(int.bit_length, run)) / len(run) + (min(run) < 0)


def _unsigned(run: Sequence[int]) -> list[int]:
    return [number << 1 if number >= 0 else ~number << 1 | 1 for number in run]
