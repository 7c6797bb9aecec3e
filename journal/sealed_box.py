"""A box that anybody can close for the holder of an X25519 key: salt keys on enrolment, bundles, the recovery of a device's keys.

    box = ephemeral public key (32) ‖ ChaCha20-Poly1305(HKDF-SHA-256(shared secret), nonce 0, plain, AAD = purpose)

A key is used for one box only, so the fixed nonce is safe. HKDF's salt is both public keys, its info is the purpose: a box made
for one purpose does not open for another.
"""

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PUBLIC_KEY_BYTES = 32
OVERHEAD_BYTES = PUBLIC_KEY_BYTES + 16
_ONLY_NONCE = bytes(12)


class BoxUnreadable(Exception):
    """Not a box, or not one for this key and purpose, or its bytes were changed."""


def seal_to(public_key: bytes, plain: bytes, purpose: bytes, random_bytes: Callable[[int], bytes]) -> bytes:
    """A box of ``plain`` that only the holder of the private half of this raw X25519 key opens."""
    ephemeral = X25519PrivateKey.from_private_bytes(random_bytes(32))
    own_half = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key))
    return own_half + ChaCha20Poly1305(_box_key(shared, own_half + public_key, purpose)).encrypt(_ONLY_NONCE, plain, purpose)


def open_sealed(private_key: X25519PrivateKey, box: bytes, purpose: bytes) -> bytes:
    """What :func:`seal_to` was given. Raises :class:`BoxUnreadable`."""
    if len(box) < OVERHEAD_BYTES:
        raise BoxUnreadable("too short for a sealed box")
    their_half, sealed = box[:PUBLIC_KEY_BYTES], box[PUBLIC_KEY_BYTES:]
    try:
        shared = private_key.exchange(X25519PublicKey.from_public_bytes(their_half))
        halves = their_half + private_key.public_key().public_bytes_raw()
        return ChaCha20Poly1305(_box_key(shared, halves, purpose)).decrypt(_ONLY_NONCE, sealed, purpose)
    except (InvalidTag, ValueError) as unreadable:
        raise BoxUnreadable("the box does not open with this key") from unreadable


def _box_key(shared: bytes, halves: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=halves, info=b"tuan-tra sealed box 1\n" + purpose).derive(shared)
