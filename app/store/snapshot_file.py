"""The folded views, sealed on disk, so that an unlock need not fold everything again. Deleting the file only costs time."""

import json
import logging
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.durable_files import write_durably
from app.store.sealing import KEY_BYTES, RandomBytes, SealBroken, seal_pieces, unseal_stream
from journal.exchange import Link
from journal.sealed_box import BoxUnreadable, open_sealed, seal_to

_log = logging.getLogger(__name__)

_MAGIC = b"TTSN3\n"
_PURPOSE = b"snapshot file"
_LENGTH_BYTES = 2


@dataclass(frozen=True)
class Snapshot:
    """Views as they were at change ``mark`` of the journal, when the own chain stood at ``link``.

    A new epoch takes receipts back, which no change after ``mark`` could tell views that hold them: the epoch must be the same.
    """

    epoch: str
    mark: int
    link: Link
    views: bytes | bytearray


def write_snapshot(path: Path, snapshot: Snapshot, reading_public_key: bytes, random_bytes: RandomBytes) -> None:
    """Durable when it returns.

    file = magic (6) ‖ length of the box (2) ‖ box of the file's key and the position, sealed to the reading key ‖ pieces
    """
    key = random_bytes(KEY_BYTES)
    position = json.dumps([snapshot.epoch, snapshot.mark, snapshot.link.seq, snapshot.link.link.hex()]).encode()
    box = seal_to(reading_public_key, key + position, _PURPOSE, random_bytes)
    head = _MAGIC + len(box).to_bytes(_LENGTH_BYTES, "big") + box
    write_durably(path, chain([head], seal_pieces(key, memoryview(snapshot.views))))


def read_snapshot(path: Path, reading_key: X25519PrivateKey) -> Snapshot | None:
    """None when there is none, or none that can be read: then everything is folded again."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return None
            box = open_sealed(reading_key, file.read(int.from_bytes(file.read(_LENGTH_BYTES), "big")), _PURPOSE)
            epoch, mark, seq, link = json.loads(box[KEY_BYTES:])
            views = unseal_stream(box[:KEY_BYTES], file, path.stat().st_size - file.tell())
            return Snapshot(epoch, mark, Link(seq, bytes.fromhex(link)), views)
    except FileNotFoundError:
        return None
    except (OSError, BoxUnreadable, SealBroken, ValueError):
        _log.warning("the snapshot cannot be read; everything is folded again", exc_info=True)
        return None
