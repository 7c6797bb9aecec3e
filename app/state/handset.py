"""One person's half of the phone: the notebook in their vault, their recorders, their sending."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.record import DeskRecorder, FieldRecorder, TrackRecorder
from app.state.map_packs import MapPacks
from app.state.nearby_station import NearbyStation
from app.state.settings import HandsetSettings
from app.store.leaving import IsWork, Left, Remains
from app.store.notebook import Notebook
from app.store.outcomes import Change, Changed, LockedOut, Unlocked, WeakPin, WrongPin, WrongRecoveryKey
from app.sync.join import Joined, Way, await_confirmation
from app.sync.run import SyncRunner
from app.sync.server_client import ServerClient
from app.sync.state import SyncState
from journal.catalogue import Catalogue
from journal.clock import ReadClocks

if TYPE_CHECKING:
    from app.state.shared_phone import SharedPhone

log = logging.getLogger(__name__)

LET_GO_AFTER_MS = 15_000


class Stage(StrEnum):
    """What a page can show of this device."""

    STARTING = "starting"
    JOIN = "join"
    WAITING = "waiting"
    """A person at the station has still to confirm this device."""
    REFUSED = "refused"
    """That person said no."""
    LOCKED = "locked"
    OPEN = "open"
    SET_ASIDE = "set_aside"
    BUSY = "busy"
    UPDATE_FIRST = "update_first"
    SECRET_LOST = "secret_lost"


@dataclass(frozen=True)
class JoinFailed:
    """Why this device did not join: a code for the words, and what the station said."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class Verbs:
    """What a person can do with the notebook."""

    field: FieldRecorder
    desk: DeskRecorder
    track: TrackRecorder


