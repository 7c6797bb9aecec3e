"""A push under way, over the network or out of a bundle: what came together is kept together, the last of it is signed for."""

from collections.abc import AsyncIterator

from sqlalchemy import Connection

from journal.exchange import Frame, PushReader, Urgent
from journal.packed.bodies import PackedPushOpening, PackedPushReader
from journal.wire import PushOpening, PushReply, WireUnreadable
from sync_server.accept import Portion, nothing_more
from sync_server.problems import Refused
from sync_server.receipts import Brought, sign_receipt
from sync_server.running import Running


class PushTaking:
    """One push under way: what came whole is kept, whatever happens to the rest."""

    def __init__(self, running: Running, reader: PushReader | PackedPushReader) -> None:
        self._running = running
        self._reader = reader
        self.opening: PushOpening | PackedPushOpening | None = None
        self._seqs: list[int] = []
        self._urgent: list[int] = []

    async def take(self, body: AsyncIterator[bytes]) -> PushReply:
        """Keeps what comes, as it comes; the answer once the last of it is kept."""
        reply = None
        async for chunk in body:
            parts, unreadable = self._read(chunk)
            if parts or (self._reader.whole and reply is None and unreadable is None):
                reply = await self._keep(parts)
            if unreadable is not None:
                raise unreadable
        if reply is None:
            raise Refused("not_whole")
        return reply

    @property
    def count(self) -> int:
        """How many entries came, the held and the known among them."""
        return len(self._seqs)

    def _read(self, chunk: bytes) -> tuple[list[Frame | Urgent], WireUnreadable | None]:
        """The parts that this chunk completes; those before a broken line stand."""
        parts: list[Frame | Urgent] = []
        try:
            for part in self._reader.read(chunk):
                if isinstance(part, PushOpening | PackedPushOpening):
                    self.opening = part
                else:
                    parts.append(part)
        except WireUnreadable as unreadable:
            return parts, unreadable
        return parts, None

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

        at_end = sign if self._reader.whole else nothing_more
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
