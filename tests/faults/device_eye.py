"""What a device shows, read through its own store, and only when something changed there."""

import sqlite3
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple

from sqlmodel import Session

from app.store.folding_in import read_entry_of
from app.store.journal_file import JournalFile
from app.store.journal_store import JournalStore
from app.store.views import Views
from tests.faults.phone import Phone
from tests.faults.station_truth import hash_of


class Shown(NamedTuple):
    """An entry as a device shows it."""

    ref: str
    custody: str
    own: bool
    sha256: str


class _Reading:
    """Reads what is shown as the views read it; bytes of the journal that are as before are not opened again."""

    def __init__(self) -> None:
        self._opened: dict[tuple[str, int], tuple[tuple[int, bytes] | None, str]] = {}

    def read(self, file: JournalFile, session: Session) -> list[Shown]:
        sealed = {
            (writer, seq): (key_id, blob)
            for writer, seq, key_id, blob in file.connection.execute("SELECT writer, seq, key_id, blob FROM entry")
        }
        rows = session.connection().exec_driver_sql("SELECT ref, custody, own, writer, seq FROM kept")
        return [
            Shown(ref, custody, bool(own), self._hash_of(file, (writer, seq), sealed.get((writer, seq))))
            for ref, custody, own, writer, seq in rows
        ]

    def _hash_of(self, file: JournalFile, place: tuple[str, int], sealed: tuple[int, bytes] | None) -> str:
        before = self._opened.get(place)
        if before is not None and before[0] == sealed:
            return before[1]
        raw = read_entry_of(file, *place)
        if raw is None:
            raise LookupError(f"{place} is shown, and its bytes cannot be read")
        self._opened[place] = (sealed, hash_of(raw))
        return self._opened[place][1]


@dataclass(eq=False)
class Look:
    """One look at a device. While it is the same object, nothing was written there since."""

    shown: list[Shown]
    photos: dict[str, bytes | None] = field(default_factory=dict)
    """Bytes by hash, of those that were asked for."""

    @cached_property
    def others(self) -> frozenset[str]:
        return frozenset(one.ref for one in self.shown if not one.own)


class _Mark(NamedTuple):
    """Where a device's store stands: what it shows changes only with one of these."""

    store: JournalStore
    views: Views | None
    rows_written: int
    rows_folded: int
    steps: int


class DeviceEye:
    """Of one device, unlocked while it is looked at. A row that is written, a file, an unlock, another life: each is seen."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._mark: _Mark | None = None
        self._last = Look([])
        self._reading = _Reading()
        self._views: Views | None = None
        self._folded: sqlite3.Connection | None = None

    async def look(self, *, anew: bool = False) -> Look:
        """``anew``: everything is read, even what was not written since the last look."""
        mark = self._find_mark()
        if anew or mark != self._mark:
            if anew or self._mark is None or mark.views is not self._mark.views:
                self._reading = _Reading()
            self._last = Look(await self._phone.device.notebook.ask(partial(self._reading.read, mark.store._file)))
            self._mark = mark
        return self._last

    async def read_photo(self, sha256: str) -> bytes | None:
        """As the device reads it, at the time of the last look."""
        if sha256 not in self._last.photos:
            self._last.photos[sha256] = await self._phone.device.notebook.read_photo(sha256)
        return self._last.photos[sha256]

    def _find_mark(self) -> _Mark:
        store = self._phone.device.notebook._store
        views = store._views
        if views is not None and views is not self._views:
            with views._engine.connect() as connection:
                self._views, self._folded = views, connection.connection.driver_connection  # type: ignore[assignment]
        folded = self._folded.total_changes if self._folded is not None else 0
        return _Mark(store, views, store._file.connection.total_changes, folded, self._phone.wire.steps)
