"""Counts the bytes of a day on metered links, and forgets none of a photo when the app is killed."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from app.store.durable_files import write_durably

log = logging.getLogger(__name__)

AHEAD_BYTES: Final = 262_144
"""The file says so much more than was counted: what is sent until it is written again is in it already."""


@dataclass(frozen=True)
class _Kept:
    day: str
    bytes: int


_ADAPTER: Final = TypeAdapter(_Kept)


class TrafficMeter:
    """A day's bytes in one small file. After a kill it counts up to 256 KiB too many, never fewer than were sent of a photo.

    ``today`` gives the local day, such as ``2026-11-05``. A file that cannot be written keeps nothing from travelling, since a
    full disk is emptied by sending: the count then lives as long as the app.
    """

    def __init__(self, path: Path, today: Callable[[], str]) -> None:
        self._path = path
        self._today = today
        self._day = today()
        kept = _read(path)
        self._bytes = kept.bytes if kept is not None and kept.day == self._day else 0
        self._kept_bytes = self._bytes
        self._other_days: dict[str, int] = {}
        """What was counted in this run under other dates: a mast across the border may turn the clock there and back."""
        self._one_at_a_time = asyncio.Lock()

    @property
    def spent_bytes(self) -> int:
        self._turn_page()
        return self._bytes

    def count(self, size_bytes: int) -> None:
        self._turn_page()
        self._bytes += size_bytes

    def _turn_page(self) -> None:
        today = self._today()
        if today != self._day:
            self._other_days[self._day] = self._bytes
            self._day, self._bytes, self._kept_bytes = today, self._other_days.get(today, 0), 0

    async def make_sure(self) -> None:
        """Before photo bytes leave: the file covers them. Writes once for each 256 KiB."""
        async with self._one_at_a_time:
            if self.spent_bytes + AHEAD_BYTES // 4 <= self._kept_bytes:
                return
            day, covered = self._day, self._bytes + AHEAD_BYTES
            try:
                await asyncio.to_thread(_write, self._path, _Kept(day, covered))
            except OSError as full:
                log.warning("what was sent today cannot be kept: %s", full)
            if day == self._day:
                self._kept_bytes = covered


def _read(path: Path) -> _Kept | None:
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        log.warning("what was sent today cannot be read; the day is counted anew")
        return None


def _write(path: Path, kept: _Kept) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, [json.dumps(asdict(kept)).encode()])
