"""The entries behind the views: what each is about, and where it is: here, received or held. Their bytes are in the journal."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from app.store.arrived import Arrived
from journal.entries import read_entry
from journal.folding import Kept

HERE, RECEIVED, HELD = "here", "received", "held"
_AT_ONCE = 500
"""SQLite takes at most 999 parameters in its oldest builds."""


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An entry with its custody, as the fold of a subject wants it."""

    kept: Kept
    custody: str
    held_reason: str | None


# A second copy of an entry only ever improves what is known: an earlier receipt, a later custody.
_KEEP = (
    "INSERT INTO kept(ref, subject, writer, seq, unit, fact, order_ms, received_ms, custody, held_reason, own, size_bytes) "
    "VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(ref) DO UPDATE SET "
    "received_ms = min(coalesce(received_ms, excluded.received_ms), coalesce(excluded.received_ms, received_ms)), "
    "order_ms = min(order_ms, excluded.order_ms), own = max(own, excluded.own), "
    "custody = CASE WHEN excluded.custody = 'here' THEN custody ELSE excluded.custody END, "
    "held_reason = CASE WHEN excluded.custody = 'here' THEN held_reason ELSE excluded.held_reason END"
)


def keep(connection: Connection, items: Iterable[Arrived]) -> None:
    """Takes entries in; one that is there already is not kept twice."""
    rows = [_row(item) for item in items]
    if rows:
        connection.exec_driver_sql(_KEEP, rows)


def _row(item: Arrived) -> tuple[object, ...]:
    entry = item.entry
    at_ms = entry.at[0]
    order_ms = at_ms if item.received_ms is None else min(at_ms, item.received_ms)
    return (
        entry.ref, entry.subject, entry.writer, entry.seq, entry.unit, entry.body.fact, order_ms, item.received_ms,
        item.custody, item.held_reason, item.own, item.size_bytes,
    )  # fmt: skip


def read_subjects(connection: Connection, subjects: Collection[str]) -> dict[str, list[KeptItem]]:
    """The entries of each subject; an empty list where none is left."""
    found: dict[str, list[KeptItem]] = {subject: [] for subject in subjects}
    for some in _portions(subjects):
        rows = connection.exec_driver_sql(
            "SELECT subject, entry_bytes(writer, seq), received_ms, custody, held_reason FROM kept "
            f"WHERE subject IN ({_marks(some)})",
            some,
        )
        for subject, raw, received_ms, custody, held_reason in rows:
            if raw is not None:  # else its row is damaged: it is told of, or asked for again, by the next fold from the journal
                found[subject].append(KeptItem(Kept(read_entry(raw), received_ms), custody, held_reason))
    return found


def known_among(connection: Connection, subjects: Collection[str]) -> set[str]:
    """Which of these subjects have entries already."""
    found: set[str] = set()
    for some in _portions(subjects):
        rows = connection.exec_driver_sql(f"SELECT DISTINCT subject FROM kept WHERE subject IN ({_marks(some)})", some)
        found.update(row[0] for row in rows)
    return found


def subjects_of(connection: Connection, refs: Collection[str]) -> set[str]:
    """Subjects of the entries that are kept among these."""
    found: set[str] = set()
    for some in _portions(refs):
        rows = connection.exec_driver_sql(f"SELECT subject FROM kept WHERE ref IN ({_marks(some)})", some)
        found.update(row[0] for row in rows)
    return found


def forget(connection: Connection, refs: Collection[str]) -> set[str]:
    """Drops entries; returns the subjects they were about."""
    touched = subjects_of(connection, refs)
    for some in _portions(refs):
        connection.exec_driver_sql(f"DELETE FROM kept WHERE ref IN ({_marks(some)})", some)
    return touched


def mark_erased(connection: Connection, refs: Collection[str]) -> set[str]:
    """Drops entries for ever: they are not taken in again. Returns the subjects they were about."""
    if refs:
        connection.exec_driver_sql("INSERT OR IGNORE INTO erased(ref) VALUES (?)", [(ref,) for ref in refs])
    return forget(connection, refs)


