"""The ciphers of the store, all in one place: ChaCha20-Poly1305 for rows and files, HKDF-SHA-256 for keys made of keys."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
PIECE_BYTES = 1_048_576
"""Plain bytes of one piece of a file; a reader holds one piece at a time."""

RandomBytes = Callable[[int], bytes]


class SealBroken(Exception):
    """The bytes were changed, moved to another place, or sealed with another key."""


def derive_key(secret: bytes, purpose: bytes, salt: bytes = b"") -> bytes:
    """A 32-byte key for one purpose, by HKDF-SHA-256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt or None, info=b"tuan-tra store 1\n" + purpose).derive(secret)


def place_of(table: str, *parts: str | int) -> bytes:
    """Associated data that binds a sealed row to its place: nobody can move a row and have it open."""
    return "\x1f".join((table, *map(str, parts))).encode()


def seal(key: bytes, plain: bytes, place: bytes, random_bytes: RandomBytes) -> bytes:
    """Nonce ‖ cipher text ‖ tag."""
    nonce = random_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """What was sealed at this place. Raises :class:`SealBroken`."""
    try:
        return ChaCha20Poly1305(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
    except (InvalidTag, ValueError) as broken:
        raise SealBroken(place.decode(errors="replace")) from broken


def seal_pieces(key: bytes, plain: bytes | memoryview) -> Iterator[bytes]:
    """Sealed pieces of 1 MiB, after the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015).

    Number and last flag are in nonce and associated data, so pieces cannot be dropped, swapped or cut off. ``key`` is for this
    one file only; that is why the nonces may be counted.
    """
    aead = ChaCha20Poly1305(key)
    count = max(1, -(-len(plain) // PIECE_BYTES))
    for number in range(count):
        piece = plain[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]
        mark = _piece_mark(number, last=number == count - 1)
        yield aead.encrypt(mark, piece, mark)


def unseal_pieces(key: bytes, sealed: bytes) -> bytes:
    """The plain bytes of all pieces. Raises :class:`SealBroken` when one is missing, changed or out of order."""
    return bytes(unseal_stream(key, BytesIO(sealed), len(sealed)))


def unseal_stream(key: bytes, sealed: IO[bytes], size_bytes: int) -> bytearray:
    """As :func:`unseal_pieces`, of the next ``size_bytes`` of a file, which are never all in memory beside the plain ones."""
    aead, step = ChaCha20Poly1305(key), PIECE_BYTES + TAG_BYTES
    count = max(1, -(-size_bytes // step))
    plain, filled = bytearray(max(0, size_bytes - count * TAG_BYTES)), 0
    for number in range(count):
        mark = _piece_mark(number, last=number == count - 1)
        try:
            piece = aead.decrypt(mark, sealed.read(min(step, size_bytes - number * step)), mark)
        except (InvalidTag, ValueError) as broken:
            raise SealBroken(f"piece {number}") from broken
        plain[filled : filled + len(piece)] = piece
        filled += len(piece)
    return plain


def _piece_mark(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([last])
