"""A store that cannot be opened is moved aside, whole; and what the station's recovery key still reads of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.durable_files import fsync_folder
from app.store.journal_file import open_journal
from app.store.sealing import SealBroken
from app.store.vault import open_recovery, read_vault_file
from app.store.write_keys import KeyForgotten, WriteKeys
from journal.clock import moment
from journal.names import EntryRef, WriterId, name_entry

VAULT = "vault.json"
JOURNAL = "journal.db"
HEAD = "head"
PHOTOS = "photos"
SNAPSHOT = "snapshot"
HOLD = "in-use"
_VAULT_LAST = (JOURNAL, f"{JOURNAL}-wal", f"{JOURNAL}-shm", HEAD, SNAPSHOT, PHOTOS, VAULT)


def holds_store(folder: Path) -> bool:
    """Whether anything of a store is in this folder, be it only half of one."""
    return any((folder / name).exists() for name in _VAULT_LAST)


def set_aside(folder: Path, wall_ms: int) -> Path:
    """Moves the files of a store into a new folder beside them; returns it.

    The vault goes last: a move that was cut off is met again at the next open as a vault without a journal, and finished then.
    """
    stem = f"set-aside-{moment(wall_ms):%Y%m%dT%H%M%SZ}"
    aside, number = folder / stem, 1
    while aside.exists():
        number += 1
        aside = folder / f"{stem}-{number}"
    aside.mkdir()
    fsync_folder(folder)
    for name in _VAULT_LAST:
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    fsync_folder(aside)
    fsync_folder(folder)
    return aside


@dataclass(frozen=True)
class Rescued:
    """An entry read from a store that was set aside; ``raw`` is None where its bytes are damaged."""

    ref: EntryRef
    state: str
    link: bytes | None
    raw: bytes | None


def rescue_entries(aside: Path, recovery_key: X25519PrivateKey) -> Iterator[Rescued]:
    """Every entry of a store, with the station's recovery key alone: no PIN, no device.

    Raises ``VaultUnreadable``, ``JournalUnreadable`` or ``BoxUnreadable`` where a file or the key does not serve.
    """
    file = read_vault_file(aside / VAULT)
    reading_key = open_recovery(file, recovery_key)
    connection = open_journal(aside / JOURNAL)
    try:
        keys = WriteKeys(connection, reading_key.public_key().public_bytes_raw(), bytes)
        keys.open_all(reading_key)
        rows = connection.execute("SELECT writer, seq, state, key_id, link, blob FROM entry ORDER BY row").fetchall()
    finally:
        connection.close()
    for writer, seq, state, key_id, link, blob in rows:
        try:
            raw: bytes | None = keys.unseal(key_id, blob, "entry", writer, seq)
        except (SealBroken, KeyForgotten):
            raw = None
        yield Rescued(name_entry(WriterId(writer), seq), state, link, raw)
