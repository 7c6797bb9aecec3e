"""What every exchange uses: the running station, bodies with an end, answers that nobody caches."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from journal.wire import Message, WireUnreadable
from sync_server.problems import Refused
from sync_server.running import Running

M = TypeVar("M", bound=Message)
NO_STORE = {"Cache-Control": "no-store"}
SHA256 = re.compile(r"^[0-9a-f]{64}$")
ITEMS_AT_ONCE = 200
"""So many cost a few milliseconds to pack; more are packed on a thread."""


def running_at(request: Request) -> Running:
    """The station that this request came to."""
    running = request.app.state.running
    if not isinstance(running, Running):
        raise TypeError("the app was not made by create_server")
    return running


async def running_of(request: Request) -> Running:
    """A coroutine, for FastAPI would look a plain function up on another thread."""
    return running_at(request)


Here = Annotated[Running, Depends(running_of)]


def answer(message: BaseModel, running: Running, status: int = 200) -> Response:
    """A message as JSON, with a fresh nonce for the next proof."""
    headers = {**NO_STORE, "DPoP-Nonce": running.gate.nonce()}
    return Response(message.model_dump_json(exclude_none=True), status, headers, "application/json")


def packed_answer(pieces: Iterator[bytes], items: int, media_type: str, running: Running) -> Response:
    """News, with a fresh nonce for the next proof: few of them in one piece, many as they are packed."""
    headers = {**NO_STORE, "DPoP-Nonce": running.gate.nonce()}
    if items <= ITEMS_AT_ONCE:
        return Response(b"".join(pieces), headers=headers, media_type=media_type)
    return StreamingResponse(pieces, headers=headers, media_type=media_type)


def read_number(request: Request, header: str) -> int:
    """A size or a place in bytes. Raises :class:`Refused` (``invalid``)."""
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdigit() or len(text) > 12:  # noqa: PLR2004  more digits than any file has
        raise Refused("invalid", header)
    return int(text)


async def chunks(request: Request, limit_bytes: int, silence_s: float) -> AsyncIterator[bytes]:
    """The body as it comes. Raises :class:`Refused` when it is too long or stops coming, ClientDisconnect when it breaks."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit_bytes:
        raise Refused("too_large", f"at most {limit_bytes} bytes")
    stream, size = request.stream().__aiter__(), 0
    while True:
        try:
            async with asyncio.timeout(silence_s):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Refused("too_slow", headers={"Connection": "close"}) from None
        size += len(chunk)
        if size > limit_bytes:
            raise Refused("too_large", f"at most {limit_bytes} bytes", headers={"Connection": "close"})
        yield chunk


async def read_body(request: Request, running: Running) -> bytes:
    """A small body as a whole."""
    return await read_limited(request, running, running.settings.limits.message_bytes)


async def read_limited(request: Request, running: Running, limit_bytes: int) -> bytes:
    """A body of at most so much as a whole."""
    try:
        return b"".join([chunk async for chunk in chunks(request, limit_bytes, running.settings.limits.slow_body_s)])
    except ClientDisconnect:
        raise Refused("not_whole") from None


async def read_message(request: Request, running: Running, kind: type[M]) -> M:
    """A message of the protocol. Raises :class:`Refused` (``invalid``)."""
    try:
        return kind.unpack(await read_body(request, running))
    except WireUnreadable as unreadable:
        raise Refused("invalid", str(unreadable)) from None
