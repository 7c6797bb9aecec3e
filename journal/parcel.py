"""What two servers give each other, a station and the province above it: one signed letter and pieces of photos, sealed.

    parcel = sealed as a bundle is, to the sealing key of who gets it; its plain bytes are
    plain  = size of the letter (8 bytes, big end first) ‖ letter ‖ photo pieces, in the order in which the letter names them
    letter = zlib (RFC 1950) with preset dictionary 1 of {"message": Parcel, "signature"} of who gives it

It is the same over the network and on a stick. A parcel also says how far its giver has what the other one gave: so nothing else
has to be said, and one that is lost, comes twice or comes late does no harm.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pydantic import Field

from journal.bundle import BundleUnreadable, open_bundle, seal_bundle
from journal.entries import PersonRegistered, PlaceRegistered, UnitRegistered, WriterEnrolled
from journal.entries.envelope import About, Base64, Code, Count, Line, Ref, Seq, Sha256, Unit, Writer
from journal.names import WriterId
from journal.packing import dictionary
from journal.wire import MAX_PHOTO_BYTES, Message, Signed, WireUnreadable

PARCEL_TYPE = "application/vnd.tuan-tra.parcel"
MAX_LETTER_BYTES = 33_554_432
"""Of a letter unpacked."""
MAX_GIVEN = 10_000
MAX_WANTED = 50
"""Photos asked for at a time."""
LEAVES_IN_PART = 2_000
_SIZE_BYTES = 8

Cursors = dict[Unit, Count]


class ParcelUnreadable(Exception):
    """No parcel, not for us, not from a server that is admitted here, or its bytes were changed or cut off."""


class Card(Message):
    """What the giver's register says of a unit, person, place or writer that its entries name."""

    subject: About
    body: Annotated[UnitRegistered | PersonRegistered | PlaceRegistered | WriterEnrolled, Field(discriminator="fact")]


class ChainPart(Message):
    """A stretch of a writer's chain: entries ``first_seq`` to ``last_seq``. A writer's parts follow each other.

    The entries of it that are not given are there by their leaves alone, which tell nothing of them.
    """

    writer: Writer
    first_seq: Seq
    last_seq: Seq
    leaves: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*$", max_length=LEAVES_IN_PART * 43 + 4)] = ""
    """b64 of the leaves, 32 bytes each, of the entries that are not given, in their order."""
    first_link: Sha256 | None = None
    """The link after ``first_seq``, only where what stands before it is not here: the own chain of a server that was restored
    from a backup has a hole."""
    signature: Base64 | None = None
    """The writer's own, over the link after ``last_seq``; with the last part. Absent, the giver alone vouches."""


class GivenEntry(Message):
    """An entry that the receiver may see, in the bytes as they were signed."""

    received_ms: Count
    raw: Annotated[str, Field(max_length=65_536)]
    salt: Base64
    link: Sha256 | None = None
    """Only of an entry that is ahead of its chain: then the giver vouches for its place, until the chain reaches it."""


class PhotoPiece(Message):
    """Bytes of a photo, from ``offset`` on; they follow the letter."""

    sha256: Sha256
    size_bytes: Annotated[int, Field(gt=0, le=MAX_PHOTO_BYTES)]
    media_type: Annotated[str, Field(pattern=r"^[a-z]{1,20}/[a-z0-9.+-]{1,40}$")]
    offset: Count
    piece_bytes: Annotated[int, Field(gt=0, le=MAX_PHOTO_BYTES)]


class PhotoWanted(Message):
    sha256: Sha256
    held_bytes: Count = 0


class Got(Message):
    """How far one side has what the other gave."""

    epoch: Code
    """Of the other side, to which the cursors belong."""
    after: Cursors
    heads: dict[Writer, Count]
    """How far each chain is held that came from there."""
    as_of_ms: Count
    """By the other side's clock: everything that was to be given then is here."""
    serial: Count
    """Of the newest letter that was taken."""


class RelayStands(Message):
    """What a server tells its desks of another that it gives to and takes from."""

    name: Line
    above: bool
    """Whether it stands above this one, as the province does."""
    given_ms: Count | None = None
    """By this server's clock: everything that was to be given then is there; None before anything was."""
    taken_ms: Count | None = None
    """By the other server's clock: everything that it was to give then is here."""
    reached: bool = True
    """False while the last call failed."""


class Relays(Message):
    relays: tuple[RelayStands, ...] = ()


