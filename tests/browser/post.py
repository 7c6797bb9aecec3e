"""A post for the browser tests: a real station, a phone and a desk on this machine, each a process of its own."""

import asyncio
import re
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Geolocation

from demo.__main__ import host
from demo.devices import enrol_all
from demo.processes import Running, find_port
from demo.scenario import read_scenario
from demo.station import Station
from demo.story import DESK_PERSON, PHONE_PERSON, new_device
from tests.browser.cable import Cable, laid_cable
from tests.browser.driver import FletPage, new_page

ANY_PORT = 0
"""Somebody's demo may run on the usual ones."""
PHONE_SIZE = {"width": 360, "height": 800}
DESK_SIZE = {"width": 1440, "height": 900}
START_AT = (20.8878, 103.8450)
"""Marker 903 of the invented area."""


# Flet and its server find that a page has gone while they tell it something, and each says so with where it stood.
FAREWELL = re.compile(
    r"Traceback \(most recent call last\):\n(?: .*\n)+"
    r"(?:uvicorn\.protocols\.utils\.ClientDisconnected|starlette\.websockets\.WebSocketDisconnect"
    r"|AttributeError: 'NoneType' object has no attribute 'put_nowait')\n"
)


@dataclass
class Post:
    """One folder with a station and its two devices; who is in ``running`` answers."""

    folder: Path
    cable: Cable
    """The phone's connection."""
    running: dict[str, Running]

    async def start_host(self, name: str) -> None:
        """Starts the app of the phone or of the desk; waits until it answers."""
        person = {"phone": PHONE_PERSON, "desk": DESK_PERSON}[name]
        self.running[name] = host(name, person, self.folder, wanted_port=ANY_PORT)
        await asyncio.to_thread(self.running[name].wait_until_it_answers)

    def kill_host(self, name: str) -> None:
        """SIGKILL: nothing gets a word in."""
        killed = self.running.pop(name)
        killed.process.send_signal(signal.SIGKILL)
        killed.process.wait()

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.running[name].port}"

    def log(self, name: str) -> str:
        """What the app of this device complained of, but for what it could not tell a page that was just closed."""
        return FAREWELL.sub("", self.running[name].log.read_text(errors="replace"))


@dataclass(frozen=True)
class BuiltPost:
    """A post as it stands before its first day: the register of the scenario, both devices let in, nothing recorded."""

    folder: Path
    cable_port: int
    """Where the phone looks for its station."""

    def copy_to(self, folder: Path) -> Station:
        """Another post like this one; one of them may be at work at a time, they share their ports."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Station.reopen(folder / "station")


async def build_post(folder: Path) -> BuiltPost:
    """Builds it once for a run: making a station and letting devices in costs seconds."""
    station = await asyncio.to_thread(Station.make, folder / "station", read_scenario().register, wanted_port=ANY_PORT)
    running = await asyncio.to_thread(station.run, folder / "logs")
    try:
        port = find_port(ANY_PORT)
        async with laid_cable(station.port, port=port):
            phone = replace(new_device(folder, PHONE_PERSON), through_port=port)
            await enrol_all(station, [phone, new_device(folder, DESK_PERSON)])
    finally:
        await asyncio.to_thread(running.end)
    return BuiltPost(folder, port)


@asynccontextmanager
async def new_post(built: BuiltPost, folder: Path) -> AsyncIterator[Post]:
    """A fresh post at work; the phone's connection is a cable."""
    station = await asyncio.to_thread(built.copy_to, folder)
    async with laid_cable(station.port, port=built.cable_port) as cable:
        post = Post(folder, cable, {})
        try:
            post.running["station"] = await asyncio.to_thread(station.run, folder / "logs")
            await asyncio.gather(post.start_host("phone"), post.start_host("desk"))
            yield post
        finally:
            for one in reversed(list(post.running.values())):
                await asyncio.to_thread(one.end)


def at(steps: int) -> Geolocation:
    """Where a phone stands after so many steps of about 32 m to the north-east."""
    latitude, longitude = START_AT
    return {"latitude": latitude + steps * 0.00022, "longitude": longitude + steps * 0.0002, "accuracy": 6}


@asynccontextmanager
async def phone_page(browser: Browser, *, steps: int = 0, **options: Any) -> AsyncIterator[FletPage]:
    """A phone with its position and camera allowed."""
    allowed = {"geolocation": at(steps), "permissions": ["geolocation", "camera", "microphone"]}
    async with new_page(browser, **PHONE_SIZE, **allowed, **options) as page:
        yield page


@asynccontextmanager
async def desk_page(browser: Browser, **options: Any) -> AsyncIterator[FletPage]:
    async with new_page(browser, **DESK_SIZE, **options) as page:
        yield page


async def walk(page: FletPage, steps: int) -> None:
    """Walks the phone; fixes of the same second would be one."""
    for step in range(1, steps + 1):
        await page.page.wait_for_timeout(1_100)
        await page.page.context.set_geolocation(at(step))


async def unlock(page: FletPage, pin: str) -> None:
    """Types the PIN on the pad."""
    await page.by_id("pin-1").wait_for(state="attached", timeout=30_000)
    for digit in pin:
        await page.press(f"pin-{digit}")
    await page.press("pin-submit")
