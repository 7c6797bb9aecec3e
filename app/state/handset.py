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
from app.record import DeskRecorder, FieldRecorder
from app.state.settings import HandsetSettings
from app.store.notebook import Notebook
from app.store.outcomes import (
    Change,
    LockedOut,
    StoreBusy,
    StoreMissing,
    StoreNewer,
    StoreUnreadable,
    Unlocked,
    WeakPin,
    WrongPin,
)
from app.sync.join import JoinRefused, enrol
from app.sync.run import SyncRunner, SyncState
from journal.catalogue import Catalogue
from journal.clock import ReadClocks
from journal.wire import JoinCode, WireUnreadable

log = logging.getLogger(__name__)


class Stage(StrEnum):
    """What a page can show of this device."""

    STARTING = "starting"
    JOIN = "join"
    WAITING = "waiting"
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
        self.field: FieldRecorder | None = None
        self.desk: DeskRecorder | None = None
        self.runner: SyncRunner | None = None
        self.tiles: str | None = None
        self.map_pack: MapPack | None = None
        self.cut = False
        self._watchers: list[Callable[[], None]] = []
        self._opening = asyncio.Lock()

    # --- being watched ------------------------------------------------------------------------------------------------

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls ``changed`` on the loop whenever something a page shows may differ; returns how to stop."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed) if changed in self._watchers else None

    def tell(self) -> None:
        for changed in list(self._watchers):
            changed()

    @property
    def sync_state(self) -> SyncState | None:
        return self.runner.state if self.runner else None

    def toggle_cut(self) -> None:
        """The demo's switch: nothing goes out or comes in while it is on."""
        self.cut = not self.cut
        if not self.cut and self.runner is not None:
            self.runner.nudge()
        self.tell()

    # --- opening ------------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Finds out what this device is: new, locked, or in trouble. Safe to call from each page that opens."""
        async with self._opening:
            if self.stage is not Stage.STARTING:
                return
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
        self.field = FieldRecorder(notebook, self.catalogue, self.read_clocks)
        self.desk = DeskRecorder(notebook)
        self.runner = SyncRunner(
            notebook, read_clocks=self.read_clocks, random_bytes=self._random_bytes, is_cut=lambda: self.cut
        )
        self.runner.listen(lambda _: self.tell())
        notebook.listen(self._noticed)
        self.runner.start()

    def _noticed(self, change: Change) -> None:
        if self.runner is not None and change.kinds:
            self.runner.nudge()
        self.tell()

    async def join(self, code_text: str, pin: str) -> JoinFailed | WeakPin | None:
        """Makes this device a writer of the station in the code. None when it has joined or waits for confirmation."""
        try:
            code = JoinCode.from_text(code_text)
        except WireUnreadable:
            return JoinFailed("bad_code")
        secret = await self._secret_place.fetch() or await self._secret_place.make()
        done = await enrol(
            code,
            folder=self.settings.folder,
            pin=pin,
            device_secret=secret,
            device_name=self.settings.device_name,
            read_clocks=self.read_clocks,
            random_bytes=self._random_bytes,
        )
        if isinstance(done, WeakPin):
            return done
        if isinstance(done, JoinRefused):
            return JoinFailed(done.code, done.detail)
        self._take_up(done)
        await done.unlock(pin)
        self.stage = Stage.OPEN
        self.tell()
        return None

    async def unlock(self, pin: str) -> Unlocked | WrongPin | LockedOut:
        if self.notebook is None:
            raise RuntimeError("there is nothing to unlock")
        outcome = await self.notebook.unlock(pin)
        if isinstance(outcome, Unlocked):
            self.stage = Stage.OPEN
            self.tell()
        return outcome

    async def lock(self) -> None:
        if self.notebook is not None:
            await self.notebook.lock()
            self.stage = Stage.LOCKED
            self.tell()

    async def _serve_tiles(self) -> None:
        if self.settings.map_pack is None:
            return
        try:
            self.map_pack = MapPack.open(self.settings.map_pack)
            self.tiles = await TileServer(token=self._random_bytes(12).hex()).start(self.map_pack)
        except (PackUnreadable, OSError) as broken:
            log.warning("no map: %s", broken)

    async def close(self) -> None:
        if self.runner is not None:
            await self.runner.stop()
        if self.notebook is not None:
            await self.notebook.close()