class Parcel(Message):
    """One letter. ``after`` and ``until`` are the giver's cursors of the receiver before and after its content."""

    parcel: Literal[1] = 1
    giver: Writer
    to: Writer
    epoch: Code
    made_ms: Count
    serial: Count
    """How often the giver's journal had moved when it wrote this. What is older than a letter that was taken is passed over."""
    as_of_ms: Count
    more: bool = False
    after: Cursors
    until: Cursors
    cards: Annotated[tuple[Card, ...], Field(max_length=MAX_GIVEN)] = ()
    chains: Annotated[tuple[ChainPart, ...], Field(max_length=MAX_GIVEN)] = ()
    given: Annotated[tuple[GivenEntry, ...], Field(max_length=MAX_GIVEN)] = ()
    taken_back: Annotated[tuple[Ref, ...], Field(max_length=MAX_GIVEN)] = ()
    pieces: Annotated[tuple[PhotoPiece, ...], Field(max_length=MAX_GIVEN)] = ()
    got: Got | None = None
    """None from one who has nothing yet."""
    wanted: Annotated[tuple[PhotoWanted, ...], Field(max_length=MAX_WANTED)] = ()
    lacking: Annotated[tuple[Sha256, ...], Field(max_length=MAX_WANTED)] = ()
    """Photos that were asked for and that the giver does not have, or not for the asker."""
    clashes: Annotated[tuple[About, ...], Field(max_length=200)] = ()
    """Codes of the other side that mean something else here: what names them is held."""

    @property
    def is_news(self) -> bool:
        """Whether it brings anything but words about what came."""
        return bool(self.given or self.taken_back or self.pieces)


class StationJoin(Message):
    """A station asks to be admitted by the province. ``proof`` signs :func:`join_message` with its signing key."""

    join: Literal[1] = 1
    token: Code
    name: Line
    signing_key: Base64
    sealing_key: Base64
    proof: Base64


class JoinStanding(Message):
    """``waiting`` until a person at the province confirms that both screens show ``check_number``."""

    state: Literal["waiting", "confirmed", "refused"]
    station: Writer
    check_number: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


def join_message(token: str, signing_key: bytes, sealing_key: bytes) -> bytes:
    return b"tuan-tra station join 1\n%s\n%s\n%s" % (token.encode(), signing_key.hex().encode(), sealing_key.hex().encode())


# --- making and opening -----------------------------------------------------------------------------------------------


def seal_parcel(
    key: Ed25519PrivateKey,
    sealing_key: bytes,
    parcel: Parcel,
    photo_pieces: Sequence[bytes],
    random_bytes: Callable[[int], bytes],
) -> Iterator[bytes]:
    """A parcel, piece by piece, that only the holder of the private half of ``sealing_key`` opens."""
    deflate = zlib.compressobj(level=9, wbits=zlib.MAX_WBITS, zdict=dictionary())
    letter = deflate.compress(Signed.sign(key, parcel).packed()) + deflate.flush()

    def plain() -> Iterable[bytes]:
        yield len(letter).to_bytes(_SIZE_BYTES, "big") + letter
        yield from photo_pieces

    return seal_bundle(WriterId(parcel.to), sealing_key, plain(), random_bytes)


@dataclass(frozen=True)
class OpenedParcel:
    """A parcel whose every byte was checked; ``photos`` are the bytes of its pieces, one after the other."""

    parcel: Parcel
    photos: tuple[bytes, ...]


def open_parcel(own: WriterId, sealing_key: X25519PrivateKey, raw: bytes, key_of: Callable[[str], bytes | None]) -> OpenedParcel:
    """The parcel in these bytes. ``key_of`` gives the raw public key of a server that is admitted here, None for others.

    Raises :class:`ParcelUnreadable`, which says what is wrong.
    """
    view, at = memoryview(raw), 0

    def read(size: int) -> bytes:
        nonlocal at
        some = bytes(view[at : at + size])
        at += len(some)
        return some

    try:
        plain = b"".join(open_bundle(own, sealing_key, read))
        size = int.from_bytes(plain[:_SIZE_BYTES], "big")
        signed = Signed.unpack(_inflate(plain[_SIZE_BYTES : _SIZE_BYTES + size]))
        parcel = _read_signed(signed, own, key_of)
    except (BundleUnreadable, WireUnreadable) as unreadable:
        raise ParcelUnreadable(str(unreadable)) from unreadable
    return OpenedParcel(parcel, tuple(_cut(plain[_SIZE_BYTES + size :], parcel.pieces)))


def _inflate(letter: bytes) -> bytes:
    inflate = zlib.decompressobj(zlib.MAX_WBITS, zdict=dictionary())
    try:
        content = inflate.decompress(letter, MAX_LETTER_BYTES)
    except zlib.error as broken:
        raise ParcelUnreadable("the letter does not unpack") from broken
    if not inflate.eof or inflate.unused_data:
        raise ParcelUnreadable("the letter is too long, or its end is missing")
    return content


def _read_signed(signed: Signed, own: WriterId, key_of: Callable[[str], bytes | None]) -> Parcel:
    parcel = Parcel.unpack(signed.message)
    key = key_of(parcel.giver)
    if key is None:
        raise ParcelUnreadable(f"{parcel.giver} is not admitted here")
    if not signed.holds_for(key):
        raise ParcelUnreadable(f"not signed by {parcel.giver}")
    if parcel.to != own:
        raise ParcelUnreadable(f"a letter of {parcel.giver} to {parcel.to}")
    return parcel


def _cut(photos: bytes, pieces: Sequence[PhotoPiece]) -> Iterator[bytes]:
    at = 0
    for piece in pieces:
        yield photos[at : at + piece.piece_bytes]
        at += piece.piece_bytes
    if at != len(photos):
        raise ParcelUnreadable("more or fewer photo bytes than the letter names")