class Handset:
    """Keeps one of everything that the pages of one person share. Without a vault it is the place of somebody who will join."""

    def __init__(self, phone: "SharedPhone", vault: Path | None = None) -> None:
        self.phone = phone
        self.vault = vault
        self.stage = Stage.JOIN if vault is None else Stage.STARTING
        self.notebook: Notebook | None = None
        self.runner: SyncRunner | None = None
        self.client: ServerClient | None = None
        self.nearby: NearbyStation | None = None
        self.was_open = False
        """Whether the PIN was given since the app started: until then only urgent entries can go out."""
        self.walker: object | None = None
        """The page that keeps the track: one receiver writes one track, however many pages are open."""
        self._walked_ms = 0
        self._watchers: list[Callable[[bool], None]] = []
        self._verbs: Verbs | None = None
        self.waiting_count = 0
        """Entries and files that no receipt covers; known of everybody, whoever is in front."""
        self._asking: asyncio.Task[None] | None = None
        self._counting: asyncio.Task[None] | None = None
        self._count_again = False

    # --- being watched ------------------------------------------------------------------------------------------------

    def watch(self, changed: Callable[[bool], None]) -> Callable[[], None]:
        """Calls ``changed`` on the loop: with True when what the store or the stage tells may differ, with False when only
        the state of sending does. Returns how to stop."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed) if changed in self._watchers else None

    def tell(self, *, read_again: bool = True) -> None:
        for changed in list(self._watchers):
            changed(read_again)
        self.phone.tell()

    # --- what all people of the phone share ---------------------------------------------------------------------------

    @property
    def settings(self) -> HandsetSettings:
        return self.phone.settings

    @property
    def catalogue(self) -> Catalogue:
        return self.phone.catalogue

    @property
    def read_clocks(self) -> ReadClocks:
        return self.phone.read_clocks

    @property
    def maps(self) -> MapPacks:
        return self.phone.maps

    # --- what is this person's ----------------------------------------------------------------------------------------

    @property
    def verbs(self) -> Verbs:
        """Raises RuntimeError before this person has joined: no screen that records is shown then."""
        if self._verbs is None:
            raise RuntimeError("this device has no notebook yet")
        return self._verbs

    @property
    def shown_stage(self) -> Stage:
        """What a page shows while this person is in front: the phone's own trouble comes first."""
        return self.stage if self.phone.trouble is None else self.phone.trouble

    @property
    def sync_state(self) -> SyncState | None:
        return self.runner.state if self.runner else None

    def is_of(self, writer: str) -> bool:
        return self.notebook is not None and self.notebook.writer == writer

    def claim_walk(self, page: object) -> bool:
        """Whether this page's fix is the one to keep. A page that was closed or reloaded lets go after fifteen seconds."""
        now_ms = self.phone.now_ms()
        if self.walker is None or self.walker is page or now_ms - self._walked_ms > LET_GO_AFTER_MS:
            self.walker, self._walked_ms = page, now_ms
        return self.walker is page

    def sync_now(self) -> None:
        if self.runner is not None:
            self.runner.nudge()

    async def change_network(self) -> None:
        if self.nearby is not None:
            self.nearby.forget_way()
        if self.runner is not None:
            await self.runner.change_network()

    # --- opening ------------------------------------------------------------------------------------------------------

    async def open(self, device_secret: bytes) -> None:
        """Opens the vault, locked. Raises ``StoreBusy``, ``StoreNewer``, ``StoreUnreadable``."""
        if self.vault is None:
            raise RuntimeError("there is no vault to open")
        notebook = await Notebook.open(
            self.vault, device_secret=device_secret, read_clocks=self.read_clocks, random_bytes=self.phone.random_bytes
        )
        self.stage = Stage.LOCKED
        self._take_up(notebook)

    async def begin(self, joined: Joined, pin: str, device_secret: bytes) -> None:
        """Makes the vault of who has just joined, and opens it."""
        if self.vault is None:
            raise RuntimeError("there is no place for a vault")
        notebook = await Notebook.create(
            self.vault,
            pin=pin,
            device_secret=device_secret,
            station=joined.station,
            enrolment=joined.reply,
            signing_key=joined.signing_key,
            salt_keys=joined.salt_keys,
            read_clocks=self.read_clocks,
            random_bytes=self.phone.random_bytes,
        )
        self._take_up(notebook)
        self.was_open = True
        self.stage = self._stage_when_open()

    def _take_up(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self._verbs = Verbs(
            FieldRecorder(notebook, self.catalogue, self.read_clocks),
            DeskRecorder(notebook),
            TrackRecorder(notebook, self.read_clocks),
        )
        notebook.listen(self._noticed)
        self._count_soon(notebook)
        if notebook.enrolment.state == "confirmed":
            self._start_sending(notebook)
        else:
            self._asking = asyncio.get_running_loop().create_task(self._await_confirmation(notebook))

    def _start_sending(self, notebook: Notebook) -> None:
        if notebook.station.address is None or self.runner is not None:
            return
        self.client = ServerClient(
            notebook.station.address,
            ca_pem=notebook.station.ca_pem,
            sign=notebook.sign,
            public_key=notebook.public_key,
            now_ms=self.phone.now_ms,
            random_bytes=self.phone.random_bytes,
            is_cut=lambda: self.phone.cut,
            counted=self.phone.allowance.count,
        )
        self.runner = SyncRunner(
            notebook,
            self.client,
            now_ms=self.phone.now_ms,
            random_bytes=self.phone.random_bytes,
            is_cut=lambda: self.phone.cut,
            listener=self._hear_sending,
            hears_hints=True,
            allowance=self.phone.allowance,
        )
        self.nearby = NearbyStation.of(self.phone, self.client, notebook.station.station, self.sync_now)
        self.runner.start()

    def _hear_sending(self, state: SyncState) -> None:
        self.tell(read_again=False)
        self.phone.carrying.follow(self)
        if self.nearby is not None:
            self.nearby.follow(state)

    def _count_soon(self, notebook: Notebook) -> None:
        """Several changes at once are counted once."""
        self._count_again = True
        if self._counting is None or self._counting.done():
            self._counting = asyncio.get_running_loop().create_task(self._count(notebook))

    async def _count(self, notebook: Notebook) -> None:
        while self._count_again:
            self._count_again = False
            waiting = await notebook.waiting()
            if self.waiting_count != waiting.entries + waiting.photos:
                self.waiting_count = waiting.entries + waiting.photos
                self.phone.tell()

    def _noticed(self, change: Change) -> None:
        if self.notebook is not None and change.kinds & {Changed.ENTRIES, Changed.CUSTODY, Changed.PHOTOS, Changed.EPOCH}:
            self._count_soon(self.notebook)
        if change.kinds - {Changed.DRAFTS}:
            self.tell()

    async def _await_confirmation(self, notebook: Notebook) -> None:
        """Until a person at the station has looked at the check number; every wait is quiet."""
        identity, address = notebook.identity, notebook.station.address
        if address is not None and notebook.enrolment.state == "waiting":
            joined = Joined(address, notebook.station, identity.signing_key, identity.salt_keys, notebook.enrolment)
            way = Way(self.phone.now_ms, self.phone.random_bytes, counted=self.phone.allowance.count)
            told = (await await_confirmation(joined, way)).reply
            try:
                await notebook.set_enrolment(told)
            except OSError as failed:
                log.warning("the station's word is not written down; it is asked again at the next start: %s", failed)
        if notebook.enrolment.state == "confirmed":
            self._start_sending(notebook)
        if not notebook.locked:
            self.stage = self._stage_when_open()
        self.tell()

    def _stage_when_open(self) -> Stage:
        state = self.notebook.enrolment.state if self.notebook else "refused"
        return {"waiting": Stage.WAITING, "refused": Stage.REFUSED}.get(state, Stage.OPEN)

    # --- locking ------------------------------------------------------------------------------------------------------

    async def unlock(self, pin: str) -> Unlocked | WrongPin | LockedOut:
        if self.notebook is None:
            raise RuntimeError("there is nothing to unlock")
        outcome = await self.notebook.unlock(pin)
        if isinstance(outcome, Unlocked):
            self._open()
        return outcome

    async def recover(self, recovery_key: X25519PrivateKey, new_pin: str) -> Unlocked | WeakPin | WrongRecoveryKey:
        """Opens the vault with the station's recovery key and sets a new PIN."""
        if self.notebook is None:
            raise RuntimeError("there is nothing to unlock")
        outcome = await self.notebook.recover(recovery_key, new_pin)
        if isinstance(outcome, Unlocked):
            self._open()
        return outcome

    def _open(self) -> None:
        self.was_open = True
        self.stage = self._stage_when_open()
        self.phone.when_opened()
        self.tell()

    async def leave(self, is_work: IsWork) -> Left | Remains:
        """Takes the vault off the phone if nothing keeps it there; what does is told, and goes on being sent."""
        if self.notebook is None:
            raise RuntimeError("there is no vault to leave")
        remains = await self.notebook.remains(is_work)
        if remains.keep_the_vault:
            return remains
        await self._stop_sending()
        left = await self.notebook.leave(is_work)
        if isinstance(left, Left):
            self.notebook, self._verbs, self.stage = None, None, Stage.STARTING
        elif self.notebook.enrolment.state == "confirmed":
            self._start_sending(self.notebook)
        return left

    async def lock(self) -> None:
        """Forgets what reads; recording and sending go on."""
        if self.notebook is not None and not self.notebook.locked:
            await self.notebook.write_snapshot()
            await self.notebook.lock()
            self.stage = Stage.LOCKED
            self.tell()
            await self.phone.left_copies.sweep()

    async def _stop_sending(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        if self.runner is not None:
            await self.runner.stop()
        if self.nearby is not None:
            await self.nearby.stop()
        if self.client is not None:
            await self.client.close()
        if self._counting is not None:
            self._counting.cancel()
            await asyncio.gather(self._counting, return_exceptions=True)
        self._asking = self.runner = self.client = self.nearby = self._counting = None

    async def close(self) -> None:
        await self._stop_sending()
        if self.notebook is not None:
            await self.notebook.close()
