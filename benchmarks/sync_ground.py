"""What the parts of group ``sync`` stand on: a real station process with its register, and devices enrolled with it."""

import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from app.device.clocks import make_clocks
from app.device.secrets import SecretFile
from app.store.notebook import Notebook
from app.store.vaults import find_vaults
from app.sync.run import SyncRunner
from app.sync.server_client import ServerClient
from benchmarks.shaping_proxy import ShapingProxy
from demo.devices import NewDevice, enrol_all, secret_of
from demo.processes import Running
from demo.station import PLAIN, PROGRAM, Station

PIN = "482615"
UNIT = "DON"
OVER_TLS = "https://127.0.0.2"
"""Not the loopback that a station serves in the clear, and still this machine."""


@dataclass(frozen=True)
class Ground:
    """One station at work."""

    root: Path
    station: Station
    process: Running
    host: str

    def server_cpu_s(self) -> float:
        """CPU seconds of the server's process so far, its threads in."""
        times = psutil.Process(self.process.process.pid).cpu_times()
        return float(times.user + times.system)

    async def enrol(self, people: Mapping[str, str], through_port: int | None = None) -> None:
        await enrol_all(self.station, [NewDevice(one, self.root / one, PIN, one, through_port) for one in people])

    def entries_held(self, writer: str) -> list[bytes]:
        """The entries that lie in the station's database, committed, of one writer."""
        return [bytes(raw) for (raw,) in self._look("SELECT raw FROM entry WHERE writer = ? ORDER BY seq", writer)]

    def holds(self, writer: str, seq: int) -> bool:
        """Whether this entry lies in the station's database, committed."""
        return bool(self._look("SELECT 1 FROM entry WHERE writer = ? AND seq = ?", writer, seq))

    def count_held(self) -> int:
        """How many entries of all writers the station holds back."""
        return len(self._look("SELECT 1 FROM entry WHERE reason IS NOT NULL"))

    def _look(self, question: str, *values: str | int) -> list[tuple[bytes]]:
        file = self.station.folder / "journal.sqlite"
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(question, values).fetchall()


def register_of(people: Mapping[str, str], *, own_units: bool = False) -> list[dict[str, Any]]:
    """A register of these people with their roles; with ``own_units`` each in a unit of that name."""
    facts: list[dict[str, Any]] = []
    for unit in people if own_units else [UNIT]:
        facts.append({"subject": f"unit:{unit}", "body": {"fact": "unit_registered", "name": unit, "kind": "don_bien_phong"}})
    for person, role in people.items():
        unit = person if own_units else UNIT
        about = f"person:{person}"
        facts.append({"subject": about, "body": {"fact": "person_registered", "name": person, "home_unit": unit}})
        facts.append({"subject": about, "body": {"fact": "role_given", "role": role, "in_unit": unit}})
    return facts


@contextmanager
def ground(
    people: Mapping[str, str], *, own_units: bool = False, origin: str = PLAIN, program: Sequence[str] = PROGRAM
) -> Iterator[Ground]:
    """A station of these people, running until the end. ``origin``: its address without the port."""
    with (
        tempfile.TemporaryDirectory(prefix="tuan-tra-bench-") as folder,
        open_ground(Path(folder), register_of(people, own_units=own_units), origin, program) as opened,
    ):
        yield opened


@contextmanager
def open_ground(
    root: Path, facts: list[dict[str, Any]], origin: str = PLAIN, program: Sequence[str] = PROGRAM
) -> Iterator[Ground]:
    """A station with this register in this folder, running until the end."""
    station = Station.make(root / "station", facts, origin=origin)
    running = station.run(root / "logs", program)
    try:
        yield Ground(root, station, running, origin.partition("://")[2])
    finally:
        running.end()


@asynccontextmanager
async def proxy_to(ground: Ground) -> AsyncIterator[tuple[ShapingProxy, int]]:
    """A link to the station, open wide until it is told otherwise, and its port."""
    proxy = ShapingProxy(ground.station.port)
    port = await proxy.start(ground.host)
    try:
        yield proxy, port
    finally:
        await proxy.stop()


@dataclass(frozen=True)
class Phone:
    """A device with its notebook open and its rounds in hand."""

    notebook: Notebook
    client: ServerClient
    runner: SyncRunner


@asynccontextmanager
async def phone(ground: Ground, person: str, *, unlocked: bool = True, hears_hints: bool = False) -> AsyncIterator[Phone]:
    """The device of a person. Locked, it records and sends as well; only its views are closed."""
    secret = await SecretFile(secret_of(ground.root / person)).fetch()
    if secret is None:
        raise RuntimeError(f"{person} has lost its secret")
    (vault,) = find_vaults(ground.root / person / "device")
    clocks = make_clocks()
    notebook = await Notebook.open(vault, device_secret=secret, read_clocks=clocks)
    if unlocked:
        await notebook.unlock(PIN)
    client = ServerClient(
        notebook.station.address or "",
        ca_pem=notebook.station.ca_pem,
        sign=notebook.sign,
        public_key=notebook.public_key,
        now_ms=lambda: clocks().wall_ms,
        random_bytes=os.urandom,
    )
    runner = SyncRunner(notebook, client, now_ms=lambda: clocks().wall_ms, random_bytes=os.urandom, hears_hints=hears_hints)
    try:
        yield Phone(notebook, client, runner)
    finally:
        await runner.stop()
        await client.close()
        await notebook.close()
