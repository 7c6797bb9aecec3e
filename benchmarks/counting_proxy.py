"""A TCP proxy on loopback that counts what passes: all payload bytes both ways, headers in, and the requests among them."""

import asyncio
import re
from dataclasses import dataclass

REQUEST = re.compile(rb"(?:^|\r\n\r\n|\n|0)(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+ HTTP/1\.1\r\n")


@dataclass
class Count:
    up_bytes: int = 0
    down_bytes: int = 0
    requests: int = 0


class CountingProxy:
    """Stands between a device and ``target_port``. ``take`` gives the count since the last time and begins a new one."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._count = Count()
        self._server: asyncio.Server | None = None
        self._pumps: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listens on a free port of loopback, which it returns."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def take(self) -> Count:
        count, self._count = self._count, Count()
        return count

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        for pump in (self._pump(reader, to_writer, up=True), self._pump(to_reader, writer, up=False)):
            task = asyncio.get_running_loop().create_task(pump)
            self._pumps.add(task)
            task.add_done_callback(self._pumps.discard)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        try:
            while chunk := await reader.read(65_536):
                self._note(chunk, up=up)
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    def _note(self, chunk: bytes, *, up: bool) -> None:
        if up:
            self._count.up_bytes += len(chunk)
            self._count.requests += len(REQUEST.findall(chunk))
        else:
            self._count.down_bytes += len(chunk)
