"""How the lines of a push or a pull become bytes: one deflate stream with a preset dictionary, flushed after each frame.

The stream is RFC 1950 (zlib) with dictionary 1. A sync flush after each frame lets the reader keep what has come, whatever
happens to the rest. Lines end with LF; canonical JSON holds no raw LF.
"""

import zlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from journal.wire import WireUnreadable

LONGEST_LINE_BYTES = 131_072
CHUNK_BYTES = 65_536


@cache
def dictionary() -> bytes:
    """Preset dictionary 1. It never changes; a better one is a new number."""
    return (files("journal") / "dictionary-1.txt").read_bytes()


class Packer:
    """Writes lines into the stream."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(level=9, wbits=zlib.MAX_WBITS, zdict=dictionary())

    def pack(self, *lines: bytes) -> bytes:
        """Bytes that bring the reader to the end of these lines."""
        return self._deflate.compress(b"".join(line + b"\n" for line in lines)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._deflate.flush(zlib.Z_FINISH)


class Inflater:
    """Unpacks a stream with a preset dictionary piece by piece, in bounded memory."""

    def __init__(self, preset: bytes) -> None:
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS, zdict=preset)

    @property
    def closed(self) -> bool:
        """Whether the sender closed the stream properly."""
        return self._inflate.eof

    def inflate(self, chunk: bytes) -> Iterator[bytes]:
        """What ``chunk`` unpacks to, in pieces. Raises :class:`WireUnreadable`."""
        while chunk:
            try:
                plain = self._inflate.decompress(chunk, CHUNK_BYTES)
            except zlib.error as broken:
                raise WireUnreadable("the stream is broken") from broken
            if self._inflate.unused_data:
                raise WireUnreadable("bytes after the end of the stream")
            chunk = self._inflate.unconsumed_tail
            yield plain


class Unpacker:
    """Reads lines out of the stream as its bytes come, in bounded memory."""

    def __init__(self) -> None:
        self._inflater = Inflater(dictionary())
        self._rest = bytearray()
        self.unpacked_bytes = 0

    @property
    def finished(self) -> bool:
        """Whether the sender closed the stream properly and no line is left half read."""
        return self._inflater.closed and not self._rest

    def unpack(self, chunk: bytes) -> Iterator[bytes]:
        """Whole lines in ``chunk`` and what came before it. Raises :class:`WireUnreadable`."""
        for plain in self._inflater.inflate(chunk):
            self.unpacked_bytes += len(plain)
            *ends, open_end = plain.split(b"\n")
            for end in ends:
                yield self._close_line(end)
            self._rest += open_end
            if len(self._rest) > LONGEST_LINE_BYTES:
                raise WireUnreadable("a line is too long")

    def _close_line(self, end: bytes) -> bytes:
        if len(self._rest) + len(end) > LONGEST_LINE_BYTES:
            raise WireUnreadable("a line is too long")
        line = bytes(self._rest) + end
        self._rest.clear()
        return line
