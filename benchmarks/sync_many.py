"""Part of group ``sync``: W2, fifty devices that come home at once, each with a hundred records."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack

from app.store.notebook import Notebook
from benchmarks.figures import Figure
from benchmarks.sync_ground import Ground, Phone, ground, phone
from benchmarks.workload import Record, read_w1, write_records

DEVICES, RECORDS_EACH = 50, 100
PEOPLE = {f"W2_{number:02d}": "to_truong" for number in range(1, DEVICES + 1)}


class NotAllThere(Exception):
    """A figure of a part of the work is of nothing."""


def measure_many() -> Iterator[Figure]:
    """What they send is measured, not what they read: each is in a unit of its own, and was in touch before it went out."""
    with ground(PEOPLE, own_units=True) as station:
        yield from asyncio.run(_measure(station))


async def _measure(station: Ground) -> list[Figure]:
    await station.enrol(PEOPLE)
    records = read_w1()
    async with AsyncExitStack() as open_ones:
        phones = [await open_ones.enter_async_context(phone(station, person, unlocked=False)) for person in PEOPLE]
        for number, one in enumerate(phones):
            await one.runner.sync_once()
            await _record(
                one.notebook, [records[(number * RECORDS_EACH + place) % len(records)] for place in range(RECORDS_EACH)]
            )
        cpu_s, own_cpu_s, began = station.server_cpu_s(), time.process_time(), time.perf_counter()
        await asyncio.gather(*(_send(one) for one in phones))
        wall_s, own_cpu_s, cpu_s = time.perf_counter() - began, time.process_time() - own_cpu_s, station.server_cpu_s() - cpu_s
        entries = sum([await _demand_all(station, one) for one in phones])
    note = f"{entries} entries of {DEVICES} devices, all sending at once"
    return [
        Figure("sync.w2_wall_s", wall_s, "s", f"{note}; the devices' own process took {own_cpu_s:.2f} s of CPU beside it"),
        Figure("sync.w2_server_cpu_s", cpu_s, "s", f"of the server's process: {note}, each with a receipt"),
    ]


async def _record(notebook: Notebook, records: Sequence[Record]) -> None:
    await notebook.act(lambda pen: write_records(pen, records, notebook.person, notebook.unit))


async def _send(one: Phone) -> None:
    """A whole round of the app: push, and pull in its answer."""
    state = await one.runner.sync_once()
    if state.problem_code:
        raise NotAllThere(state.problem_code)


async def _demand_all(station: Ground, one: Phone) -> int:
    waiting, held = await one.notebook.waiting(), len(station.entries_held(one.notebook.writer))
    if waiting.entries or held < RECORDS_EACH:
        raise NotAllThere(f"{waiting.entries} wait, {held} are at the station")
    return held
