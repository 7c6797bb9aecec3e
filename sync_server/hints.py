"""Who is listening, and what to tell them: that there is something new in a stream, never what."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager

from journal.wire import Hint


class Listener:
    """One open line. Hints that come while it is busy become one."""

    def __init__(self, streams: frozenset[str]) -> None:
        self._streams = streams
        self._new: set[str] = set()
        self._told = asyncio.Event()

    def tell(self, streams: Iterable[str]) -> None:
        self._new |= self._streams & set(streams)
        if self._new:
            self._told.set()

    async def events(self, heartbeat_s: float) -> AsyncIterator[bytes]:
        """Server-sent events; a comment when nothing happened for a while, so that both ends notice a dead line."""
        yield b": here\n\n"
        while True:
            try:
                await asyncio.wait_for(self._told.wait(), heartbeat_s)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            hint = Hint(streams=tuple(sorted(self._new)))
            self._new.clear()
            self._told.clear()
            yield b"event: news\ndata: " + hint.packed() + b"\n\n"


class Hints:
    """All open lines of this process. Call it on the event loop only."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._any = asyncio.Event()

    async def any_news(self) -> None:
        """Returns once there is something new in any stream."""
        await self._any.wait()
        self._any.clear()

    def tell(self, streams: Iterable[str]) -> None:
        streams = list(streams)
        if streams:
            self._any.set()
        for listener in self._listeners:
            listener.tell(streams)

    @contextmanager
    def listening(self, streams: frozenset[str]) -> Iterator[Listener]:
        listener = Listener(streams)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
