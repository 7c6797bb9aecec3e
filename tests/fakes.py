"""Fakes with state that several rooms share: a network that breaks in the ways networks break."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
ChangeAnswer = Callable[[httpx.Request, httpx.Response], httpx.Response]

PORTAL_PAGE = b"<!DOCTYPE html><html><head><title>WiFi</title></head><body><form action=/login>...</form></body></html>"


class Mishap(StrEnum):
    DROP = "drop"
    """The request never reaches the station."""
    LOSE_REPLY = "lose_reply"
    """The station does all that was asked; its answer is lost."""
    CUT_REQUEST = "cut_request"
    """The link breaks after some bytes of the request's body."""
    CUT_REPLY = "cut_reply"
    """The link breaks after some bytes of the answer's body."""
    PORTAL = "portal"
    """A captive portal answers 200 with its page."""
    DELAY = "delay"
    """Other tasks get their turn before the request goes on."""
    CHANGED = "changed"
    """The answer is replaced by another one."""


@dataclass
class Planned:
    """What will happen to the next request whose path begins with ``on``."""

    mishap: Mishap
    on: str = ""
    after_bytes: int = 0
    change: ChangeAnswer | None = None
    method: str = ""

    def meets(self, request: httpx.Request) -> bool:
        return request.url.path.startswith(self.on) and request.method.startswith(self.method)


@dataclass
class Traffic:
    """A request as the network saw it."""

    method: str
    path: str
    mishap: Mishap | None
    request_bytes: int = 0


@dataclass
class BreakableNetwork(httpx.AsyncBaseTransport):
    """Carries requests to a real server in this process, and breaks as planned, or by seeded chance with ``odds``."""

    app: Asgi
    seed: int = 0
    odds: float = 0.0
    log: list[Traffic] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._planned: list[Planned] = []
        self._down = False

    def plan(self, mishap: Mishap, *, on: str = "", method: str = "", after_bytes: int = 0) -> None:
        self._planned.append(Planned(mishap, on, after_bytes, None, method))

    def change_answer(self, change: ChangeAnswer, *, on: str = "", method: str = "") -> None:
        self._planned.append(Planned(Mishap.CHANGED, on, 0, change, method))

    def go_down(self) -> None:
        self._down = True

    def mend(self) -> None:
        """Forgets what was planned; from now on all goes well."""
        self._down = False
        self.odds = 0.0
        self._planned.clear()

    def paths(self, method: str = "") -> list[str]:
        return [one.path for one in self.log if one.method.startswith(method)]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        planned = self._next(request)
        seen = Traffic(request.method, request.url.path, planned.mishap if planned else None)
        self.log.append(seen)
        if planned is None:
            return await self._deliver(request, seen, None)
        return await self._break(planned, request, seen)

    def _next(self, request: httpx.Request) -> Planned | None:
        if self._down:
            return Planned(Mishap.DROP)
        for planned in self._planned:
            if planned.meets(request):
                self._planned.remove(planned)
                return planned
        if self._chance.random() < self.odds:
            mishap = self._chance.choice([one for one in Mishap if one is not Mishap.CHANGED])
            return Planned(mishap, after_bytes=self._chance.choice((0, 1, 50, 400, 3_000)))
        return None

    async def _break(self, planned: Planned, request: httpx.Request, seen: Traffic) -> httpx.Response:
        match planned.mishap:
            case Mishap.DROP:
                raise httpx.ConnectError("no route to host", request=request)
            case Mishap.PORTAL:
                return httpx.Response(200, headers={"Content-Type": "text/html"}, content=PORTAL_PAGE, request=request)
            case Mishap.CUT_REQUEST:
                await self._deliver(request, seen, planned.after_bytes)
                raise httpx.WriteError("connection reset", request=request)
            case Mishap.DELAY:
                for _ in range(20):
                    await asyncio.sleep(0)
        answer = await self._deliver(request, seen, None)
        if planned.mishap is Mishap.LOSE_REPLY:
            raise httpx.ReadError("connection reset", request=request)
        if planned.mishap is Mishap.CUT_REPLY:
            return _cut_short(answer, await answer.aread(), planned.after_bytes, request)
        if planned.change is not None:
            await answer.aread()
            return planned.change(request, answer)
        return answer

    async def _deliver(self, request: httpx.Request, seen: Traffic, cut_after: int | None) -> httpx.Response:
        """Hands the request to the app. With ``cut_after`` the app sees the connection end after so many bytes of the body."""
        app = _counting(self.app, seen, cut_after)
        carrier = httpx.ASGITransport(app=app, raise_app_exceptions=cut_after is None)
        return await carrier.handle_async_request(request)


def _counting(app: Asgi, seen: Traffic, cut_after: int | None) -> Asgi:
    async def carried(scope: Scope, receive: Receive, send: Send) -> None:
        async def received() -> Event:
            if cut_after is not None and seen.request_bytes >= cut_after:
                return {"type": "http.disconnect"}
            event = await receive()
            body = event.get("body", b"")
            if cut_after is not None:
                body = body[: cut_after - seen.request_bytes]
                event = {**event, "body": body, "more_body": True}
            seen.request_bytes += len(body)
            return event

        await app(scope, received, send)

    return carried


class _CutStream(httpx.AsyncByteStream):
    def __init__(self, content: bytes, request: httpx.Request) -> None:
        self._content = content
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        raise httpx.ReadError("connection reset", request=self._request)


def _cut_short(answer: httpx.Response, content: bytes, after_bytes: int, request: httpx.Request) -> httpx.Response:
    return httpx.Response(
        answer.status_code, headers=answer.headers, stream=_CutStream(content[:after_bytes], request), request=request
    )
