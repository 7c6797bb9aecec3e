"""Pages that come from the station: entries of others and cursors, kept in one transaction."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from app.store.arrived import Arrived
from app.store.erasing import Erasing
from app.store.journal_file import JournalFile
from app.store.open_call import OwnCalls
from app.store.outcomes import Cursors
from app.store.own_chain import OwnChain
from app.store.sealing import SealBroken
from app.store.write_keys import KeyForgotten
from journal.entries import Entry, EntryUnreadable, Released, read_entry
from journal.exchange import Page
from journal.names import EntryRef, WriterId, name_entry, split_ref
from journal.wire import Given, TakenBack

_UNREADABLE_WRITER = "unreadable"
_REPLACED_WRITER = "replaced"


@dataclass
class Taken:
    """What a page changed."""

    arrived: list[Arrived] = field(default_factory=list)
    retracted: list[EntryRef] = field(default_factory=list)
    let_in: list[EntryRef] = field(default_factory=list)
    """Own entries that the station held until now."""
    replaced: list[EntryRef] = field(default_factory=list)
    """Of what arrived: where another entry stood until now."""


class Receiving:
    """Keeps what the station gives this reader. Works while locked: what comes then is seen after the next unlock."""

    def __init__(
        self, file: JournalFile, chain: OwnChain, erasing: Erasing, calls: OwnCalls, writer: WriterId, first_epoch: str
    ) -> None:
        self._file = file
        self._calls = calls
        self._chain = chain
        self._erasing = erasing
        self._writer = writer
        self._first_epoch = first_epoch

    def cursors(self) -> Cursors:
        raw = self._file.read_standing("cursors")
        if raw is None:
            return Cursors(self._first_epoch, {})
        held = json.loads(raw)
        return Cursors(held["epoch"], held["by_stream"])

    def read_again_within(self, epoch: str) -> None:
        """Every stream from its start. Those that were read stay named: the station takes back what is in them for others now."""
        self._keep_cursors(Cursors(epoch, dict.fromkeys(self.cursors().by_stream, 0)))

    def ask_again_for(self, damaged: Sequence[int]) -> None:
        """Others' entries whose rows are damaged here are pulled again from the start; those that are sound are passed over."""
        if not damaged:
            return
        with self._file.transaction() as connection:
            connection.executemany("UPDATE entry SET state = 'damaged' WHERE row = ?", [(row,) for row in damaged])
            self.read_again_within(self.cursors().epoch)

    def _keep_cursors(self, cursors: Cursors) -> None:
        held = {"epoch": cursors.epoch, "by_stream": cursors.by_stream}
        self._file.write_standing("cursors", json.dumps(held).encode())

    def apply(self, page: Page) -> Taken:
        """Entries and cursor together; what is held already is passed over."""
        taken = Taken()
        with self._file.transaction():
            for item in page.items:
                if isinstance(item, TakenBack):
                    self._take_back(item, taken)
                else:
                    self._take(item, taken)
            cursors = self.cursors()
            reached = {**cursors.by_stream, page.stream: page.until}
            # At 0 nothing of the stream is left to be taken back: it is no longer asked for.
            self._keep_cursors(
                Cursors(cursors.epoch, {stream: until for stream, until in reached.items() if until or stream != page.stream})
            )
            self._file.write_standing("clock", json.dumps(self._chain.clock.last).encode())
        return taken

    def _take(self, given: Given, taken: Taken) -> None:
        try:
            entry: Entry | None = read_entry(given.raw)
        except EntryUnreadable:
            entry = None
        if entry is None:
            self._insert(_UNREADABLE_WRITER, _number_of(given.raw), (0, 0), given)
        elif entry.writer == self._writer:
            self._let_in(self._writer, entry.seq, taken)  # an own entry comes back only because it was held and counts now
        else:
            self._meet_release(entry, taken)
            if self._insert(entry.writer, entry.seq, entry.at, given) or self._replace(entry, given, taken):
                self._chain.meet(entry.stamp)
                self._erasing.note_within(entry)
                self._calls.follow_within(entry)
                taken.arrived.append(Arrived(entry, given.received_ms, "received", None, own=False, size_bytes=len(given.raw)))

    def _insert(self, writer: str, seq: int, at: tuple[int, int], given: Given) -> bool:
        """False when these bytes were held before."""
        key_id, blob = self._file.keys.seal(given.raw, "entry", writer, seq)
        cursor = self._file.connection.execute(
            "INSERT INTO entry (writer, seq, state, size, at_ms, at_n, received_ms, key_id, mark, blob)"
            " VALUES (?, ?, 'pulled', ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (writer, seq) DO UPDATE"
            " SET state = 'pulled', received_ms = excluded.received_ms, key_id = excluded.key_id, mark = excluded.mark,"
            " blob = excluded.blob WHERE state IN ('taken_back', 'damaged')",
            (writer, seq, len(given.raw), *at, given.received_ms, key_id, self._file.next_mark(), blob),
        )
        return cursor.rowcount == 1

    def _replace(self, entry: Entry, given: Given, taken: Taken) -> bool:
        """Another entry in a place that is held: its writer and the station both lost the old one, and all see the new one.

        False when these bytes are held. The old bytes may be the last of theirs and stay, read by nobody but a rescue. A locked
        store cannot tell old from new: it takes what is given, and only what can be read stays.
        """
        place = (entry.writer, entry.seq)
        held = self._file.connection.execute(
            "SELECT key_id, blob FROM entry WHERE writer = ? AND seq = ? AND state = 'pulled'", place
        ).fetchone()
        if held is None:
            return False
        with suppress(SealBroken, KeyForgotten):
            old = self._file.keys.unseal(*held, "entry", *place)
            if old == given.raw:
                return False
            self._lay_aside(old)
        key_id, blob = self._file.keys.seal(given.raw, "entry", *place)
        self._file.connection.execute(
            "UPDATE entry SET size = ?, at_ms = ?, at_n = ?, received_ms = ?, key_id = ?, mark = ?, blob = ?"
            " WHERE writer = ? AND seq = ?",
            (len(given.raw), *entry.at, given.received_ms, key_id, self._file.next_mark(), blob, *place),
        )
        taken.replaced.append(entry.ref)
        return True

    def _lay_aside(self, raw: bytes) -> None:
        number = _number_of(raw)
        key_id, blob = self._file.keys.seal(raw, "entry", _REPLACED_WRITER, number)
        self._file.connection.execute(
            "INSERT OR IGNORE INTO entry (writer, seq, state, size, at_ms, at_n, key_id, mark, blob)"
            " VALUES (?, ?, 'replaced', ?, 0, 0, ?, ?, ?)",
            (_REPLACED_WRITER, number, len(raw), key_id, self._file.next_mark(), blob),
        )

    def _meet_release(self, entry: Entry, taken: Taken) -> None:
        """A person released an own entry: a station of the version before says no more than this."""
        named = split_ref(entry.subject) if isinstance(entry.body, Released) else None
        if named is not None and named[0] == self._writer:
            self._let_in(*named, taken)

    def _let_in(self, writer: WriterId, seq: int, taken: Taken) -> None:
        """An own entry that the station held counts; given again, after a receipt that names it as held, too."""
        changed = self._file.connection.execute(
            "UPDATE entry SET state = 'received', held = NULL, mark = ? WHERE writer = ? AND seq = ? AND state = 'held'",
            (self._file.next_mark(), writer, seq),
        )
        if changed.rowcount:
            taken.let_in.append(name_entry(writer, seq))

    def _take_back(self, item: TakenBack, taken: Taken) -> None:
        """Another's entry may no longer be seen: its bytes go. Own entries stay with their author."""
        named = split_ref(item.ref)
        if named is None or named[0] == self._writer:
            return
        changed = self._file.connection.execute(
            "UPDATE entry SET state = 'taken_back', blob = x'', mark = ? WHERE writer = ? AND seq = ? AND state = 'pulled'",
            (self._file.next_mark(), *named),
        )
        if changed.rowcount:
            taken.retracted.append(item.ref)


def _number_of(raw: bytes) -> int:
    """A place for bytes that have none of their own."""
    return int.from_bytes(sha256(raw).digest()[:6], "big")
