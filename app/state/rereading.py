"""Reads again whenever something changed, one reading at a time, and never for nothing."""

from collections.abc import Awaitable, Callable


class Rereading:
    """Called while it runs, it reads once more when it is done: however many changes came, the last one is seen."""

    def __init__(self, read: Callable[[], Awaitable[None]]) -> None:
        self._read = read
        self._running = False
        self._again = False

    async def __call__(self) -> None:
        self._again = True
        if self._running:
            return
        self._running = True
        try:
            while self._again:
                self._again = False
                await self._read()
        finally:
            self._running = False
