"""One simulated world: a station, its devices, the weather between them, and time that passes for all of them."""

import atexit
import random
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx

from app.sync.state import SyncState
from sync_server.own_entries import OwnFact
from tests.fakes import Receive, Scope, Send, TrueTime, Watch
from tests.faults.accidents import WIRES, Died, Wire
from tests.faults.people import PEOPLE, register_facts
from tests.faults.phone import Phone, SimulatedDevice, make_device
from tests.faults.virtual_loop import VirtualLoop
from tests.faults.weather import Weather
from tests.whole_journey.post import ADDRESS, Post

KEYS = "station"


def quick_folder() -> Path:
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="tuan-tra-seed-", dir=memory if memory.is_dir() else None))


@cache
def first_day() -> tuple[Path, int]:
    """The world whose devices have just joined, on disk, to be copied; and the time of that day. Always the same."""
    folder = quick_folder()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    luck = random.Random("first day")

    async def join_all() -> int:
        post = Post(folder, random_bytes=luck.randbytes)
        post.found()
        post.running.acceptor.write_own([OwnFact(body, subject) for body, subject in register_facts()])
        for name, person in PEOPLE.items():
            weather = Weather(post.call, luck, lambda _: None)
            device = make_device(name, folder / name, ADDRESS, Watch(post.true), weather, luck)
            await device.begin(await post.join(device, person.subject))
            await device.sync()
            await device.close()
        post.stop()
        return post.true.ms

    loop = VirtualLoop()
    try:
        return folder, loop.run_until_complete(join_all())
    finally:
        loop.close()


@dataclass
class Backup:
    """What a station was at one moment; ``with_keys`` when the whole machine was copied, mark and all."""

    folder: Path
    with_keys: bool


class World:
    """Everything of one seed. ``plant`` changes real code's parts before anything runs."""

    def __init__(self, seed: int, note: Callable[[str], None]) -> None:
        template, ms = first_day()
        self.note = note
        self.luck = random.Random(f"luck {seed}")
        self.chance = random.Random(f"weather {seed}")
        self.bytes = random.Random(f"bytes {seed}")
        self.fate = random.Random(f"fate {seed}")
        self.folder = quick_folder()
        shutil.copytree(template, self.folder, dirs_exist_ok=True)
        self.true = TrueTime(ms)
        self.loop = VirtualLoop(self._time_passes)
        self.post = Post(self.folder, self.true, random_bytes=self.bytes.randbytes)
        self.life = 0
        self.backups: list[Backup] = []
        self.restores = 0
        self.start_station()
        self.phones = {name: self._place_phone(name) for name in PEOPLE}

    def _time_passes(self, seconds: float) -> None:
        self.true.ms += round(seconds * 1000)

    def _place_phone(self, name: str) -> Phone:
        weather = Weather(self.call, self.chance, self.note)
        device = make_device(name, self.folder / name, ADDRESS, Watch(self.true), weather, self.bytes)
        return Phone(name, device, weather)

    # --- the station ---

    @property
    def station_folder(self) -> Path:
        return self.post.settings.folder

    @property
    def epoch(self) -> str:
        with self.post.running.database.read() as connection:
            return str(connection.exec_driver_sql("SELECT epoch FROM station_state").scalar_one())

    @property
    def serial(self) -> int:
        with self.post.running.database.read() as connection:
            return int(connection.exec_driver_sql("SELECT serial FROM station_state").scalar_one())

    def start_station(self) -> None:
        self.wire = Wire(self._take_image)
        self.post.start()
        WIRES.by_folder[self.station_folder] = self.wire

    def stop_station(self) -> None:
        WIRES.by_folder.pop(self.station_folder, None)
        self.life += 1
        self.post.stop()

    def restart_station(self) -> None:
        self.stop_station()
        self.start_station()

    def _take_image(self) -> None:
        shutil.copytree(self.station_folder, self.folder / "image")

    def _rise_again(self) -> None:
        """The station died: it starts on what its disk held."""
        self.note(f"  the station dies: {self.wire.died_at}, and starts again")
        self.stop_station()
        shutil.rmtree(self.station_folder)
        (self.folder / "image").rename(self.station_folder)
        self.start_station()

    async def call(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The station that runs now; a request that meets its death sees the connection end."""
        life = self.life

        async def received():  # type: ignore[no-untyped-def]
            event = await receive()
            if self.life != life:
                raise Died("a station that is no more")
            return event

        try:
            await self.post.server(scope, received, send)
        except (Exception, Died):
            if self.life == life and not self.wire.is_dead:
                raise
            if self.life == life:
                self._rise_again()
            raise httpx.ReadError("connection reset") from None

    def write_facts(self, facts: list[OwnFact]) -> None:
        """What people at the station say; a station that dies over it has said nothing, or all of it."""
        with suppress(Died):
            self.post.running.acceptor.write_own(facts)
        self.rise_if_dead()

    def rise_if_dead(self) -> None:
        if self.wire.is_dead:
            self._rise_again()

    def back_up(self) -> None:
        place = self.folder / f"backup {len(self.backups)}"
        shutil.copytree(self.station_folder, place, ignore=shutil.ignore_patterns(KEYS))
        self.backups.append(Backup(place, with_keys=False))

    def copy_machine(self) -> Backup:
        place = self.folder / "machine"
        shutil.copytree(self.station_folder, place)
        return Backup(place, with_keys=True)

    def restore(self, backup: Backup) -> None:
        self.stop_station()
        for path in self.station_folder.iterdir():
            if path.name != KEYS or backup.with_keys:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(backup.folder, self.station_folder, dirs_exist_ok=True)
        self.restores += 1
        self.start_station()

    # --- all of it ---

    def run(self, step):  # type: ignore[no-untyped-def]
        return self.loop.run_until_complete(step)

    async def open_phones(self, listener: Callable[[Phone, SyncState], None]) -> None:
        for phone in self.phones.values():
            await self.open_phone(phone, listener)

    async def open_phone(self, phone: Phone, listener: Callable[[Phone, SyncState], None], *, unlock: bool = True) -> None:
        await phone.start(lambda state: listener(phone, state), unlock=unlock)

    async def settle(self) -> None:
        """Lets all that is on its way arrive."""
        for phone in self.phones.values():
            for task in list(phone.weather.under_way):
                with suppress(BaseException):
                    await task

    def leave(self) -> None:
        async def close() -> None:
            for phone in self.phones.values():
                for task in phone.weather.under_way:
                    task.cancel()
                if phone.sending is not None:
                    phone.sending.cancel()
                    with suppress(BaseException):
                        await phone.sending
                if phone.is_running:
                    with suppress(Died):
                        await phone.device.close()

        try:
            self.run(close())
        finally:
            WIRES.by_folder.clear()
            self.post.stop()
            self.loop.close()
            shutil.rmtree(self.folder)


__all__ = ["Backup", "SimulatedDevice", "World", "first_day"]
