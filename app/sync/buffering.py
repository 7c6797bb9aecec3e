"""Notices a proxy that keeps a push until its end, so that a break would lose all of it; then pushes are kept small."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.sync.answers import ExchangeFailed

SMALL_PUSH_BYTES = 24_576
SMALL_PUSHES = 20
"""After so many small ones a whole one shows whether the way is better now."""
ASK_AFTER_S = 5.0
"""A push that takes less was quick enough: nothing is asked."""
ASK_EVERY_S = 10.0
SURE_AFTER = 2


class Buffering:
    """Whether the way to this station lets a push through while it is being sent.

    ``ask_held`` asks the station, beside the push, how far it holds the chain.
    """

    def __init__(
        self,
        ask_held: Callable[[], Awaitable[int]],
        *,
        after_s: float = ASK_AFTER_S,
        every_s: float = ASK_EVERY_S,
        small_bytes: int = SMALL_PUSH_BYTES,
    ) -> None:
        self._ask_held = ask_held
        self._after_s, self._every_s, self._small_bytes = after_s, every_s, small_bytes
        self._small_left = 0

    def bound(self, size_bytes: int) -> int:
        """How much one push may hold, of what the link would carry well."""
        return min(size_bytes, self._small_bytes) if self._small_left else size_bytes

    @asynccontextmanager
    async def watching(self, held_to: int) -> AsyncIterator[None]:
        """Watches while a push of more than one frame after ``held_to`` is sent and answered.

        It tells something once the station was asked twice and had seen nothing: whether the push then came through or not.
        """
        self._small_left = max(0, self._small_left - 1)
        stood_still = 0

        async def watch() -> None:
            nonlocal stood_still
            await asyncio.sleep(self._after_s)
            while True:
                try:
                    if await self._ask_held() > held_to:
                        stood_still = 0
                        return
                except ExchangeFailed:
                    return
                stood_still += 1
                await asyncio.sleep(self._every_s)

        watching = asyncio.get_running_loop().create_task(watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            if stood_still >= SURE_AFTER:
                self._small_left = SMALL_PUSHES
