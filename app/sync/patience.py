"""How long to wait before the next try: short where a link moves and breaks, longer and longer where nothing answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from app.store.outcomes import Cursors

FIRST_WAIT_S: Final = 0.9
LONGEST_WAIT_S: Final = 300.0
QUICK_TRIES: Final = 5
"""So often a link that took bytes is believed to move though the station says nothing of them."""


def wait_after(failures: int, random_bytes: Callable[[int], bytes]) -> float:
    """Seconds until the next try: full jitter (Brooker, "Exponential Backoff And Jitter", 2015), so that the phones of a team
    that lost one mast do not all return at once. The first try comes within 0.9 s.
    """
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - 1, 12))
    return longest * (int.from_bytes(random_bytes(4), "big") / 2**32)


@dataclass(frozen=True)
class Reached:
    """How far station and device have come with each other: what waits here, what of it is there, what was read."""

    entries_waiting: int
    photos_waiting: int
    photo_bytes_there: int
    cursors: Cursors

    def is_beyond(self, before: Self) -> bool:
        return (
            self.entries_waiting < before.entries_waiting
            or self.photos_waiting < before.photos_waiting
            or self.photo_bytes_there > before.photo_bytes_there
            or self.cursors != before.cursors
        )


class Patience:
    """Remembers how tries went. A break after progress is no failure: the next try comes within a second."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._random_bytes = random_bytes
        self._failures = 0
        self._in_vain = 0

    def wait_after_failure(self, *, arrived: bool = False, left: bool = False) -> float:
        """``arrived``: the station holds, or this device has read, more than after the failure before. ``left``: bytes were
        handed to the link, of which nothing is known.
        """
        if left and not arrived:
            self._in_vain += 1
        quick = arrived or (left and self._in_vain <= QUICK_TRIES)
        if arrived:
            self._in_vain = 0
        self._failures = 1 if quick else self._failures + 1
        return wait_after(self._failures, self._random_bytes)

    def begin_anew(self) -> None:
        """All went well, or the network is another: what failed before says nothing any more."""
        self._failures = self._in_vain = 0
