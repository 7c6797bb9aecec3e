"""The folded views, sealed on disk, so that an unlock need not fold everything again. Deleting the file only costs time."""

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.durable_files import write_durably
from app.store.sealing import KEY_BYTES, RandomBytes, SealBroken, seal_pieces, unseal_pieces
from journal.exchange import Link
from journal.sealed_box import OVERHEAD_BYTES, BoxUnreadable, open_sealed, seal_to

_MAGIC = b"TTSN2\n"
_PURPOSE = b"snapshot file"
_HEAD_BYTES = len(_MAGIC) + OVERHEAD_BYTES + KEY_BYTES


@dataclass(frozen=True)
class Snapshot:
    """Views as they were at change ``mark`` of the journal, when the own chain stood at ``link``.

    A new epoch takes receipts back, which no change after ``mark`` could tell views that hold them: the epoch must be the same.
    """

    epoch: str
    mark: int
    link: Link
    views: bytes


def write_snapshot(path: Path, snapshot: Snapshot, reading_public_key: bytes, random_bytes: RandomBytes) -> None:
    """Durable when it returns."""
    key = random_bytes(KEY_BYTES)
    head = _MAGIC + seal_to(reading_public_key, key, _PURPOSE, random_bytes)
    position = json.dumps([snapshot.epoch, snapshot.mark, snapshot.link.seq, snapshot.link.link.hex()]).encode()
    write_durably(path, [head, *seal_pieces(key, position + b"\n" + snapshot.views)])


def read_snapshot(path: Path, reading_key: X25519PrivateKey) -> Snapshot | None:
    """None when there is none, or none that can be read: then everything is folded again."""
    try:
        raw = path.read_bytes()
        key = open_sealed(reading_key, raw[len(_MAGIC) : _HEAD_BYTES], _PURPOSE)
        position, _, views = unseal_pieces(key, raw[_HEAD_BYTES:]).partition(b"\n")
        epoch, mark, seq, link = json.loads(position)
        return Snapshot(epoch, mark, Link(seq, bytes.fromhex(link)), views)
    except (FileNotFoundError, BoxUnreadable, SealBroken, ValueError):
        return None
