"""Part of group ``sync``: a call for help behind all that a month without a network left, over the narrowest link."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.store.outcomes import Change
from benchmarks.figures import Figure
from benchmarks.shaping_proxy import Count, Link, ShapingProxy
from benchmarks.sync_ground import OVER_TLS, Ground, Phone, ground, phone, proxy_to
from benchmarks.sync_photo import keep_photo
from benchmarks.workload import write_w1
from journal.entries import SosRaised

LINK = Link(kbit_s=16, round_trip_ms=600)
TIMES_W1, PHOTOS, PHOTO_BYTES = 3, 200, 20_000
GIVEN_UP_AFTER_S = 120.0
LOOK_EVERY_S = 0.005
SENDER, DESK = "URGENT", "DESK"
PEOPLE = {SENDER: "to_truong", DESK: "chi_huy"}


@dataclass(frozen=True)
class Called:
    """How a call went: seconds from the first connection that stands until its commit, and until the desk holds it."""

    committed_s: float
    seen_s: float
    count: Count
    backlog: int


def measure_urgent() -> Iterator[Figure]:
    with ground(PEOPLE) as station:
        plain = asyncio.run(_measure(station))
    with ground(PEOPLE, origin=OVER_TLS) as station:
        sealed = asyncio.run(_measure(station))
    trip_s = LINK.round_trip_ms / 1000
    note = (
        f"{plain.committed_s:.2f} s from the connection that stands to the commit; on the desk after {plain.seen_s:.2f} s; "
        f"behind {plain.backlog} entries and {PHOTOS} photos at {LINK.kbit_s:.0f} kbit/s; {plain.count.requests} requests, "
        f"{plain.count.up_bytes} B up by then; apart from that TLS takes {sealed.committed_s - plain.committed_s:.2f} s, "
        f"{sealed.count.up_bytes - plain.count.up_bytes} B up and {sealed.count.down_bytes - plain.count.down_bytes} B down"
    )
    yield Figure("sync.urgent_round_trips", plain.committed_s / trip_s, "round trips", note)


async def _measure(station: Ground) -> Called:
    async with proxy_to(station) as (proxy, port):
        await station.enrol({SENDER: ""}, port)
        await station.enrol({DESK: ""})
        async with phone(station, SENDER) as one, phone(station, DESK, hears_hints=True) as desk:
            await one.runner.sync_once()
            backlog = await write_w1(one.notebook, TIMES_W1)
            for _ in range(PHOTOS):
                await keep_photo(one.notebook, os.urandom(PHOTO_BYTES))
            call = await one.notebook.act(lambda pen: pen.write(SosRaised(kind="bi_thuong", raised_ms=0)))
            desk.runner.start()
            await asyncio.sleep(1)  # the desk's line for hints stands
            return await _send_call(station, proxy, one, desk, call.ref, backlog)


def _wait_for(it_is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + GIVEN_UP_AFTER_S
    while not it_is_so() and time.monotonic() < until:
        time.sleep(LOOK_EVERY_S)


async def _send_call(station: Ground, proxy: ShapingProxy, one: Phone, desk: Phone, ref: str, backlog: int) -> Called:
    loop, writer, number = asyncio.get_running_loop(), one.notebook.writer, ref.rpartition(".")[2]
    seen = loop.create_future()

    def look(change: Change) -> None:
        if ref in change.subjects and not seen.done():
            seen.set_result(loop.time())

    desk.notebook.listen(look)
    proxy.cut()
    proxy.be(LINK)
    proxy.take()
    one.runner.start()
    async with asyncio.timeout(GIVEN_UP_AFTER_S):
        await asyncio.to_thread(_wait_for, lambda: station.holds(writer, int(number)))
        committed_at, count = loop.time(), proxy.take()
        await seen
    stood_at = proxy.first_stood_at
    if stood_at is None:
        raise RuntimeError("it came without a connection")
    return Called(committed_at - stood_at, seen.result() - stood_at, count, backlog)
