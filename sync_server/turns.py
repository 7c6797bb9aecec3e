"""One request at a time holds what comes over breaking lines: the newest ends the one before it, whose line may be dead."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sync_server.problems import Refused

TAKE_OVER_S = 5.0


@dataclass
class Turn:
    """One request that holds something. ``stop`` asks it to end; ``ended`` says that what it brought is noted."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def while_wanted(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The body until a newer request takes its place. Raises :class:`Refused` (``not_whole``) then."""
        stopping = asyncio.ensure_future(self.stop.wait())
        try:
            while True:
                coming = asyncio.ensure_future(anext(body, None))
                await asyncio.wait({coming, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    coming.cancel()
                    await asyncio.gather(coming, return_exceptions=True)
                    raise Refused("not_whole", "a newer request goes on with this", headers={"Connection": "close"})
                if (chunk := coming.result()) is None:
                    return
                yield chunk
        finally:
            stopping.cancel()


class Turns:
    """Who holds what, by its name."""

    def __init__(self) -> None:
        self._turns: dict[str, Turn] = {}

    def is_held(self, name: str) -> bool:
        return name in self._turns

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[Turn]:
        """Holds it; whoever held it is asked to end, since a device sends one piece at a time and knows which is new.

        Raises :class:`Refused` (``busy``) when that one does not end.
        """
        while (before := self._turns.get(name)) is not None:
            before.stop.set()
            try:
                async with asyncio.timeout(TAKE_OVER_S):
                    await before.ended.wait()
            except TimeoutError:
                raise Refused("busy", "another piece of this is on its way") from None
        turn = self._turns[name] = Turn()
        try:
            yield turn
        finally:
            del self._turns[name]
            turn.ended.set()
