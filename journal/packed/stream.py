"""The stream of version 2: one deflate stream of parts, flushed after each, with preset dictionary 2.

A part is a varint size, then a byte that says its kind, then its content; lines stand in it as four areas.
"""

import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from journal.packed.numbers import Area, varint
from journal.packing import Inflater
from journal.wire import WireUnreadable

LARGE_PART_BYTES = 1_024
"""The areas of a larger part, unlike as they are, each get codes of their own."""
_LONGEST_SIZE_BYTES = 5


@cache
def dictionary() -> bytes:
    """Preset dictionary 2. It never changes; a better one is a new number."""
    return (files("journal.packed") / "dictionary-2.bin").read_bytes()


class Part(NamedTuple):
    """One part of a stream: its kind and what stands in it."""

    kind: bytes
    content: bytes


_begun = cache(lambda: zlib.compressobj(level=9, wbits=zlib.MAX_WBITS, memLevel=9, zdict=dictionary()))
"""A stream that holds nothing yet. A copy of it is made in a quarter of the time that its dictionary takes to be read again."""


class PartPacker:
    """Writes parts into the stream."""

    def __init__(self) -> None:
        self._deflate = _begun().copy()

    def pack(self, kind: bytes, head: bytes = b"", areas: Sequence[bytes] = ()) -> bytes:
        """Bytes that bring the reader to the end of this part."""
        pieces = [head, *(varint(len(area)) + area for area in areas[:-1]), *areas[-1:]]
        pieces[0] = varint(1 + sum(map(len, pieces))) + kind + pieces[0]
        out = list[bytes]()
        large = sum(map(len, pieces)) > LARGE_PART_BYTES
        for piece in pieces[:-1]:
            out.append(self._deflate.compress(piece))
            if large:
                out.append(self._deflate.flush(zlib.Z_BLOCK))
        out += (self._deflate.compress(pieces[-1]), self._deflate.flush(zlib.Z_SYNC_FLUSH))
        return b"".join(out)

    def finish(self) -> bytes:
        return self._deflate.flush(zlib.Z_FINISH)


def areas_of(content: Area) -> tuple[bytes, bytes, bytes, bytes]:
    """The four areas of lines, which end the content of a part. Raises :class:`WireUnreadable`."""
    return content.text(), content.text(), content.text(), content.rest()


class PartUnpacker:
    """Reads parts out of the stream as its bytes come, in bounded memory."""

    def __init__(self, longest_part_bytes: int) -> None:
        self._inflater = Inflater(dictionary())
        self._longest = longest_part_bytes
        self._rest = bytearray()

    @property
    def finished(self) -> bool:
        """Whether the sender closed the stream properly and no part is left half read."""
        return self._inflater.closed and not self._rest

    def unpack(self, chunk: bytes) -> Iterator[Part]:
        """Whole parts in ``chunk`` and what came before it. Raises :class:`WireUnreadable`."""
        for plain in self._inflater.inflate(chunk):
            self._rest += plain
            while (part := self._whole_part()) is not None:
                yield part

    def _whole_part(self) -> Part | None:
        start = bytes(self._rest[:_LONGEST_SIZE_BYTES])
        begins = next((at for at, byte in enumerate(start, start=1) if byte < 0x80), 0)  # noqa: PLR2004  the last byte of a varint
        if begins == 0:
            if len(start) == _LONGEST_SIZE_BYTES:
                raise WireUnreadable("a part without a size")
            return None
        size = Area(start).varint()
        if not 0 < size <= self._longest:
            raise WireUnreadable("a part of no size, or too large")
        if len(self._rest) < begins + size:
            return None
        content = bytes(self._rest[begins : begins + size])
        del self._rest[: begins + size]
        return Part(content[:1], content[1:])
