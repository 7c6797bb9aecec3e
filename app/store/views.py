"""What screens read: an in-memory SQLite folded from the journal, which can be thrown away and folded again at any time."""

import sqlite3
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine

from app.store.arrived import Arrived
from app.store.kept_entries import (
    HELD,
    HERE,
    RECEIVED,
    KeptItem,
    erased_among,
    forget,
    keep,
    known_among,
    let_in,
    let_in_followers,
    mark_erased,
    read_subjects,
    receiving_alone,
    settle_custody,
)
from app.store.merging import settle_merges
from app.store.search import SEARCH_TABLE, search_key
from app.store.tables import SUBJECT_TABLES, ErasedRow, KeptRow
from app.store.view_rows import CustodyOf, RowBatch
from app.store.view_table import ViewTable, columns_of
from journal.catalogue import Catalogue, load_catalogue
from journal.entries import Erased, Released
from journal.folding import Kept, fold, order_key
from journal.names import EntryRef, Subject
from journal.retention import terms_as_written

SHAPE = 7
"""Raised with every change of the tables or of what is written into them: older snapshots are then folded anew."""

ReadEntry = Callable[[str, int], bytes | None]
"""The bytes of an entry by writer and seq, as the journal keeps them; None where they are gone or damaged."""


class SnapshotUnusable(Exception):
    """The snapshot was made by another version, or is no database: fold from the journal instead."""


class Views:
    """The views of one notebook. All calls come from one thread."""

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        self._catalogue = catalogue or load_catalogue()
        self._shape = zlib.crc32(f"{SHAPE} {self._catalogue.version}".encode() + terms_as_written()) & 0x7FFFFFFF
        # Errors of statements go into the log, which lies in the clear: they never show the values of a row.
        self._engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True
        )
        with self._engine.begin() as connection:
            # What SQLite sorts or sets aside at length would else lie in a file, in the clear.
            connection.exec_driver_sql("PRAGMA temp_store = MEMORY")
            ViewTable.metadata.create_all(connection)
            connection.exec_driver_sql(SEARCH_TABLE)
            connection.exec_driver_sql(f"PRAGMA user_version = {self._shape}")

    def read_entries_by(self, read: ReadEntry) -> None:
        """From now on the entries behind the views are read so. Before that, nothing may be folded that has entries already."""
        with self._engine.connect() as connection:
            _driver(connection).create_function("entry_bytes", 2, read)

    def session(self) -> Session:
        """For the functions of ``queries``, which only read."""
        return Session(self._engine)

    def close(self) -> None:
        """Forgets everything; nothing was on disk."""
        self._engine.dispose()

    def apply(self, items: Sequence[Arrived]) -> None:
        """Takes entries in, in any order and however often, and folds what they touch."""
        with self._engine.begin() as connection:
            facts = {type(item.entry.body) for item in items}
            again: set[str] = set()
            if Erased in facts:
                again |= mark_erased(connection, _refs_erased(items))
            gone = erased_among(connection, [item.entry.ref for item in items])
            if gone:
                items = [item for item in items if item.entry.ref not in gone]
            fresh, known = _sort_out(items, known_among(connection, {item.entry.subject for item in items}))
            keep(connection, items)
            if Released in facts or any(item.custody == HELD for item in items):
                again |= let_in_followers(connection)
            again |= known
            for subject in again & fresh.keys():
                del fresh[subject]
            self._write(connection, fresh)
            self._fold_again(connection, again)
            settle_merges(connection)

    def rebuild(self, items: Sequence[Arrived]) -> None:
        """Throws everything away and folds again."""
        with self._engine.begin() as connection:
            tables: tuple[type[ViewTable], ...] = (*SUBJECT_TABLES, KeptRow, ErasedRow)
            for table in tables:
                connection.exec_driver_sql(f"DELETE FROM {_name(table)}")
            connection.exec_driver_sql("DELETE FROM search")
        self.apply(items)

    def set_custody(self, writer: str, to_seq: int, held: Mapping[int, str], received_ms: int | None = None) -> None:
        """A receipt came: this writer's entries up to ``to_seq`` are at the station, those in ``held`` set aside, with reasons.

        ``received_ms`` is the receipt's time: by it the station and all others order these entries.
        """
        with self._engine.begin() as connection:
            if received_ms is not None:
                _show_received(connection, writer, to_seq, held, received_ms)
            touched = settle_custody(connection, writer, to_seq, held, received_ms)
            touched |= let_in_followers(connection)
            self._fold_again(connection, touched)
            settle_merges(connection)

    def let_in(self, refs: Collection[EntryRef]) -> None:
        """A person at the station released these, which it held: they count."""
        with self._engine.begin() as connection:
            self._fold_again(connection, let_in(connection, refs))
            settle_merges(connection)

    def retract(self, ref: EntryRef) -> None:
        """The reader may no longer see this entry."""
        with self._engine.begin() as connection:
            touched = forget(connection, [ref])
            self._fold_again(connection, touched)
            settle_merges(connection)

    def serialize(self) -> bytes:
        """The whole views as one database image, to be sealed by the caller before it touches a disk."""
        with self._engine.connect() as connection:
            return _driver(connection).serialize()

    def load(self, snapshot: bytes | bytearray) -> None:
        """Takes back what ``serialize`` gave. Raises :class:`SnapshotUnusable`, and the views are then as before."""
        if not snapshot:
            raise SnapshotUnusable("empty")
        with self._engine.connect() as connection:
            driver = _driver(connection)
            before = driver.serialize()
            try:
                driver.deserialize(snapshot)
                shape = driver.execute("PRAGMA user_version").fetchone()[0]
            except sqlite3.DatabaseError as broken:
                driver.deserialize(before)
                raise SnapshotUnusable("not a database") from broken
            if shape != self._shape:
                driver.deserialize(before)
                raise SnapshotUnusable("of another version")

    def _fold_again(self, connection: Connection, subjects: Collection[str]) -> None:
        if not subjects:
            return
        names = [(subject,) for subject in subjects]
        for table in SUBJECT_TABLES:
            connection.exec_driver_sql(f"DELETE FROM {_name(table)} WHERE subject = ?", names)
        connection.exec_driver_sql("DELETE FROM search WHERE rowid = ?", [(search_key(subject),) for subject in subjects])
        self._write(connection, read_subjects(connection, subjects))

    def _write(self, connection: Connection, subjects: Mapping[str, Sequence[KeptItem]]) -> None:
        batch = RowBatch(self._catalogue)
        for subject, items in subjects.items():
            _fold_into(batch, Subject(subject), items)
        for table, rows in batch.rows.items():
            columns = columns_of(table)
            marks = ",".join("?" * len(columns))
            connection.exec_driver_sql(f"INSERT INTO {_name(table)}({','.join(columns)}) VALUES ({marks})", rows)
        if batch.words:
            # Ascending row numbers let the index write one segment instead of one per row.
            connection.exec_driver_sql("INSERT INTO search(rowid, folded) VALUES (?,?)", sorted(batch.words))


