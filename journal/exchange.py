"""The two sides of a sync as plain decisions, without sockets, clocks or databases.

The phone cuts its unsent entries into signed frames and believes only a receipt that fits its own chain. The station (and a
province, the same way) judges each frame against the chain it holds: continue, repeat, gap, fork or no chain at all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from journal.chain import frame_is_signed, leaf_of, link_after
from journal.entries import MAX_ENTRY_BYTES
from journal.names import WriterId
from journal.packing import Packer, Unpacker
from journal.wire import (
    FRAME_BYTES,
    FRAME_ENTRIES,
    MAX_FRAME_BYTES,
    MAX_PAGE_BYTES,
    FrameHead,
    Given,
    PullFrame,
    PullOpening,
    PushOpening,
    PushReply,
    Receipt,
    TakenBack,
    UrgentHead,
    WireUnreadable,
    from_text,
    json_line,
    read_item,
    to_text,
)


class Link(NamedTuple):
    """A place in a chain: the link after entry ``seq``."""

    seq: int
    link: bytes


@dataclass(frozen=True)
class Unsent:
    """An entry of one's own that waits, with the link after it."""

    seq: int
    raw: bytes
    link: bytes


@dataclass(frozen=True)
class Frame:
    """Consecutive entries under one signature over the link after the last."""

    first_seq: int
    raws: tuple[bytes, ...]
    signature: bytes
    alike: tuple[int, ...] = field(default=(), compare=False)
    """For each of ``raws`` the place of the first one that it is like, where that is known (:mod:`journal.packed.likeness`)."""

    @property
    def last_seq(self) -> int:
        return self.first_seq + len(self.raws) - 1


@dataclass(frozen=True)
class Urgent:
    """One entry ahead of its turn, vouched for alone."""

    seq: int
    raw: bytes
    previous_link: bytes
    signature: bytes


class FrameSize(NamedTuple):
    """When a frame is closed, whichever comes first; one larger entry may stand alone."""

    entries: int = FRAME_ENTRIES
    size_bytes: int = FRAME_BYTES


SMALL_FRAMES = FrameSize()


def cut_frames(unsent: Iterable[Unsent], sign: Callable[[int, bytes], bytes], most: FrameSize = SMALL_FRAMES) -> Iterator[Frame]:
    """Frames of at most so much; ``sign(last_seq, last_link)`` vouches for each."""
    batch: list[Unsent] = []
    size = 0
    for one in unsent:
        if batch and (len(batch) == most.entries or size + len(one.raw) > most.size_bytes):
            yield _close_frame(batch, sign)
            batch, size = [], 0
        batch.append(one)
        size += len(one.raw)
    if batch:
        yield _close_frame(batch, sign)


def _close_frame(batch: Sequence[Unsent], sign: Callable[[int, bytes], bytes]) -> Frame:
    return Frame(batch[0].seq, tuple(one.raw for one in batch), sign(batch[-1].seq, batch[-1].link))


def write_push(
    writer: WriterId, first_seq: int, parts: Iterable[Frame | Urgent], receipt_to: int | None = None
) -> Iterator[bytes]:
    """The body of a push, piece by piece; after each piece the station can commit what it got.

    ``receipt_to`` is the seq up to which the writer has a receipt; None where that is ``first_seq`` - 1.
    """
    packer = Packer()
    opening = packer.pack(PushOpening(writer=writer, first_seq=first_seq, receipt_to=receipt_to).packed())
    for part in parts:
        if isinstance(part, Urgent):
            urgent = UrgentHead(urgent=part.seq, previous_link=part.previous_link.hex(), signature=to_text(part.signature))
            yield opening + packer.pack(urgent.packed(), part.raw)
        else:
            head = FrameHead(count=len(part.raws), signature=to_text(part.signature))
            yield opening + packer.pack(head.packed(), *part.raws)
        opening = b""
    yield opening + packer.finish()


