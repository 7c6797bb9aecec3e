"""Group ``sync``: from devices to a real station process and on to others, on good links and bad ones."""

import asyncio
import time
from collections.abc import Iterator

from app.store.queries import counted_rows
from benchmarks.figures import Figure
from benchmarks.sync_broken import measure_broken
from benchmarks.sync_ground import Ground, Phone, ground, phone, proxy_to
from benchmarks.sync_many import NotAllThere, measure_many
from benchmarks.sync_photo import measure_photo
from benchmarks.sync_urgent import measure_urgent
from benchmarks.workload import read_w1, write_w1

WRITER, READER = "W1", "READER"


def measure() -> Iterator[Figure]:
    with ground({WRITER: "to_truong", READER: "chi_huy"}) as station:
        yield from asyncio.run(_measure_w1(station))
    yield from measure_many()
    yield from measure_broken()
    yield from measure_photo()
    yield from measure_urgent()


async def _measure_w1(station: Ground) -> list[Figure]:
    async with proxy_to(station) as (proxy, port):
        await station.enrol({WRITER: "", READER: ""}, port)
        async with phone(station, WRITER) as writer:
            await writer.runner.sync_once()
            await write_w1(writer.notebook)
            proxy.take()
            push_s, up = await _time_round(writer), proxy.take()
        async with phone(station, READER) as reader:
            pull_s, down = await _time_round(reader), proxy.take()
            await _demand_all(reader)
    records = len(read_w1())
    return [
        Figure("sync.w1_up_bytes_per_record", (up.up_bytes + up.down_bytes) / records, "B", "TCP payload both ways, headers in"),
        Figure("sync.w1_requests_up", up.requests, "requests", "a whole round: push, and pull in its answer"),
        Figure("sync.w1_push_s", push_s, "s", "durable at the station, receipt kept by the device"),
        Figure("sync.w1_down_bytes_per_record", (down.up_bytes + down.down_bytes) / records, "B", "with the station's register"),
        Figure("sync.w1_pull_s", pull_s, "s", "durable on the second device"),
    ]


async def _time_round(device: Phone) -> float:
    began = time.perf_counter()
    state = await device.runner.sync_once()
    if state.problem_code or state.waiting_count:
        raise NotAllThere(str(state))
    return time.perf_counter() - began


async def _demand_all(reader: Phone) -> None:
    """The figures are of a whole transfer, or they are of nothing."""
    seen = await reader.notebook.ask(lambda session: counted_rows(session, 0, 2**45))
    count = sum(one.counted for one in seen.records)
    if count != len(read_w1()):
        raise NotAllThere(f"{count} of {len(read_w1())} observations arrived")