def _show_received(connection: Connection, writer: str, to_seq: int, held: Collection[int], received_ms: int) -> None:
    """A phone that comes home gets one receipt for days of work: to fold all of it again would hold up the next record."""
    with receiving_alone(connection, writer, to_seq, held, received_ms) as these:
        for table in SUBJECT_TABLES if these else ():
            columns = columns_of(table)
            if "custody" in columns:
                since, given = (", received_ms = ?", (received_ms,)) if "received_ms" in columns else ("", ())
                change = f"UPDATE {_name(table)} SET custody = 'received'{since} WHERE subject IN (SELECT subject FROM {these})"
                connection.exec_driver_sql(change, given)


def _sort_out(items: Sequence[Arrived], before: Collection[str]) -> tuple[dict[str, list[KeptItem]], set[str]]:
    """Subjects that are new with all their entries at hand, and those that must be read back."""
    fresh: dict[str, list[KeptItem]] = {}
    known: set[str] = set()
    seen: set[str] = set()
    for item in items:
        subject, ref = item.entry.subject, item.entry.ref
        if subject in before or ref in seen:
            known.add(subject)
            continue
        seen.add(ref)
        kept = KeptItem(Kept(item.entry, item.received_ms), item.custody, item.held_reason)
        fresh.setdefault(subject, []).append(kept)
    return fresh, known


def _fold_into(batch: RowBatch, subject: Subject, items: Sequence[KeptItem]) -> None:
    """A held entry changes nothing for anybody, but its own device shows the record that it would have begun."""
    counting = [one for one in items if one.custody != HELD or one.kept.entry.begins_subject]
    state = fold((one.kept for one in counting), subject)
    if state is None:
        return
    first = next((one for one in counting if one.kept.entry.begins_subject), None)
    if first is None:
        first = min(counting, key=lambda one: order_key(one.kept))
    custody = first.custody
    if custody == RECEIVED and any(one.custody == HERE for one in counting):
        custody = HERE
    where = CustodyOf(custody, first.held_reason, first.kept.received_ms)
    batch.add(state, where, first.kept.entry.unit)


def _refs_erased(items: Sequence[Arrived]) -> list[str]:
    return [ref for item in items if isinstance(item.entry.body, Erased) for ref in item.entry.body.entries]


def _name(table: type[ViewTable]) -> str:
    return str(table.__tablename__)


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("the views live in sqlite3")
    return driver
