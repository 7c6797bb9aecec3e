"""The store as one synchronous object: opened, locked, unlocked; written in transactions; folded into views.

For one thread. :class:`app.store.notebook.Notebook` is its face for the app.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.arrived import Arrived
from app.store.durable_files import FolderHold
from app.store.erasing import Erasing
from app.store.folding_in import FoldedIn, fold_in, make_new_views, read_entry_of, take_back
from app.store.handed_over import HandedWork
from app.store.head_file import HeadFile
from app.store.journal_file import JournalFile
from app.store.leaving import IsWork, Left, Remains, count_remains, erase_vault
from app.store.open_call import OpenCall, OwnCalls
from app.store.outcomes import (
    LockedOut,
    PhotoReceived,
    PhotoReleased,
    ReceiptDoubted,
    StoreLocked,
    Unlocked,
    Waiting,
    WeakPin,
    WrongPin,
    WrongRecoveryKey,
)
from app.store.own_chain import OwnChain
from app.store.pen import URGENT_PURPOSE, WATCH, DeviceKeys, Pen, Scratch
from app.store.photo_files import PhotoFiles
from app.store.photo_shelf import PhotoShelf
from app.store.pin import judge_pin
from app.store.receiving import Receiving, Taken
from app.store.sealing import RandomBytes, SealBroken
from app.store.sending import Sending
from app.store.set_aside import HEAD, PHOTOS, SNAPSHOT
from app.store.snapshot_file import Snapshot, read_snapshot, write_snapshot
from app.store.vault import Vault
from app.store.write_keys import KeyForgotten
from journal.chain import ChainFault, find_change
from journal.clock import ReadClocks
from journal.exchange import Link, Page, Settled
from journal.wire import Signed

if TYPE_CHECKING:
    from sqlmodel import Session

    from app.store.views import Views

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Means:
    """What the store takes from outside."""

    read_clocks: ReadClocks
    random_bytes: RandomBytes
    make_views: Callable[[], Views] = make_new_views


class JournalStore:
    """An opened store. Locked after an open, unlocked after a creation."""

    def __init__(self, folder: Path, hold: FolderHold, vault: Vault, file: JournalFile, chain: OwnChain, means: Means) -> None:
        self._folder = folder
        self._hold = hold
        self._file = file
        self._chain = chain
        self._means = means
        self._views: Views | None = None
        self._scratch = Scratch()
        self._head = HeadFile(folder / HEAD)
        slot_key = vault.key_for(b"names of drafts")
        urgent_key = vault.key_for(URGENT_PURPOSE)
        self._device_keys = DeviceKeys(urgent_key, lambda name: hmac.digest(slot_key, name.encode(), "sha256").hex())
        self._snapshot_mark = -1
        self.head_behind = False
        """True while the head file lags behind the journal: a tail that the disk loses now would go unnoticed."""
        self.found_at_unlock = Unlocked()
        self.vault = vault
        self._calls = OwnCalls(file, vault.identity.writer)
        self.sending = Sending(file, vault.identity, self._calls, urgent_key)
        files = PhotoFiles(folder / PHOTOS, file.reading_public_key, means.random_bytes)
        self.photos = PhotoShelf(file, files, vault.identity.writer)
        self.handed = HandedWork(file, vault.identity, self.sending, self.photos)
        self._erasing = Erasing(file, vault.identity, self.photos)
        self.receiving = Receiving(file, chain, self._erasing, self._calls, vault.identity.writer, vault.identity.station.epoch)

    # --- locking ------------------------------------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        return self._views is None

    def unlock(self, pin: str) -> Unlocked | WrongPin | LockedOut:
        """Opens what was recorded, if the PIN fits."""
        tried = self.vault.try_pin(pin)
        return self.open_with(tried) if isinstance(tried, X25519PrivateKey) else tried

    def check_pin(self, pin: str) -> Unlocked | WrongPin | LockedOut:
        """Whether the PIN fits, by the same ten tries; opens and closes nothing."""
        tried = self.vault.try_pin(pin)
        return Unlocked() if isinstance(tried, X25519PrivateKey) else tried

    def recover(self, recovery_key: X25519PrivateKey, new_pin: str) -> Unlocked | WeakPin | WrongRecoveryKey:
        """Opens the store with the station's recovery key and sets a new PIN."""
        weakness = judge_pin(new_pin)
        if weakness is not None:
            return WeakPin(weakness)
        reading_key = self.vault.recover(recovery_key)
        if isinstance(reading_key, WrongRecoveryKey):
            return reading_key
        self.vault.set_pin(reading_key, new_pin)
        return self.open_with(reading_key)

    def change_pin(self, pin: str, new_pin: str) -> Unlocked | WeakPin | WrongPin | LockedOut:
        """A new PIN for who knows the old one."""
        weakness = judge_pin(new_pin)
        if weakness is not None:
            return WeakPin(weakness)
        tried = self.vault.try_pin(pin)
        if not isinstance(tried, X25519PrivateKey):
            return tried
        self.vault.set_pin(tried, new_pin)
        return self.open_with(tried)

    def open_with(self, reading_key: X25519PrivateKey) -> Unlocked:
        """Opens every key and folds what is not folded yet."""
        if not self.locked:
            return Unlocked()
        self._file.keys.open_all(reading_key)
        try:
            self._file.confirm_reading_key(reading_key.public_key().public_bytes_raw())
            damaged = self.sending.load()
            self._scratch.load(self._file)
            self.photos.load(reading_key)
            self._finish_erasures()
            self._views, folded = self._fold(read_snapshot(self._folder / SNAPSHOT, reading_key))
        except BaseException:
            self.lock()
            raise
        self.receiving.ask_again_for(folded.others_damaged)
        damaged += folded.own_damaged  # a snapshot spares the fold most entries, those that wait among them
        self.found_at_unlock = Unlocked(tuple(dict.fromkeys(damaged)), self.photos.count_damaged())
        return self.found_at_unlock

    def lock(self) -> None:
        """Forgets the views and every key that reads. Recording and sending go on.

        Python cannot wipe memory; what was held may linger there until it is used again.
        """
        if self._views is not None:
            self._views.close()
        self._views = None
        self._file.keys.begin()
        self.photos.lock()

    def close(self) -> None:
        self.lock()
        self._file.close()
        self._hold.release()

    def remains(self, is_work: IsWork = bool) -> Remains:
        """What keeps this vault on the device."""
        drafts = None if self.locked else sum(is_work(name) for name in self.act(lambda pen: pen.drafts())[0])
        return count_remains(self._file, self.photos, unsent=self.sending.waiting(), drafts=drafts)

    def leave(self, is_work: IsWork = bool) -> Left | Remains:
        """Takes the vault off this device, if everything in it is at the station. Nothing else deletes a vault."""
        remains = self.remains(is_work)
        if remains.keep_the_vault:
            return remains
        self.lock()
        self._file.close()
        erase_vault(self._folder)
        self._hold.release()
        return Left()

    # --- writing and reading ------------------------------------------------------------------------------------------

    def act(self, fn: Callable[[Pen], T]) -> tuple[T, Pen]:
        """One transaction. When this returns, what was written is on disk: commit and head file.

        An error leaves everything as it was. Only a head file that cannot be written does not fail what is committed: to say "not
        saved" would be untrue, and its lines are for finding a loss. It is logged, shown as ``head_behind`` and tried again.
        """
        stood_at, fixes = self._chain.stands_at, dict(self._scratch.fixes)
        pen = Pen(self._file, self._chain, self._scratch, self._calls, self._device_keys)
        try:
            with self._file.transaction():
                result = fn(pen)
                for naming in pen.namings:
                    self.photos.write_naming(naming)
        except BaseException:
            self._chain.stands_at, self._scratch.fixes = stood_at, fixes
            raise
        finally:
            pen.end()
        if pen.made:
            self.restate_head()
            self.sending.remember(pen.made)
            for naming in pen.namings:
                self.photos.remember(naming)
            if self._views is not None:
                self._views.apply(
                    [Arrived(made.entry, None, "here", None, own=True, size_bytes=len(made.raw)) for made in pen.made]
                )
        return result, pen

    def ask(self, fn: Callable[[Session], T]) -> T:
        """Reads the views. Raises :class:`StoreLocked`."""
        if self._views is None:
            raise StoreLocked("reading needs the PIN")
        with self._views.session() as session:
            return fn(session)

    def open_call(self) -> OpenCall | None:
        """The own call for help that is not put away; works while locked."""
        return self._calls.read()

    def read_watch(self) -> bytes | None:
        """What the person's timer needs; works while locked. None without one."""
        return self._file.read_standing(WATCH) or None

    def own_raws(self) -> Iterator[tuple[int, bytes | None]]:
        """Seq and bytes of every own entry; None where they do not open."""
        writer = self.vault.identity.writer
        rows = self._file.connection.execute("SELECT seq, key_id, blob FROM entry WHERE writer = ? ORDER BY seq", (writer,))
        for seq, key_id, blob in rows.fetchall():
            try:
                yield seq, self._file.keys.unseal(key_id, blob, "entry", writer, seq)
            except (SealBroken, KeyForgotten):
                yield seq, None

    def check_chain(self) -> ChainFault | None:
        """Whether every own entry still has the bytes it was linked with. Needs an unlocked store."""
        if self.locked:
            raise StoreLocked("checking needs the PIN")
        links = [link for seq in range(1, self._chain.stands_at.seq + 1) if (link := self.sending.link_at(seq))]
        leaves = [self._erasing.leaf(seq, raw) for seq, raw in self.own_raws()]
        return find_change(self.vault.identity.writer, leaves, links)

    def write_snapshot(self) -> bool:
        """Seals the views to disk, for a quicker unlock; False when there is nothing new to seal, or the store is locked."""
        if self._views is None or self._snapshot_mark == self._file.mark:
            return False
        snapshot = Snapshot(self.receiving.cursors().epoch, self._file.mark, self._chain.stands_at, self._views.serialize())
        write_snapshot(self._folder / SNAPSHOT, snapshot, self._file.reading_public_key, self._means.random_bytes)
        self._snapshot_mark = snapshot.mark
        return True

    @property
    def stands_at(self) -> Link:
        """The last own entry and its link."""
        return self._chain.stands_at

    def restate_head(self) -> None:
        """Writes to the head file where the own chain stands. What it cannot write now goes with the next entry."""
        try:
            self._head.append(self._chain.stands_at)
            self.head_behind = False
        except OSError:
            _log.warning("the head file could not be written", exc_info=True)
            self.head_behind = True

    # --- exchange -----------------------------------------------------------------------------------------------------

    def settle(self, settled: Settled, signed: Signed) -> bool:
        """What a receipt proves, on disk and in the views. False where it is of another epoch, and then nothing changes.

        It was judged before, but a new epoch may have begun since, and what that lost is offered again.
        """
        if settled.receipt.epoch != self.receiving.cursors().epoch:
            return False
        self.sending.settle(settled, signed)
        if self._views is not None:
            receipt = settled.receipt
            held = {one.seq: one.reason for one in receipt.held}
            self._views.set_custody(self.vault.identity.writer, settled.to_seq, held, receipt.received_ms)
        return True

    def apply_page(self, page: Page) -> Taken:
        """Entries and cursor of one page, on disk and in the views."""
        taken = self.receiving.apply(page)
        if self._views is not None:
            for ref in taken.replaced:
                self._views.retract(ref)
            self._views.apply(taken.arrived)
            if taken.let_in:
                self._views.let_in(taken.let_in)
            for ref in taken.retracted:
                self._views.retract(ref)
            self._finish_erasures()
        return taken

    def begin_epoch(self, epoch: str) -> None:
        """The station began anew: everything is offered again from the start, nothing is deleted."""
        with self._file.transaction():
            self.sending.offer_again_within()
            self.photos.offer_again_within()
            self.handed.forget_within()
            self.receiving.read_again_within(epoch)
        self._snapshot_mark = -1
        self.sending.load()
        self.photos.offered_again()
        if self._views is not None:
            self._views.close()
            self._views, _ = self._fold(None)

    def settle_photo(self, signed: Signed) -> PhotoReceived | ReceiptDoubted:
        return self.photos.settle(signed, self.vault.identity.station, self.receiving.cursors().epoch)

    def release_photo(self, signed: Signed) -> PhotoReleased | ReceiptDoubted:
        return self.photos.release(signed, self.vault.identity.station, self.receiving.cursors().epoch)

    def waiting(self) -> Waiting:
        """What the station has given no receipt for, as far as a locked store can tell."""
        stuck = not self.locked and self.sending.is_stuck()
        return Waiting(self.sending.waiting(), self.photos.count_waiting(), stuck)

    def _finish_erasures(self) -> None:
        """The old snapshot goes with them: it still holds what they said."""
        if self._erasing.finish():
            (self._folder / SNAPSHOT).unlink(missing_ok=True)
            self._snapshot_mark = -1

    # --- folding ------------------------------------------------------------------------------------------------------

    def _fold(self, snapshot: Snapshot | None) -> tuple[Views, FoldedIn]:
        views, since = self._means.make_views(), 0
        views.read_entries_by(partial(read_entry_of, self._file))
        in_time = snapshot is not None and snapshot.epoch == self.receiving.cursors().epoch and snapshot.mark <= self._file.mark
        if snapshot is not None and in_time:
            seq, link = snapshot.link
            if self.sending.link_at(seq) == link and take_back(views, snapshot.views):
                since = self._snapshot_mark = snapshot.mark
        return views, fold_in(self._file, views, self.vault.identity.writer, self.sending.held(), since)
