"""A phone or a desk in a test: the real notebook, the real sync, a watch that may be wrong, a network that may break."""

import asyncio
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import ClassVar

from app.record import DeskRecorder, FieldRecorder, TrackRecorder
from app.store.argon import ArgonCost
from app.store.notebook import Notebook
from app.store.views import Views
from app.sync.join import Joined
from app.sync.run import SyncRunner
from app.sync.server_client import ServerClient
from app.sync.state import SyncState
from journal.catalogue import Catalogue, load_catalogue
from tests.fakes import BreakableNetwork, Watch

PIN = "tuan tra 72"
CHEAP = ArgonCost(memory_kib=8, passes=1)
"""So cheap that a test may open a hundred notebooks; the real cost is the store's default."""


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def make_views() -> Views:
    return Views(catalogue())


@dataclass
class Device:
    """Where a device keeps its notebook, and the running app on top of it while there is one."""

    make_views: ClassVar[Callable[[], Views]] = staticmethod(make_views)

    name: str
    folder: Path
    address: str
    watch: Watch
    network: BreakableNetwork
    is_cut: bool = False
    lives: int = 0
    said: list[SyncState] = field(default_factory=list)
    notebook: Notebook = field(init=False)
    runner: SyncRunner = field(init=False)

    def __post_init__(self) -> None:
        self.random_bytes = os.urandom
        self.secret = random.Random(self.name).randbytes(32)

    async def begin(self, joined: Joined) -> None:
        """A fresh notebook of a device that a person at the station has confirmed."""
        notebook = await Notebook.create(
            self.folder / str(self.lives),
            pin=PIN,
            device_secret=self.secret,
            station=joined.station,
            enrolment=joined.reply,
            signing_key=joined.signing_key,
            salt_keys=joined.salt_keys,
            read_clocks=self.watch.read,
            random_bytes=self.random_bytes,
            cost=CHEAP,
            make_views=self.make_views,
        )
        self._run_on(notebook)

    async def open(self, *, unlock: bool = True) -> None:
        """The app starts on what the disk holds."""
        notebook = await Notebook.open(
            self.folder / str(self.lives),
            device_secret=self.secret,
            read_clocks=self.watch.read,
            random_bytes=self.random_bytes,
            make_views=self.make_views,
        )
        self._run_on(notebook)
        if unlock:
            await notebook.unlock(PIN)

    def _run_on(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.field = FieldRecorder(notebook, catalogue(), self.watch.read)
        self.desk = DeskRecorder(notebook)
        self.track = TrackRecorder(notebook, self.watch.read)
        self.client = ServerClient(
            self.address,
            ca_pem=None,
            sign=notebook.sign,
            public_key=notebook.public_key,
            now_ms=self.watch.now_ms,
            random_bytes=self.random_bytes,
            is_cut=lambda: self.is_cut,
            transport=self.network,
        )
        self.runner = SyncRunner(
            notebook,
            self.client,
            now_ms=self.watch.now_ms,
            random_bytes=self.random_bytes,
            is_cut=lambda: self.is_cut,
            listener=self.said.append,
            read_s=asyncio.get_running_loop().time,
        )

    async def kill(self, *, while_sending: asyncio.Task[SyncState] | None = None) -> None:
        """The app dies now: what goes on is what the disk holds at this very moment, in a copy that nobody closed."""
        dying = self.folder / str(self.lives)
        self.lives += 1
        shutil.copytree(dying, self.folder / str(self.lives))
        if while_sending is not None:
            while_sending.cancel()
            await asyncio.gather(while_sending, return_exceptions=True)
        await self.close()
        shutil.rmtree(dying)
        self.watch.boot += 1

    async def close(self) -> None:
        await self.runner.stop()
        await self.client.close()
        await self.notebook.close()

    async def sync(self) -> SyncState:
        return await self.runner.sync_once()
