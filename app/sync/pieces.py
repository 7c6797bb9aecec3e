"""A photo as it leaves: in small blocks that stop when something goes first, in pieces that fit the link."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

BLOCK_BYTES: Final = 8_192
"""Handed to the link at a time: what comes behind waits a second at 64 kbit/s, and 1.5 kbit/s still count as moving."""
FIRST_PIECE_BYTES: Final = 65_536
SMALLEST_PIECE_BYTES: Final = 16_384
LARGEST_PIECE_BYTES: Final = 262_144
AIM_S: Final = 3.0
QUICKEST_S: Final = 0.05
GIVE_BACK: Final = 1.1


class Piece:
    """Bytes ``start`` to ``end`` of a photo as the body of a request; it may be read again when the request must be repeated.

    ``must_end`` is told for how many seconds the piece has been on its way, and asked before each block.
    """

    def __init__(
        self,
        raw: bytes,
        start: int,
        end: int,
        *,
        must_end: Callable[[float], bool],
        sent: Callable[[int], Awaitable[None]],
        read_s: Callable[[], float],
    ) -> None:
        self._raw, self._start, self._end = raw, start, end
        self._must_end = must_end
        self._sent = sent
        self._read_s = read_s
        self._began_s = read_s()
        self.handed_bytes = 0

    @property
    def took_s(self) -> float:
        return self._read_s() - self._began_s

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._began_s, self.handed_bytes = self._read_s(), 0
        for at in range(self._start, self._end, BLOCK_BYTES):
            if self._must_end(self.took_s):
                return
            block = self._raw[at : min(at + BLOCK_BYTES, self._end)]
            yield block
            self.handed_bytes += len(block)
            await self._sent(len(block))


class PieceSize:
    """How much to send at once where only a whole piece counts: so much as takes about three seconds."""

    def __init__(self) -> None:
        self.size_bytes = FIRST_PIECE_BYTES
        self._most_bytes: float = LARGEST_PIECE_BYTES
        """What broke is not tried again at once; each piece that arrives gives some of it back."""

    def took(self, piece_bytes: int, took_s: float) -> None:
        """A piece arrived. The next is at most twice, at least half as large."""
        self._most_bytes = min(self._most_bytes * GIVE_BACK, LARGEST_PIECE_BYTES)
        fits = piece_bytes * AIM_S / max(took_s, QUICKEST_S)
        self._set(min(max(fits, self.size_bytes / 2), self.size_bytes * 2))

    def broke(self) -> None:
        self._most_bytes = max(self.size_bytes / 2, SMALLEST_PIECE_BYTES)
        self._set(self.size_bytes / 2)

    def _set(self, wanted_bytes: float) -> None:
        self.size_bytes = round(min(max(wanted_bytes, SMALLEST_PIECE_BYTES), self._most_bytes))
