"""A phone of the invented week: the real app and store, by a clock and a receiver that stand where the story puts them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from pathlib import Path

import flet as ft

from app.device.clocks import make_clocks
from app.device.location import OnFix, OnTrouble, TrackNotice
from app.device.secrets import SecretFile
from app.main import show
from app.patrol.modes import Sampling
from app.state.settings import HandsetSettings
from app.state.shared_phone import SharedPhone
from demo.clock import ScriptedClock
from demo.devices import secret_of
from journal.catalogue import load_catalogue
from journal.track.fixes import Fix
from tests.browser.post import START_AT
from tests.browser.served import served


@dataclass
class ScriptedReceiver:
    """Gives the fixes of the story to whoever listens; a page that opens later hears the last one."""

    clock: ScriptedClock
    _listeners: list[tuple[OnFix, Context]] = field(default_factory=list)
    """Who listens, each with the page that it draws on."""

    def made_for(self, _: ft.Page) -> ScriptedReceiver:
        return self

    async def start(self, on_fix: OnFix, on_trouble: OnTrouble, notice: TrackNotice, sampling: Sampling) -> None:
        del on_trouble, notice, sampling
        self._listeners = [(on_fix, copy_context())]

    async def change(self, sampling: Sampling) -> None:
        del sampling

    async def stop(self) -> None:
        self._listeners = []

    def fix_here(self) -> Fix:
        """A good fix at marker 903, now."""
        latitude, longitude = START_AT
        return Fix(self.clock().wall_ms, round(latitude * 1e7), round(longitude * 1e7), 4_000)

    async def hear(self, fix: Fix) -> None:
        """The device's clock moves on to the fix, and the app gets it."""
        self.clock.stand_at(fix.at_ms)
        for on_fix, of_page in list(self._listeners):
            await asyncio.create_task(_tell(on_fix, fix), context=of_page)


def here_and_now() -> ScriptedClock:
    """A clock that stands at this moment."""
    return ScriptedClock(make_clocks()().wall_ms)


async def _tell(on_fix: OnFix, fix: Fix) -> None:
    await on_fix(fix)


@dataclass(frozen=True)
class ScriptedPhone:
    """One phone in this process: its address in a browser, and what moves it through the story."""

    address: str
    clock: ScriptedClock
    receiver: ScriptedReceiver
    shared: SharedPhone


@asynccontextmanager
async def scripted_phone(folder: Path, clock: ScriptedClock, map_pack: Path | None = None) -> AsyncIterator[ScriptedPhone]:
    """Serves the phone that was enrolled in this folder."""
    settings = HandsetSettings(
        folder=folder / "device",
        secret_file=secret_of(folder),
        map_pack=map_pack,
        demo=False,
        demo_pin=None,
        language="vi",
        device_name=folder.name,
    )
    shared = SharedPhone(settings, SecretFile(secret_of(folder)), load_catalogue(), clock)
    receiver = ScriptedReceiver(clock)

    async def main(page: ft.Page) -> None:
        await show(page, shared, make_location=receiver.made_for)

    async with served(main) as address:
        try:
            yield ScriptedPhone(address, clock, receiver, shared)
        finally:
            await shared.close()
