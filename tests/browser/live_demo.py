"""The week as the field has told it and nobody has judged it yet: its station, two leaders' phones and the desk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.device.clocks import make_clocks
from demo.__main__ import host
from demo.devices import at_work
from demo.processes import Running
from demo.scenario import read_scenario
from demo.station import Station
from demo.story import DESK_PERSON, DESK_PIN, folder_of
from tests.browser.post import ANY_PORT
from tests.demo_week import all_observations

STREAM_LEADER, NODE_LEADER = "CHOT_TRUONG_2", "TRUONG_CAX_CV"
"""Who led the night at the stream, and who stopped the ambulance."""
TIP, AMBULANCE, HELP, HANDOVER, FISHERMEN, HUT = 13, 14, 15, 16, 10, 27
"""Records by their number in the scenario."""


@dataclass
class LiveDemo:
    folder: Path
    running: dict[str, Running]
    told: dict[int, list[str]]
    """Subjects of the records by their number in the scenario; two of what two phones saw, the one without a patrol last."""

    def address(self, person: str) -> str:
        return f"http://127.0.0.1:{self.running[person].port}"

    def the(self, number: int) -> str:
        return self.told[number][0]


@asynccontextmanager
async def live_demo(folder: Path) -> AsyncIterator[LiveDemo]:
    """Runs what lies in this folder; when this is entered all pages answer and the desk has read what was sent."""
    demo = LiveDemo(folder, {}, {})
    try:
        demo.running["station"] = await asyncio.to_thread(Station.reopen(folder / "station").run, folder / "logs")
        demo.told = await _read(folder)
        for person in (STREAM_LEADER, NODE_LEADER, DESK_PERSON):
            demo.running[person] = host(person.lower(), person, folder, wanted_port=ANY_PORT)
        for person in (STREAM_LEADER, NODE_LEADER, DESK_PERSON):
            await asyncio.to_thread(demo.running[person].wait_until_it_answers)
        yield demo
    finally:
        for one in reversed(list(demo.running.values())):
            await asyncio.to_thread(one.end)


async def _read(folder: Path) -> dict[int, list[str]]:
    numbered = {(seen.form.kind, seen.at_ms): seen.number for walk in read_scenario().walks for seen in walk.seen}
    async with at_work(folder_of(folder, DESK_PERSON), DESK_PIN, make_clocks()) as desk:
        await desk.sync()
        lines = await all_observations(desk.notebook)
    told: dict[int, list[str]] = {}
    for line in sorted(lines, key=lambda line: line.patrol is None):
        told.setdefault(numbered[line.kind, line.happened_ms], []).append(line.subject)
    return told
