"""Bodies of version 2: a push, its answer, and a pull. Each is a stream of parts.

push      O opening, then F frames and U urgent entries in any order
answer    R receipt, then, where the push asked for it with a fresh proof, what a pull holds
pull      O opening, then P pages
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from journal.entries import MAX_ENTRY_BYTES
from journal.entries.envelope import LARGEST_INTEGER, Code, Count, Seq, Writer
from journal.exchange import Frame, Page, Urgent
from journal.names import UNIT_PATTERN
from journal.packed.numbers import Area, varint
from journal.packed.reading import LinesReader
from journal.packed.stream import Part, PartPacker, PartUnpacker, areas_of
from journal.packed.writing import LinesWriter
from journal.wire import (
    MAX_FRAME_BYTES,
    MAX_PAGE_BYTES,
    Message,
    PushReply,
    Receipt,
    Signed,
    WireUnreadable,
    from_text,
    read_item,
    to_text,
)

PUSH_2_TYPE = "application/vnd.tuan-tra.push-2"
ANSWER_2_TYPE = "application/vnd.tuan-tra.answer-2"
PULL_2_TYPE = "application/vnd.tuan-tra.pull-2"

OPENING, FRAME, URGENT, RECEIPT, PAGE = b"O", b"F", b"U", b"R", b"P"
PART_SPARE_BYTES = 131_072
"""What a part may hold beside its lines."""
_SIGNATURE_BYTES, _LINK_BYTES = 64, 32
_LAST_SEQ = 999_999_999_999_999
_UNIT = re.compile(UNIT_PATTERN.encode())
_CURSOR = "[A-Z0-9][A-Z0-9_]{0,31}:[0-9]{1,16}"
CURSORS_PATTERN = f"^(?:{_CURSOR}(?:,{_CURSOR})*)?$"
"""``DON:12,STATION:4``: how far a reader has read each stream."""


class PackedPushOpening(Message):
    """First part of a push: whose chain, from which entry on; and, to be read from in the same answer, what a pull asks with."""

    push: Literal[2] = 2
    writer: Writer
    first_seq: Seq
    receipt_to: Count | None = None
    """As in version 1."""
    epoch: Code | None = None
    after: Annotated[str, Field(max_length=8_000, pattern=CURSORS_PATTERN)] | None = None
    """The cursors of this reader; present where the answer is to hold what is new for it."""


class PackedPullOpening(Message):
    """First part of a pull's answer."""

    pull: Literal[2] = 2
    epoch: Code
    more: bool = False


class PushWriter:
    """A push, part by part: after the bytes of each, the station can keep what it got."""

    def __init__(self, opening: PackedPushOpening) -> None:
        self._packer = PartPacker()
        self._lines = LinesWriter()
        self._opening = self._packer.pack(OPENING, opening.packed())

    def write(self, part: Frame | Urgent) -> bytes:
        if isinstance(part, Urgent):
            head = varint(part.seq) + part.previous_link + part.signature
            packed = self._packer.pack(URGENT, head, self._lines.write([part.raw]))
        else:
            packed = self._packer.pack(FRAME, part.signature, self._lines.write(part.raws))
        return self._take_opening() + packed

    def finish(self) -> bytes:
        return self._take_opening() + self._packer.finish()

    def _take_opening(self) -> bytes:
        opening, self._opening = self._opening, b""
        return opening


def write_push(opening: PackedPushOpening, parts: Iterable[Frame | Urgent]) -> Iterator[bytes]:
    """The body of a push, piece by piece."""
    writer = PushWriter(opening)
    yield from map(writer.write, parts)
    yield writer.finish()


