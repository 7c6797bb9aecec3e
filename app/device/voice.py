"""The microphone and the loudspeaker: sound is in memory only, so that no word lies on the disk in the clear."""

import asyncio
import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

import flet as ft
import flet_audio as fa
import flet_audio_recorder as fr

log = logging.getLogger(__name__)

ROOM_RATES_HZ: Final = ((8_000, 1), (16_000, 1), (44_100, 1), (48_000, 1), (44_100, 2), (48_000, 2))
"""What microphones of browsers give."""


class NoVoice(StrEnum):
    """Why the microphone does not listen."""

    PERMISSION = "permission"
    BROKEN = "broken"


@dataclass(frozen=True)
class Sound:
    """What a microphone gave: signed 16-bit little-endian samples, channels interleaved."""

    pcm: bytes
    rate_hz: int
    channels: int = 1


class Voice(Protocol):
    """A microphone and a loudspeaker."""

    async def listen(self, rate_hz: int) -> NoVoice | None:
        """Begins to listen, at this rate where the device can; None when it does."""
        ...

    async def stop(self) -> Sound:
        """Ends it, and gives what was heard since."""
        ...

    async def play(self, raw: bytes) -> None:
        """Plays a note from its beginning; what played before ends."""
        ...

    async def hush(self) -> None:
        """Ends the playing."""
        ...


class FletVoice:
    """The device's own, through the page of the running handler."""

    def __init__(self) -> None:
        self._recorder: fr.AudioRecorder | None = None
        self._player: fa.Audio | None = None
        self._playing: asyncio.Task[None] | None = None
        self._heard: list[tuple[float, bytes]] = []
        self._rate_hz = 0
        self._on_web = False

    async def listen(self, rate_hz: int) -> NoVoice | None:
        self._on_web, self._rate_hz = ft.context.page.web, rate_hz
        recorder = self._recorder or fr.AudioRecorder(on_stream=self._hear)
        self._recorder = recorder  # a service that nobody holds is dropped
        self._heard = []
        try:
            if not await recorder.has_permission():
                return NoVoice.PERMISSION
            begun = await recorder.start_recording(configuration=_one_voice(rate_hz))
        except (RuntimeError, TimeoutError) as broken:
            log.warning("the microphone does not listen: %s", broken)
            return NoVoice.BROKEN
        return None if begun else NoVoice.BROKEN

    def _hear(self, event: fr.AudioRecorderStreamEvent) -> None:
        self._heard.append((time.monotonic(), event.chunk))

    async def stop(self) -> Sound:
        if self._recorder is not None:
            try:
                await self._recorder.stop_recording()
            except (RuntimeError, TimeoutError) as broken:
                log.warning("the microphone does not stop: %s", broken)
        heard, self._heard = self._heard, []
        pcm = b"".join(chunk for _, chunk in heard)
        rate_hz, channels = _guess_room(heard) if self._on_web and len(heard) > 1 else (self._rate_hz, 1)
        return Sound(pcm, rate_hz, channels)

    async def play(self, raw: bytes) -> None:
        await self.hush()
        self._player = fa.Audio(src=raw, release_mode=fa.ReleaseMode.STOP)
        self._player.update()
        # Some players answer only when the sound has ended, or never where there is no loudspeaker.
        self._playing = asyncio.get_running_loop().create_task(_begin(self._player))

    async def hush(self) -> None:
        player, self._player = self._player, None
        if self._playing is not None:
            self._playing.cancel()
            self._playing = None
        if player is not None:
            await player.release()  # type: ignore[no-untyped-call]  # Flet left it without types


async def _begin(player: fa.Audio) -> None:
    try:
        await player.play()
    except (RuntimeError, TimeoutError) as silent:
        log.info("the loudspeaker does not answer: %s", silent)


def _one_voice(rate_hz: int) -> fr.AudioRecorderConfiguration:
    return fr.AudioRecorderConfiguration(
        encoder=fr.AudioEncoder.PCM16BITS, channels=1, sample_rate=rate_hz, suppress_noise=True, auto_gain=True
    )


def _guess_room(heard: list[tuple[float, bytes]]) -> tuple[int, int]:
    """Rate and channels of a browser's microphone: it gives its own, whatever was asked, and does not say which."""
    seconds = max(heard[-1][0] - heard[0][0], 0.001)
    a_second = sum(len(chunk) for _, chunk in heard[1:]) / 2 / seconds
    return min(ROOM_RATES_HZ, key=lambda room: abs(room[0] * room[1] - a_second))
