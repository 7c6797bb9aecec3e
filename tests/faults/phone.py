"""A device of the simulated world: it dies at any step, comes back with what its disk held, or with an old copy of that."""

import asyncio
import random
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from app.sync.state import SyncState
from tests.fakes import Watch
from tests.faults.accidents import WIRES, Died, Wire
from tests.faults.one_thread import QuickViews
from tests.faults.weather import Weather
from tests.whole_journey.bookkeeping import Saved
from tests.whole_journey.device import Device


class SimulatedDevice(Device):
    """With the views that are made quickly."""

    make_views = QuickViews


@dataclass
class OldCopy:
    """A backup of a device, and what it had shown as saved by then."""

    folder: Path
    saved: Saved


@dataclass
class Phone:
    """One device with all that its person was told."""

    name: str
    device: Device
    weather: Weather
    saved: Saved = field(default_factory=Saved)
    wire: Wire = field(init=False)
    is_running: bool = False
    sending: "asyncio.Task[SyncState | None] | None" = None
    copy: OldCopy | None = None
    is_forked: bool = False
    """It went on from an old copy of itself after the station had got more."""
    is_revoked: bool = False
    deceived_in: set[str] = field(default_factory=set)
    """Epochs in which the station lost what it had signed for: until this device hears of another, it cannot know."""
    farthest_ms: int = 0
    """The latest that its clock ever said."""

    @property
    def folder(self) -> Path:
        return self.device.folder / str(self.device.lives)

    @property
    def writer(self) -> str:
        return self.device.notebook.writer

    @property
    def is_locked(self) -> bool:
        return self.device.notebook.locked

    @property
    def is_deceived(self) -> bool:
        return bool(self.deceived_in) and self.epoch in self.deceived_in

    @property
    def epoch(self) -> str:
        return self.device.notebook._store.receiving.cursors().epoch

    @property
    def cursors(self) -> Mapping[str, int]:
        return self.device.notebook._store.receiving.cursors().by_stream

    def note_clock(self) -> None:
        self.farthest_ms = max(self.farthest_ms, self.device.watch.now_ms())

    def stretch_wire(self) -> None:
        self.wire = Wire(self._take_image)
        WIRES.by_folder[self.folder] = self.wire

    def _take_image(self) -> None:
        """What the disk holds at this very moment."""
        shutil.copytree(self.folder, self.device.folder / str(self.device.lives + 1))

    async def start(self, listener: Callable[[SyncState], None], *, unlock: bool = True) -> None:
        self.stretch_wire()
        await self.device.open(unlock=unlock)
        self.device.runner._listener = listener
        self.is_running = True

    async def kill(self) -> None:
        """From outside, wherever it stands."""
        if not self.wire.is_dead:
            self.wire.is_dead, self.wire.died_at = True, "killed"
            self._take_image()
        await self.bury()

    async def bury(self) -> None:
        """Clears away a device that died, so that it can be started again on what its disk held."""
        if not self.is_running:
            return
        self.is_running = False
        task, self.sending = self.sending, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            with suppress(BaseException):
                await task
        with suppress(Died):
            await self.device.close()
        WIRES.by_folder.pop(self.folder, None)
        shutil.rmtree(self.folder)
        self.device.lives += 1
        self.device.watch.boot += 1

    def copy_aside(self) -> None:
        """Only while it does not run: a phone is backed up as a whole."""
        place = self.device.folder / f"copy of {self.device.lives}"
        if self.copy is not None:
            shutil.rmtree(self.copy.folder)
        shutil.copytree(self.folder, place)
        self.copy = OldCopy(place, deepcopy(self.saved))

    def come_back_from_copy(self) -> None:
        """Only while it does not run: its disk is now what it was then."""
        assert self.copy is not None
        shutil.rmtree(self.folder)
        shutil.copytree(self.copy.folder, self.folder)
        self.saved = deepcopy(self.copy.saved)


def make_device(name: str, folder: Path, address: str, watch: Watch, weather: Weather, luck: random.Random) -> Device:
    device = SimulatedDevice(name, folder, address, watch, weather)
    device.random_bytes = luck.randbytes
    return device
