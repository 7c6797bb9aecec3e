"""A line that dies without a word: neither side is told, and what was sent before it is there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine

import httpx


async def line_that_dies(raw: bytes, silent: asyncio.Event) -> AsyncIterator[bytes]:
    """A body whose sender falls silent without a word: ``silent`` is set once the station took all of it and waits for more."""
    for start in range(0, len(raw), 1_400):
        yield raw[start : start + 1_400]
    silent.set()
    await asyncio.Event().wait()


async def fall_silent(
    send: Callable[[AsyncIterator[bytes]], Coroutine[None, None, httpx.Response]], raw: bytes
) -> asyncio.Task[httpx.Response]:
    """A request whose line dies after ``raw``, once the station has all of that."""
    silent = asyncio.Event()
    hanging = asyncio.create_task(send(line_that_dies(raw, silent)))
    async with asyncio.timeout(30):
        await silent.wait()
    return hanging
