"""A TCP proxy on loopback that is a link of the field: narrow, far, and cut now and then. It counts what passes.

Each way has one bottleneck that all connections share; a chunk leaves it at its bandwidth and arrives half a round trip later. A
new connection stands after one round trip. It reads no further than the bottleneck has room, and its socket buffers are small, so
that a sender feels the link. A reset ends every connection with an RST, and what was under way is lost; resets come a third more
or less than ``reset_every_s`` apart, by the seed. Only TCP payload is counted, headers of HTTP in; no TLS, no IP.
"""

import asyncio
import random
import re
import socket
from dataclasses import dataclass

REQUEST = re.compile(rb"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+ HTTP/1\.1\r\n")
LONGEST_REQUEST_LINE = 8_192
CHUNK_BYTES = 1_400
BUFFER_BYTES = 16_384
BUFFER_CHUNKS = 12


@dataclass(frozen=True)
class Link:
    """How the way is; by default as loopback is."""

    kbit_s: float = 0.0
    """Each way; 0 is without a limit."""
    round_trip_ms: int = 0
    reset_every_s: float = 0.0
    """0 is never."""
    seed: int = 1

    @property
    def is_shaped(self) -> bool:
        return bool(self.kbit_s or self.round_trip_ms)

    @property
    def holds_chunks(self) -> int:
        """How many are under way at most: what its bandwidth brings in half a round trip, or it would carry less than it says,
        and a small buffer."""
        return BUFFER_CHUNKS + round(self.kbit_s * 125 * self.round_trip_ms / 2000 / CHUNK_BYTES)


@dataclass
class Count:
    up_bytes: int = 0
    down_bytes: int = 0
    requests: int = 0
    connections: int = 0
    resets: int = 0


class _Lane:
    """One direction of the bottleneck."""

    def __init__(self, kbit_s: float) -> None:
        self._bytes_s = kbit_s * 125
        self._free_at = 0.0

    def pass_at(self, size_bytes: int, now: float) -> float:
        """When the last of these bytes is through."""
        if not self._bytes_s:
            return now
        self._free_at = max(now, self._free_at) + size_bytes / self._bytes_s
        return self._free_at


class ShapingProxy:
    """Stands between a device and ``target_port``. ``take`` gives the count since the last time and begins a new one."""

    def __init__(self, target_port: int, link: Link | None = None) -> None:
        self._target_port = target_port
        self._count = Count()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._resetting: asyncio.Task[None] | None = None
        self.first_stood_at: float | None = None
        """When the first connection since :meth:`be` stood, by the loop's clock."""
        self._link = Link()
        self._lanes = {True: _Lane(0), False: _Lane(0)}
        if link is not None:
            self.be(link)

    def be(self, link: Link) -> None:
        """Is this link from now on, for new connections; resets begin with the first of them."""
        self._link = link
        self._chance = random.Random(link.seed)
        self._lanes = {True: _Lane(link.kbit_s), False: _Lane(link.kbit_s)}
        self.first_stood_at = None
        if self._resetting is not None:
            self._resetting.cancel()
            self._resetting = None

    async def start(self, host: str = "127.0.0.1") -> int:
        """Listens on a free port of loopback, which it returns."""
        listening = socket.socket(proto=socket.IPPROTO_TCP)  # named, so that asyncio sets TCP_NODELAY on what comes
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        # Segments of loopback are larger than such a buffer, and would each wait for a timer.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, CHUNK_BYTES)
        listening.bind((host, 0))
        self._server = await asyncio.start_server(self._accept, sock=listening, limit=BUFFER_BYTES // 2)
        return int(listening.getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        ending = [*self._connections, *([self._resetting] if self._resetting else [])]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    def take(self) -> Count:
        count, self._count = self._count, Count()
        return count

    def cut(self) -> None:
        """Ends every connection; what is under way is lost."""
        self._count.resets += 1
        for task in list(self._connections):
            task.cancel()
        self._lanes = {True: _Lane(self._link.kbit_s), False: _Lane(self._link.kbit_s)}

    async def _reset_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(self._link.reset_every_s * (2 / 3 + self._chance.random() * 2 / 3))
            self.cut()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection without a task")
        self._connections.add(task)
        self._count.connections += 1
        if self._link.reset_every_s and self._resetting is None:
            self._resetting = asyncio.get_running_loop().create_task(self._reset_again_and_again())
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._connections.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._target_port, limit=BUFFER_BYTES)
        try:
            await asyncio.sleep(self._link.round_trip_ms / 1000)
            if self.first_stood_at is None:
                self.first_stood_at = asyncio.get_running_loop().time()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, to_writer, up=True))
                both.create_task(self._pump(to_reader, writer, up=False))
        except* OSError:
            writer.transport.abort()
        finally:
            to_writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        """Copies to the end of what comes. Ends are passed on too, so that half-closed connections stay what they are."""
        loop, under_way = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]](self._link.holds_chunks)
        arriving = loop.create_task(_arrive(under_way, writer))
        tail = b""
        try:
            while chunk := await reader.read(CHUNK_BYTES if self._link.is_shaped else 65_536):
                tail = self._note(chunk, tail, up=up)
                now = loop.time()
                through_at = self._lanes[up].pass_at(len(chunk), now)
                await under_way.put((through_at + self._link.round_trip_ms / 2000, chunk))
                if through_at > now:
                    await asyncio.sleep(through_at - now)
            await under_way.put((loop.time() + self._link.round_trip_ms / 2000, b""))
            await arriving
        finally:
            arriving.cancel()

    def _note(self, chunk: bytes, tail: bytes, *, up: bool) -> bytes:
        """Counts; returns the end of what came, in which a request line may have begun."""
        if not up:
            self._count.down_bytes += len(chunk)
            return b""
        self._count.up_bytes += len(chunk)
        whole = tail + chunk
        self._count.requests += sum(1 for found in REQUEST.finditer(whole) if found.end() > len(tail))
        return whole[-LONGEST_REQUEST_LINE:]


async def _arrive(under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    while True:
        at, chunk = await under_way.get()
        if (wait_s := at - loop.time()) > 0:
            await asyncio.sleep(wait_s)
        if not chunk:
            if writer.can_write_eof():
                writer.write_eof()
            return
        writer.write(chunk)
        await writer.drain()
