"""A voice note while it is spoken, kept with the draft it belongs to, and heard again."""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

import flet as ft

from app.device.voice import Sound, Voice
from app.record import VoiceForm
from app.record.voice import LONGEST_MS, MEDIA_TYPE, MOST_VOICES, RATE_HZ, VoiceRefused, read_sound
from app.state.draft import Draft
from app.store.space import NoRoom

if TYPE_CHECKING:
    from app.state.session import Session

log = logging.getLogger(__name__)

TICK_S: Final = 0.5


class Dictating(ft.Observable):
    """One note at a time. What is being spoken is in memory only: a kill before *stop* loses it, nothing after does."""

    def __init__(self, session: "Session", voice: Voice) -> None:
        self.spoken_ms = 0
        self.into: str | None = None
        """The draft that the microphone listens for."""
        self.played: str | None = None
        """The hash of the note that is being played."""
        self.refused = ""
        """Why the last note was not kept."""
        self._session = session
        self._voice = voice
        self._begun_ms = 0
        self._counting: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    async def begin(self, draft: Draft) -> None:
        if self.into is not None or len(draft.content.voices) >= MOST_VOICES:
            return
        await self.hush()
        trouble = await self._voice.listen(RATE_HZ)
        self.refused = trouble or ""
        if trouble is None:
            self.into, self.spoken_ms, self._begun_ms = draft.key, 0, self._session.now_ms()
            self._counting = asyncio.get_running_loop().create_task(self._count())

    async def _count(self) -> None:
        while self.spoken_ms < LONGEST_MS:
            await asyncio.sleep(TICK_S)
            self.spoken_ms += int(TICK_S * 1000)
        self._counting = None
        await self.keep()

    async def keep(self) -> None:
        """Ends the note and keeps it: durable before the screen shows it."""
        if self.into is None:
            return
        draft = self._session.drafting.find(self.into)
        sound = await self._end()
        if draft is None:
            return
        spoken = await asyncio.to_thread(read_sound, sound.pcm, sound.rate_hz, sound.channels)
        if isinstance(spoken, VoiceRefused):
            self.refused = spoken.reason
            return
        try:
            kept = await self._session.notebook.keep_photo(spoken.raw)
        except NoRoom:
            log.warning("no room for a voice note")
            self.refused = "no_room"
            return
        form = VoiceForm(kept.sha256, kept.size_bytes, MEDIA_TYPE, spoken.length_ms, self._begun_ms)
        draft.change(voices=(*draft.content.voices, form))
        await self._session.keeping.keep_now()

    async def drop_spoken(self) -> None:
        """Forgets what is being spoken."""
        if self.into is not None:
            await self._end()

    async def drop(self, draft: Draft, sha256: str) -> None:
        """Takes a note out of the draft; its bytes stay sealed on the device and belong to no record."""
        await self.hush()
        draft.change(voices=tuple(one for one in draft.content.voices if one.sha256 != sha256))

    async def play(self, sha256: str, length_ms: int) -> None:
        """Plays a note that lies on this device; pressed again it is silent."""
        if self.played == sha256:
            await self.hush()
            return
        raw = await self._session.notebook.read_photo(sha256)
        if raw is None:
            self.refused = "missing"
            return
        await self.hush()
        self.played = sha256
        await self._voice.play(raw)
        self._ending = asyncio.get_running_loop().create_task(self._end_after(sha256, length_ms / 1000))

    async def _end_after(self, sha256: str, length_s: float) -> None:
        await asyncio.sleep(length_s)
        if self.played == sha256:
            self.played = None

    async def hush(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if self.played is not None:
            self.played = None
            await self._voice.hush()

    async def _end(self) -> Sound:
        self.into = None
        if self._counting is not None:
            self._counting.cancel()
            self._counting = None
        return await self._voice.stop()
