"""What the law has the station erase is erased here too; of an own entry its leaf stays, so that the chain still verifies."""

import json

from app.store.journal_file import JournalFile
from app.store.photo_shelf import PhotoShelf
from app.store.sealing import SealBroken
from app.store.vault import Identity
from app.store.write_keys import KeyForgotten
from journal.chain import leaf_of
from journal.entries import Entry, EntryUnreadable, Erased, read_entry
from journal.names import split_ref

_PENDING = "erasures"
NO_LEAF = b""


class Erasing:
    """Noted with the page that orders it; done as soon as the store is unlocked, for a leaf needs the bytes."""

    def __init__(self, file: JournalFile, identity: Identity, photos: PhotoShelf) -> None:
        self._file = file
        self._identity = identity
        self._photos = photos

    def note_within(self, entry: Entry) -> None:
        """Within the transaction of the page. Nobody but the station orders an erasure."""
        if not isinstance(entry.body, Erased) or entry.writer != self._identity.station.station:
            return
        pending = self._pending()
        named = {"entries": [*pending["entries"], *entry.body.entries], "photos": [*pending["photos"], *entry.body.photos]}
        self._file.write_standing(_PENDING, json.dumps(named).encode())

    def finish(self) -> bool:
        """Does what is pending, with the keys open. Own entries and photos go only if the station has them. True if any was."""
        pending = self._pending()
        if not pending["entries"] and not pending["photos"]:
            return False
        with self._file.transaction():
            for ref in pending["entries"]:
                self._erase(ref)
            self._file.connection.execute("DELETE FROM standing WHERE name = ?", (_PENDING,))
        for digest in pending["photos"]:
            self._photos.erase(digest)
        return True

    def leaf(self, seq: int, raw: bytes | None) -> bytes:
        """The leaf of an own entry: of its bytes, or the one that was left when they were erased."""
        if raw is None:
            erased = self._file.connection.execute(
                "SELECT blob FROM entry WHERE writer = ? AND seq = ? AND state = 'erased'", (self._identity.writer, seq)
            ).fetchone()
            return NO_LEAF if erased is None else erased[0]
        try:
            return leaf_of(self._identity.salt_keys.salt(read_entry(raw).stamp.ms, seq), raw)
        except (EntryUnreadable, ValueError):
            return NO_LEAF

    def _pending(self) -> dict[str, list[str]]:
        return json.loads(self._file.read_standing(_PENDING) or b'{"entries": [], "photos": []}')  # type: ignore[no-any-return]  # written above

    def _erase(self, ref: str) -> None:
        named = split_ref(ref)
        if named is None:
            return
        own = named[0] == self._identity.writer
        states = "('received', 'held')" if own else "('pulled', 'damaged', 'taken_back')"
        row = self._file.connection.execute(
            f"SELECT key_id, blob FROM entry WHERE writer = ? AND seq = ? AND state IN {states}", named
        ).fetchone()
        if row is None:
            return
        leaf = NO_LEAF
        if own:
            try:
                leaf = self.leaf(named[1], self._file.keys.unseal(*row, "entry", *named))
            except (SealBroken, KeyForgotten):
                leaf = NO_LEAF
        self._file.connection.execute(
            "UPDATE entry SET state = 'erased', blob = ?, mark = ? WHERE writer = ? AND seq = ?",
            (leaf, self._file.next_mark(), *named),
        )
