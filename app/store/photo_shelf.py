"""Which photos the device holds, which of them an entry names, which the station has; and the one way a photo leaves."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.journal_file import JournalFile
from app.store.outcomes import KeptPhoto, PhotoReceived, PhotoReleased, PhotoToSend, ReceiptDoubted
from app.store.pen import Naming
from app.store.photo_files import PhotoFiles
from app.store.photo_namings import PhotoNamings
from app.store.sealing import SealBroken
from app.store.space import NoRoom, is_full
from app.store.write_keys import KeyForgotten
from journal.names import WriterId
from journal.wire import PhotoReceipt, Signed, StationCard, WireUnreadable, from_text

_log = logging.getLogger(__name__)

SMALL_BYTES = 65_536
"""A copy for a list or a glance is no larger."""
_AT_THE_STATION = ("received", "released", "foreign")
"""A state that is none of these, nor ``kept``, is a damaged one: the photo waits, as far as anybody can tell."""


@dataclass(frozen=True)
class HeldPhoto:
    """A file of the shelf. ``state``: ``kept``, ``received`` by the station, ``released``, or ``foreign``."""

    name: str
    state: str
    size_bytes: int
    key: bytes


class PhotoShelf:
    """Rows and files together. After a lock it still knows those that are to be sent, and no other."""

    def __init__(self, file: JournalFile, files: PhotoFiles, own: WriterId) -> None:
        self._file = file
        self._files = files
        self._held: dict[str, HeldPhoto] = {}
        self._namings = PhotoNamings(file, own)
        self._damaged: dict[str, str] = {}
        """Names and states of rows that do not open, and whose files gave no other."""
        self.unfinished = files.unfinished()
        states = dict(file.connection.execute("SELECT name, state FROM photo"))
        on_disk = files.names()
        for name in (name for name, state in states.items() if state == "released" and name in on_disk):
            files.remove(name)
        self.strays = on_disk - set(states)
        self.missing = sum(state != "released" and name not in on_disk for name, state in states.items())

    def keep(self, plain: bytes, *, foreign: bool = False) -> KeptPhoto:
        """Durable when it returns: file, folder and row. Raises :class:`NoRoom`; nothing of it is then on the disk."""
        digest = sha256(plain).hexdigest()
        held = self._held.get(digest)
        if held is None or held.state == "released":
            name, key = self._files.keep(plain)
            try:
                self._put(digest, HeldPhoto(name, "foreign" if foreign else "kept", len(plain), key))
            except sqlite3.OperationalError as failed:
                if not is_full(failed):
                    raise
                self._files.remove(name)
                raise NoRoom("the disk was full before the photo had its row") from failed
        elif held.state == "foreign" and not foreign:
            self._set_state(digest, "kept")
        return KeptPhoto(digest, len(plain))

    def read(self, digest: str) -> bytes | None:
        """The photo's bytes; None when this device does not hold them, or may not read them now. Raises :class:`SealBroken`."""
        held = self._held.get(digest)
        if held is None or held.state == "released":
            return None
        plain = self._files.read(held.name, held.key)
        if sha256(plain).hexdigest() != digest:
            raise SealBroken("a photo file of other content")
        return plain

    def write_naming(self, naming: Naming) -> None:
        """Within the transaction of the entry that names the file."""
        self._namings.write_within(naming)

    def remember(self, naming: Naming) -> None:
        self._namings.remember(naming)

    def waiting(self) -> list[PhotoToSend]:
        """Own files that an entry names and the station has not; the smallest first, so that previews go before originals."""
        waiting = []
        for naming, held in self._kept():
            noted = json.loads(self._file.read_standing(f"upload {held.name}") or b'{"sent_to": 0, "upload": null}')
            waiting.append(PhotoToSend(naming.sha256, held.size_bytes, naming.media_type, naming.role, **noted))
        return sorted(waiting, key=lambda photo: photo.size_bytes)

    def count_waiting(self) -> int:
        """How many :meth:`waiting` would give, and how many wait that cannot be sent because what tells of them is damaged."""
        return sum(1 for _ in self._kept()) + self._count_unsendable()

    def count_damaged(self) -> int:
        """Photos without a receipt of which this device, unlocked, cannot tell what they are: they keep the vault where it is."""
        return self._count_unsendable() + len(self.strays)

    def count_on_disk(self) -> int:
        """Photos without a receipt, by what stands in the clear: the same before the PIN."""
        marks = ",".join("?" * len(_AT_THE_STATION))
        rows = self._file.connection.execute(f"SELECT count(*) FROM photo WHERE state NOT IN ({marks})", _AT_THE_STATION)
        return int(rows.fetchone()[0]) + len(self.strays)

    def _count_unsendable(self) -> int:
        damaged = sum(state == "kept" for state in self._damaged.values())
        if not self._namings.lost:
            return damaged
        unnamed = sum(held.state == "kept" and digest not in self._namings for digest, held in self._held.items())
        return damaged + min(self._namings.lost, unnamed)

    def _kept(self) -> Iterator[tuple[Naming, HeldPhoto]]:
        for digest, naming in self._namings.items():
            held = self._held.get(digest)
            if held is not None and held.state == "kept":
                yield naming, held

    def may_leave(self) -> list[KeptPhoto]:
        """What the station has, the largest first: own originals that it signed for, and what was fetched to be looked at.

        Small copies stay, so that a record is still seen without a network.
        """
        originals = self._namings.originals()
        found = [
            KeptPhoto(digest, held.size_bytes)
            for digest, held in self._held.items()
            if (held.state == "received" and digest in originals) or (held.state == "foreign" and held.size_bytes > SMALL_BYTES)
        ]
        return sorted(found, key=lambda photo: photo.size_bytes, reverse=True)

    def note_upload(self, digest: str, sent_to: int, upload: str | None) -> None:
        """How far an upload came and where it goes on."""
        with self._file.transaction():
            noted = json.dumps({"sent_to": sent_to, "upload": upload}).encode()
            self._file.write_standing(f"upload {self._held[digest].name}", noted)

    def settle(self, signed: Signed, station: StationCard, epoch: str) -> PhotoReceived | ReceiptDoubted:
        """Marks the photo as received, and keeps the receipt, if this proves that the station has it.

        One that left the device meanwhile stays away: an upload may have been under way when an earlier receipt let it go.
        """
        proof = self._prove(signed, station, epoch)
        if isinstance(proof, ReceiptDoubted):
            return proof
        with self._file.transaction() as connection:
            key_id, blob = self._file.keys.seal(signed.packed(), "receipt")
            connection.execute("INSERT INTO receipt (key_id, blob) VALUES (?, ?)", (key_id, blob))
            if waited := self._held[proof.sha256].state == "kept":
                self._set_state_within(proof.sha256, "received")
        if waited:
            self._held[proof.sha256] = replace(self._held[proof.sha256], state="received")
        return PhotoReceived()

    def release(self, signed: Signed, station: StationCard, epoch: str) -> PhotoReleased | ReceiptDoubted:
        """Takes a photo's bytes off this device. Nothing else does, and it asks for the station's receipt naming their hash."""
        settled = self.settle(signed, station, epoch)
        if isinstance(settled, ReceiptDoubted):
            return settled
        digest = PhotoReceipt.unpack(signed.message).sha256
        self._set_state(digest, "released")
        self._files.remove(self._held[digest].name)
        return PhotoReleased()

    def erase(self, digest: str) -> None:
        """By order of the law, and only what the station has or gave."""
        held = self._held.get(digest)
        if held is not None and held.state in ("received", "foreign"):
            self._set_state(digest, "released")
            self._files.remove(held.name)

    def offer_again_within(self) -> None:
        """Within the transaction of a new epoch: the station may have lost what it gave a receipt for."""
        self._file.connection.execute("UPDATE photo SET state = 'kept' WHERE state = 'received'")
        self._file.connection.execute("DELETE FROM standing WHERE name LIKE 'upload %'")

    def offered_again(self) -> None:
        again = {digest: replace(held, state="kept") for digest, held in self._held.items() if held.state == "received"}
        self._held.update(again)
        self._damaged = {name: "kept" if state == "received" else state for name, state in self._damaged.items()}

    def lock(self) -> None:
        """Forgets every photo but those that wait to be sent or named."""
        self._held = {digest: held for digest, held in self._held.items() if held.state == "kept"}
        self._namings.forget_but(set(self._held))

    def load(self, reading_key: X25519PrivateKey) -> None:
        """All rows whose keys are open; then the files whose row is lost or damaged are given one."""
        # One that left and was fetched again has two rows: the one with a file comes last.
        rows = "SELECT name, state, size, key_id, blob FROM photo ORDER BY state = 'released' DESC"
        found = self._file.connection.execute(rows).fetchall()
        on_disk = self._files.names()
        self.strays, self._damaged = on_disk - {name for name, *_ in found}, {}
        for name, state, size, key_id, blob in found:
            told = state if state in _AT_THE_STATION else "kept"
            opened = self._open_row(name, key_id, blob)
            if opened is not None:
                of, plain = opened
                self._held[plain[32:].hex()] = HeldPhoto(of, told, size, plain[:32])
            elif told != "released":
                _log.warning("a photo's row is damaged")
                self._damaged[name] = told
        self._namings.load()
        for name in sorted(self.strays | (self._damaged.keys() & on_disk)):
            self._take_in(name, reading_key)

    def _open_row(self, name: str, key_id: int, blob: bytes) -> tuple[str, bytes] | None:
        """Name of the file and what its row seals. A row whose name is damaged opens with that of a file that has no row."""
        for of in (name, *self.strays):
            try:
                plain = self._file.keys.unseal(key_id, blob, "photo", of)
            except (SealBroken, KeyForgotten):
                continue
            self.strays.discard(of)
            return of, plain
        return None

    def _take_in(self, name: str, reading_key: X25519PrivateKey) -> None:
        """A file tells its key by its own head. One that does not open stays where it is, and keeps the vault there."""
        try:
            key = self._files.open_key(name, reading_key)
            plain = self._files.read(name, key)
        except (SealBroken, OSError):
            _log.warning("a photo file without a row does not open; it stays where it is", exc_info=True)
            return
        digest = sha256(plain).hexdigest()
        held = self._held.get(digest)
        # Where the same bytes lie in two files, what the station said of one holds for both.
        state = self._damaged.get(name, "kept") if held is None or held.state == "released" else held.state
        try:
            self._put(digest, HeldPhoto(name, state, len(plain), key))
        except sqlite3.OperationalError as failed:
            if not is_full(failed):
                raise
            _log.warning("the disk is full; a photo file is given its row another time")
            return
        self.strays.discard(name)
        self._damaged.pop(name, None)

    def _put(self, digest: str, held: HeldPhoto) -> None:
        """A row that does not open is replaced."""
        with self._file.transaction() as connection:
            key_id, blob = self._file.keys.seal(held.key + bytes.fromhex(digest), "photo", held.name)
            row = (held.name, held.state, held.size_bytes, key_id, blob)
            connection.execute(
                "INSERT INTO photo VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                " state = excluded.state, size = excluded.size, key_id = excluded.key_id, blob = excluded.blob",
                row,
            )
        self._held[digest] = held

    def _set_state(self, digest: str, state: str) -> None:
        with self._file.transaction():
            self._set_state_within(digest, state)
        self._held[digest] = replace(self._held[digest], state=state)

    def _set_state_within(self, digest: str, state: str) -> None:
        self._file.connection.execute("UPDATE photo SET state = ? WHERE name = ?", (state, self._held[digest].name))

    def _prove(self, signed: Signed, station: StationCard, epoch: str) -> PhotoReceipt | ReceiptDoubted:
        try:
            if not signed.holds_for(from_text(station.signing_key)):
                return ReceiptDoubted("not_signed")
            receipt = PhotoReceipt.unpack(signed.message)
        except WireUnreadable:
            return ReceiptDoubted("unreadable")
        if receipt.station != station.station:
            return ReceiptDoubted("other_station")
        if receipt.epoch != epoch:
            return ReceiptDoubted("other_epoch")
        held = self._held.get(receipt.sha256)
        if held is None or held.size_bytes != receipt.size_bytes:
            return ReceiptDoubted("unknown_photo")
        return receipt
