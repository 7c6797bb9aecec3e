"""How to reach who told something: sealed on the phone at once, so that only the station, and nobody with a phone, can read it.

The plain text is padded, so that the size of the box tells nothing; its purpose names the writer, so that a box copied into
another writer's entry does not open.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from journal.sealed_box import BoxUnreadable, open_sealed, seal_to

PLAIN_BYTES = 2_048
MOST_NAME, MOST_PHONE, MOST_HOW = 60, 40, 160
"""Letters; at their longest, each written as JSON escapes it, they fit."""


@dataclass(frozen=True)
class TipSource:
    """Who told it and how to reach them; every part may stay empty, not all of them."""

    name: str = ""
    phone: str = ""
    how: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.name.strip() or self.phone.strip() or self.how.strip())


def seal_source(source: TipSource, sealing_key: bytes, writer: str, random_bytes: Callable[[int], bytes]) -> bytes:
    """The box for the station's raw X25519 key; longer texts are cut. Raises ValueError for an empty source."""
    cut = TipSource(source.name.strip()[:MOST_NAME], source.phone.strip()[:MOST_PHONE], source.how.strip()[:MOST_HOW])
    if cut.is_empty:
        raise ValueError("nothing to seal")
    plain = json.dumps(asdict(cut), ensure_ascii=False).encode()
    return seal_to(sealing_key, plain.ljust(PLAIN_BYTES), _purpose(writer), random_bytes)


def open_source(private_key: X25519PrivateKey, box: bytes, writer: str) -> TipSource:
    """What this writer sealed. Raises :class:`~journal.sealed_box.BoxUnreadable`."""
    plain = open_sealed(private_key, box, _purpose(writer))
    try:
        return TipSource(**json.loads(plain))
    except (ValueError, TypeError) as unreadable:
        raise BoxUnreadable("the box holds no source") from unreadable


def _purpose(writer: str) -> bytes:
    return b"tip source\n" + writer.encode()
