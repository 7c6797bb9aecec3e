"""Hearing a voice note at the desk: fetched when it is pressed, one at a time."""

from dataclasses import dataclass

import flet as ft

from app.state.desk_means import DeskMeans


@dataclass(eq=False)
class VoiceDesk(ft.Observable):
    """``played`` is the hash of the note that is heard, ``missing`` of one that nobody gives now."""

    means: DeskMeans
    played: str | None = None
    missing: str | None = None

    async def press(self, sha256: str) -> None:
        """Plays the note; pressed again it is silent."""
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
