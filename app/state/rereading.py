"""Reads again whenever something changed, one reading at a time, and never for nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class Rereading:
    """Called while it runs, it reads once more when it is done: however many changes came, the last one is seen."""

    def __init__(self, read: Callable[[], Awaitable[None]]) -> None:
        self._read = read
        self._running = False
        self._again = False
        self._still = asyncio.Event()
        self._still.set()

    async def settle(self) -> None:
        """Until what was asked for is read."""
        await self._still.wait()

    async def __call__(self) -> None:
        self._again = True
        if self._running:
            return
        self._running = True
        self._still.clear()
        try:
            while self._again:
                self._again = False
                await self._read_once()
        finally:
            self._running = False
            self._still.set()

    async def _read_once(self) -> None:
        """A reading runs as a task that nobody waits for: what goes wrong in it is told here, and the screen stays as it was."""
        try:
            await self._read()
        except Exception:
            log.exception("what a room shows could not be read")
