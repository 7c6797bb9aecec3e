"""From sealed rows to views: what an unlock reads, in the order in which the journal changed."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.later import Later
from app.store.arrived import Arrived, Custody
from app.store.journal_file import JournalFile
from app.store.sealing import SealBroken
from app.store.write_keys import KeyForgotten
from journal.entries import EntryUnreadable, read_entry
from journal.names import EntryRef, WriterId, name_entry

if TYPE_CHECKING:
    from app.store import views as folded_views
    from app.store.views import Views
else:
    folded_views = Later("app.store.views")

_log = logging.getLogger(__name__)
_BATCH = 2_000
_READABLE = ("unsent", "offered", "received", "held", "pulled")


@dataclass
class FoldedIn:
    """Entries that could not be read: own ones are reported, others' can be had from the station again."""

    own_damaged: list[EntryRef] = field(default_factory=list)
    others_damaged: list[int] = field(default_factory=list)
    """Row numbers."""


def make_new_views() -> Views:
    """Empty views. SQL is loaded here, at the first unlock: a locked store does without it."""
    return folded_views.Views()


def read_entry_of(file: JournalFile, writer: str, seq: int) -> bytes | None:
    """The bytes of an entry; None where they are gone or damaged."""
    row = file.connection.execute("SELECT key_id, blob FROM entry WHERE writer = ? AND seq = ?", (writer, seq)).fetchone()
    try:
        return None if row is None else file.keys.unseal(row[0], row[1], "entry", writer, seq)
    except (SealBroken, KeyForgotten):
        _log.warning("an entry behind the views is damaged")
        return None


def take_back(views: Views, snapshot: bytes | bytearray) -> bool:
    """False when another version made the snapshot; the views are then empty and everything is folded."""
    try:
        views.load(snapshot)
    except folded_views.SnapshotUnusable:
        return False
    return True


def fold_in(file: JournalFile, views: Views, own: WriterId, held: Mapping[int, str], since_mark: int) -> FoldedIn:
    """Brings the views from change ``since_mark`` to now."""
    with _no_search_for_cycles():
        return _fold_rows(file, views, own, held, since_mark)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """What is folded holds none, and Python would look for them among thousands of entries again and again."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def _fold_rows(file: JournalFile, views: Views, own: WriterId, held: Mapping[int, str], since_mark: int) -> FoldedIn:
    found = FoldedIn()
    batch: list[Arrived] = []
    rows = file.connection.execute(
        "SELECT row, writer, seq, state, received_ms, key_id, blob FROM entry WHERE mark > ? ORDER BY row", (since_mark,)
    )
    for row, writer, seq, state, received_ms, key_id, blob in rows:
        if state == "taken_back" and since_mark:
            views.retract(name_entry(writer, seq))
        if state not in _READABLE:
            continue
        try:
            raw = file.keys.unseal(key_id, blob, "entry", writer, seq)
            entry = read_entry(raw)
        except EntryUnreadable:
            continue  # kept as bytes, for a version that can read it
        except (SealBroken, KeyForgotten):
            if writer == own:
                found.own_damaged.append(name_entry(own, seq))
            else:
                found.others_damaged.append(row)
            continue
        reason = held.get(seq) if writer == own else None
        batch.append(Arrived(entry, received_ms, custody_of(state), reason, writer == own, len(raw)))
        if len(batch) >= _BATCH:
            views.apply(batch)
            batch = []
    views.apply(batch)
    return found


def custody_of(state: str) -> Custody:
    """Where an entry in this state of its row is."""
    if state in ("unsent", "offered"):
        return "here"
    return "held" if state == "held" else "received"