@dataclass(frozen=True)
class Settled:
    """A receipt that fits: entries up to ``to_seq`` are at the station; those in ``held`` wait there for a person."""

    to_seq: int
    receipt: Receipt


@dataclass(frozen=True)
class Doubtful:
    """An answer that proves nothing, or that contradicts our own chain; nothing may be marked as received."""

    reason: str


def settle(
    reply: PushReply, writer: WriterId, station_key: bytes, epoch: str, link_at: Callable[[int], bytes | None]
) -> Settled | Doubtful:
    """What a push's answer proves. ``link_at(seq)`` is our own link, None where we have no such entry."""
    if not reply.receipt.holds_for(station_key):
        return Doubtful("not signed by the station")
    try:
        receipt = Receipt.unpack(reply.receipt.message)
    except WireUnreadable:
        return Doubtful("no receipt")
    if receipt.writer != writer or receipt.to_seq != reply.held_to:
        return Doubtful("a receipt for something else")
    if receipt.epoch != epoch:
        return Doubtful("another epoch")
    own = link_at(receipt.to_seq)
    if own is None:
        return Doubtful("the station holds entries that this device has lost")
    if own.hex() != receipt.link:
        return Doubtful("the station holds another branch")
    return Settled(receipt.to_seq, receipt)


# --- the station's side -----------------------------------------------------------------------------------------------


class PushReader:
    """Reads a push as its bytes come. Raises :class:`WireUnreadable`; what was yielded before stands."""

    def __init__(self) -> None:
        self._unpacker = Unpacker()
        self._opening: PushOpening | None = None
        self._next_seq = 0
        self._head: FrameHead | UrgentHead | None = None
        self._raws: list[bytes] = []
        self._size = 0

    @property
    def whole(self) -> bool:
        """Whether the push ended where its sender meant it to."""
        return self._unpacker.finished and self._head is None

    def read(self, chunk: bytes) -> Iterator[PushOpening | Frame | Urgent]:
        for line in self._unpacker.unpack(chunk):
            if self._opening is None:
                self._opening = PushOpening.unpack(line)
                self._next_seq = self._opening.first_seq
                yield self._opening
            elif self._head is None:
                self._head = UrgentHead.unpack(line) if "urgent" in json_line(line) else FrameHead.unpack(line)
                self._raws, self._size = [], 0
            else:
                part = self._take(self._head, line)
                if part is not None:
                    yield part

    def _take(self, head: FrameHead | UrgentHead, raw: bytes) -> Frame | Urgent | None:
        self._size += len(raw)
        if len(raw) > MAX_ENTRY_BYTES or self._size > MAX_FRAME_BYTES:
            raise WireUnreadable("an entry or a frame is too large")
        if isinstance(head, UrgentHead):
            self._head = None
            return Urgent(head.urgent, raw, bytes.fromhex(head.previous_link), from_text(head.signature))
        self._raws.append(raw)
        if len(self._raws) < head.count:
            return None
        frame = Frame(self._next_seq, tuple(self._raws), from_text(head.signature))
        self._next_seq, self._head = self._next_seq + head.count, None
        return frame


class Linked(NamedTuple):
    """An entry that came, at its place in the chain: with its leaf and the link after it."""

    seq: int
    raw: bytes
    leaf: bytes
    link: bytes


@dataclass(frozen=True)
class Continues:
    """The frame is a valid piece of chain. ``fresh`` are its entries that are not held yet; empty for a repetition."""

    fresh: tuple[Linked, ...]


@dataclass(frozen=True)
class LeavesGap:
    """Valid or not, it cannot be linked yet: the station holds less than what it builds on."""

    held_to: int


@dataclass(frozen=True)
class Forks:
    """A validly signed frame that continues an older place of the chain than the one held: a second branch."""

    at_seq: int
    branch: tuple[Linked, ...]


@dataclass(frozen=True)
class NoChain:
    """Signature or link do not fit: refused, nothing changes."""

    reason: str


