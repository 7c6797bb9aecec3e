"""A push under way, over the network or out of a bundle: what came together is kept together, the last of it is signed for."""

import asyncio
from collections.abc import AsyncIterator

from sqlalchemy import Connection

from journal.exchange import Frame, PushReader, Urgent
from journal.packed.bodies import PackedPushOpening, PackedPushReader
from journal.wire import PushOpening, PushReply, WireUnreadable
from sync_server.accept import Portion, nothing_more
from sync_server.problems import Refused
from sync_server.receipts import Brought, sign_receipt
from sync_server.running import Running

AHEAD_BYTES = 1_000_000
"""Of entries that came and are not being kept yet; nothing more is unpacked until they are. A kilobyte may unpack to hundreds of
megabytes, and until the first of them is to be kept nobody has looked at whose they are."""
ENTRY_COSTS_BYTES = 100
"""What holding an entry takes beside its bytes."""


class PushTaking:
    """One push under way: what came whole is kept, whatever happens to the rest.

    While some of it is being written, what comes after it is read, and kept together with all that came by then: a disk that
    is slow to promise makes fewer promises.
    """

    def __init__(self, running: Running, reader: PushReader | PackedPushReader) -> None:
        self._running = running
        self._reader = reader
        self.opening: PushOpening | PackedPushOpening | None = None
        self._seqs: list[int] = []
        self._urgent: list[int] = []
        self._waiting: list[Frame | Urgent] = []
        self._ahead_bytes = 0
        """Of what waits and came since somebody saw to it."""
        self._whole = False
        """Whether all was read, up to the end that its sender meant."""
        self._keeping: asyncio.Task[None] | None = None
        self._unreadable: WireUnreadable | None = None
        self._reply: PushReply | None = None

    async def take(self, body: AsyncIterator[bytes]) -> PushReply:
        """Keeps what comes, as it comes; the answer once the last of it is kept."""
        try:
            async for chunk in body:
                await self._read(chunk)
                await self._go_on()
                if self._unreadable is not None:
                    break
        finally:
            await self._keep_the_rest()
        if self._unreadable is not None:
            raise self._unreadable
        if self._reply is None:
            raise Refused("not_whole")
        return self._reply

    @property
    def count(self) -> int:
        """How many entries came, the held and the known among them."""
        return len(self._seqs)

    async def _read(self, chunk: bytes) -> None:
        """The parts that this chunk completes, kept meanwhile where they are many; those before a broken line stand."""
        try:
            for part in self._reader.read(chunk):
                if isinstance(part, PushOpening | PackedPushOpening):
                    self.opening = part
                    continue
                self._waiting.append(part)
                self._ahead_bytes += _size_of(part)
                if self._ahead_bytes > AHEAD_BYTES:
                    await self._go_on()
        except WireUnreadable as unreadable:
            self._unreadable = unreadable
        self._whole = self._reader.whole

    async def _go_on(self) -> None:
        """Sees to it that what waits is being kept. Raises what ended the keeping."""
        if self._keeping is not None and (self._keeping.done() or self._ahead_bytes > AHEAD_BYTES):
            await self._keep_the_rest()
        if self._keeping is None and self._is_more():
            self._ahead_bytes = 0
            self._keeping = asyncio.create_task(self._keep_all())

    async def _keep_the_rest(self) -> None:
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            await keeping

    def _is_more(self) -> bool:
        """Whether something is to be kept, or the whole of it to be answered."""
        return bool(self._waiting) or (self._whole and self._reply is None and self._unreadable is None)

    async def _keep_all(self) -> None:
        while self._is_more():
            parts, self._waiting, self._ahead_bytes = self._waiting, [], 0
            self._reply = await self._keep(parts)

    async def _keep(self, parts: list[Frame | Urgent]) -> PushReply | None:
        """Keeps parts that came together; with the last of the push, the answer."""
        running, opening, replies = self._running, self.opening, list[PushReply]()
        if opening is None:
            raise Refused("not_whole")
        for part in parts:
            self._note(part)
        told_to = opening.first_seq - 1 if opening.receipt_to is None else opening.receipt_to
        brought = Brought(opening.writer, told_to, tuple(self._seqs), tuple(self._urgent))

        def sign(connection: Connection) -> None:
            replies.append(sign_receipt(connection, running.station, brought, running.now_ms()))

        at_end = sign if self._whole else nothing_more
        taken = await running.rounds.take(Portion(opening.writer, parts, at_end))
        running.hints.tell(taken.streams)
        if taken.refused is not None:
            raise taken.refused
        return replies[-1] if replies else None

    def _note(self, part: Frame | Urgent) -> None:
        if isinstance(part, Frame):
            self._seqs.extend(range(part.first_seq, part.last_seq + 1))
        else:
            self._seqs.append(part.seq)
            self._urgent.append(part.seq)


def _size_of(part: Frame | Urgent) -> int:
    raws = (part.raw,) if isinstance(part, Urgent) else part.raws
    return sum(map(len, raws)) + ENTRY_COSTS_BYTES * len(raws)
