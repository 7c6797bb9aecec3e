"""``python -m benchmarks.peers [NAME...]``: others over ours, for W1 on loopback and on the link of W3, and for W2.

Peers are installed in ``build/peers`` by ``make bench-peers``. A time ends when all records are at the server: by its own
acknowledgement, or, where the protocol has none, by asking the server beside the link whether it has them in memory, or on disk.
Ours is compared with each as that one is measured, in W2 always by our receipts.
Bytes are what passed the link both ways until then. What cannot run here is told on standard error, with its own words.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.peers.at_once import compare_at_once, write_w2
from benchmarks.peers.counting_station import PROGRAM, count_read
from benchmarks.peers.run import INSTALLED, LIMIT_S, Peer, PeerFailed, Run, Work, run_peer
from benchmarks.shaping_proxy import Count, Link
from benchmarks.sync_broken import W3, in_words, send_all
from benchmarks.sync_ground import ground, phone, proxy_to
from benchmarks.sync_many import DEVICES, run_many
from benchmarks.workload import write_w1

PYTHON = str(INSTALLED / "py" / "bin" / "python")
OURS = "W1"
ASKED_EVERY_S = 0.005
"""As the others are."""
QUICK_S, TIMES = 3.0, 5
"""What is as quick as this is run so often, each time with everything anew, and the median counts."""
LINKS = {"w1": Link(), "w3": W3}


def _uvicorn(module: str) -> str:
    return f"{PYTHON} -m uvicorn {module}:app --host 127.0.0.1 --port {{port}} --no-access-log --ws-max-size 200000000"


PEERS = {
    "odk": Peer(
        _uvicorn("one_by_one_server"),
        f"{PYTHON} one_by_one_client.py odk {{link}} {{file}} {{devices}}",
        "OpenRosa, a form a request",
    ),
    "rest": Peer(
        _uvicorn("one_by_one_server"),
        f"{PYTHON} one_by_one_client.py rest {{link}} {{file}} {{devices}}",
        "JSON, a record a request",
    ),
    "yjs": Peer(
        _uvicorn("yjs_server"),
        "node yjs_client.cjs {link} {port} {file} {devices}",
        "Yjs 13, no acknowledgement, until it is in memory",
        until="memory",
    ),
    "yjs_kept": Peer(
        f"env KEPT=1 {_uvicorn('yjs_server')}",
        "node yjs_client.cjs {link} {port} {file} {devices}",
        "Yjs 13, no acknowledgement, until it is on disk",
        until="disk",
    ),
    "rxdb": Peer(
        "node rxdb_server.cjs {port}", "node rxdb_client.cjs {link} {port} {file} {devices}", "RxDB 15, in memory on both ends"
    ),
    "pouchdb": Peer(
        "node pouchdb_server.cjs {port} {folder}",
        "node pouchdb_client.cjs {link} {port} {file} {folder} {devices}",
        "PouchDB 9, LevelDB",
    ),
    "tinybase": Peer(
        "node tinybase_server.mjs {port} {folder}",
        "node tinybase_client.mjs {link} {port} {file}",
        "TinyBase 10, no acknowledgement",
        at_once=False,
        until="disk",
    ),
    "kinto": Peer(
        f"{PYTHON} kinto_server.py {{port}} {{folder}}",
        f"{PYTHON} kinto_client.py {{link}} {{port}} {{file}} {{devices}}",
        "Kinto 26 on PostgreSQL, durable, 25 records a batch",
    ),
    "comapeo": Peer(
        "node comapeo/server.mjs {port} {folder}",
        "node comapeo/client.mjs {link} {port} {file} {folder}",
        "CoMapeo 7, from one device to another, not forced to disk",
        at_once=False,
        until="disk",
    ),
}


async def _run_ours(link: Link) -> Run:
    """W1 over this link; each entry durable, and acknowledged."""
    with tempfile.NamedTemporaryFile() as told, ground({OURS: "to_truong"}, program=(*PROGRAM, told.name)) as station:
        async with proxy_to(station) as (proxy, port):
            await station.enrol({OURS: ""}, port)
            async with phone(station, OURS) as one:
                await one.runner.sync_once()
                await write_w1(one.notebook)
                waiting, read = await one.notebook.unsent(100_000), Path(told.name)
                wanted, last, writer = count_read(read) + len(waiting), waiting[-1].seq, one.notebook.writer
                memory = asyncio.create_task(_until(lambda: count_read(read) >= wanted))
                disk = asyncio.create_task(_until(lambda: station.holds(writer, last)))
                return Run(*await send_all(proxy, link, one), memory_s=await memory, disk_s=await disk)


async def _settle(run: Callable[[], Awaitable[Run]]) -> Run:
    """The run of the median time."""
    runs = [await run()]
    while len(runs) < TIMES and (runs[-1].took_s or LIMIT_S) < QUICK_S:
        runs.append(await run())
    return sorted(runs, key=lambda one: one.took_s or LIMIT_S)[len(runs) // 2]


async def _until(is_so: Callable[[], bool]) -> float:
    """Seconds until it is so."""
    began = time.perf_counter()
    while not is_so():  # noqa: ASYNC110  a file tells nobody
        await asyncio.sleep(ASKED_EVERY_S)
    return time.perf_counter() - began


def _compare(name: str, work: str, theirs: Run, ours: Run) -> Iterator[Figure]:
    about, way = PEERS[name].about, "loopback" if work == "w1" else in_words(W3)
    took_s, ours_s = theirs.took_s or LIMIT_S, ours.took_until(PEERS[name].until)
    told, until = (f"{took_s:.2f} s", "") if theirs.took_s else (f">= : not done in {took_s:.0f} s", ">= : until then ")
    yield Figure(f"sync.peer_{name}_{work}_ratio", took_s / ours_s, "ratio", f"{about}: {told}, ours {ours_s:.2f} s; {way}")
    ratio = _bytes(theirs.passed) / _bytes(ours.passed)
    note = f"of bytes both ways; {until}{_told(theirs.passed)}; ours {_told(ours.passed)}"
    yield Figure(f"sync.peer_{name}_{work}_bytes_ratio", ratio, "ratio", note)


def _bytes(count: Count) -> int:
    return count.up_bytes + count.down_bytes


def _told(count: Count) -> str:
    """A request is one of HTTP; what passes over a socket of its own counts as none."""
    return f"{count.up_bytes} B up, {count.down_bytes} B down, requests: {count.requests}, connections: {count.connections}"


async def main(names: list[str]) -> None:
    ours = {work: await _settle(partial(_run_ours, link)) for work, link in LINKS.items()}
    at_once = await run_many(TIMES)
    with tempfile.TemporaryDirectory(prefix="tuan-tra-w2-") as folder:
        works = {work: Work(link) for work, link in LINKS.items()}
        works["w2"] = Work(file=write_w2(Path(folder)), devices=DEVICES)
        for name, work in ((name, work) for name in names for work in works if work in LINKS or PEERS[name].at_once):
            try:
                theirs = await _settle(partial(run_peer, PEERS[name], works[work]))
            except PeerFailed as failed:
                print(f"{name} {work} not run: {failed}", file=sys.stderr, flush=True)
                continue
            figures = (
                _compare(name, work, theirs, ours[work]) if work in LINKS else compare_at_once(name, PEERS[name], theirs, at_once)
            )
            for figure in figures:
                print(figure.as_line(), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or list(PEERS)))
