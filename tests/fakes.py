"""Fakes with state that several rooms share: a network that breaks in the ways networks break."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

from journal.clock import Reading
from journal.packed.bodies import PUSH_2_TYPE
from journal.wire import PROBLEM_TYPE

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
ChangeAnswer = Callable[[httpx.Request, httpx.Response], httpx.Response]

NAMES_OF_A_BUNDLE = ("bundle", "upload-length", "upload-offset")
MEDIA_TYPE_REFUSED = b'{"status":415,"title":"another type","type":"urn:tuan-tra:problem:media_type"}'
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
    HANG = "hang"
    """The station does all that was asked; its answer never comes, and nobody is told."""


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
    speaks_only_1: bool = False
    """The station is of the last version: a push 2 is of an unknown type to it, it reads no wish for a pull 2, and of a bundle
    whose line broke it keeps nothing."""

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._planned: list[Planned] = []
        self._down = False
        self.hanging = asyncio.Event()

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
        if self.speaks_only_1:
            request.headers.pop("accept", None)
            if request.headers.get("content-type") == PUSH_2_TYPE:
                return _on_the_way(415, {"Content-Type": PROBLEM_TYPE}, MEDIA_TYPE_REFUSED, request)
            if request.url.path.startswith("/bundles/"):
                return _on_the_way(404, {"Content-Type": PROBLEM_TYPE}, b"", request)
            if request.url.path == "/bundles":
                for unknown in NAMES_OF_A_BUNDLE:
                    request.headers.pop(unknown, None)
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
            mishap = self._chance.choice([one for one in Mishap if one not in (Mishap.CHANGED, Mishap.HANG)])
            return Planned(mishap, after_bytes=self._chance.choice((0, 1, 50, 400, 3_000)))
        return None

    async def _break(self, planned: Planned, request: httpx.Request, seen: Traffic) -> httpx.Response:
        match planned.mishap:
            case Mishap.DROP:
                raise httpx.ConnectError("no route to host", request=request)
            case Mishap.PORTAL:
                return _on_the_way(200, {"Content-Type": "text/html"}, PORTAL_PAGE, request)
            case Mishap.CUT_REQUEST:
                with suppress(AssertionError):  # httpx's carrier insists on an answer, and a cut connection has none
                    await self._deliver(request, seen, planned.after_bytes)
                raise httpx.WriteError("connection reset", request=request)
            case Mishap.DELAY:
                for _ in range(20):
                    await asyncio.sleep(0)
        answer = await self._deliver(request, seen, None)
        if planned.mishap is Mishap.LOSE_REPLY:
            raise httpx.ReadError("connection reset", request=request)
        if planned.mishap is Mishap.HANG:
            self.hanging.set()
            await asyncio.Event().wait()
        if planned.mishap is Mishap.CUT_REPLY:
            return _cut_short(answer, await answer.aread(), planned.after_bytes, request)
        if planned.change is not None:
            await answer.aread()
            changed = planned.change(request, answer)
            return _on_the_way(changed.status_code, changed.headers, changed.content, request)
        return answer

    async def _deliver(self, request: httpx.Request, seen: Traffic, cut_after: int | None) -> httpx.Response:
        """Hands the request to the app. With ``cut_after`` the app sees the connection end after so many bytes of the body."""
        app = _counting(self.app, seen, cut_after)
        carrier = httpx.ASGITransport(app=app, raise_app_exceptions=cut_after is None)
        return await carrier.handle_async_request(request)


def _counting(app: Asgi, seen: Traffic, cut_after: int | None) -> Asgi:
    async def carried(scope: Scope, receive: Receive, send: Send) -> None:
        came_whole = False

        async def received() -> Event:
            nonlocal came_whole
            if cut_after is not None and (came_whole or seen.request_bytes >= cut_after):
                return {"type": "http.disconnect"}
            event = await receive()
            body, came_whole = event.get("body", b""), not event.get("more_body", False)
            if cut_after is not None:
                body = body[: cut_after - seen.request_bytes]
                event = {**event, "body": body, "more_body": True}
            seen.request_bytes += len(body)
            return event

        await app(scope, received, send)

    return carried


class _Stream(httpx.AsyncByteStream):
    """Bytes that come over the network, and the break after them if there is one."""

    def __init__(self, content: bytes, breaks: httpx.ReadError | None) -> None:
        self._content = content
        self._breaks = breaks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        if self._breaks is not None:
            raise self._breaks


def _on_the_way(status: int, headers: Mapping[str, str], content: bytes, request: httpx.Request) -> httpx.Response:
    """An answer whose body has not been read yet, as a client meets it."""
    return httpx.Response(status, headers=headers, stream=_Stream(content, None), request=request)


def _cut_short(answer: httpx.Response, content: bytes, after_bytes: int, request: httpx.Request) -> httpx.Response:
    stream = _Stream(content[:after_bytes], httpx.ReadError("connection reset", request=request))
    return httpx.Response(answer.status_code, headers=answer.headers, stream=stream, request=request)


HOUR_MS = 3_600_000
MORNING_MS = 1_793_836_800_000
"""2026-11-05 00:00 UTC, 07:00 at the post."""


@dataclass
class TrueTime:
    """What the sun says; every watch is read against it."""

    ms: int = MORNING_MS

    def pass_by(self, ms: int) -> None:
        self.ms += ms


@dataclass
class Watch:
    """A device's clocks: the wall clock may be wrong by years, the monotonic one only measures durations of one boot."""

    true: TrueTime
    ahead_ms: int = 0
    boot: int = 1

    def read(self) -> Reading:
        return Reading(self.now_ms(), self.true.ms % 1_000_000_000, f"boot{self.boot}")

    def now_ms(self) -> int:
        return self.true.ms + self.ahead_ms
