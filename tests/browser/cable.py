"""What a device's connection runs through, so that a test can pull it as a valley does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Cable:
    """A TCP relay on loopback. While it is pulled, what is under way breaks off and nothing new gets through."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._pulled = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._relays: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        assert self._server is not None, "the cable is not laid"
        return int(self._server.sockets[0].getsockname()[1])

    def pull(self) -> None:
        self._pulled = True
        for writer in list(self._writers):
            writer.transport.abort()

    def plug(self) -> None:
        self._pulled = False

    async def lay(self, port: int) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)

    async def take_up(self) -> None:
        self.pull()
        if self._server is not None:
            self._server.close()
        await asyncio.gather(*self._relays, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._pulled:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.transport.abort()
            return
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._relay(source, sink))
            self._relays.add(task)
            task.add_done_callback(self._relays.discard)

    async def _relay(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        self._writers.add(sink)
        try:
            while chunk := await source.read(65_536):
                sink.write(chunk)
                await sink.drain()
        except ConnectionError:
            return
        finally:
            self._writers.discard(sink)
            sink.close()


@asynccontextmanager
async def laid_cable(target_port: int, *, port: int) -> AsyncIterator[Cable]:
    """A cable from this port of loopback to that one, plugged in."""
    cable = Cable(target_port)
    await cable.lay(port)
    try:
        yield cable
    finally:
        await cable.take_up()
