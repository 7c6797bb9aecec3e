"""A link of this machine that is slow and breaks: every connection is reset after so many bytes, as a mast does in the hills."""

import asyncio
import socket
import struct
from dataclasses import dataclass, field

RESET = struct.pack("ii", 1, 0)


@dataclass
class BreakingLink:
    """Between a device and ``target_port``. ``reset_after_bytes`` None resets nothing; ``swallows`` answers nothing any more."""

    target_port: int
    bytes_per_s: int
    reset_after_bytes: int | None = None
    up_bytes: int = 0
    resets: int = 0
    swallows: bool = False
    puts_in: bytes = b""
    """Goes to the device before the next bytes of the station do."""
    _since_reset: int = 0
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listens on a free port of loopback, which it returns."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=4_096)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._break()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, out = await asyncio.open_connection("127.0.0.1", self.target_port)
        self._writers |= {writer, out}
        for pump in (self._pump(reader, out, up=True), self._pump(there, writer, up=False)):
            task = asyncio.create_task(pump)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        try:
            while chunk := await reader.read(4_096):
                if up:
                    self.up_bytes += len(chunk)
                    self._since_reset += len(chunk)
                    await asyncio.sleep(len(chunk) / self.bytes_per_s)
                if self.swallows:
                    continue
                if self.puts_in and not up:
                    chunk, self.puts_in = self.puts_in + chunk, b""
                writer.write(chunk)
                await writer.drain()
                if self.reset_after_bytes is not None and self._since_reset >= self.reset_after_bytes:
                    self.resets += 1
                    self._since_reset = 0
                    self._break()
        except ConnectionError:
            return
        finally:
            writer.close()

    def _break(self) -> None:
        for writer in self._writers:
            raw: socket.socket | None = writer.get_extra_info("socket")
            if raw is not None and raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()
        self._writers.clear()