def erased_among(connection: Connection, refs: Collection[str]) -> set[str]:
    """Which of these entries the law has taken."""
    found: set[str] = set()
    if connection.exec_driver_sql("SELECT 1 FROM erased LIMIT 1").first() is None:
        return found
    for some in _portions(refs):
        found.update(row[0] for row in connection.exec_driver_sql(f"SELECT ref FROM erased WHERE ref IN ({_marks(some)})", some))
    return found


# What was held only because its subject was not there comes with the subject, once the station has let in a release of that.
_FOLLOWS = (
    "custody = 'held' AND held_reason = 'unknown_subject'"
    " AND subject IN (SELECT subject FROM kept WHERE fact = 'released' AND custody = 'received')"
    " AND subject IN (SELECT ref FROM kept WHERE custody = 'received')"
)


def let_in_followers(connection: Connection) -> set[str]:
    """Held entries about what a person released count as received; returns the subjects they are about."""
    touched = {row[0] for row in connection.exec_driver_sql(f"SELECT subject FROM kept WHERE {_FOLLOWS}")}
    if touched:
        connection.exec_driver_sql(f"UPDATE kept SET custody = 'received', held_reason = NULL WHERE {_FOLLOWS}")
    return touched


def let_in(connection: Connection, refs: Collection[str]) -> set[str]:
    """These were held and count as received now; returns the subjects they are about."""
    connection.exec_driver_sql(
        "UPDATE kept SET custody = 'received', held_reason = NULL WHERE ref = ? AND custody = 'held'", [(ref,) for ref in refs]
    )
    return subjects_of(connection, refs) | let_in_followers(connection)


# One entry is all that is kept of its subject, and by the receipt's time it counts where it counted before.
_ALONE = (
    "writer = ? AND seq <= ? AND custody = 'here' AND received_ms IS NULL AND order_ms < ?"
    " AND NOT EXISTS (SELECT 1 FROM kept AS other WHERE other.subject = kept.subject AND other.ref <> kept.ref)"
)


@contextmanager
def receiving_alone(
    connection: Connection, writer: str, to_seq: int, held: Collection[int], received_ms: int
) -> Iterator[str | None]:
    """Entries of this writer up to ``to_seq`` that stand alone under their subject are at the station, but for those ``held``.

    Yields the name of a table of those subjects, while the block lasts; None where there are none. Nothing in what is folded of
    them changes but where they are, and since when.
    """
    found = f"SELECT subject, ref FROM kept WHERE {_ALONE} AND seq NOT IN (SELECT value FROM json_each(?))"
    given = (writer, to_seq, received_ms, json.dumps(list(held)))
    connection.exec_driver_sql("CREATE TEMP TABLE alone (subject TEXT PRIMARY KEY, ref TEXT)")
    try:
        if connection.exec_driver_sql(f"INSERT INTO alone {found}", given).rowcount:
            change = "UPDATE kept SET custody = 'received', received_ms = ? WHERE ref IN (SELECT ref FROM alone)"
            connection.exec_driver_sql(change, (received_ms,))
            yield "alone"
        else:
            yield None
    finally:
        connection.exec_driver_sql("DROP TABLE alone")


def settle_custody(
    connection: Connection, writer: str, to_seq: int, held: Mapping[int, str], received_ms: int | None
) -> set[str]:
    """Entries of this writer up to ``to_seq`` are at the station, those in ``held`` set aside there; returns the subjects."""
    waiting = "writer = ? AND seq <= ? AND custody = 'here'"
    touched = {row[0] for row in connection.exec_driver_sql(f"SELECT subject FROM kept WHERE {waiting}", (writer, to_seq))}
    connection.exec_driver_sql(
        "UPDATE kept SET custody = 'received', received_ms = coalesce(received_ms, ?), "
        f"order_ms = min(order_ms, coalesce(received_ms, ?, order_ms)) WHERE {waiting}",
        (received_ms, received_ms, writer, to_seq),
    )
    for seq, reason in held.items():
        touched |= subjects_of(connection, [f"{writer}.{seq}"])
        connection.exec_driver_sql("UPDATE kept SET custody = 'held', held_reason = ? WHERE ref = ?", (reason, f"{writer}.{seq}"))
    return touched


def _portions(values: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(sorted(values))
    while some := tuple(islice(rest, _AT_ONCE)):
        yield some


def _marks(values: tuple[str, ...]) -> str:
    return ",".join("?" * len(values))
