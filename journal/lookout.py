"""What phones are told of a vehicle that is looked for: a box that opens only to who already knows the plate.

    key = Argon2id(plate as compared, salt, cost of the box)
    box = ChaCha20-Poly1305(key, nonce 0, plain padded to 128 bytes, AAD = purpose and end)

Each salt is drawn for one lookout, so a key seals one box only and the fixed nonce is safe. A plate is a short secret: the cost
is what stands between the box and somebody who tries all plates (docs/decisions/0029-plates-that-are-looked-for.md).
"""

import json
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

SALT_BYTES = 16
PLAIN_BYTES = 128
_ONLY_NONCE = bytes(12)


@dataclass(frozen=True)
class Wanted:
    """Why a plate is looked for, and by which unit."""

    reason: str
    issuer: str


def seal_lookout(wanted: Wanted, until_ms: int, key: bytes) -> bytes:
    """The box for the key that was made of the plate."""
    plain = json.dumps(asdict(wanted)).encode().ljust(PLAIN_BYTES)
    return ChaCha20Poly1305(key).encrypt(_ONLY_NONCE, plain, _purpose(until_ms))


def open_lookout(box: bytes, until_ms: int, key: bytes) -> Wanted | None:
    """What was sealed, or None: it was another plate."""
    try:
        told = json.loads(ChaCha20Poly1305(key).decrypt(_ONLY_NONCE, box, _purpose(until_ms)))
        return Wanted(str(told["reason"]), str(told["issuer"]))
    except (InvalidTag, ValueError, KeyError, TypeError):
        return None


def _purpose(until_ms: int) -> bytes:
    return b"lookout 1\n%d" % until_ms
