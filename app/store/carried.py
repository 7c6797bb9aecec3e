"""The shelf of what this phone carries for others: sealed bundles, and the answers that the station gave for them.

It belongs to the phone, beside the vaults, so that whoever of it meets the station first delivers. Nothing here can be read on
this phone, and nothing says whose it is but the id of the writer, which a phone without the register cannot name. The giver keeps
all that is in a bundle until the station's receipt; losing one here loses no evidence.
"""

import hashlib
import logging
import os
from enum import StrEnum
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from app.store.durable_files import fsync_folder, write_durably
from app.store.space import LOW_BYTES, FreeBytes, NoRoom, free_bytes_at, is_full
from journal.bundle import HEAD_BYTES, BundleReply, BundleUnreadable, station_of
from journal.neighbour import MAX_REPLIES

log = logging.getLogger(__name__)

MOST_BUNDLES = 24
MOST_BYTES = 402_653_184
"""Of bundles that wait on this phone, in all."""
KEPT_FREE_BYTES = LOW_BYTES
"""What is left for the own photos and words; others' bundles never take it."""
ANSWERS_FOR_MS = 45 * 86_400_000
"""So long an answer of the station is kept for a writer whom this phone does not meet."""
_BUNDLE, _NOTE, _COMING = ".bundle", ".json", ".coming"


class CarriedState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    """The station has signed for it; the bytes are gone, the answer is kept for the writer."""
    REFUSED = "refused"
    """The station does not take it; a person may throw it away."""


class CarriedBundle(BaseModel):
    """What this phone knows of a bundle of somebody else."""

    model_config = ConfigDict(frozen=True)

    bundle: str
    station: str
    writer: str
    size_bytes: int
    taken_ms: int
    state: CarriedState = CarriedState.WAITING
    why: str | None = None
    told_ms: int | None = None
    """When the station answered, by this phone's clock."""
    reply: BundleReply | None = None


class CarriedShelf:
    """The folder. What blocks is for a thread; one caller at a time."""

    def __init__(self, folder: Path, free_bytes: FreeBytes = free_bytes_at) -> None:
        self._folder = folder
        self._free_bytes = free_bytes
        self._unwritten: dict[str, CarriedBundle] = {}
        """What became of bundles while the disk had no room for it; it holds in this run of the app."""
        self._arriving: list[Arriving] = []

    def all(self) -> tuple[CarriedBundle, ...]:
        """The oldest first. A note that cannot be read is left where it is."""
        notes = []
        for path in self._folder.glob(f"*{_NOTE}"):
            try:
                note = CarriedBundle.model_validate_json(path.read_bytes())
            except (OSError, ValidationError):
                log.warning("the note of a carried bundle cannot be read")
                continue
            notes.append(self._unwritten.get(note.bundle, note))
        return tuple(sorted(notes, key=lambda note: (note.taken_ms, note.bundle)))

    def waiting(self, station: str) -> tuple[CarriedBundle, ...]:
        """What is still to be brought to this station."""
        self._write_down()
        return tuple(one for one in self.all() if one.state is CarriedState.WAITING and one.station == station)

    @property
    def owes_notes(self) -> bool:
        """Whether something became of a bundle for which the disk had no room yet."""
        return bool(self._unwritten)

    def path_of(self, bundle: str) -> Path:
        """Where the sealed bytes lie. Raises ValueError for what is no name of a bundle."""
        return self._folder / f"{_checked(bundle)}{_BUNDLE}"

    def room_bytes(self) -> int:
        """How much more may be taken beside what is coming; 0 when there are as many bundles as one phone carries."""
        waiting = [one for one in self.all() if one.state is not CarriedState.DELIVERED]
        self._arriving = [one for one in self._arriving if not one.is_over]
        if len(waiting) + len(self._arriving) >= MOST_BUNDLES:
            return 0
        self._folder.mkdir(parents=True, exist_ok=True)
        left = MOST_BYTES - sum(one.size_bytes for one in waiting) - sum(one.size_bytes for one in self._arriving)
        free_bytes = self._free_bytes(self._folder) - sum(one.left_bytes for one in self._arriving)
        return max(0, min(left, free_bytes - KEPT_FREE_BYTES))

    def begin(self, bundle: str, size_bytes: int) -> "Arriving":
        """A bundle is about to come. Raises :class:`NoRoom`, and then nothing is on the disk."""
        if size_bytes > self.room_bytes():
            raise NoRoom("the rest is kept for the own work")
        arriving = Arriving(self._folder / f"{_checked(bundle)}{_COMING}", bundle, size_bytes)
        self._arriving.append(arriving)
        return arriving

    def keep(self, arrived: "Arriving", *, station: str, writer: str, now_ms: int) -> CarriedBundle:
        """Takes a whole bundle onto the shelf; durable when it returns. Raises :class:`BundleUnreadable`, :class:`NoRoom`."""
        arrived.check(station)
        note = CarriedBundle(
            bundle=arrived.bundle, station=station, writer=writer, size_bytes=arrived.size_bytes, taken_ms=now_ms
        )
        arrived.path.replace(self.path_of(arrived.bundle))
        try:
            self._write(note)
        except OSError:
            self.path_of(arrived.bundle).unlink(missing_ok=True)
            raise
        return note

    def delivered(self, bundle: str, reply: BundleReply, now_ms: int) -> None:
        """The station has signed: the bytes go, its answer stays for the writer.

        Where the disk has no room for the answer, both stay as they are until it has; the bundle is not brought again meanwhile.
        """
        self._settle(bundle, CarriedState.DELIVERED, None, reply, now_ms)

    def refused(self, bundle: str, why: str, now_ms: int) -> None:
        """The station does not take it. The bytes stay until a person throws them away."""
        self._settle(bundle, CarriedState.REFUSED, why, None, now_ms)

    def try_again(self, bundle: str, now_ms: int) -> None:
        self._settle(bundle, CarriedState.WAITING, None, None, now_ms)

    def throw_away(self, bundle: str) -> None:
        """Only what the station does not take."""
        note = self._read(bundle)
        if note is not None and note.state is CarriedState.REFUSED:
            self._unwritten.pop(bundle, None)
            self.path_of(bundle).unlink(missing_ok=True)
            self._note_file(bundle).unlink(missing_ok=True)
            fsync_folder(self._folder)

    def replies_for(self, writer: str) -> tuple[BundleReply, ...]:
        """What the station said to this writer, the newest; the writer believes only what fits its own chain."""
        replies = [one.reply for one in self.all() if one.reply is not None and one.reply.writer == writer]
        return tuple(replies[-MAX_REPLIES:])

    def tidy(self, now_ms: int) -> None:
        """Once, when the app starts: what broke off while coming goes, and answers that nobody fetched for weeks.

        What has a note stays, also where that cannot be read now: another version of the app may have written it.
        """
        for path in self._folder.glob(f"*{_COMING}"):
            path.unlink(missing_ok=True)
        noted = {path.stem for path in self._folder.glob(f"*{_NOTE}")}
        for path in self._folder.glob(f"*{_BUNDLE}"):
            if path.stem not in noted:
                path.unlink(missing_ok=True)
        for one in self.all():
            if one.state is CarriedState.DELIVERED and now_ms - (one.told_ms or 0) > ANSWERS_FOR_MS:
                self._note_file(one.bundle).unlink(missing_ok=True)

    def _settle(self, bundle: str, state: CarriedState, why: str | None, reply: BundleReply | None, now_ms: int) -> None:
        note = self._read(bundle)
        if note is not None:
            settled = note.model_copy(update={"state": state, "why": why, "reply": reply, "told_ms": now_ms})
            self._unwritten[bundle] = settled
            self._write_down()

    def _write_down(self) -> None:
        """What became of bundles, as far as the disk takes it now."""
        for note in tuple(self._unwritten.values()):
            try:
                self._write(note)
            except OSError as failed:
                log.warning("what became of a carried bundle is not written down yet: %s", type(failed).__name__)
                continue
            self._unwritten.pop(note.bundle, None)
            if note.state is CarriedState.DELIVERED:
                self.path_of(note.bundle).unlink(missing_ok=True)

    def _read(self, bundle: str) -> CarriedBundle | None:
        return next((one for one in self.all() if one.bundle == bundle), None)

    def _write(self, note: CarriedBundle) -> None:
        try:
            write_durably(self._note_file(note.bundle), [note.model_dump_json().encode()])
        except OSError as failed:
            if is_full(failed):
                raise NoRoom("the disk was full before the bundle had its note") from failed
            raise

    def _note_file(self, bundle: str) -> Path:
        return self._folder / f"{_checked(bundle)}{_NOTE}"


