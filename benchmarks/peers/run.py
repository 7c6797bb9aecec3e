"""Runs one peer: its server, its client, and the link between them."""

import asyncio
import json
import os
import re
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import psutil

from benchmarks.shaping_proxy import Count, Link, ShapingProxy
from benchmarks.workload import FILE
from demo.processes import find_port

INSTALLED = Path(__file__).parents[2] / "build" / "peers"
DRIVERS = INSTALLED / "drivers"
LIMIT_S = 120.0
STARTS_WITHIN_S = 90.0
ENDS_WITHIN_S = 10.0
Until = Literal["told", "memory", "disk"]


@dataclass(frozen=True)
class Peer:
    """Commands of a server and a client; ``{port}``, ``{link}``, ``{file}``, ``{folder}`` and ``{devices}`` are filled in."""

    server: str
    client: str
    about: str
    at_once: bool = True
    """Whether its client can be fifty devices."""
    until: Until = "told"
    """Its time ends when its client is told that the server has all; or, where no client is, when the server, asked beside the
    link, has all of it in memory, or on disk."""


@dataclass(frozen=True)
class Work:
    """The records of a file, an equal part of them from each device."""

    link: Link | None = None
    """None leads straight to the server."""
    file: Path = FILE
    devices: int = 1


class PeerFailed(Exception):
    """A peer did not run here; its own words say why."""


@dataclass(frozen=True)
class Run:
    took_s: float | None
    """Until it is acknowledged, where it is; None is beyond the limit."""
    passed: Count
    """Nothing where there was no link."""
    server_cpu_s: float = 0.0
    memory_s: float | None = None
    """Of ours: until the server, asked beside the link, has read all of it."""
    disk_s: float | None = None
    """Of ours: until the server, asked beside the link, has all of it on disk."""

    def took_until(self, what: Until) -> float:
        """Of ours: seconds until a promise of this kind."""
        return {"told": self.took_s, "memory": self.memory_s, "disk": self.disk_s}[what] or LIMIT_S


async def run_peer(peer: Peer, work: Work) -> Run:
    """Raises PeerFailed where it did not run here."""
    with tempfile.TemporaryDirectory(prefix="tuan-tra-peer-") as folder, tempfile.TemporaryFile() as complaints:
        port = find_port(0)
        proxy = ShapingProxy(port, work.link) if work.link else None
        link = await proxy.start() if proxy else port
        filled = {"port": port, "link": link, "file": work.file, "folder": folder, "devices": work.devices}
        environment = {**os.environ, "DATABASE": f"{folder}/peer.db"}
        server = client = None
        try:
            server = await asyncio.create_subprocess_exec(
                *peer.server.format(**filled).split(), cwd=DRIVERS, env=environment, stdout=DEVNULL, stderr=complaints
            )
            await _wait_for(port, server, complaints)
            cpu_s = _cpu_s(server.pid, folder)
            client = await asyncio.create_subprocess_exec(
                *peer.client.format(**filled).split(), cwd=DRIVERS, env=environment, stdout=PIPE, stderr=PIPE
            )
            took_s = await _time_client(client)
            passed, cpu_s = proxy.take() if proxy else Count(), _cpu_s(server.pid, folder) - cpu_s
        finally:
            await _end(client)
            if proxy:
                await proxy.stop()
            await _end(server)
    if proxy and not passed.up_bytes:
        raise PeerFailed("nothing came to the link")
    return Run(took_s, passed, cpu_s)


def _cpu_s(server_pid: int, folder: str) -> float:
    """CPU seconds so far of a server and of all it began: a database that left it still names its folder."""
    begun = [psutil.Process(server_pid)]
    begun += [one for one in psutil.process_iter(["cmdline"]) if any(folder in word for word in one.info["cmdline"] or ())]
    return sum(_own_cpu_s(one) for one in {one for each in begun for one in (each, *each.children(recursive=True))})


def _own_cpu_s(process: psutil.Process) -> float:
    """A process that has ended took its time with it: that is to the peer's favour."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


async def _time_client(client: Process) -> float | None:
    """Seconds until all is there, as it says itself; None beyond the limit."""
    try:
        async with asyncio.timeout(LIMIT_S):
            said, complained = await client.communicate()
    except TimeoutError:
        return None
    if client.returncode or not said:
        raise PeerFailed(_reason(complained))
    return float(json.loads(said)["s"])


async def _wait_for(port: int, server: Process, complaints: IO[bytes]) -> None:
    try:
        async with asyncio.timeout(STARTS_WITHIN_S):
            while server.returncode is None:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    await asyncio.sleep(0.1)
                else:
                    writer.close()
                    return
    except TimeoutError:
        raise PeerFailed(f"its server did not listen within {STARTS_WITHIN_S:.0f} s") from None
    complaints.seek(0)
    raise PeerFailed(_reason(complaints.read()))


def _reason(complained: bytes) -> str:
    """The line that names the error, or the end of what was said."""
    text = complained.decode(errors="replace")
    named = re.findall(r"^[\w.]*Error\b.*", text, re.MULTILINE)
    return str(named[-1]) if named else text[-300:]


async def _end(process: Process | None) -> None:
    """Asks it to end, since it may have begun others that it must end, and makes it end."""
    if process is None or process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(ENDS_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
