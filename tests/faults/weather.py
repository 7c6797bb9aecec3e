"""The network between one device and its station, as it is in the forest: slow, broken in the middle, late, and twice."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx

from tests.fakes import Asgi, BreakableNetwork, Event, Mishap, Planned, Receive, Scope, Send

TOO_LATE_S = (1.0, 20.0, 90.0)
SLOW_S = (0.0, 0.0, 0.05, 0.7, 4.0)
CUT_AFTER_BYTES = 4_000


class _Chunks(httpx.AsyncByteStream):
    """A body that was taken down, to be sent more than once."""

    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


@dataclass
class Sky:
    """How bad it is: the chance of each fault for one request."""

    broken: float = 0.0
    twice: float = 0.0
    late: float = 0.0
    slow: float = 0.0


CLEAR = Sky()
SKIES = (CLEAR, Sky(slow=0.5), Sky(broken=0.2, twice=0.1, late=0.05, slow=0.3), Sky(broken=0.5, twice=0.1, late=0.1, slow=0.2))


class Weather(BreakableNetwork):
    """Adds to the breakable network what takes time: slow bodies, requests that arrive after they were given up, and twice."""

    def __init__(self, app: Asgi, luck: random.Random, note: Callable[[str], None]) -> None:
        super().__init__(app)
        self._luck = luck
        self._note = note
        self._station = app
        self.app = self._slowly
        self.sky = CLEAR
        self.under_way: set[asyncio.Task[None]] = set()

    def mend(self) -> None:
        super().mend()
        self.sky = CLEAR

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        luck, sky = self._luck, self.sky
        if not self._down:
            if luck.random() < sky.late:
                await self._send_later(request, luck.choice(TOO_LATE_S))
                self._note(f"  {request.method} {request.url.path} is given up and arrives later")
                raise httpx.ReadTimeout("no answer", request=request)
            if luck.random() < sky.twice:
                self._note(f"  {request.method} {request.url.path} arrives twice")
                request = await self._send_later(request, luck.choice(TOO_LATE_S))
            if luck.random() < sky.broken:
                self._plan_break(request)
        answer = await super().handle_async_request(request)
        return answer

    def _plan_break(self, request: httpx.Request) -> None:
        mishap = self._luck.choice(
            (Mishap.DROP, Mishap.LOSE_REPLY, Mishap.LOSE_REPLY, Mishap.CUT_REQUEST, Mishap.CUT_REPLY, Mishap.PORTAL)
        )
        size_bytes = int(request.headers.get("content-length", CUT_AFTER_BYTES))
        after_bytes = self._luck.randrange(max(1, size_bytes))
        self._note(f"  {request.method} {request.url.path}: {mishap} {after_bytes}")
        self._planned.insert(0, Planned(mishap, after_bytes=after_bytes))

    async def _send_later(self, request: httpx.Request, wait_s: float) -> httpx.Request:
        """The same request once more, on a way of its own; gives back one that can be sent now."""
        stream = request.stream
        chunks = [chunk async for chunk in stream] if isinstance(stream, httpx.AsyncByteStream) else []

        def copy() -> httpx.Request:
            return httpx.Request(request.method, request.url, headers=request.headers, stream=_Chunks(chunks))

        async def arrive() -> None:
            await asyncio.sleep(wait_s)
            await self.carry(copy())

        task = asyncio.get_running_loop().create_task(arrive())
        self.under_way.add(task)
        task.add_done_callback(self._forget)
        return copy()

    def _forget(self, task: asyncio.Task[None]) -> None:
        self.under_way.discard(task)
        if not task.cancelled():
            task.exception()  # nobody waits for this answer

    async def carry(self, request: httpx.Request) -> None:
        carrier = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        answer = await carrier.handle_async_request(request)
        await answer.aread()

    async def _slowly(self, scope: Scope, receive: Receive, send: Send) -> None:
        luck, sky = self._luck, self.sky

        async def received() -> Event:
            if luck.random() < sky.slow:
                await asyncio.sleep(luck.choice(SLOW_S))
            return await receive()

        async def sent(event: Event) -> None:
            if event["type"] == "http.response.start" and luck.random() < sky.slow:
                await asyncio.sleep(luck.choice(SLOW_S))
            await send(event)

        await self._station(scope, received, sent)
