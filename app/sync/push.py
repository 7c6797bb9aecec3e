"""Sends what this writer made since the last receipt, urgent first, and believes only a receipt that fits its own chain."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from app.store.notebook import Notebook
from app.sync.answers import EpochChanged, NotOurStation, ServerRefused, ServerUnreachable
from app.sync.buffering import Buffering
from app.sync.link_speed import OFTEN_ENTRY_BYTES, LinkSpeed, frame_size, push_size
from app.sync.pull import News, after_of, read_parts
from app.sync.server_client import ServerClient
from journal.access import HeldReason
from journal.exchange import Doubtful, Frame, Settled, Urgent, cut_frames, settle, write_push
from journal.names import WriterId
from journal.packed.bodies import ANSWER_2_TYPE, PUSH_2_TYPE, NewsReader, PackedPushOpening, PushWriter
from journal.wire import PUSH_TYPE, Problem, PushReply, Receipt, Standing, WireUnreadable, from_text

BATCH_ENTRIES = 500
"""Entries taken from the notebook at a time: bounds memory after a month without a network."""

TOGETHER_BYTES = 2_048
"""Of at least so much are the pieces of a push, unless they are urgent or the last."""

PARTED = frozenset({"station_holds_more", "station_holds_another_branch"})
"""What is found of a receipt that does not fit the own chain."""

Sent = Callable[[int], Awaitable[None]]
"""Told the size of each piece that left."""


@dataclass(frozen=True)
class Parted:
    """Why a station keeps a chain aside, and up to which entry it was offered, in which epoch."""

    refused: ServerRefused
    offered_to: int
    epoch: str


class JournalPush:
    """The way of one writer's entries to the station. ``read_s`` is a monotonic clock."""

    def __init__(
        self,
        notebook: Notebook,
        client: ServerClient,
        sent: Sent,
        *,
        read_s: Callable[[], float] = time.monotonic,
        buffering: Buffering | None = None,
    ) -> None:
        self._notebook = notebook
        self._client = client
        self._sent = sent
        self._read_s = read_s
        self._unsure = True
        """Whether something may be at the station without a receipt: it is asked before anything is sent again."""
        self._old_station = False
        self._link = LinkSpeed()
        self._buffering = buffering or Buffering(self._held_to)
        self._offered_to = 0
        """Seq of the last entry that the last push held in its turn; where it held none, that after which its turn would be."""
        self._parted: Parted | None = None
        """Where the station keeps this chain aside, none of what it was offered is sent again."""
        self.has_read = False
        """Whether the last sending brought, in its answer, all that was new for this reader."""

    async def send(self) -> int | None:
        """Sends all that waits. Returns when the station received the last of it (ms), None when nothing waited.

        Raises :class:`ExchangeFailed`. What a receipt covered before the failure stays received. Of a chain that parted from the
        one it holds, the station keeps every entry aside: it is offered all the same, before this raises.
        """
        received_ms, self.has_read = None, False
        if self._parted is not None and not await self._notebook.urgent_unsent():
            await self._send_since_parted(self._parted)
        while True:
            urgent, unsent = await self._notebook.urgent_unsent(), await self._notebook.unsent(1)
            if not urgent and not unsent:
                self._unsure = self._unsure and (await self._notebook.waiting()).entries > 0
                return received_ms
            receipt_to = unsent[0].seq - 1 if unsent else 0
            try:
                settled = await self._send_over_gap(urgent, receipt_to)
                if settled.to_seq <= receipt_to and not {one.seq for one in urgent} & set(settled.receipt.urgent):
                    raise _why_it_stands_still(settled.receipt)
            except ServerRefused as refused:
                if refused.problem.code in PARTED:
                    await self._hand_in_the_rest(receipt_to)
                    self._parted = Parted(refused, self._offered_to, (await self._notebook.cursors()).epoch)
                raise
            received_ms = settled.receipt.received_ms

    async def _send_since_parted(self, parted: Parted) -> None:
        """Offers what was made since, and raises as before, while the station still holds another chain than this one.

        One in another epoch may have lost what it kept aside.
        """
        standing = await self.ask_epoch()
        if standing.epoch != parted.epoch or await self._is_own(standing):
            self._parted = None
            return
        unsent, self._offered_to = await self._notebook.unsent(1), parted.offered_to
        await self._hand_in_the_rest(unsent[0].seq - 1 if unsent else 0)
        self._parted = replace(parted, offered_to=self._offered_to)
        raise parted.refused

    async def _hand_in_the_rest(self, receipt_to: int) -> None:
        """Offers what a refused push did not reach; receipts say no more of a chain that parted from the one that is held."""
        while await self._notebook.unsent(1, after := self._offered_to):
            try:
                await self._offer((), after + 1, receipt_to, unsent_after=after)
            except ServerRefused as refused:
                if refused.problem.code not in PARTED or self._offered_to <= after:
                    raise

    async def send_urgent(self) -> int | None:
        """Sends only what goes ahead of its turn; returns as :meth:`send` does."""
        urgent = await self._notebook.urgent_unsent()
        waiting = await self._notebook.unsent(1)
        if not urgent:
            return None
        settled = await self._offer(urgent, urgent[0].seq, 0 if not waiting else waiting[0].seq - 1)
        return settled.receipt.received_ms

    async def _send_over_gap(self, urgent: Sequence[Urgent], receipt_to: int) -> Settled:
        """A station that holds less than its receipts said answers "gap": once it is asked where it stands."""
        try:
            return await self._send_from(urgent, receipt_to)
        except ServerRefused as refused:
            if refused.problem.code != "gap":
                raise
            return await self._send_from((), receipt_to)

    async def _send_from(self, urgent: Sequence[Urgent], receipt_to: int) -> Settled:
        """One push of what is urgent and of the entries that the station does not hold yet.

        After a break what is urgent goes alone: its receipt tells where the station stands, and nothing asks before it. Without
        it the station is asked. When it holds all, and only its last reply was lost, the push is empty.
        """
        held_to = receipt_to
        if self._unsure and urgent:
            return await self._offer(urgent, urgent[0].seq, receipt_to)
        if self._unsure:
            held_to = max(await self._ask_held(), receipt_to)
        return await self._offer(urgent, held_to + 1, receipt_to, unsent_after=held_to)

    async def _ask_held(self) -> int:
        """How far the station says it has us. Unsigned: it decides where to go on, never what counts as received.

        A station that holds another branch, or more than this device, is sent all that waits here: what it keeps aside is not
        lost, and the receipt that follows tells what is wrong.
        """
        standing = await self.ask_epoch()
        return standing.held_to if await self._is_own(standing) else 0

    async def _is_own(self, standing: Standing) -> bool:
        """Whether what the station holds is the beginning of this chain."""
        own = await self._notebook.link_at(standing.held_to)
        return own is not None and own.hex() == standing.link

    async def ask_epoch(self) -> Standing:
        """Where the station has this writer. Raises :class:`EpochChanged` when it is another life of its database."""
        standing = await self._ask_standing()
        if standing.epoch != (await self._notebook.cursors()).epoch:
            raise EpochChanged(standing.epoch)
        return standing

    async def _ask_standing(self) -> Standing:
        return (await self._client.ask("GET", f"/push/{self._notebook.writer}")).read_as(Standing)

    async def _held_to(self) -> int:
        return (await self._ask_standing()).held_to

    async def _offer(
        self, urgent: Sequence[Urgent], first_seq: int, receipt_to: int, *, unsent_after: int | None = None
    ) -> Settled:
        """One push: of what is urgent, and of the entries after ``unsent_after``."""
        self._unsure = True
        self._offered_to = receipt_to if unsent_after is None else unsent_after
        told = None if receipt_to == first_seq - 1 else receipt_to
        opening = PackedPushOpening(writer=self._notebook.writer, first_seq=first_seq, receipt_to=told)
        if not self._old_station:
            try:
                settled = await self._offer_packed(opening, urgent, unsent_after)
            except ServerRefused as refused:
                if refused.problem.code != "media_type":
                    raise
                self._old_station = True
        if self._old_station:
            settled = await self._offer_plain(opening, urgent, unsent_after)
        self._unsure = False
        return settled

    async def _offer_plain(self, opening: PackedPushOpening, urgent: Sequence[Urgent], unsent_after: int | None) -> Settled:
        """In version 1, a batch at a time: all that a station of the last version understands."""
        unsent = [] if unsent_after is None else await self._notebook.unsent(BATCH_ENTRIES, unsent_after)
        parts: list[Frame | Urgent] = [*urgent, *cut_frames(unsent, self._notebook.sign_frame)]
        self._offered_to = unsent[-1].seq if unsent else self._offered_to
        pieces = write_push(self._notebook.writer, opening.first_seq, parts, opening.receipt_to)

        async def body() -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece
                await self._sent(len(piece))

        answer = await self._client.ask("POST", "/push", content=body(), headers={"Content-Type": PUSH_TYPE})
        return await self._judge(answer.read_as(PushReply))

    async def _offer_packed(self, opening: PackedPushOpening, urgent: Sequence[Urgent], unsent_after: int | None) -> Settled:
        """In version 2, as one stream; with a fresh proof the answer to the last of them brings what is new."""
        cursors, headers = await self._notebook.cursors(), {"Content-Type": PUSH_2_TYPE}
        most_bytes = self._buffering.bound(push_size(self._link.bytes_per_s))
        is_last = (await self._notebook.waiting()).entries * OFTEN_ENTRY_BYTES <= most_bytes
        proof = self._client.prove_if_fresh("POST", "/push") if is_last and unsent_after is not None else None
        if proof is not None:
            opening = opening.model_copy(update={"epoch": cursors.epoch, "after": after_of(cursors)})
            headers["DPoP"] = proof
        self.has_read, began_s, sent_bytes = False, self._read_s(), 0

        async def body() -> AsyncIterator[bytes]:
            nonlocal sent_bytes
            async for piece in self._pieces(PushWriter(opening), urgent, unsent_after, most_bytes):
                sent_bytes += len(piece)
                yield piece
                await self._sent(len(piece))

        reader, news, settled = NewsReader(after_push=True), News(self._notebook, cursors.epoch), None
        async with (
            self._buffering.watching(opening.first_seq - 1),
            self._client.open("POST", "/push", content=body(), headers=headers) as stream,
        ):
            if not stream.headers.get("content-type", "").startswith(ANSWER_2_TYPE):
                raise NotOurStation(f"an answer of type {stream.headers.get('content-type', 'none')}")
            async for chunk in stream.chunks:
                for part in read_parts(reader, chunk):
                    if isinstance(part, PushReply):
                        self._link.note(sent_bytes, self._read_s() - began_s)
                        settled = await self._judge(part)
                    else:
                        await news.take(part)
        if settled is None:
            raise ServerUnreachable("the answer broke off")
        self.has_read = reader.whole and news.came_whole
        return settled

    async def _pieces(
        self, writer: PushWriter, urgent: Sequence[Urgent], unsent_after: int | None, most_bytes: int
    ) -> AsyncIterator[bytes]:
        """The body of a push; what is written while it is being sent goes with it. It ends early where it would be too large.

        What is small leaves together, and is one commit at the station; what is urgent does not wait for the rest to be packed.
        Of what is large the station has the first to do while the rest is packed.
        """
        size, piece = 0, b""
        async for part in self._parts(urgent, unsent_after):
            if len(piece) >= TOGETHER_BYTES:
                yield piece
                piece = b""
            written = writer.write(part)
            self._offered_to = part.last_seq if isinstance(part, Frame) else self._offered_to
            size, piece = size + len(written), piece + written
            if size >= most_bytes:
                break
            if isinstance(part, Urgent):
                yield piece
                piece = b""
        yield piece + writer.finish()

    async def _parts(self, urgent: Sequence[Urgent], unsent_after: int | None) -> AsyncIterator[Frame | Urgent]:
        for one in urgent:
            yield one
        while unsent_after is not None:
            batch = await self._notebook.unsent(BATCH_ENTRIES, unsent_after)
            if not batch:
                return
            for frame in cut_frames(batch, self._notebook.sign_frame, frame_size(self._link.bytes_per_s)):
                yield frame
            unsent_after = batch[-1].seq

    async def _judge(self, reply: PushReply) -> Settled:
        """Settles what the reply proves in the notebook; raises for one that proves nothing."""
        notebook = self._notebook
        station_key = from_text(notebook.station.signing_key)
        epoch = (await notebook.cursors()).epoch
        link = await notebook.link_at(reply.held_to)
        verdict = settle(reply, notebook.writer, station_key, epoch, lambda _: link)
        if isinstance(verdict, Doubtful):
            raise _why_doubtful(reply, notebook.writer, station_key, epoch, link)
        if not await notebook.settle(verdict, reply.receipt):
            raise ServerUnreachable("another epoch began meanwhile")
        return verdict


def _why_it_stands_still(receipt: Receipt) -> ServerRefused | NotOurStation:
    """Why a station that took entries is no further: a call of another branch may stand in the next place."""
    if any(one.seq == receipt.to_seq + 1 and one.reason == HeldReason.FORKED for one in receipt.held):
        return _parted("station_holds_another_branch")
    return NotOurStation("takes entries and never holds them")


def _parted(code: str) -> ServerRefused:
    return ServerRefused(Problem(type=f"urn:tuan-tra:problem:{code}", title=code.replace("_", " "), status=409))


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
    return _parted("station_holds_more" if link is None else "station_holds_another_branch")
