"""Work of a page in the background: in the context of that page, whoever starts it, and whether or not it is connected now."""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class PageTasks:
    """Made while the page opens. What fails is logged; nothing of it reaches the page."""

    def __init__(self) -> None:
        self._context = contextvars.copy_context()
        self._running: set[asyncio.Task[None]] = set()

    def __call__(self, work: Callable[[], Awaitable[None]]) -> None:
        """Starts ``work`` on the running loop."""
        task = asyncio.get_running_loop().create_task(self._watched(work), context=self._context)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _watched(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:
            log.exception("work of a page failed")

    def end(self) -> None:
        """The page is gone."""
        for task in tuple(self._running):
            task.cancel()
