"""A border post in a test: its real server on SQLite files, its people, and the devices that join it."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from fastapi import FastAPI

from app.sync.join import Joined, Way, ask_to_join, ask_whether_confirmed
from journal.entries import Fact, PersonRegistered, RoleGiven, UnitRegistered
from journal.names import register
from sync_server.init import init_station
from sync_server.main import create_server
from sync_server.own_entries import OwnFact
from sync_server.running import Running
from sync_server.settings import Settings
from tests.fakes import BreakableNetwork, Receive, Scope, Send, TrueTime, Watch
from tests.whole_journey.device import Device

ADDRESS = "http://127.0.0.1:8300"
UNIT = "DON"
LEADER, OFFICER, COMMANDER = "person:P01", "person:P02", "person:P03"
REGISTER: tuple[tuple[str, str, Fact], ...] = (
    ("unit", UNIT, UnitRegistered(name="Post 72", kind="don_bp")),
    ("person", "P01", PersonRegistered(name="Leader", home_unit=UNIT)),
    ("person", "P02", PersonRegistered(name="Officer", home_unit=UNIT)),
    ("person", "P03", PersonRegistered(name="Commander", home_unit=UNIT)),
    ("person", "P01", RoleGiven(role="to_truong", in_unit=UNIT)),
    ("person", "P02", RoleGiven(role="can_bo", in_unit=UNIT)),
    ("person", "P03", RoleGiven(role="chi_huy", in_unit=UNIT)),
)


@dataclass
class Post:
    """The station and the ground around it; ``true`` is the sun."""

    folder: Path
    true: TrueTime = field(default_factory=TrueTime)
    address: str = ADDRESS
    random_bytes: Callable[[int], bytes] = os.urandom
    server: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Settings(folder=self.folder / "station", name="Post 72", address=self.address)

    @property
    def running(self) -> Running:
        running = self.server.state.running
        assert isinstance(running, Running)
        return running

    @property
    def database_file(self) -> Path:
        return self.settings.folder / "journal.sqlite"

    def now_ms(self) -> int:
        return self.true.ms

    def found(self) -> None:
        """Keys, register and roles; then the server runs."""
        init_station(self.settings, now_ms=self.now_ms, random_bytes=self.random_bytes)
        self.start()
        self.running.acceptor.write_own([OwnFact(body, register(kind, code)) for kind, code, body in REGISTER])

    def start(self) -> None:
        self.server = create_server(self.settings, now_ms=self.now_ms, random_bytes=self.random_bytes)

    def stop(self) -> None:
        self.running.database.close()

    async def call(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whatever server runs at the moment."""
        await self.server(scope, receive, send)

    def new_device(self, name: str, *, network: BreakableNetwork | None = None, ahead_ms: int = 0) -> Device:
        """A device out of its box: no keys, no notebook."""
        carried = network or BreakableNetwork(self.call, seed=sum(name.encode()))
        return Device(name, self.folder / name, self.address, Watch(self.true, ahead_ms), carried)

    async def join(self, device: Device, person: str) -> Joined:
        """The whole way in: a code, the device's own keys, and a commander who sees the same number twice."""
        code = self.running.enrolling.issue_code(person)
        way = Way(device.watch.now_ms, device.random_bytes, httpx.ASGITransport(app=self.server))
        asked = await ask_to_join(code, device_name=device.name, platform="test", way=way)
        self.running.enrolling.confirm(asked.reply.writer, None)
        joined = await ask_whether_confirmed(asked, way)
        assert joined.reply.state == "confirmed"
        assert joined.reply.check_number == asked.reply.check_number
        return joined
