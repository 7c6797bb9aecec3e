"""Devices of the demo: each enrols with a one-time token, keeps a locked folder, and syncs over real HTTP."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.device.clocks import make_clocks
from app.device.secrets import SecretFile
from app.record import DeskRecorder, FieldRecorder, TrackRecorder
from app.store.notebook import Notebook
from app.store.vaults import find_vaults, vault_folder
from app.sync.join import Joined, Way, ask_to_join, ask_whether_confirmed
from app.sync.run import SyncRunner
from app.sync.server_client import ServerClient
from app.sync.state import Phase
from demo.station import Station
from journal.catalogue import load_catalogue
from journal.clock import ReadClocks
from journal.wire import JoinCode


class DidNotSync(Exception):
    """A round of the demo's own devices failed: the product is broken, and the demo says so."""


@dataclass
class Device:
    """One writer with its notebook open, as a program holds it."""

    notebook: Notebook
    field: FieldRecorder
    desk: DeskRecorder
    track: TrackRecorder
    runner: SyncRunner

    async def sync(self) -> None:
        state = await self.runner.sync_once()
        if state.phase is not Phase.IDLE or state.waiting_count or state.waiting_photos:
            raise DidNotSync(f"{self.notebook.person}: {state}")


def secret_of(folder: Path) -> Path:
    """Where the secret of the device in this folder lies: beside it, never in it."""
    return folder.with_name(f"{folder.name}.secret")


@dataclass(frozen=True)
class NewDevice:
    """A device that is to join: whose it is, the folder it keeps, and the PIN that opens it.

    With ``through_port`` it reaches its station through what listens there.
    """

    person: str
    folder: Path
    pin: str
    name: str
    through_port: int | None = None


async def enrol(
    station: Station, person: str, folder: Path, pin: str, device_name: str, *, through_port: int | None = None
) -> None:
    """Enrols one device as :func:`enrol_all` does."""
    await enrol_all(station, [NewDevice(person, folder, pin, device_name, through_port)])


async def enrol_all(station: Station, devices: Sequence[NewDevice]) -> None:
    """Makes the folders devices confirmed at the station: the first contact of new phones, without a screen."""
    clocks = make_clocks()
    way = Way(lambda: clocks().wall_ms, os.urandom)
    waiting = []
    for device, text in zip(devices, station.issue_join_codes([device.person for device in devices]), strict=True):
        code = JoinCode.from_text(text)
        if device.through_port is not None:
            origin = code.address.rpartition(":")[0]
            code = code.model_copy(update={"address": f"{origin}:{device.through_port}"})
        waiting.append(await ask_to_join(code, device_name=device.name, platform="demo", way=way))
    station.confirm([joined.reply.writer for joined in waiting])
    for device, joined in zip(devices, waiting, strict=True):
        await _keep(device, await ask_whether_confirmed(joined, way), clocks)


async def _keep(device: NewDevice, joined: Joined, clocks: ReadClocks) -> None:
    secret = await SecretFile(secret_of(device.folder)).make()
    notebook = await Notebook.create(
        vault_folder(device.folder / "device", joined.reply.writer),
        pin=device.pin,
        device_secret=secret,
        station=joined.station,
        enrolment=joined.reply,
        signing_key=joined.signing_key,
        salt_keys=joined.salt_keys,
        read_clocks=clocks,
    )
    await notebook.close()


@asynccontextmanager
async def at_work(folder: Path, pin: str, clocks: ReadClocks) -> AsyncIterator[Device]:
    """The device in this folder, unlocked, by these clocks; its snapshot is written at the end."""
    secret = await SecretFile(secret_of(folder)).fetch()
    if secret is None:
        raise DidNotSync(f"{folder.name} has lost its secret")
    (vault,) = find_vaults(folder / "device")
    notebook = await Notebook.open(vault, device_secret=secret, read_clocks=clocks)
    await notebook.unlock(pin)
    real = make_clocks()
    client = ServerClient(
        notebook.station.address or "",
        ca_pem=notebook.station.ca_pem,
        sign=notebook.sign,
        public_key=notebook.public_key,
        now_ms=lambda: real().wall_ms,
        random_bytes=os.urandom,
    )
    runner = SyncRunner(notebook, client, now_ms=lambda: real().wall_ms, random_bytes=os.urandom)
    try:
        yield Device(
            notebook,
            FieldRecorder(notebook, load_catalogue(), clocks),
            DeskRecorder(notebook),
            TrackRecorder(notebook, clocks),
            runner,
        )
        await notebook.write_snapshot()
    finally:
        await client.close()
        await notebook.close()
