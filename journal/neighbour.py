"""What two phones of one station say to each other when one hands its bundle to the other: single lines, and the bundle's bytes.

giver:  Giver                               whose bundle, and the code that the carrier's screen shows
taker:  Signed(Taker) | NotTaken            whose phone, proved by its key; and what it brings back for this writer
giver:  Offer ‖ the bundle's bytes          or nothing more
taker:  Signed(Carried) | NotTaken          it is on the carrier's disk
"""

from typing import Annotated, Literal, Self

from pydantic import Field

from journal.bundle import MAX_BUNDLE_BYTES, BundleReply
from journal.entries.envelope import Base64, Code, Count, Sha256, Writer
from journal.wire import Message, WireUnreadable, from_text, to_text

CODE_DIGITS = 6
MAX_REPLIES = 16
_PREFIX = "TTN1."


class Giver(Message):
    """First line of a phone that wants to hand a bundle over, or to ask what the station said to the last one."""

    giver: Literal[1] = 1
    station: Writer
    writer: Writer
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    challenge: Base64
    """Drawn by the giver; the taker signs it, so that nobody answers with what another phone once said."""


class Taker(Message):
    """The carrier's answer, signed by its key, whose id the giver finds in its register."""

    taker: Literal[1] = 1
    station: Writer
    writer: Writer
    public_key: Base64
    challenge: Base64
    replies: Annotated[tuple[BundleReply, ...], Field(max_length=MAX_REPLIES)] = ()
    """What the station said to bundles of this writer; each holds by the station's own signature."""


class Offer(Message):
    """Second line of the giver; the bundle's bytes follow."""

    offer: Literal[1] = 1
    bundle: Sha256
    size_bytes: Annotated[int, Field(gt=0, le=MAX_BUNDLE_BYTES)]


class Carried(Message):
    """What the carrier signs once a bundle is on its disk: that it is on its way, never that it arrived."""

    carried: Literal[1] = 1
    station: Writer
    carrier: Writer
    writer: Writer
    bundle: Sha256
    size_bytes: Count
    taken_ms: Count


class NotTaken(Message):
    """Why nothing was taken: ``other_station``, ``code``, ``full``, ``not_whole``, ``unreadable``."""

    not_taken: Code


class TakerCard(Message):
    """Where a carrier listens, who it is and its code: what its screen shows as text and QR."""

    hosts: Annotated[tuple[str, ...], Field(min_length=1, max_length=8)]
    port: Annotated[int, Field(gt=0, lt=65_536)]
    station: Writer
    writer: Writer
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]

    def as_text(self) -> str:
        return _PREFIX + to_text(self.packed())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The card in a scanned or pasted text. Raises :class:`WireUnreadable`."""
        squeezed = "".join(text.split())
        if not squeezed.startswith(_PREFIX):
            raise WireUnreadable("not a carrier's card")
        return cls.unpack(from_text(squeezed.removeprefix(_PREFIX)))
