"""Group ``sync``: workload W1 from one device to a real station process, and from there to another device."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.device.clocks import make_clocks
from app.store.queries import totals
from benchmarks.counting_proxy import CountingProxy
from benchmarks.figures import Figure
from benchmarks.notebooks import PIN
from benchmarks.workload import read_w1, write_w1
from demo.devices import Device, DidNotSync, at_work, enrol
from demo.station import Station

WRITER, READER = "W1", "READER"
REGISTER: list[dict[str, Any]] = [
    {"subject": "unit:DON", "body": {"fact": "unit_registered", "name": "DON", "kind": "don_bien_phong"}},
    {"subject": f"person:{WRITER}", "body": {"fact": "person_registered", "name": WRITER, "home_unit": "DON"}},
    {"subject": f"person:{WRITER}", "body": {"fact": "role_given", "role": "to_truong", "in_unit": "DON"}},
    {"subject": f"person:{READER}", "body": {"fact": "person_registered", "name": READER, "home_unit": "DON"}},
    {"subject": f"person:{READER}", "body": {"fact": "role_given", "role": "chi_huy", "in_unit": "DON"}},
]


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="tuan-tra-bench-") as folder:
        root = Path(folder)
        station = Station.make(root / "station", REGISTER)
        running = station.run(root / "logs")
        try:
            yield from asyncio.run(_measure_w1(station, root))
        finally:
            running.end()


async def _measure_w1(station: Station, root: Path) -> list[Figure]:
    proxy = CountingProxy(station.port)
    port = await proxy.start()
    try:
        for person in (WRITER, READER):
            await enrol(station, person, root / person, PIN, person, through_port=port)
        async with at_work(root / WRITER, PIN, make_clocks()) as writer:
            await writer.sync()
            await write_w1(writer.notebook)
            proxy.take()
            push_s, up = await _time_round(writer), proxy.take()
        async with at_work(root / READER, PIN, make_clocks()) as reader:
            pull_s, down = await _time_round(reader), proxy.take()
            await _demand_all(reader)
    finally:
        await proxy.stop()
    records = len(read_w1())
    return [
        Figure("sync.w1_up_bytes_per_record", (up.up_bytes + up.down_bytes) / records, "B", "TCP payload both ways, headers in"),
        Figure("sync.w1_requests_up", up.requests, "requests", "a whole round: push, and pull in its answer"),
        Figure("sync.w1_push_s", push_s, "s", "durable at the station, receipt kept by the device"),
        Figure("sync.w1_down_bytes_per_record", (down.up_bytes + down.down_bytes) / records, "B", "with the station's register"),
        Figure("sync.w1_pull_s", pull_s, "s", "durable on the second device"),
    ]


async def _time_round(device: Device) -> float:
    began = time.perf_counter()
    await device.sync()
    return time.perf_counter() - began


async def _demand_all(reader: Device) -> None:
    """The figures are of a whole transfer, or they are of nothing."""
    seen = await reader.notebook.ask(lambda session: totals(session, 0, 2**45))
    if seen.observations != len(read_w1()):
        raise DidNotSync(f"{seen.observations} of {len(read_w1())} observations arrived")
