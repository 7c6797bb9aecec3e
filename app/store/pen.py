"""What one transaction of a person writes: entries, fixes of the track in the making, drafts."""

import logging
from collections.abc import Callable
from sqlite3 import Connection
from typing import NamedTuple

from app.store.journal_file import JournalFile
from app.store.open_call import OpenCall, OwnCalls
from app.store.own_chain import Made, OwnChain, is_urgent
from app.store.sealing import SealBroken, place_of, seal, unseal
from app.store.write_keys import KeyForgotten
from journal.entries import Entry, Fact, PhotoTaken, RenditionMade, VoiceRecorded
from journal.names import Subject

_log = logging.getLogger(__name__)

URGENT_PURPOSE = b"urgent copies"
WATCH = "watch"


class Scratch:
    """Fixes that are not in an entry yet. Those of this run stay readable while locked, so that a track can be closed."""

    def __init__(self) -> None:
        self.fixes: dict[int, bytes] = {}

    def load(self, file: JournalFile) -> None:
        """All fixes on disk that open with the keys at hand, in the order they were kept."""
        fixes = {}
        for fix_id, key_id, blob in file.connection.execute("SELECT id, key_id, blob FROM scratch_fix ORDER BY id"):
            try:
                fixes[fix_id] = file.keys.unseal(key_id, blob, "scratch_fix", fix_id)
            except (KeyForgotten, SealBroken):
                _log.warning("a fix cannot be read")
        self.fixes = {**fixes, **self.fixes}


class DeviceKeys(NamedTuple):
    """Keys of the device's secret: for copies of urgent entries, and for the names of drafts."""

    urgent: bytes
    slots: Callable[[str], str]


class Pen:
    """Writes within one transaction; nothing of it is there if the transaction fails."""

    def __init__(self, file: JournalFile, chain: OwnChain, scratch: Scratch, calls: OwnCalls, device_keys: DeviceKeys) -> None:
        self._file = file
        self._calls = calls
        self._chain = chain
        self._scratch = scratch
        self._device_keys = device_keys
        self.made: list[Made] = []
        self.namings: list[Naming] = []
        self.touched_drafts = False
        self._ended = False

    def end(self) -> None:
        """Its transaction is over: what it wrote from now on would be in none."""
        self._ended = True

    @property
    def _connection(self) -> Connection:
        if self._ended:
            raise RuntimeError("the transaction of this pen is over")
        return self._file.connection

    def write(self, body: Fact, *, subject: Subject | None = None, unit: str | None = None, urgent: bool | None = None) -> Entry:
        """The next entry of the own chain.

        ``subject`` None begins a new one; ``unit`` None is the writer's own; ``urgent`` None lets the fact decide. Raises
        ``EntryTooLarge``.
        """
        made = self._chain.make(body, subject, unit)
        entry = made.entry
        key_id, blob = self._file.keys.seal(made.raw, "entry", entry.writer, entry.seq)
        self._connection.execute(
            "INSERT INTO entry (writer, seq, state, size, at_ms, at_n, key_id, link, mark, blob) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (entry.writer, entry.seq, "unsent", len(made.raw), *entry.at, key_id, made.link, self._file.next_mark(), blob),
        )
        if is_urgent(body) if urgent is None else urgent:
            copy = seal(self._device_keys.urgent, made.raw, place_of("urgent", entry.seq), self._file.random_bytes)
            self._connection.execute("INSERT INTO urgent VALUES (?, ?, ?, ?)", (entry.seq, made.previous_link, made.link, copy))
        naming = name_photo(body)
        if naming is not None:
            self.namings.append(naming)
        self._calls.follow_within(entry)
        self.made.append(made)
        return entry

    def keep_fix(self, payload: bytes) -> None:
        """One fix, or a few, of the track in the making; durable with the transaction."""
        cursor = self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM scratch_fix")
        fix_id = max(cursor.fetchone()[0], max(self._scratch.fixes, default=0) + 1)
        key_id, blob = self._file.keys.seal(payload, "scratch_fix", fix_id)
        self._connection.execute("INSERT INTO scratch_fix VALUES (?, ?, ?)", (fix_id, key_id, blob))
        self._scratch.fixes[fix_id] = payload

    def take_fixes(self) -> list[bytes]:
        """The fixes that can be read, oldest first; this transaction erases them. Others wait for the PIN."""
        taken = sorted(self._scratch.fixes.items())
        self._connection.executemany("DELETE FROM scratch_fix WHERE id = ?", [(fix_id,) for fix_id, _ in taken])
        self._scratch.fixes.clear()
        return [payload for _, payload in taken]

    def keep_draft(self, key: str, payload: bytes) -> None:
        """Replaces the draft of this name."""
        slot = self._device_keys.slots(key)
        plain = len(key.encode()).to_bytes(2, "big") + key.encode() + payload
        key_id, blob = self._file.keys.seal(plain, "draft", slot)
        self._connection.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", (slot, key_id, blob))
        self.touched_drafts = True

    def drop_draft(self, key: str) -> None:
        self._connection.execute("DELETE FROM draft WHERE slot = ?", (self._device_keys.slots(key),))
        self.touched_drafts = True

    def open_call(self) -> OpenCall | None:
        """The own call for help that is not put away, as this transaction sees it."""
        return self._calls.read()

    def put_call_away(self) -> None:
        self._calls.put_away_within()

    def keep_watch(self, payload: bytes) -> None:
        """Replaces what the person's timer needs before the PIN; empty ends it."""
        if self._ended:
            raise RuntimeError("the transaction of this pen is over")
        self._file.write_standing(WATCH, payload)

    def drafts(self) -> dict[str, bytes]:
        """Drafts by name, as far as they can be read: after a kill and before the PIN, only those of this run."""
        found = {}
        for slot, key_id, blob in self._connection.execute("SELECT slot, key_id, blob FROM draft ORDER BY slot"):
            try:
                plain = self._file.keys.unseal(key_id, blob, "draft", slot)
            except KeyForgotten:
                continue
            except SealBroken:
                _log.warning("a draft is damaged")
                continue
            end = 2 + int.from_bytes(plain[:2], "big")
            found[plain[2:end].decode()] = plain[end:]
        return found


class Naming(NamedTuple):
    """An own entry names this file."""

    sha256: str
    size_bytes: int
    media_type: str
    role: str


def name_photo(body: Fact) -> Naming | None:
    """What file a fact names; None for facts that name none."""
    if isinstance(body, PhotoTaken):
        return Naming(body.sha256, body.size_bytes, body.media_type, "original")
    if isinstance(body, VoiceRecorded):
        return Naming(body.sha256, body.size_bytes, body.media_type, "voice")
    if isinstance(body, RenditionMade):
        return Naming(body.sha256, body.size_bytes, body.media_type, body.role)
    return None


def open_urgent(urgent_key: bytes, seq: int, sealed: bytes) -> bytes:
    """The bytes of an urgent entry, without the PIN."""
    return unseal(urgent_key, sealed, place_of("urgent", seq))
