"""Part of group ``sync``: W3, what a bad link that breaks again and again leaves of a transfer.

The limit is what nobody can beat: the records as JSON lines without their ids, packed as a whole by ``xz -9e``, at the link's
bandwidth, and two round trips.
"""

import asyncio
import json
import lzma
import time
from collections import Counter
from collections.abc import Iterator

from app.store.notebook import Notebook
from benchmarks.figures import Figure
from benchmarks.shaping_proxy import Count, Link, ShapingProxy
from benchmarks.sync_ground import Ground, Phone, ground, phone, proxy_to
from benchmarks.workload import FILE, write_w1

W3 = Link(kbit_s=64, round_trip_ms=600, reset_every_s=30, seed=3)
OFTEN = Link(kbit_s=64, round_trip_ms=600, reset_every_s=5, seed=3)
GIVEN_UP_AFTER_S = 300.0
PERSON = "W3"


def measure_broken() -> Iterator[Figure]:
    with ground({PERSON: "to_truong"}) as station:
        yield from asyncio.run(_measure(station))


def limit_s(link: Link) -> float:
    """The least that W1 can take over this link."""
    records = json.loads(FILE.read_text(encoding="utf-8"))
    without_ids = ({name: value for name, value in one.items() if name != "id"} for one in records)
    lines = "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in without_ids)
    packed = lzma.compress(lines.encode(), preset=9 | lzma.PRESET_EXTREME)
    return len(packed) / (link.kbit_s * 125) + 2 * link.round_trip_ms / 1000


def in_words(link: Link) -> str:
    return f"{link.kbit_s:.0f} kbit/s, {link.round_trip_ms} ms, a reset about every {link.reset_every_s:.0f} s"


async def _measure(station: Ground) -> list[Figure]:
    async with proxy_to(station) as (proxy, port):
        await station.enrol({PERSON: ""}, port)
        async with phone(station, PERSON) as one:
            await one.runner.sync_once()
            made = await _record(one.notebook)
            took_s, count = await send_all(proxy, W3, one)
            made += await _record(one.notebook)
            often_s, often = await send_all(proxy, OFTEN, one)
            there = Counter(station.entries_held(one.notebook.writer))
    return [
        Figure("sync.w3_push_s", took_s, "s", f"W1 over {in_words(W3)}: {_told(count)}"),
        Figure("sync.w3_limit_s", limit_s(W3), "s", "xz -9e of the records without ids at that bandwidth, and two round trips"),
        Figure("sync.w3_ratio", took_s / limit_s(W3), "ratio", "over the limit"),
        Figure("sync.w3_often_push_s", often_s, "s", f"W1 again over {in_words(OFTEN)}: {_told(often)}"),
        Figure("sync.w3_lost", sum(raw not in there for raw in made), "entries", "of both"),
        Figure("sync.w3_twice", sum(number - 1 for number in there.values()), "entries", "of both"),
    ]


async def _record(notebook: Notebook) -> list[bytes]:
    await write_w1(notebook)
    return [waiting.raw for waiting in await notebook.unsent(100_000)]


def _told(count: Count) -> str:
    return f"{count.up_bytes} B up, {count.down_bytes} B down, {count.connections} connections, {count.resets} resets"


async def send_all(proxy: ShapingProxy, link: Link, one: Phone) -> tuple[float, Count]:
    """Rounds as the app makes them by itself, until nothing waits here; seconds, and what passed until then.

    Raises TimeoutError when it takes beyond all patience.
    """
    proxy.cut()
    proxy.be(link)
    proxy.take()
    changed = asyncio.Event()
    stop_listening = one.notebook.listen(lambda _: changed.set())
    began = time.perf_counter()
    one.runner.start()
    try:
        async with asyncio.timeout(GIVEN_UP_AFTER_S):
            while True:
                changed.clear()
                waiting = await one.notebook.waiting()
                if not (waiting.entries or waiting.photos):
                    break
                await changed.wait()
        return time.perf_counter() - began, proxy.take()
    finally:
        stop_listening()
        await one.runner.stop()
