"""The device behind every page: its notebook, its recorders, its sync. One for each process, and a process has one folder."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.device.secrets import SecretLost, SecretPlace
from app.maps.packs import MapPack, PackUnreadable
from app.maps.tile_server import TileServer
from app.record import DeskRecorder, FieldRecorder, TrackRecorder
from app.state.settings import HandsetSettings
from app.store.notebook import Notebook
from app.store.outcomes import (
    Change,
    Changed,
    LockedOut,
    StoreBusy,
    StoreMissing,
    StoreNewer,
    StoreUnreadable,
    Unlocked,
    WeakPin,
    WrongPin,
)
from app.store.pin import judge_pin
from app.sync.answers import ExchangeFailed, ServerRefused
from app.sync.join import Joined, Way, ask_to_join, ask_whether_confirmed
from app.sync.run import SyncRunner
from app.sync.server_client import ServerClient
from app.sync.state import SyncState
from journal.catalogue import Catalogue
from journal.clock import ReadClocks
from journal.wire import JoinCode, WireUnreadable

log = logging.getLogger(__name__)

ASK_AGAIN_S = 2.0
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
    """Builds the notebook from its folder and secret, and keeps one of everything that pages share."""

    def __init__(
        self,
        settings: HandsetSettings,
        secret_place: SecretPlace,
        catalogue: Catalogue,
        read_clocks: ReadClocks,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.settings = settings
        self.catalogue = catalogue
        self.read_clocks = read_clocks
        self._secret_place = secret_place
        self._random_bytes = random_bytes
        self.stage = Stage.STARTING
        self.notebook: Notebook | None = None
        self.runner: SyncRunner | None = None
        self.client: ServerClient | None = None
        self.tiles: str | None = None
        self.map_pack: MapPack | None = None
        self.cut = False
        self.walker: object | None = None
        """The page that keeps the track: one receiver writes one track, however many pages are open."""
        self._walked_ms = 0
        self._verbs: Verbs | None = None
        self._watchers: list[Callable[[bool], None]] = []
        self._opening = asyncio.Lock()
        self._asking: asyncio.Task[None] | None = None

    # --- being watched ------------------------------------------------------------------------------------------------

    def watch(self, changed: Callable[[bool], None]) -> Callable[[], None]:
        """Calls ``changed`` on the loop: with True when what the store or the stage tells may differ, with False when only
        the state of sending does. Returns how to stop."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed) if changed in self._watchers else None

    def tell(self, *, read_again: bool = True) -> None:
        for changed in list(self._watchers):
            changed(read_again)

    @property
    def verbs(self) -> Verbs:
        """Raises RuntimeError before this device has joined: no screen that records is shown then."""
        if self._verbs is None:
            raise RuntimeError("this device has no notebook yet")
        return self._verbs

    @property
    def sync_state(self) -> SyncState | None:
        return self.runner.state if self.runner else None

    def claim_walk(self, page: object) -> bool:
        """Whether this page's fix is the one to keep. A page that was closed or reloaded lets go after fifteen seconds."""
        now_ms = self._now_ms()
        if self.walker is None or self.walker is page or now_ms - self._walked_ms > LET_GO_AFTER_MS:
            self.walker, self._walked_ms = page, now_ms
        return self.walker is page

    def sync_now(self) -> None:
        if self.runner is not None:
            self.runner.nudge()

    def toggle_cut(self) -> None:
        """The demo's switch: nothing goes out or comes in while it is on."""
        self.cut = not self.cut
        self.sync_now()
        self.tell(read_again=False)

    # --- opening ------------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Finds out what this device is: new, locked, or in trouble. Each page that opens may call it, and one that was busy."""
        async with self._opening:
            if self.stage not in {Stage.STARTING, Stage.BUSY}:
                return
            if self.stage is Stage.STARTING:
                await self._serve_tiles()
            self.stage = await self._find_stage()
        self.tell()

    async def _find_stage(self) -> Stage:
        try:
            secret = await self._secret_place.fetch()
            if secret is None:
                return Stage.JOIN if not self.settings.folder.exists() else Stage.SECRET_LOST
            notebook = await Notebook.open(
                self.settings.folder, device_secret=secret, read_clocks=self.read_clocks, random_bytes=self._random_bytes
            )
        except StoreMissing:
            return Stage.JOIN
        except SecretLost:
            return Stage.SECRET_LOST
        except StoreBusy:
            return Stage.BUSY
        except StoreNewer:
            return Stage.UPDATE_FIRST
        except StoreUnreadable as unreadable:
            log.error("the store was set aside: %s", unreadable.why)  # noqa: TRY400  the screen tells it; the trace tells nothing more
            return Stage.SET_ASIDE
        self._take_up(notebook)
        return Stage.LOCKED

    def _take_up(self, notebook: Notebook) -> None:
        self.notebook = notebook
        recorder = FieldRecorder(notebook, self.catalogue, self.read_clocks)
        self._verbs = Verbs(recorder, DeskRecorder(notebook), TrackRecorder(notebook))
        notebook.listen(self._noticed)
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
            now_ms=self._now_ms,
            random_bytes=self._random_bytes,
            is_cut=lambda: self.cut,
        )
        self.runner = SyncRunner(
            notebook,
            self.client,
            now_ms=self._now_ms,
            random_bytes=self._random_bytes,
            is_cut=lambda: self.cut,
            listener=lambda _: self.tell(read_again=False),
            hears_hints=True,
        )
        self.runner.start()

    def _noticed(self, change: Change) -> None:
        if change.kinds - {Changed.DRAFTS}:
            self.tell()

    def _now_ms(self) -> int:
        return self.read_clocks().wall_ms

    # --- joining ------------------------------------------------------------------------------------------------------

    async def join(self, code_text: str, pin: str, device_name: str) -> JoinFailed | WeakPin | None:
        """Makes this device a writer of the station in the code. None when it has joined or waits for confirmation."""
        weakness = judge_pin(pin)
        if weakness is not None:
            return WeakPin(weakness)
        way = Way(self._now_ms, self._random_bytes)
        try:
            code = JoinCode.from_text(code_text)
            joined = await ask_to_join(code, device_name=device_name.strip() or "Tuan Tra", platform=None, way=way)
        except WireUnreadable:
            return JoinFailed("bad_code")
        except ServerRefused as refused:
            return JoinFailed("refused", refused.problem.code)
        except ExchangeFailed as failed:
            return JoinFailed("unreachable", str(failed))
        await self._begin_notebook(joined, pin)
        return None

    async def _begin_notebook(self, joined: Joined, pin: str) -> None:
        secret = await self._secret_place.fetch() or await self._secret_place.make()
        notebook = await Notebook.create(
            self.settings.folder,
            pin=pin,
            device_secret=secret,
            station=joined.station,
            enrolment=joined.reply,
            signing_key=joined.signing_key,
            salt_keys=joined.salt_keys,
            read_clocks=self.read_clocks,
            random_bytes=self._random_bytes,
        )
        self._take_up(notebook)
        self.stage = self._stage_when_open()
        self.tell()

    async def _await_confirmation(self, notebook: Notebook) -> None:
        """Asks until a person at the station has looked at the check number; every wait is quiet."""
        identity, address = notebook.identity, notebook.station.address
        while address is not None and notebook.enrolment.state == "waiting":
            await asyncio.sleep(ASK_AGAIN_S)
            joined = Joined(address, notebook.station, identity.signing_key, identity.salt_keys, notebook.enrolment)
            try:
                joined = await ask_whether_confirmed(joined, Way(self._now_ms, self._random_bytes))
            except ExchangeFailed as failed:
                log.info("nobody to ask now: %s", failed)
                continue
            if joined.reply.state != "waiting":
                await notebook.set_enrolment(joined.reply)
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
            self.stage = self._stage_when_open()
            self.tell()
        return outcome

    async def lock(self) -> None:
        if self.notebook is not None:
            await self.notebook.write_snapshot()
            await self.notebook.lock()
            self.stage = Stage.LOCKED
            self.tell()

    # --- the rest -----------------------------------------------------------------------------------------------------

    async def _serve_tiles(self) -> None:
        if self.settings.map_pack is None:
            return
        try:
            self.map_pack = MapPack.open(self.settings.map_pack)
            self.tiles = await TileServer().start(self.map_pack, token=self._random_bytes(12).hex())
        except (PackUnreadable, OSError) as broken:
            log.warning("no map: %s", broken)

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        if self.runner is not None:
            await self.runner.stop()
        if self.client is not None:
            await self.client.close()
        if self.notebook is not None:
            await self.notebook.close()
