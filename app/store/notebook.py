"""The store as the app sees it: asynchronous, on a thread of its own, telling those who listen what changed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.argon import ArgonCost
from app.store.folding_in import make_new_views
from app.store.handed_over import HandedWork
from app.store.journal_store import JournalStore, Means
from app.store.leaving import IsWork, Left, Remains
from app.store.open_call import OpenCall
from app.store.opening import create_store, open_store
from app.store.outcomes import (
    Change,
    Changed,
    Cursors,
    FoundAtOpen,
    KeptPhoto,
    LockedOut,
    PhotoReceived,
    PhotoReleased,
    PhotoToSend,
    ReceiptDoubted,
    Unlocked,
    Waiting,
    WeakPin,
    WrongPin,
    WrongRecoveryKey,
)
from app.store.pen import Pen
from app.store.sealing import RandomBytes
from app.store.vault import Identity
from journal.chain import ChainFault, SaltKeys, sign_frame
from journal.clock import ReadClocks
from journal.exchange import Link, Page, Settled, Unsent, Urgent
from journal.names import Subject, WriterId
from journal.wire import EnrolReply, Signed, StationCard

if TYPE_CHECKING:
    from sqlmodel import Session

    from app.store.views import Views

T = TypeVar("T")
Listener = Callable[[Change], None]


class Notebook:
    """One writer's store. Every call runs on the store's thread, one after the other; cancelling a caller undoes nothing."""

    def __init__(self, store: JournalStore, thread: ThreadPoolExecutor, found: FoundAtOpen) -> None:
        self._store = store
        self._thread = thread
        self._loop = asyncio.get_running_loop()
        self._listeners: list[Listener] = []
        self.found_at_open = found
        """What did not fit when the store was opened; to be told to the user."""

    # --- beginning and end --------------------------------------------------------------------------------------------

    @classmethod
    async def create(
        cls,
        folder: Path,
        *,
        pin: str,
        device_secret: bytes,
        station: StationCard,
        enrolment: EnrolReply,
        signing_key: Ed25519PrivateKey,
        salt_keys: SaltKeys,
        read_clocks: ReadClocks,
        random_bytes: RandomBytes = os.urandom,
        cost: ArgonCost | None = None,
        make_views: Callable[[], Views] = make_new_views,
    ) -> Notebook:
        """A new notebook, unlocked. Raises ``StoreExists``, ``StoreBusy``; ValueError for a PIN that ``judge_pin`` refuses."""
        means = Means(read_clocks, random_bytes, make_views)
        identity = Identity(enrolment, station, signing_key, salt_keys)
        thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        try:
            store = await _on(thread, partial(create_store, folder, identity, pin, device_secret, means, cost))
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(store, thread, FoundAtOpen())

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        device_secret: bytes,
        read_clocks: ReadClocks,
        random_bytes: RandomBytes = os.urandom,
        make_views: Callable[[], Views] = make_new_views,
        kept_elsewhere: Link | None = None,
    ) -> Notebook:
        """The notebook in this folder, locked. Raises ``StoreMissing``, ``StoreBusy``, ``StoreNewer``, ``StoreUnreadable``.

        ``kept_elsewhere`` is an earlier :attr:`stands_at`, kept outside the folder: it finds a loss of journal and head alike.
        """
        means = Means(read_clocks, random_bytes, make_views)
        thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        try:
            store, found = await _on(thread, partial(open_store, folder, device_secret, means, kept_elsewhere))
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(store, thread, found)

    async def close(self) -> None:
        await self._run(self._store.close)
        self._thread.shutdown(wait=False)

    async def remains(self, is_work: IsWork = bool) -> Remains:
        """What keeps this vault on the device; ``is_work`` tells by its name whether a draft does."""
        return await self._run(self._store.remains, is_work)

    async def leave(self, is_work: IsWork = bool) -> Left | Remains:
        """Takes the vault off this device, if everything in it is at the station; the notebook is then over."""
        left = await self._run(self._store.leave, is_work)
        if isinstance(left, Left):
            self._thread.shutdown(wait=False)
        return left

    # --- who ----------------------------------------------------------------------------------------------------------

    @property
    def identity(self) -> Identity:
        return self._store.vault.identity

    @property
    def enrolment(self) -> EnrolReply:
        return self.identity.enrolment

    @property
    def writer(self) -> WriterId:
        return self.identity.writer

    @property
    def person(self) -> Subject:
        return Subject(self.enrolment.person)

    @property
    def unit(self) -> str:
        return self.enrolment.unit

    @property
    def station(self) -> StationCard:
        return self.identity.station

    @property
    def public_key(self) -> bytes:
        return self.identity.public_key

    def sign(self, message: bytes) -> bytes:
        """Ed25519 by the writer's key; works while locked."""
        return self.identity.signing_key.sign(message)

    def sign_frame(self, seq: int, link: bytes) -> bytes:
        return sign_frame(self.identity.signing_key, self.writer, seq, link)

    async def set_enrolment(self, enrolment: EnrolReply, station: StationCard | None = None) -> None:
        """What the station now says about this writer, e.g. that a person confirmed it."""
        await self._run(self._store.vault.set_enrolment, enrolment, station or self.station)

    @property
    def stands_at(self) -> Link:
        """The last own entry and its link; worth keeping in the secure storage when a patrol starts and ends."""
        return self._store.stands_at

    @property
    def head_behind(self) -> bool:
        """True while the head file cannot be written: the disk is full or failing, and the user should be told."""
        return self._store.head_behind

    # --- locking ------------------------------------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        return self._store.locked

    @property
    def found_at_unlock(self) -> Unlocked:
        """What did not open when the PIN was given last; to be told to the user."""
        return self._store.found_at_unlock

    @property
    def tries_left(self) -> int:
        return self._store.vault.tries_left

    async def unlock(self, pin: str) -> Unlocked | WrongPin | LockedOut:
        return await self._run(self._store.unlock, pin, kinds=(Changed.LOCK,))

    async def check_pin(self, pin: str) -> Unlocked | WrongPin | LockedOut:
        """Whether the person who holds the device knows its PIN. Counts tries as :meth:`unlock` does; what is open stays open."""
        return await self._run(self._store.check_pin, pin)

    async def lock(self) -> None:
        await self._run(self._store.lock, kinds=(Changed.LOCK,))

    async def recover(self, recovery_key: X25519PrivateKey, new_pin: str) -> Unlocked | WeakPin | WrongRecoveryKey:
        return await self._run(self._store.recover, recovery_key, new_pin, kinds=(Changed.LOCK,))

    async def change_pin(self, pin: str, new_pin: str) -> Unlocked | WeakPin | WrongPin | LockedOut:
        return await self._run(self._store.change_pin, pin, new_pin, kinds=(Changed.LOCK,))

    # --- writing and reading ------------------------------------------------------------------------------------------

    async def act(self, fn: Callable[[Pen], T]) -> T:
        """One transaction: what ``fn`` writes is on disk, in commit and head file, when this returns; or nothing of it is."""
        return await self._run(partial(self._act, fn))

    def _act(self, fn: Callable[[Pen], T]) -> T:
        result, pen = self._store.act(fn)
        kinds = {Changed.ENTRIES} if pen.made else set()
        if pen.namings:
            kinds.add(Changed.PHOTOS)
        if pen.touched_drafts:
            kinds.add(Changed.DRAFTS)
        self._tell(kinds, {made.entry.about for made in pen.made}, {made.entry.body.fact for made in pen.made})
        return result

    async def ask(self, fn: Callable[[Session], T]) -> T:
        """Reads the views. Raises ``StoreLocked``."""
        return await self._run(self._store.ask, fn)

    async def open_call(self) -> OpenCall | None:
        """The own call for help that is not put away. Works while locked."""
        return await self._run(self._store.open_call)

    async def read_watch(self) -> bytes | None:
        """What the person's timer needs, kept by :meth:`Pen.keep_watch`. Works while locked."""
        return await self._run(self._store.read_watch)

    async def check_chain(self) -> ChainFault | None:
        """The first own entry that does not have the bytes it was linked with. Raises ``StoreLocked``."""
        return await self._run(self._store.check_chain)

    async def write_snapshot(self) -> bool:
        """For idle moments: makes the next unlock quicker."""
        return await self._run(self._store.write_snapshot)

    # --- photos -------------------------------------------------------------------------------------------------------

    async def keep_photo(self, raw: bytes) -> KeptPhoto:
        """Durable when it returns, before any entry names it. Works while locked."""
        return await self._run(self._store.photos.keep, raw, kinds=(Changed.PHOTOS,))

    async def keep_foreign_photo(self, raw: bytes) -> KeptPhoto:
        """A photo that the station sent."""
        return await self._run(partial(self._store.photos.keep, raw, foreign=True), kinds=(Changed.PHOTOS,))

    async def read_photo(self, sha256: str) -> bytes | None:
        """None when this device does not hold it, or may not read it now. Raises ``SealBroken`` for a damaged file."""
        return await self._run(self._store.photos.read, sha256)

    async def photos_may_leave(self) -> Sequence[KeptPhoto]:
        return await self._run(self._store.photos.may_leave)

    async def photos_unsent(self) -> Sequence[PhotoToSend]:
        return await self._run(self._store.photos.waiting)

    async def note_upload(self, sha256: str, sent_to: int, upload: str | None) -> None:
        await self._run(self._store.photos.note_upload, sha256, sent_to, upload)

    async def settle_photo(self, signed: Signed) -> PhotoReceived | ReceiptDoubted:
        return await self._run(self._store.settle_photo, signed, kinds=(Changed.PHOTOS,))

    async def release_photo(self, signed: Signed) -> PhotoReleased | ReceiptDoubted:
        """Takes the bytes named by this receipt off the device; the one way in which evidence leaves it."""
        return await self._run(self._store.release_photo, signed, kinds=(Changed.PHOTOS,))

    # --- exchange -----------------------------------------------------------------------------------------------------

    async def unsent(self, limit: int, after: int = 0) -> list[Unsent]:
        return await self._run(self._store.sending.unsent, limit, after)

    async def urgent_unsent(self) -> list[Urgent]:
        return await self._run(self._store.sending.urgent)

    async def waiting(self) -> Waiting:
        return await self._run(self._store.waiting)

    async def link_at(self, seq: int) -> bytes | None:
        return await self._run(self._store.sending.link_at, seq)

    async def settle(self, settled: Settled, signed: Signed) -> bool:
        """False, and nothing changes, where another epoch began meanwhile."""
        return await self._run(self._store.settle, settled, signed, kinds=(Changed.CUSTODY,))

    async def handed(self, fn: Callable[[HandedWork], T], *kinds: Changed) -> T:
        """What of the own work others carry, and what receipts prove."""
        return await self._run(fn, self._store.handed, kinds=kinds)

    async def apply_page(self, page: Page) -> None:
        await self._run(partial(self._apply_page, page))

    def _apply_page(self, page: Page) -> None:
        taken = self._store.apply_page(page)
        if taken.arrived or taken.retracted:
            self._tell({Changed.ENTRIES}, {item.entry.about for item in taken.arrived})

    async def cursors(self) -> Cursors:
        return await self._run(self._store.receiving.cursors)

    async def begin_epoch(self, epoch: str) -> None:
        await self._run(self._store.begin_epoch, epoch, kinds=(Changed.EPOCH, Changed.CUSTODY))

    # --- listening ----------------------------------------------------------------------------------------------------

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls ``listener`` on the event loop after each change; returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def _run(self, fn: Callable[..., T], *args: object, kinds: Sequence[Changed] = ()) -> T:
        return await _on(self._thread, partial(self._do, partial(fn, *args), kinds))

    def _do(self, fn: Callable[[], T], kinds: Sequence[Changed]) -> T:
        result = fn()
        self._tell(set(kinds), set())
        return result

    def _tell(self, kinds: set[Changed], subjects: set[Subject], made: Collection[str] = ()) -> None:
        """From the store's thread, so that a caller that was cancelled cannot keep a change from being told."""
        if kinds and not self._loop.is_closed():
            change = Change(frozenset(kinds), frozenset(subjects), frozenset(made))
            self._loop.call_soon_threadsafe(self._call_listeners, change)

    def _call_listeners(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            listener(change)


async def _on(thread: ThreadPoolExecutor, fn: Callable[[], T]) -> T:
    # Without the shield, a call that waits for its turn would be dropped with its caller.
    return await asyncio.shield(asyncio.get_running_loop().run_in_executor(thread, fn))
