"""What the process holds in memory, and when that is searched for cycles that nobody needs any more.

A search of all that a desk of 100,000 records holds takes 150 ms, and Python begins one after so many new objects: in the middle
of every tenth page that is turned. So what stands is left out, and the rest is searched while nobody waits.
"""

import asyncio
import gc

SEARCHED_AFTER = (10_000, 10, 10)
"""New objects until Python searches without a quiet moment: some pages drawn in one go, without a touch between them."""
QUIET_S = 0.6
"""Without a touch. Who reads what was drawn takes longer, who types takes less from letter to letter."""


def keep_what_stands() -> None:
    """To be called when somebody's work was opened: what stands then lives until it is closed and is not searched again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCHED_AFTER)


class QuietMoments:
    """Made on the loop that it watches."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waits: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        """Somebody does something on a page: memory is searched once they have stopped."""
        if self._waits is not None:
            self._waits.cancel()
        self._waits = self._loop.call_later(QUIET_S, gc.collect)