def judge_frame(
    frame: Frame,
    *,
    writer: WriterId,
    public_key: bytes,
    head: Link,
    link_at: Callable[[int], bytes | None],
    salt_of: Callable[[bytes, int], bytes],
) -> Continues | LeavesGap | Forks | NoChain:
    """Judges one frame against the chain held up to ``head``.

    ``link_at(seq)`` is the held link after ``seq`` (0 gives the first link); ``salt_of(raw, seq)`` derives the salt of an entry
    and raises ValueError where it cannot.
    """
    if frame.first_seq > head.seq + 1:
        return LeavesGap(head.seq)
    link = link_at(frame.first_seq - 1)
    if link is None:
        return LeavesGap(head.seq)
    walked: list[Linked] = []
    for seq, raw in enumerate(frame.raws, start=frame.first_seq):
        try:
            leaf = leaf_of(salt_of(raw, seq), raw)
        except ValueError as unsalted:
            return NoChain(str(unsalted))
        link = link_after(link, leaf)
        walked.append(Linked(seq, raw, leaf, link))
    if not frame_is_signed(public_key, frame.signature, writer, frame.last_seq, link):
        return NoChain("the signature does not fit the chain")
    known = max(head.seq + 1 - frame.first_seq, 0)
    forked_at = next((place for place, one in enumerate(walked[:known]) if link_at(one.seq) != one.link), None)
    if forked_at is not None:
        return Forks(walked[forked_at].seq, tuple(walked[forked_at:]))
    return Continues(tuple(walked[known:]))


def judge_urgent(
    urgent: Urgent, *, writer: WriterId, public_key: bytes, salt_of: Callable[[bytes, int], bytes]
) -> Linked | NoChain:
    """The urgent entry with its link, if its signature fits; where it belongs is seen when the chain reaches it."""
    try:
        leaf = leaf_of(salt_of(urgent.raw, urgent.seq), urgent.raw)
    except ValueError as unsalted:
        return NoChain(str(unsalted))
    link = link_after(urgent.previous_link, leaf)
    if not frame_is_signed(public_key, urgent.signature, writer, urgent.seq, link):
        return NoChain("the signature does not fit the entry")
    return Linked(urgent.seq, urgent.raw, leaf, link)


# --- reading back -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """Items of one stream; once kept, the reader's cursor of that stream is ``until``."""

    stream: str
    until: int
    items: tuple[Given | TakenBack, ...]


def write_pull(epoch: str, pages: Iterable[Page], *, more: bool) -> Iterator[bytes]:
    """The answer to a pull, piece by piece."""
    packer = Packer()
    yield packer.pack(PullOpening(epoch=epoch, more=more).packed())
    for page in pages:
        head = PullFrame(stream=page.stream, until=page.until, count=len(page.items))
        yield packer.pack(head.packed(), *(item.as_line() for item in page.items))
    yield packer.finish()


class PullReader:
    """Reads a pull's answer as its bytes come. Raises :class:`WireUnreadable`; pages yielded before stand."""

    def __init__(self) -> None:
        self._unpacker = Unpacker()
        self._opening: PullOpening | None = None
        self._head: PullFrame | None = None
        self._items: list[Given | TakenBack] = []
        self._size = 0

    @property
    def whole(self) -> bool:
        return self._unpacker.finished and self._head is None

    def read(self, chunk: bytes) -> Iterator[PullOpening | Page]:
        for line in self._unpacker.unpack(chunk):
            if self._opening is None:
                self._opening = PullOpening.unpack(line)
                yield self._opening
                continue
            if self._head is None:
                self._head, self._items, self._size = PullFrame.unpack(line), [], 0
            else:
                self._size += len(line)
                if self._size > MAX_PAGE_BYTES:
                    raise WireUnreadable("a frame is too large")
                self._items.append(read_item(line))
            if len(self._items) == self._head.count:
                yield Page(self._head.stream, self._head.until, tuple(self._items))
                self._head = None