class Arriving:
    """A bundle while its bytes come. Not on the shelf before :meth:`CarriedShelf.keep`."""

    def __init__(self, path: Path, bundle: str, size_bytes: int) -> None:
        self.path = path
        self.bundle = bundle
        self.size_bytes = size_bytes
        self._digest = hashlib.sha256()
        self._came_bytes = 0
        self._head = b""
        self._file: IO[bytes] = path.open("wb")

    @property
    def left_bytes(self) -> int:
        """What is still to come."""
        return self.size_bytes - self._came_bytes

    @property
    def is_over(self) -> bool:
        return self._file.closed

    def add(self, chunk: bytes) -> None:
        """Raises :class:`NoRoom` when the disk is full, :class:`BundleUnreadable` for more bytes than were offered."""
        self._came_bytes += len(chunk)
        if self._came_bytes > self.size_bytes:
            raise BundleUnreadable("more bytes than were offered")
        if len(self._head) < HEAD_BYTES:
            self._head += chunk[: HEAD_BYTES - len(self._head)]
        self._digest.update(chunk)
        try:
            self._file.write(chunk)
        except OSError as failed:
            if is_full(failed):
                raise NoRoom("the disk was full before the bundle was whole") from failed
            raise

    def check(self, station: str) -> None:
        """All a carrier can check: that it is whole, what was offered, and for this station. Then it is on the disk."""
        if self._came_bytes != self.size_bytes or self._digest.hexdigest() != self.bundle:
            raise BundleUnreadable("other bytes than were offered")
        if station_of(self._head) != station:
            raise BundleUnreadable("a bundle for another station")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def drop(self) -> None:
        """It is not kept; harmless once it is."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def _checked(bundle: str) -> str:
    if len(bundle) != 64 or not set(bundle) <= set("0123456789abcdef"):  # noqa: PLR2004  hex of SHA-256
        raise ValueError("no name of a bundle")
    return bundle
