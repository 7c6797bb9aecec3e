"""Sends what this writer made since the last receipt, urgent first, and believes only a receipt that fits its own chain."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence

from app.store.notebook import Notebook
from app.sync.answers import EpochChanged, NotOurStation, ServerRefused
from app.sync.server_client import ServerClient
from journal.exchange import Doubtful, Frame, Settled, Unsent, Urgent, cut_frames, settle, write_push
from journal.names import WriterId
from journal.wire import PUSH_TYPE, Problem, PushReply, Receipt, Standing, WireUnreadable, from_text

BATCH_ENTRIES = 500
"""Entries taken from the notebook at a time: bounds memory after a month without a network."""

Sent = Callable[[int], Awaitable[None]]
"""Told the size of each piece that left."""


class JournalPush:
    """The way of one writer's entries to the station."""

    def __init__(self, notebook: Notebook, client: ServerClient, sent: Sent) -> None:
        self._notebook = notebook
        self._client = client
        self._sent = sent
        self._unsure = True

    async def send(self) -> int | None:
        """Sends all that waits. Returns when the station received the last of it (ms), None when nothing waited.

        Raises :class:`ExchangeFailed`. What a receipt covered before the failure stays received.
        """
        received_ms = await self.send_urgent()
        while unsent := await self._notebook.unsent(BATCH_ENTRIES):
            was_held = unsent[0].seq - 1
            settled = await self._send_over_gap(unsent)
            received_ms = settled.receipt.received_ms
            if settled.to_seq <= was_held:
                raise NotOurStation("takes entries and never holds them")
        return received_ms

    async def send_urgent(self) -> int | None:
        """Sends only what goes ahead of its turn; returns as :meth:`send` does."""
        urgent = await self._notebook.urgent_unsent()
        waiting = await self._notebook.unsent(1)
        if not urgent:
            return None
        settled = await self._offer(urgent[0].seq, urgent, 0 if not waiting else waiting[0].seq - 1)
        return settled.receipt.received_ms

    async def _send_from(self, unsent: Sequence[Unsent]) -> Settled:
        """One push of the entries that the station does not hold yet; of none when only the last reply was lost."""
        held_to = await self._ask_held() if self._unsure else unsent[0].seq - 1
        rest = [one for one in unsent if one.seq > held_to] or list(unsent[-1:])
        return await self._offer(rest[0].seq, cut_frames(rest, self._notebook.sign_frame), unsent[0].seq - 1)

    async def _send_over_gap(self, unsent: Sequence[Unsent]) -> Settled:
        """A station that holds less than its receipts said answers "gap": once it is asked where it stands."""
        try:
            return await self._send_from(unsent)
        except ServerRefused as refused:
            if refused.problem.code != "gap":
                raise
            return await self._send_from(unsent)

    async def _ask_held(self) -> int:
        """How far the station says it has us. Unsigned: it decides where to go on, never what counts as received.

        A station that holds another branch, or more than this device, is sent all that waits here: what it keeps aside is not
        lost, and the receipt that follows tells what is wrong.
        """
        writer = self._notebook.writer
        standing = (await self._client.ask("GET", f"/push/{writer}")).read_as(Standing)
        await self._demand_epoch(standing.epoch)
        own = await self._notebook.link_at(standing.held_to)
        if own is None or own.hex() != standing.link:
            return 0
        return standing.held_to

    async def _demand_epoch(self, epoch: str) -> None:
        if epoch != (await self._notebook.cursors()).epoch:
            raise EpochChanged(epoch)

    async def _offer(self, first_seq: int, parts: Iterable[Frame | Urgent], receipt_to: int) -> Settled:
        self._unsure = True
        told = None if receipt_to == first_seq - 1 else receipt_to
        body = self._counted(write_push(self._notebook.writer, first_seq, parts, told))
        answer = await self._client.ask("POST", "/push", content=body, headers={"Content-Type": PUSH_TYPE})
        settled = await self._judge(answer.read_as(PushReply))
        self._unsure = False
        return settled

    async def _counted(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece
            await self._sent(len(piece))

    async def _judge(self, reply: PushReply) -> Settled:
        """Settles what the reply proves in the notebook; raises for one that proves nothing."""
        notebook = self._notebook
        station_key = from_text(notebook.station.signing_key)
        epoch = (await notebook.cursors()).epoch
        link = await notebook.link_at(reply.held_to)
        verdict = settle(reply, notebook.writer, station_key, epoch, lambda _: link)
        if isinstance(verdict, Doubtful):
            raise _why_doubtful(reply, notebook.writer, station_key, epoch, link)
        await notebook.settle(verdict, reply.receipt)
        return verdict


def _why_doubtful(
    reply: PushReply, writer: WriterId, station_key: bytes, epoch: str, link: bytes | None
) -> EpochChanged | ServerRefused | NotOurStation:
    """Only what the station signed about this writer can be a matter for a person; all else came from somewhere else."""
    try:
        receipt = Receipt.unpack(reply.receipt.message)
    except WireUnreadable:
        return NotOurStation("no receipt")
    if not reply.receipt.holds_for(station_key) or receipt.writer != writer or receipt.to_seq != reply.held_to:
        return NotOurStation("not the station's receipt for this writer")
    if receipt.epoch != epoch:
        return EpochChanged(receipt.epoch)
    code = "station_holds_more" if link is None else "station_holds_another_branch"
    return ServerRefused(Problem(type=f"urn:tuan-tra:problem:{code}", title=code.replace("_", " "), status=409))