class PackedPushReader:
    """Reads a push as its bytes come. Raises :class:`WireUnreadable`; what was yielded before stands."""

    def __init__(self) -> None:
        self._unpacker = PartUnpacker(MAX_FRAME_BYTES + PART_SPARE_BYTES)
        self._lines = LinesReader(MAX_FRAME_BYTES, likens=True)
        self._opening: PackedPushOpening | None = None
        self._next_seq = 0

    @property
    def whole(self) -> bool:
        """Whether the push ended where its sender meant it to."""
        return self._unpacker.finished

    def read(self, chunk: bytes) -> Iterator[PackedPushOpening | Frame | Urgent]:
        for part in self._unpacker.unpack(chunk):
            if self._opening is None:
                self._opening = PackedPushOpening.unpack(_of_kind(part, OPENING))
                self._next_seq = self._opening.first_seq
                yield self._opening
            elif part.kind == URGENT:
                yield self._read_urgent(Area(part.content))
            else:
                yield self._read_frame(Area(_of_kind(part, FRAME)))

    def _read_frame(self, content: Area) -> Frame:
        signature = content.take(_SIGNATURE_BYTES)
        raws = tuple(_checked(self._lines.read(areas_of(content))))
        frame = Frame(self._next_seq, raws, signature, self._lines.alike)
        self._next_seq += len(raws)
        return frame

    def _read_urgent(self, content: Area) -> Urgent:
        seq, link, signature = content.varint(), content.take(_LINK_BYTES), content.take(_SIGNATURE_BYTES)
        raws = _checked(self._lines.read(areas_of(content)))
        if len(raws) != 1 or not 0 < seq <= _LAST_SEQ:
            raise WireUnreadable("an urgent part holds one entry")
        return Urgent(seq, raws[0], link, signature)


class NewsWriter:
    """What a pull holds, and the answer to a push, part by part."""

    def __init__(self) -> None:
        self._packer = PartPacker()

    @cached_property
    def _lines(self) -> LinesWriter:
        """Most answers to a push hold no line."""
        return LinesWriter()

    def receipt(self, reply: PushReply) -> bytes:
        return self._packer.pack(RECEIPT, from_text(reply.receipt.signature) + reply.receipt.message.encode())

    def news(self, epoch: str, pages: Iterable[Page], *, more: bool) -> Iterator[bytes]:
        """A page goes as one part, for its cursor is kept with the last of its items: it has at most ``MAX_LINES``."""
        yield self._packer.pack(OPENING, PackedPullOpening(epoch=epoch, more=more).packed())
        for page in pages:
            head = varint(page.until) + varint(len(page.stream)) + page.stream.encode()
            lines = self._lines.write([item.as_line() for item in page.items]) if page.items else ()
            yield self._packer.pack(PAGE, head, lines)

    def finish(self) -> bytes:
        return self._packer.finish()


def write_pull(epoch: str, pages: Iterable[Page], *, more: bool) -> Iterator[bytes]:
    """The answer to a pull, piece by piece."""
    writer = NewsWriter()
    yield from writer.news(epoch, pages, more=more)
    yield writer.finish()


class NewsReader:
    """Reads a pull, or the answer to a push, as its bytes come. Raises :class:`WireUnreadable`; what was yielded before stands.

    ``after_push`` says that a receipt comes first.
    """

    def __init__(self, *, after_push: bool = False) -> None:
        self._unpacker = PartUnpacker(MAX_PAGE_BYTES + PART_SPARE_BYTES)
        self._lines = LinesReader(MAX_PAGE_BYTES)
        self._awaits_receipt = after_push
        self._open = False

    @property
    def whole(self) -> bool:
        return self._unpacker.finished and not self._awaits_receipt

    def read(self, chunk: bytes) -> Iterator[PushReply | PackedPullOpening | Page]:
        for part in self._unpacker.unpack(chunk):
            if self._awaits_receipt:
                self._awaits_receipt = False
                yield _read_receipt(Area(_of_kind(part, RECEIPT)))
            elif not self._open:
                self._open = True
                yield PackedPullOpening.unpack(_of_kind(part, OPENING))
            else:
                yield self._read_page(Area(_of_kind(part, PAGE)))

    def _read_page(self, content: Area) -> Page:
        until, stream = content.varint(), content.text()
        if until > LARGEST_INTEGER or not _UNIT.fullmatch(stream):
            raise WireUnreadable("a page of no stream")
        lines = self._lines.read(areas_of(content)) if content.left else []
        return Page(stream.decode(), until, tuple(map(read_item, lines)))


def _read_receipt(content: Area) -> PushReply:
    signature, message = content.take(_SIGNATURE_BYTES), content.rest()
    try:
        signed = Signed(message=message.decode(), signature=to_text(signature))
    except UnicodeDecodeError as unreadable:
        raise WireUnreadable("a receipt is no text") from unreadable
    return PushReply(held_to=Receipt.unpack(message).to_seq, receipt=signed)


def _of_kind(part: Part, kind: bytes) -> bytes:
    if part.kind != kind:
        raise WireUnreadable("a part of another kind")
    return part.content


def _checked(raws: list[bytes]) -> list[bytes]:
    if max(map(len, raws)) > MAX_ENTRY_BYTES:
        raise WireUnreadable("an entry is too large")
    return raws
