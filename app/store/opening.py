"""How a store comes to be: created once, opened at each start, set aside when it cannot be."""

import json
from pathlib import Path
from sqlite3 import DatabaseError

from app.store.argon import ArgonCost
from app.store.durable_files import FolderHold, make_folder
from app.store.head_file import HeadFile
from app.store.journal_file import JournalFile, JournalUnreadable, create_journal, open_journal
from app.store.journal_store import JournalStore, Means
from app.store.outcomes import FoundAtOpen, LostTail, StoreExists, StoreMissing, StoreUnreadable
from app.store.own_chain import OwnChain
from app.store.pin import judge_pin
from app.store.sealing import KEY_BYTES
from app.store.set_aside import HEAD, HOLD, JOURNAL, VAULT, holds_store, set_aside
from app.store.vault import Identity, Vault, VaultUnreadable
from journal.clock import Stamp
from journal.entries import DeviceReported
from journal.exchange import Link
from journal.names import register

STANDING_PURPOSE = b"standing"


def create_store(
    folder: Path, identity: Identity, pin: str, device_secret: bytes, means: Means, cost: ArgonCost | None = None
) -> JournalStore:
    """A new store in this folder, unlocked. The vault is written last: without it there is no store.

    Raises :class:`StoreExists`, ``StoreBusy``, or ValueError for a PIN that ``judge_pin`` refuses.
    """
    weakness = judge_pin(pin)
    if weakness is not None:
        raise ValueError(f"weak PIN: {weakness}")
    if len(device_secret) != KEY_BYTES:
        raise ValueError("the device's secret is not 32 bytes")
    make_folder(folder)
    hold = FolderHold(folder / HOLD)
    try:
        _make_room(folder, means)
        create_journal(folder / JOURNAL).close()
        cost = ArgonCost() if cost is None else cost
        Vault.create(folder / VAULT, identity, pin, device_secret, means.random_bytes, cost)
        store = _open(folder, hold, device_secret, means)
        store.unlock(pin)
    except BaseException:
        hold.release()
        raise
    return store


def _make_room(folder: Path, means: Means) -> None:
    """Half a creation, cut off before its vault, is moved aside."""
    if (folder / VAULT).exists():
        raise StoreExists(str(folder))
    if holds_store(folder):
        set_aside(folder, means.read_clocks().wall_ms)


def open_store(
    folder: Path, device_secret: bytes, means: Means, kept_elsewhere: Link | None = None
) -> tuple[JournalStore, FoundAtOpen]:
    """The store in this folder, locked, and what did not fit.

    ``kept_elsewhere`` is where the chain once stood by the word of another place, such as the phone's secure storage.
    Raises :class:`StoreMissing`, ``StoreBusy``, ``StoreNewer``, or :class:`StoreUnreadable` once its files were moved aside.
    """
    if len(device_secret) != KEY_BYTES:
        raise ValueError("the device's secret is not 32 bytes: nothing was touched")
    if not (folder / VAULT).exists():
        raise StoreMissing(str(folder))
    hold = FolderHold(folder / HOLD)
    try:
        store = _open(folder, hold, device_secret, means)
        return store, _look_over(store, HeadFile(folder / HEAD), kept_elsewhere)
    except (VaultUnreadable, JournalUnreadable) as unreadable:
        aside = set_aside(folder, means.read_clocks().wall_ms)
        hold.release()
        raise StoreUnreadable(str(unreadable), aside) from unreadable
    except BaseException:
        hold.release()
        raise


def _open(folder: Path, hold: FolderHold, device_secret: bytes, means: Means) -> JournalStore:
    vault = Vault.read(folder / VAULT, device_secret, means.random_bytes)
    connection = open_journal(folder / JOURNAL)
    try:
        file = JournalFile(connection, vault.reading_public_key, vault.key_for(STANDING_PURPOSE), means.random_bytes)
        chain = _find_chain(file, vault.identity, means)
        return JournalStore(folder, hold, vault, file, chain, means)
    except DatabaseError as broken:
        connection.close()
        raise JournalUnreadable("the journal is broken") from broken
    except BaseException:
        connection.close()
        raise


def _find_chain(file: JournalFile, identity: Identity, means: Means) -> OwnChain:
    """Where the own chain and clock stand, without the PIN."""
    if file.connection.execute("SELECT 1 FROM entry WHERE link IS NOT NULL AND writer != ?", (identity.writer,)).fetchone():
        raise JournalUnreadable("the journal is that of another writer")
    last = file.connection.execute(
        "SELECT seq, link, at_ms, at_n FROM entry WHERE writer = ? ORDER BY seq DESC LIMIT 1", (identity.writer,)
    ).fetchone()
    kept = file.read_standing("clock")
    met = Stamp(*json.loads(kept)) if kept else Stamp(0, 0)
    if last is None:
        chain = OwnChain.first(identity, means.read_clocks)
        chain.clock.last = met
        return chain
    seq, link, at_ms, at_n = last
    return OwnChain(identity, means.read_clocks, Link(seq, link), max(met, Stamp(at_ms, at_n)))


def _look_over(store: JournalStore, file: HeadFile, kept_elsewhere: Link | None) -> FoundAtOpen:
    photos = store.photos
    head = max((one for one in (kept_elsewhere, file.last) if one is not None), default=None)
    lost_tail = _compare_head(store, head, restate=not file.unreadable)
    return FoundAtOpen(lost_tail, len(photos.strays), photos.unfinished, photos.missing, file.unreadable)


def _compare_head(store: JournalStore, head: Link | None, *, restate: bool) -> LostTail | None:
    """A head that lags by a commit is an app that died in between; one that the journal does not reach is a loss.

    The chain goes on from what the journal holds. Should the station hold the lost tail, it finds a fork and keeps both branches.
    """
    stands_at = store.stands_at
    if head is None or store.sending.link_at(head.seq) == head.link:
        # What could not be read may still vouch for more at the next open, so it is not written over here.
        if stands_at.seq and head != stands_at and restate:
            store.restate_head()
        return None
    figures = {"journal_seq": stands_at.seq, "head_seq": head.seq}
    entry, _ = store.act(
        lambda pen: pen.write(
            DeviceReported(what="tail_lost", figures=figures), subject=register("writer", store.vault.identity.writer)
        )
    )
    return LostTail(stands_at.seq, head.seq, entry.ref)
