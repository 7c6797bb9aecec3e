"""What of the own work is with somebody else on its way to the station, and what receipts prove of it.

That a bundle is carried is one person's word; only a receipt says that the station has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.store.journal_file import JournalFile
from app.store.photo_shelf import PhotoShelf
from app.store.sealing import SealBroken
from app.store.sending import Sending
from app.store.vault import Identity
from app.store.write_keys import KeyForgotten
from journal.exchange import Settled
from journal.receipts import Holds, check_receipt
from journal.wire import Signed, WireUnreadable, from_text

_STANDING = "handed over"
_MOST_NOTES = 64


class HandedOver(BaseModel):
    """A bundle of own work that left this device by another way than to the station."""

    model_config = ConfigDict(frozen=True)

    bundle: str
    """SHA-256 of the bundle."""
    from_seq: int
    to_seq: int
    """Own entries in it; ``to_seq`` is before ``from_seq`` when it holds photos only."""
    photos: tuple[str, ...]
    carrier: str | None
    """Writer whose phone carries it; None for a file."""
    since_ms: int

    def holds(self, seq: int) -> bool:
        return self.from_seq <= seq <= self.to_seq


_NOTES = TypeAdapter(tuple[HandedOver, ...])


@dataclass(frozen=True)
class Proof:
    """What the receipts on this device prove of an own entry, without asking anybody."""

    holds: Holds | None
    checked: int = 0
    """Receipts that were read."""
    broken: int = 0
    """Receipts that prove nothing, such as changed ones."""


class HandedWork:
    """For the store's thread. Notes are readable without the PIN; receipts need it."""

    def __init__(self, file: JournalFile, identity: Identity, sending: Sending, photos: PhotoShelf) -> None:
        self._file = file
        self._identity = identity
        self._sending = sending
        self._photos = photos

    def notes(self) -> tuple[HandedOver, ...]:
        """Bundles that still hold something of which there is no receipt, the oldest first."""
        noted = self._all()
        if not noted:
            return ()
        waiting, photos = set(self._sending.waiting_seqs()), {photo.sha256 for photo in self._photos.waiting()}
        return tuple(note for note in noted if not photos.isdisjoint(note.photos) or any(note.holds(seq) for seq in waiting))

    def note(self, handed: HandedOver) -> None:
        """Durable when it returns. The same bundle given to another carrier is noted once more."""
        with self._file.transaction():
            kept = [one for one in self.notes() if (one.bundle, one.carrier) != (handed.bundle, handed.carrier)]
            self._write_within([*kept, handed][-_MOST_NOTES:])

    def forget_within(self) -> None:
        """Within the transaction of a new epoch: what was carried may have gone with the old one."""
        self._write_within([])

    def narrow(self, settled: Settled) -> Settled | None:
        """What a receipt that comes by a carrier still says: nothing about entries that a later receipt has covered."""
        waiting = {seq for seq in self._sending.waiting_seqs() if seq <= settled.to_seq}
        if not waiting:
            return None
        held = tuple(one for one in settled.receipt.held if one.seq in waiting)
        return replace(settled, receipt=settled.receipt.model_copy(update={"held": held}))

    def prove(self, seq: int) -> Proof:
        """Whether a receipt kept here holds for this own entry: by the station's key and the own chain."""
        station = self._identity.station
        checked = broken = 0
        for key_id, blob in self._file.connection.execute("SELECT key_id, blob FROM receipt ORDER BY id DESC"):
            checked += 1
            try:
                signed = Signed.unpack(self._file.keys.unseal(key_id, blob, "receipt"))
            except (SealBroken, KeyForgotten, WireUnreadable):
                broken += 1
                continue
            verdict = check_receipt(
                signed, station.station, from_text(station.signing_key), self._identity.writer, self._sending.link_at
            )
            if isinstance(verdict, Holds) and verdict.covers(seq):
                return Proof(verdict, checked, broken)
            broken += verdict == "changed"
        return Proof(None, checked, broken)

    def _all(self) -> tuple[HandedOver, ...]:
        raw = self._file.read_standing(_STANDING)
        return _NOTES.validate_json(raw) if raw else ()

    def _write_within(self, notes: Sequence[HandedOver]) -> None:
        self._file.write_standing(_STANDING, _NOTES.dump_json(tuple(notes)))
