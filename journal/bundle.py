"""The shape of a bundle: one writer's push and photos in a file that only the station opens, so that anybody may carry it.

    bundle = head ‖ pieces
    head   = "tuan-tra bundle 1\n" ‖ station id (16) ‖ box of the file's key, for the station's sealing key, purpose "bundle" (80)
    piece  = ChaCha20-Poly1305(key, nonce = number (11 bytes, big end first) ‖ last (1 byte), 65,536 plain bytes, AAD = head)
    plain  = opening, signed by the writer, as one line ‖ push ‖ photos, in the order in which the opening names them

Only the last piece may be shorter, and only it is marked as last (STREAM; Hoang, Reyhanitabar, Rogaway, Vizár 2015), so pieces
cannot be dropped, swapped, added or cut off. The key is for one file only: that is why nonces may be counted.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from pydantic import Field

from journal.entries.envelope import Code, Count, Sha256, Writer
from journal.names import WriterId
from journal.sealed_box import OVERHEAD_BYTES, BoxUnreadable, open_sealed, seal_to
from journal.wire import MAX_PHOTO_BYTES, Message, PushReply, Signed, WireUnreadable

BUNDLE_TYPE = "application/vnd.tuan-tra.bundle"
BUNDLE_SUFFIX = ".tuantra"
MAX_BUNDLE_BYTES = 268_435_456
"""A carrier and a station take no larger one."""
MAX_OPENING_BYTES = 1_048_576
MAX_BUNDLED_PHOTOS = 2_000
"""So that the answer, a receipt for each, is no longer than a device reads."""
PURPOSE = b"bundle"
PIECE_BYTES = 65_536
TAG_BYTES = 16
_MAGIC = b"tuan-tra bundle 1\n"
_STATION_BYTES = 16
_KEY_BYTES = 32
HEAD_BYTES = len(_MAGIC) + _STATION_BYTES + OVERHEAD_BYTES + _KEY_BYTES


class BundleUnreadable(Exception):
    """No bundle, not one for this station, or its bytes were changed or cut off."""


class BundledPhoto(Message):
    """A file that an entry of the writer names; its bytes stand in the bundle after the push."""

    sha256: Sha256
    size_bytes: Annotated[int, Field(gt=0, le=MAX_PHOTO_BYTES)]
    media_type: Annotated[str, Field(pattern=r"^[a-z]{1,20}/[a-z0-9.+-]{1,40}$")]


class BundleOpening(Message):
    """What the writer signs: whose bundle, for which station, and what is in it."""

    bundle: Literal[1] = 1
    station: Writer
    epoch: Code
    writer: Writer
    made_ms: Count
    push_bytes: Count
    """0 when no entry waits, only photos."""
    photos: Annotated[tuple[BundledPhoto, ...], Field(max_length=MAX_BUNDLED_PHOTOS)] = ()


class BundleReply(Message):
    """The station's signed words on a bundle, for its writer; whoever carried it brings them back."""

    writer: Writer
    push: PushReply | None = None
    photos: Annotated[tuple[Signed, ...], Field(max_length=MAX_BUNDLED_PHOTOS)] = ()


# --- making -----------------------------------------------------------------------------------------------------------


def bundle_plain(
    key: Ed25519PrivateKey, opening: BundleOpening, push: bytes, read_photo: Callable[[BundledPhoto], bytes]
) -> Iterator[bytes]:
    """The plain bytes, photo by photo."""
    yield Signed.sign(key, opening).packed() + b"\n"
    yield push
    for photo in opening.photos:
        yield read_photo(photo)


def seal_bundle(
    station: WriterId, sealing_key: bytes, plain: Iterable[bytes], random_bytes: Callable[[int], bytes]
) -> Iterator[bytes]:
    """A bundle, piece by piece, for the holder of the private half of this raw X25519 key."""
    key = random_bytes(_KEY_BYTES)
    head = _MAGIC + station.encode() + seal_to(sealing_key, key, PURPOSE, random_bytes)
    yield head
    aead, held, number = ChaCha20Poly1305(key), bytearray(), 0
    for part in plain:
        held += part
        while len(held) > PIECE_BYTES:
            yield aead.encrypt(_nonce(number, last=False), bytes(held[:PIECE_BYTES]), head)
            del held[:PIECE_BYTES]
            number += 1
    yield aead.encrypt(_nonce(number, last=True), bytes(held), head)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


# --- opening ----------------------------------------------------------------------------------------------------------


def station_of(head: bytes) -> WriterId:
    """The station that the bundle which begins so is sealed to; all that a carrier can know. Raises :class:`BundleUnreadable`."""
    name = head[len(_MAGIC) : len(_MAGIC) + _STATION_BYTES]
    if len(head) < HEAD_BYTES or not head.startswith(_MAGIC) or not name.isascii() or not name.isalnum():
        raise BundleUnreadable("no bundle")
    return WriterId(name.decode("ascii"))


def open_bundle(station: WriterId, sealing_key: X25519PrivateKey, read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The plain bytes, piece by piece. ``read(size)`` gives that many bytes, fewer only at the end.

    Raises :class:`BundleUnreadable`; nothing may be used before the last piece has been given.
    """
    head = read(HEAD_BYTES)
    if station_of(head) != station:
        raise BundleUnreadable("a bundle for another station")
    try:
        key = open_sealed(sealing_key, head[len(_MAGIC) + _STATION_BYTES :], PURPOSE)
    except BoxUnreadable as unreadable:
        raise BundleUnreadable("the bundle's key does not open") from unreadable
    aead, sealed = ChaCha20Poly1305(key), read(PIECE_BYTES + TAG_BYTES)
    for number in count():
        following = read(PIECE_BYTES + TAG_BYTES)
        try:
            yield aead.decrypt(_nonce(number, last=not following), sealed, head)
        except (InvalidTag, ValueError) as changed:
            raise BundleUnreadable(f"piece {number} was changed, or the end is missing") from changed
        if not following:
            return
        sealed = following


class BundleReader:
    """Reads the parts of an opened bundle in their order. Every method raises :class:`BundleUnreadable`."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()

    def opening(self, key_of: Callable[[str], bytes | None]) -> BundleOpening:
        """What the writer signed. ``key_of`` gives the raw public key of a writer, None for an unknown one."""
        while (end := self._held.find(b"\n")) < 0:
            if len(self._held) > MAX_OPENING_BYTES:
                raise BundleUnreadable("an opening without end")
            self._held += self._next()
        try:
            signed = Signed.unpack(bytes(self._held[:end]))
            opening = BundleOpening.unpack(signed.message)
        except WireUnreadable as unreadable:
            raise BundleUnreadable(str(unreadable)) from unreadable
        key = key_of(opening.writer)
        if key is None or not signed.holds_for(key):
            raise BundleUnreadable("not signed by an enrolled writer")
        del self._held[: end + 1]
        return opening

    def part(self, size_bytes: int) -> Iterator[bytes]:
        """The next so many bytes, as they come. To be read to its end before the next part."""
        left = size_bytes
        while left:
            if not self._held:
                self._held += self._next()
            some = bytes(self._held[:left])
            del self._held[: len(some)]
            left -= len(some)
            yield some

    def end(self) -> None:
        """There must be nothing more."""
        if self._held or any(self._pieces):
            raise BundleUnreadable("more bytes than the opening names")

    def _next(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise BundleUnreadable("fewer bytes than the opening names")
        return piece
