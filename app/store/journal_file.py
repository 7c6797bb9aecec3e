"""The SQLite file of the journal: one connection, WAL, every commit on disk before it counts.

In the clear are only writer, seq, state, size, stamps and key numbers. A second connection is never opened: SQLite before 3.51.3
can lose a WAL when two connections checkpoint at once.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.store.outcomes import StoreDoubtful, StoreNewer
from app.store.sealing import RandomBytes, SealBroken, place_of, seal, unseal
from app.store.write_keys import WriteKeys

_log = logging.getLogger(__name__)

SCHEMA = 1
_READING_KEY = "reading key"
_HEADER = b"SQLite format 3\x00"
_TABLES = """
CREATE TABLE write_key (id INTEGER PRIMARY KEY, box BLOB NOT NULL) STRICT;
CREATE TABLE entry (
    row INTEGER PRIMARY KEY, writer TEXT NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL, size INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, at_n INTEGER NOT NULL, received_ms INTEGER, key_id INTEGER NOT NULL REFERENCES write_key (id),
    link BLOB, held BLOB, mark INTEGER NOT NULL, blob BLOB NOT NULL, UNIQUE (writer, seq)
) STRICT;
CREATE INDEX entry_waiting ON entry (seq) WHERE state IN ('unsent', 'offered');
CREATE INDEX entry_mark ON entry (mark);
CREATE TABLE urgent (seq INTEGER PRIMARY KEY, previous_link BLOB NOT NULL, link BLOB NOT NULL, blob BLOB NOT NULL) STRICT;
CREATE TABLE scratch_fix (id INTEGER PRIMARY KEY, key_id INTEGER NOT NULL REFERENCES write_key (id), blob BLOB NOT NULL) STRICT;
CREATE TABLE draft (slot TEXT PRIMARY KEY, key_id INTEGER NOT NULL REFERENCES write_key (id), blob BLOB NOT NULL) STRICT;
CREATE TABLE receipt (id INTEGER PRIMARY KEY, key_id INTEGER NOT NULL REFERENCES write_key (id), blob BLOB NOT NULL) STRICT;
CREATE TABLE photo (
    name TEXT PRIMARY KEY, state TEXT NOT NULL, size INTEGER NOT NULL, key_id INTEGER NOT NULL REFERENCES write_key (id),
    blob BLOB NOT NULL
) STRICT;
CREATE TABLE photo_naming (id INTEGER PRIMARY KEY, key_id INTEGER NOT NULL REFERENCES write_key (id), blob BLOB NOT NULL) STRICT;
CREATE TABLE standing (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
"""


class JournalUnreadable(Exception):
    """The file is no journal: its header, its pages or its schema are broken, or it is gone."""


class JournalFile:
    """The opened file. ``standing_key`` seals what must be read without the PIN: cursors, epoch, clock."""

    def __init__(
        self, connection: sqlite3.Connection, reading_public_key: bytes, standing_key: bytes, random_bytes: RandomBytes
    ) -> None:
        self.connection = connection
        self.random_bytes = random_bytes
        self._standing_key = standing_key
        self.reading_public_key = self.read_standing(_READING_KEY) or reading_public_key
        self.keys = WriteKeys(connection, self.reading_public_key, random_bytes)
        self._doubtful = False
        # A random distance between runs: should the disk lose a tail, a snapshot made before never claims what comes after.
        self._next_mark = self.mark + 1 + int.from_bytes(random_bytes(3), "big")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; durable once left without an error. Raises :class:`StoreDoubtful` after a failed commit."""
        if self._doubtful:
            raise StoreDoubtful("a commit failed; open the store again")
        self.keys.store_current()
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self._roll_back()
            raise
        try:
            self.connection.execute("COMMIT")
        except sqlite3.Error as failed:
            # A full disk refuses before it writes. After a failed fsync only reading again tells what is on disk.
            self._doubtful = failed.sqlite_errorcode != sqlite3.SQLITE_FULL
            raise
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        """A full disk has SQLite roll back by itself."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def confirm_reading_key(self, public_key: bytes) -> None:
        """Keeps the public half of a reading key that was really opened.

        What is recorded is sealed to it before any PIN, and in the vault's file nothing would tell that one of its bits flipped.
        """
        if self.read_standing(_READING_KEY) == public_key:
            return
        with self.transaction():
            self.write_standing(_READING_KEY, public_key)
            self.keys.seal_to_key(public_key)
        self.reading_public_key = public_key

    @property
    def mark(self) -> int:
        """Number of the latest change of an entry row."""
        return int(self.connection.execute("SELECT coalesce(max(mark), 0) FROM entry").fetchone()[0])

    def next_mark(self) -> int:
        self._next_mark += 1
        return self._next_mark

    def seal_for_device(self, plain: bytes, table: str, *parts: str | int) -> bytes:
        """Sealed by the device's secret: readable without the PIN."""
        return seal(self._standing_key, plain, place_of(table, *parts), self.random_bytes)

    def unseal_for_device(self, sealed: bytes, table: str, *parts: str | int) -> bytes:
        return unseal(self._standing_key, sealed, place_of(table, *parts))

    def read_standing(self, name: str) -> bytes | None:
        """None without one, or where its bytes are damaged: what stands here can be had again from the station or the rows."""
        found = self.connection.execute("SELECT sealed FROM standing WHERE name = ?", (name,)).fetchone()
        try:
            return None if found is None else self.unseal_for_device(found[0], "standing", name)
        except SealBroken:
            _log.warning("the standing of %s is damaged", name.partition(" ")[0])
            return None

    def write_standing(self, name: str, plain: bytes) -> None:
        """Within a transaction."""
        sealed = self.seal_for_device(plain, "standing", name)
        self.connection.execute("INSERT OR REPLACE INTO standing VALUES (?, ?)", (name, sealed))

    def close(self) -> None:
        self.connection.close()


def create_journal(path: Path) -> sqlite3.Connection:
    """A new, empty journal. ``path`` must not exist."""
    path.touch(exist_ok=False)
    connection = _connect(path)
    connection.executescript(f"BEGIN;{_TABLES}PRAGMA user_version = {SCHEMA};COMMIT;")
    return connection


def open_journal(path: Path) -> sqlite3.Connection:
    """The journal in this file, its pages checked. Raises :class:`JournalUnreadable` or :class:`StoreNewer`.

    The page check does not protect content: every row carries its own seal, and own entries their chain.
    """
    if not path.exists():
        raise JournalUnreadable("the journal file is gone")
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:  # SQLite would write into an empty file while it is being opened
            raise JournalUnreadable("the journal file has no header")
    try:
        connection = _connect(path)
    except sqlite3.DatabaseError as broken:
        raise JournalUnreadable("the journal file is broken") from broken
    try:
        _check_schema(connection)
    except sqlite3.DatabaseError as broken:
        connection.close()
        raise JournalUnreadable("the journal file is broken") from broken
    except (StoreNewer, JournalUnreadable):
        connection.close()
        raise
    return connection


def _check_schema(connection: sqlite3.Connection) -> None:
    schema = connection.execute("PRAGMA user_version").fetchone()[0]
    if schema > SCHEMA:
        raise StoreNewer(f"journal schema {schema}")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if schema != SCHEMA or "entry" not in tables:
        raise JournalUnreadable("the file is no journal")
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise JournalUnreadable("pages of the journal file are broken")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        asked = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5_000, "mmap_size": 0}
        for name, wanted in asked.items():
            connection.execute(f"PRAGMA {name} = {wanted}")
            held = connection.execute(f"PRAGMA {name}").fetchone()
            if held is not None and held[0] != wanted:
                raise sqlite3.NotSupportedError(f"SQLite refuses {name} = {wanted}: {held[0]}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
