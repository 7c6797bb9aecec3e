"""Part of group ``sync``: a photo over a link that breaks more often than the photo takes, and a plain upload beside it."""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx

from app.store.notebook import Notebook
from app.store.pen import Pen
from benchmarks.figures import Figure
from benchmarks.shaping_proxy import Link, ShapingProxy
from benchmarks.sync_broken import in_words, send_all
from benchmarks.sync_ground import Ground, ground, phone, proxy_to
from journal.entries import ObservationRecorded, PhotoTaken

LINK = Link(kbit_s=512, round_trip_ms=600, reset_every_s=10, seed=5)
PHOTO_BYTES = 1_000_000
PLAIN_FOR_S = 60.0
PERSON = "PHOTO"


def measure_photo() -> Iterator[Figure]:
    with ground({PERSON: "to_truong"}) as station:
        yield from asyncio.run(_measure(station))


async def _measure(station: Ground) -> list[Figure]:
    raw = os.urandom(PHOTO_BYTES)
    async with proxy_to(station) as (proxy, port):
        await station.enrol({PERSON: ""}, port)
        async with phone(station, PERSON) as one:
            await one.runner.sync_once()
            await keep_photo(one.notebook, raw)
            took_s, count = await send_all(proxy, LINK, one)
            left = (await one.notebook.waiting()).photos
    plain = await _upload_plainly(raw)
    floor_s = PHOTO_BYTES / (LINK.kbit_s * 125) + 2 * LINK.round_trip_ms / 1000
    told = f"{count.resets} resets, {count.connections} connections, {count.requests} requests"
    return [
        Figure("sync.photo_done", 1 - left, "photos", f"1 MB over {in_words(LINK)}: {told}; {plain}"),
        Figure(
            "sync.photo_resent_ratio", count.up_bytes / PHOTO_BYTES - 1, "ratio", "all bytes up beyond the photo's, headers in"
        ),
        Figure("sync.photo_over_floor_ratio", took_s / floor_s, "ratio", f"{took_s:.1f} s over a floor of {floor_s:.1f} s"),
    ]


async def keep_photo(notebook: Notebook, raw: bytes) -> None:
    """A record with this photo."""
    kept = await notebook.keep_photo(raw)

    def name(pen: Pen) -> None:
        record = pen.write(ObservationRecorded(kind="dau_vet", catalogue="2026.1", happened_ms=0, priority="thap"))
        pen.write(PhotoTaken(sha256=kept.sha256, size_bytes=kept.size_bytes, media_type="image/jpeg", of=record.ref, taken_ms=0))

    await notebook.act(name)


async def _upload_plainly(raw: bytes) -> str:
    """How one request with the whole photo fares over the same link, tried again as soon as it fails."""
    async with _receiver() as (port, whole):
        proxy = ShapingProxy(port, LINK)
        address = f"http://127.0.0.1:{await proxy.start()}/photo"
        tries, until = 0, time.monotonic() + PLAIN_FOR_S
        async with httpx.AsyncClient(timeout=PLAIN_FOR_S, trust_env=False) as client:
            while not whole and time.monotonic() < until:
                tries += 1
                try:
                    await client.put(address, content=raw)
                except httpx.TransportError:
                    continue
        sent = proxy.take().up_bytes
        await proxy.stop()
    done = "done" if whole else f"not done in {PLAIN_FOR_S:.0f} s"
    return f"a plain upload beside it: {done}, {tries} tries, {sent} B sent"


@asynccontextmanager
async def _receiver() -> AsyncIterator[tuple[int, list[int]]]:
    """Takes bodies that come whole, and keeps nothing of others; its port, and the sizes of what came."""
    whole: list[int] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *([0-9]+)", head)
            body = await reader.readexactly(int(length[1]) if length else 0)
            whole.append(len(body))
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1]), whole
    finally:
        server.close()
