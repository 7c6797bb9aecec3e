"""Hearing a voice note at the desk: fetched when it is pressed, one at a time."""

import asyncio
from dataclasses import dataclass

import flet as ft

from app.state.desk_means import DeskMeans


@dataclass(eq=False)
class VoiceDesk(ft.Observable):
    """``played`` is the hash of the note that is heard, ``missing`` of one that nobody gives now."""

    means: DeskMeans
    played: str | None = None
    missing: str | None = None

    def __post_init__(self) -> None:
        self._ending: asyncio.Task[None] | None = None

    async def press(self, sha256: str, length_ms: int) -> None:
        """Plays the note; pressed again it is silent."""
        if self._ending is not None:
            self._ending.cancel()
        was, self.played, self.missing = self.played, None, None
        if was is not None:
            await self.means.voice.hush()
        if was == sha256:
            return
        raw = await self.means.fetch_photo(sha256)
        if raw is None:
            self.missing = sha256
            return
        self.played = sha256
        await self.means.voice.play(raw)
        self._ending = asyncio.get_running_loop().create_task(self._end_after(sha256, length_ms / 1000))

    async def _end_after(self, sha256: str, length_s: float) -> None:
        await asyncio.sleep(length_s)
        if self.played == sha256:
            self.played = None
