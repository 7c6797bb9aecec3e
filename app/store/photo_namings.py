"""Which files the own entries name: noted beside the journal, so that an unlock need not read every entry for it."""

import json
import logging
import sqlite3
from collections.abc import ItemsView

from app.store.journal_file import JournalFile
from app.store.pen import Naming, name_photo
from app.store.sealing import SealBroken
from app.store.space import is_full
from app.store.write_keys import KeyForgotten
from journal.entries import EntryUnreadable, read_entry
from journal.names import WriterId

_log = logging.getLogger(__name__)

ORIGINAL = "original"


class PhotoNamings:
    """One note for each own entry that names a file. A note that is damaged is written anew from its entry."""

    def __init__(self, file: JournalFile, own: WriterId) -> None:
        self._file = file
        self._own = own
        self._named: dict[str, Naming] = {}
        self.lost = 0
        """Notes that do not open, and whose entries do not open either."""

    def __contains__(self, digest: object) -> bool:
        return digest in self._named

    def items(self) -> ItemsView[str, Naming]:
        """By the hash of the file."""
        return self._named.items()

    def originals(self) -> set[str]:
        return {naming.sha256 for naming in self._named.values() if naming.role == ORIGINAL}

    def write_within(self, naming: Naming) -> None:
        """Within the transaction of the entry that names the file."""
        key_id, blob = self._file.keys.seal(json.dumps(naming).encode(), "photo_naming")
        self._file.connection.execute("INSERT INTO photo_naming (key_id, blob) VALUES (?, ?)", (key_id, blob))

    def remember(self, naming: Naming) -> None:
        self._named[naming.sha256] = naming

    def forget_but(self, digests: set[str]) -> None:
        self._named = {digest: naming for digest, naming in self._named.items() if digest in digests}

    def load(self) -> None:
        """All notes whose keys are open; those that are damaged are had again from the entries."""
        damaged = []
        for note, key_id, blob in self._file.connection.execute("SELECT id, key_id, blob FROM photo_naming"):
            try:
                self.remember(Naming(*json.loads(self._file.keys.unseal(key_id, blob, "photo_naming"))))
            except (SealBroken, KeyForgotten):
                damaged.append(note)
        self.lost = 0
        if damaged:
            _log.warning("the naming of a photo is damaged; the entries are read for it")
            self._name_again(damaged)

    def _name_again(self, damaged: list[int]) -> None:
        found, whole = self._read_entries()
        again = [naming for naming in found if naming.sha256 not in self._named]
        for naming in again:
            self.remember(naming)
        self.lost = 0 if whole else max(0, len(damaged) - len(again))
        if self.lost:
            return
        try:
            with self._file.transaction() as connection:
                connection.executemany("DELETE FROM photo_naming WHERE id = ?", [(note,) for note in damaged])
                for naming in again:
                    self.write_within(naming)
        except sqlite3.OperationalError as failed:
            if not is_full(failed):
                raise
            _log.warning("the disk is full; the naming of a photo is written anew another time")

    def _read_entries(self) -> tuple[list[Naming], bool]:
        """What the own entries name, and whether all of them could be read. What the law erased names nothing any more."""
        found, whole = [], True
        rows = self._file.connection.execute(
            "SELECT seq, key_id, blob FROM entry WHERE writer = ? AND state != 'erased' ORDER BY seq", (self._own,)
        )
        for seq, key_id, blob in rows:
            try:
                naming = name_photo(read_entry(self._file.keys.unseal(key_id, blob, "entry", self._own, seq)).body)
            except (SealBroken, KeyForgotten, EntryUnreadable):
                whole = False
                continue
            if naming is not None:
                found.append(naming)
        return found, whole
