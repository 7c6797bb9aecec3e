"""Photos leave this phone to make room: only those of which the station, asked now, signs that it has them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import flet as ft

from app.store.outcomes import KeptPhoto
from app.sync.answers import ExchangeFailed


@dataclass(frozen=True)
class Freed:
    """How it ended. ``kept`` is how many stayed because the station signs for none of them now."""

    count: int
    freed_bytes: int
    kept: int = 0
    broken: bool = False
    """The station fell silent before the last; what was not asked for yet stayed."""


@dataclass(eq=False)
class Freeing(ft.Observable):
    """A component that takes it is drawn again when a field changes."""

    running: bool = False
    done: int = 0
    of: int = 0
    outcome: Freed | None = None

    async def free(self, photos: Sequence[KeptPhoto], release: Callable[[str], Awaitable[bool]]) -> None:
        """Lets these go one by one. ``release`` takes one off this device if the station has it, and says whether it did."""
        if self.running:
            return
        self.running, self.done, self.of, self.outcome = True, 0, len(photos), None
        gone, broken = list[KeptPhoto](), False
        try:
            for photo in photos:
                if await release(photo.sha256):
                    gone.append(photo)
                self.done += 1
        except ExchangeFailed:
            broken = True
        finally:
            freed_bytes = sum(photo.size_bytes for photo in gone)
            self.outcome, self.running = Freed(len(gone), freed_bytes, self.done - len(gone), broken), False
