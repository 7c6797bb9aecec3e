"""``python -m benchmarks.peers [NAME...]``: the time of others over ours for W1, on loopback and on the link of W3, in one run.

Peers are installed in ``build/peers`` by ``make bench-peers``. A time ends when all records are at the
server: by its own acknowledgement, or, where the protocol has none, by asking the server beside the link.
"""

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.shaping_proxy import Link, ShapingProxy
from benchmarks.sync_broken import W3, in_words, send_all
from benchmarks.sync_ground import ground, phone, proxy_to
from benchmarks.workload import FILE, write_w1
from demo.processes import find_port

INSTALLED = Path(__file__).parents[2] / "build" / "peers"
DRIVERS = INSTALLED / "drivers"
PYTHON = str(INSTALLED / "py" / "bin" / "python")
LIMIT_S = 120.0
STARTS_WITHIN_S = 20.0
OURS = "W1"


@dataclass(frozen=True)
class Peer:
    """Commands of a server and a client; ``{port}``, ``{link}``, ``{file}`` and ``{folder}`` in them are filled in."""

    server: str
    client: str
    about: str


def _uvicorn(module: str) -> str:
    return f"{PYTHON} -m uvicorn {module}:app --host 127.0.0.1 --port {{port}} --no-access-log --ws-max-size 200000000"


PEERS = {
    "odk": Peer(
        _uvicorn("one_by_one_server"), f"{PYTHON} one_by_one_client.py odk {{link}} {{file}}", "OpenRosa, a form a request"
    ),
    "rest": Peer(
        _uvicorn("one_by_one_server"), f"{PYTHON} one_by_one_client.py rest {{link}} {{file}}", "JSON, a record a request"
    ),
    "yjs": Peer(_uvicorn("yjs_server"), "node yjs_client.cjs {link} {port} {file}", "Yjs 13, no acknowledgement"),
    "rxdb": Peer("node rxdb_server.cjs {port}", "node rxdb_client.cjs {link} {port} {file}", "RxDB 15, in memory on both ends"),
    "pouchdb": Peer(
        "node pouchdb_server.cjs {port} {folder}", "node pouchdb_client.cjs {link} {port} {file} {folder}", "PouchDB 9, LevelDB"
    ),
    "tinybase": Peer(
        "node tinybase_server.mjs {port} {folder}",
        "node tinybase_client.mjs {link} {port} {file}",
        "TinyBase 10, no acknowledgement",
    ),
}


class PeerFailed(Exception):
    """A peer did not run here; its own words say why."""


async def _time_peer(peer: Peer, link: Link) -> float | None:
    """Seconds until all is there; None beyond the limit."""
    with tempfile.TemporaryDirectory(prefix="tuan-tra-peer-") as folder:
        port = find_port(0)
        proxy = ShapingProxy(port, link)
        filled = {"port": port, "link": await proxy.start(), "file": FILE, "folder": folder}
        environment = {**os.environ, "DATABASE": f"{folder}/peer.db"}
        server = await asyncio.create_subprocess_exec(
            *peer.server.format(**filled).split(), cwd=DRIVERS, env=environment, stdout=DEVNULL, stderr=DEVNULL
        )
        client = None
        try:
            await _wait_for(port)
            client = await asyncio.create_subprocess_exec(
                *peer.client.format(**filled).split(), cwd=DRIVERS, env=environment, stdout=PIPE, stderr=PIPE
            )
            async with asyncio.timeout(LIMIT_S):
                said, complained = await client.communicate()
            if client.returncode or not said:
                raise PeerFailed(complained.decode(errors="replace")[-300:])
            return float(json.loads(said)["s"])
        except TimeoutError:
            return None
        finally:
            for one in (client, server):
                if one is not None and one.returncode is None:
                    one.kill()
                    await one.wait()
            await proxy.stop()


async def _wait_for(port: int) -> None:
    async with asyncio.timeout(STARTS_WITHIN_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


async def _time_ours() -> tuple[float, float]:
    """Seconds for W1 on loopback, and on the link of W3; each entry durable and acknowledged."""
    with ground({OURS: "to_truong"}) as station:
        async with proxy_to(station) as (proxy, port):
            await station.enrol({OURS: ""}, port)
            async with phone(station, OURS) as one:
                await one.runner.sync_once()
                times = []
                for link in (Link(), W3):
                    await write_w1(one.notebook)
                    times.append((await send_all(proxy, link, one))[0])
    return times[0], times[1]


def _compare(name: str, peer: Peer, work: str, took_s: float | None, ours_s: float) -> Figure:
    told = f"{took_s:.2f} s" if took_s is not None else f">= : not done in {LIMIT_S:.0f} s"
    way = "loopback" if work == "w1" else in_words(W3)
    ratio = (LIMIT_S if took_s is None else took_s) / ours_s
    return Figure(f"sync.peer_{name}_{work}_ratio", ratio, "ratio", f"{peer.about}: {told}, ours {ours_s:.2f} s; {way}")


async def main(names: list[str]) -> None:
    ours = dict(zip(("w1", "w3"), await _time_ours(), strict=True))
    for name in names:
        for work, link in (("w1", Link()), ("w3", W3)):
            try:
                took_s = await _time_peer(PEERS[name], link)
            except (PeerFailed, TimeoutError) as failed:
                print(f"{name} {work} did not run: {failed or 'its server did not start'}", file=sys.stderr)
                continue
            print(_compare(name, PEERS[name], work, took_s, ours[work]).as_line(), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or list(PEERS)))
