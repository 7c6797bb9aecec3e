"""Part of group ``sync``: W2, fifty devices that come home at once, each with a hundred records."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from app.store.notebook import Notebook
from benchmarks.figures import Figure
from benchmarks.pace import measure_pace_ms
from benchmarks.sync_ground import Ground, Phone, ground, phone
from benchmarks.workload import Record, read_w1, write_records

DEVICES, RECORDS_EACH = 50, 100
PEOPLE = {f"W2_{number:02d}": "to_truong" for number in range(1, DEVICES + 1)}
TIMES = 5
"""So often they come home, with new records each time; the median counts."""


class NotAllThere(Exception):
    """A figure of a part of the work is of nothing."""


@dataclass(frozen=True)
class AtOnce:
    """What one coming home took."""

    wall_s: float
    """Until the last device kept its receipt."""
    server_cpu_s: float
    own_cpu_s: float
    """Of the devices' own process, beside it."""
    entries: int
    pace_ms: float
    """Of the machine, just before."""


def measure_many() -> Iterator[Figure]:
    runs = asyncio.run(run_many(TIMES))
    note = f"{runs[0].entries} entries of {DEVICES} devices, all sending at once, each with a receipt"
    own = statistics.median(one.own_cpu_s for one in runs)
    yield median_of([one.wall_s for one in runs], "sync.w2_wall_s", f"{note}; the devices' own process took {own:.2f} s of CPU")
    pace = [one.pace_ms for one in runs]
    about = f"of the server's process: {note}; the machine's pace was {min(pace):.0f} to {max(pace):.0f} ms"
    yield median_of([one.server_cpu_s for one in runs], "sync.w2_server_cpu_s", about)


def median_of(seconds: Sequence[float], name: str, note: str) -> Figure:
    """The machine is shared: how far the others were from the median is part of the figure."""
    told = f"{note}; median of {len(seconds)}, {min(seconds):.2f} to {max(seconds):.2f}"
    return Figure(name, statistics.median(seconds), "s", told)


async def run_many(times: int) -> list[AtOnce]:
    """What they send is measured, not what they read: each is in a unit of its own, and was in touch before it went out."""
    with ground(PEOPLE, own_units=True) as station:
        await station.enrol(PEOPLE)
        async with AsyncExitStack() as open_ones:
            phones = [await open_ones.enter_async_context(phone(station, person, unlocked=False)) for person in PEOPLE]
            await asyncio.gather(*(_send(one) for one in phones))
            return [await _come_home(station, phones) for _ in range(times)]


async def _come_home(station: Ground, phones: Sequence[Phone]) -> AtOnce:
    records = read_w1()
    held_before = sum(len(station.entries_held(one.notebook.writer)) for one in phones)
    for number, one in enumerate(phones):
        await _record(one.notebook, [records[(number * RECORDS_EACH + place) % len(records)] for place in range(RECORDS_EACH)])
    pace_ms = measure_pace_ms()
    cpu_s, own_cpu_s, began = station.server_cpu_s(), time.process_time(), time.perf_counter()
    await asyncio.gather(*(_send(one) for one in phones))
    wall_s, own_cpu_s, cpu_s = time.perf_counter() - began, time.process_time() - own_cpu_s, station.server_cpu_s() - cpu_s
    entries = sum([await _demand_all(station, one) for one in phones]) - held_before
    return AtOnce(wall_s, cpu_s, own_cpu_s, entries, pace_ms)


async def _record(notebook: Notebook, records: Sequence[Record]) -> None:
    await notebook.act(lambda pen: write_records(pen, records, notebook.person, notebook.unit))


async def _send(one: Phone) -> None:
    """A whole round of the app: push, and pull in its answer."""
    state = await one.runner.sync_once()
    if state.problem_code:
        raise NotAllThere(state.problem_code)


async def _demand_all(station: Ground, one: Phone) -> int:
    """How many entries of this device are at the station, all it has."""
    waiting, held = await one.notebook.waiting(), len(station.entries_held(one.notebook.writer))
    if waiting.entries or held < RECORDS_EACH:
        raise NotAllThere(f"{waiting.entries} wait, {held} are at the station")
    return held
