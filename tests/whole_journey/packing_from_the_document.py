"""Streams of version 2, written from section 4.9 of docs/protocol.md alone."""

import base64
import zlib
from pathlib import Path

_DOCUMENT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
_LINES = _DOCUMENT.partition("dictionary2.zlib:\n")[2].partition("```")[0].split()
DICTIONARY = zlib.decompress(base64.b64decode("".join(_LINES)))


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


class Bytes:
    """Bytes read from the front."""

    def __init__(self, content: bytes) -> None:
        self.left = content

    def take(self, size: int) -> bytes:
        assert size <= len(self.left)
        taken, self.left = self.left[:size], self.left[size:]
        return taken

    def varint(self) -> int:
        number = shift = 0
        while True:
            (byte,) = self.take(1)
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    def text(self) -> bytes:
        return self.take(self.varint())


class Lines:
    """Reads lines out of the parts of one stream."""

    def __init__(self) -> None:
        self.shapes: list[tuple[list[bytes], list[int]]] = [([b"", b""], [0])]
        self.names: dict[tuple[bytes, int], int] = {(b"", 0): 0}
        self.last: dict[int, bytes] = {}
        self.tables: dict[int, list[bytes]] = {}
        self.words: list[bytes] = []
        self.kept_bytes = 0

    def show(self, gaps: list[bytes]) -> None:
        columns, key, before = list[int](), b"", dict[bytes, int]()
        for gap in gaps[:-1]:
            end = gap.rfind(b'":')
            if end >= 0:
                key = gap[gap.rfind(b'"', 0, end) + 1 : end]
            name = key, before.get(key, 0)
            before[key] = name[1] + 1
            columns.append(self.names.setdefault(name, len(self.names)))
        self.shapes.append((gaps, columns))

    def keep(self, table: list[bytes], most: int, text: bytes) -> None:
        fits = len(text) <= 128 and self.kept_bytes + len(text) <= 1_048_576
        if text not in table and len(table) < most and fits:
            table.append(text)
            self.kept_bytes += len(text)

    def read(self, part: Bytes) -> list[bytes]:
        heads, texts, planes = (Bytes(part.text()) for _ in range(3))
        lowest = Bytes(part.left)
        count, fresh = heads.varint(), heads.varint()

        def run(size: int) -> list[int]:
            width = heads.varint()
            if width == 0:
                return [0] * size
            scale, numbers = heads.varint(), [0] * size
            for weight in range(width - 1, -1, -1):
                plane = (lowest if weight == 0 and width > 1 else planes).take(size)
                numbers = [number << 8 | byte for number, byte in zip(numbers, plane, strict=True)]
            return [number * scale for number in numbers]

        def placed(table: list[bytes], most: int, places: list[int]) -> list[bytes]:
            found = []
            for place in places:
                found.append(texts.text() if place == 0 else table[place - 1])
                if place == 0:
                    self.keep(table, most, found[-1])
            return found

        for _ in range(fresh):
            self.show(texts.text().split(b"\xff"))
        shapes = [self.shapes[number] for number in run(count)]
        values: dict[int, list[bytes]] = {}
        on_lines: dict[int, list[int]] = {}
        for line, (_, columns) in enumerate(shapes):
            for column in columns:
                on_lines.setdefault(column, []).append(line)
        for column, lines in on_lines.items():
            values[column] = self.column(column, lines, heads, texts, run, placed, values, on_lines)
        assert not heads.left + texts.left + planes.left + lowest.left
        for column, found in values.items():
            self.last[column] = found[-1] if len(found[-1]) <= 128 else b""
        return put_together(shapes, values)

    def column(self, column, lines, heads, texts, run, placed, values, on_lines) -> list[bytes]:
        way, size = heads.take(1)[0], len(lines)
        if way == 0:
            assert self.last[column]
            return [self.last[column]] * size
        if way == 1:
            return [texts.text()] * size
        if way == 2:
            return [texts.text() for _ in range(size)]
        if way == 3:
            return placed(self.tables.setdefault(column, []), 255, run(size))
        if way == 4:
            sizes = run(size)
            words = iter(placed(self.words, 16_384, run(sum(sizes))))
            return [b'"' + b" ".join(next(words) for _ in range(one)) + b'"' for one in sizes]
        signed, way = way & 128, way & 127
        others = [0] * size
        if way in (7, 8):
            beside = heads.varint()
            there = dict(zip(on_lines[beside], values[beside], strict=True))
            others = [int(there[line]) for line in lines]
        numbers = run(size)
        if signed:
            numbers = [-(number + 1) // 2 if number % 2 else number // 2 for number in numbers]
        if way in (6, 8):
            before = whole_number(self.last.get(column, b"")) if way == 6 else 0
            for place, step in enumerate(numbers):
                before = numbers[place] = before + step
        return [b"%d" % (number + other) for number, other in zip(numbers, others, strict=True)]


def put_together(shapes: list[tuple[list[bytes], list[int]]], values: dict[int, list[bytes]]) -> list[bytes]:
    walking = {column: iter(found) for column, found in values.items()}
    return [
        b"".join(gap + next(walking[column]) for gap, column in zip(gaps, columns, strict=False)) + gaps[-1]
        for gaps, columns in shapes
    ]


def whole_number(value: bytes) -> int:
    digits = value.removeprefix(b"-")
    return int(value) if digits.isdigit() and b"%d" % int(value) == value and abs(int(value)) < 2**60 else 0


def as_lines(lines: list[bytes]) -> bytes:
    """The simplest way: shape 0, and each text in full."""
    heads, texts = varint(len(lines)) + b"\x00\x00\x02", b"".join(varint(len(line)) + line for line in lines)
    return varint(len(heads)) + heads + varint(len(texts)) + texts + b"\x00"


def as_stream(parts: list[bytes]) -> bytes:
    deflate, out = zlib.compressobj(9, zdict=DICTIONARY), b""
    for part in parts:
        out += deflate.compress(varint(len(part)) + part) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return out + deflate.flush()


def of_stream(body: bytes) -> list[Bytes]:
    inflate = zlib.decompressobj(zdict=DICTIONARY)
    plain = Bytes(inflate.decompress(body))
    assert inflate.eof
    parts = []
    while plain.left:
        parts.append(Bytes(plain.text()))
    return parts
