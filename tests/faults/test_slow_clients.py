"""Clients that never finish a sentence: they are let go, and those who speak are served meanwhile."""

import asyncio
import time
from pathlib import Path
from random import Random

import httpx
import pytest

from journal.wire import PUSH_TYPE
from sync_server.settings import Limits
from tests.faults.power_cuts import drawn_seed
from tests.faults.server_process import ServerProcess, server_factory
from tests.faults.test_killed_server import found

SLOW = 100
LET_GO_WITHIN_S = Limits().slow_body_s + 10
"""A body may be silent so long, as a mobile link that pauses; then the station ends it, and does so for a hundred at once."""
HALVES = {
    "half a header": b"POST /push HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "half a body": b"POST /push HTTP/1.1\r\nHost: x\r\nContent-Type: " + PUSH_TYPE.encode() + b"\r\nContent-Length: 900\r\n\r\nx",
    "half a message": b"POST /enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{",
}


async def hold(port: int, half: bytes, *, drip: bytes) -> float:
    """Seconds until the server lets go of a client that says half a sentence and then a byte now and then."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(half)
        while True:
            try:
                async with asyncio.timeout(2):
                    if not await reader.read(65_536):
                        break
            except TimeoutError:
                writer.write(drip)
    except ConnectionError:
        pass
    finally:
        writer.close()
    return time.monotonic() - began


@pytest.mark.long_faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "drip"), [("half a header", b"x"), ("half a header", b""), ("half a body", b""), ("half a message", b"")]
)
async def test_clients_that_never_finish_are_let_go_and_others_are_served(name: str, drip: bytes, tmp_path: Path):
    address, _, pushers = await found(tmp_path, Random(drawn_seed()))
    server = ServerProcess(server_factory(), tmp_path, address)
    await asyncio.to_thread(server.wait)
    port = int(address.rsplit(":", 1)[1])
    slow = [asyncio.create_task(hold(port, HALVES[name], drip=drip)) for _ in range(SLOW)]
    await asyncio.sleep(1)
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        for pusher in pushers:
            pusher.device.http = http
            answered = await pusher.push()
            assert answered or name == "half a body", "who speaks is served"
    held_s = sorted(await asyncio.wait_for(asyncio.gather(*slow), LET_GO_WITHIN_S))
    print(f"{name}: {SLOW} let go after {held_s[0]:.1f} to {held_s[-1]:.1f} s")  # noqa: T201
    await asyncio.to_thread(server.kill)
