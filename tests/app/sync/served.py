"""A station's real server on a real socket of this machine, with its own certificate."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from sync_server.station import server_certificate
from tests.whole_journey.post import Post


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def served(post: Post) -> AsyncIterator[None]:
    """Serves the post at its address until the block ends; by TLS if the address says so."""
    tls: dict[str, str] = {}
    if post.settings.address.startswith("https:"):
        certificate, key = server_certificate(post.settings, post.true.ms)
        tls = {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}
    server = uvicorn.Server(
        uvicorn.Config(post.server, "127.0.0.1", post.settings.port, log_level="warning", lifespan="off", ws="none", **tls)
    )
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn tells it in no other way
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        server.force_exit = True
        await running
