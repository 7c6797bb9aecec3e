"""Spoken words become bytes of evidence: telephone sound (G.711 µ-law, 8 kHz, one channel) in a WAV file, one byte a sample.

Two minutes are below one megabyte, every phone and browser plays it, and no code of ours decides what was said.
"""

import array
import hashlib
import struct
import sys
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from app.record.forms import VoiceForm
from app.store.pen import Pen
from journal.entries import VoiceRecorded

RATE_HZ: Final = 8_000
MEDIA_TYPE: Final = "audio/wav"
LONGEST_MS: Final = 120_000
SHORTEST_MS: Final = 1_000
MOST_VOICES: Final = 2
_MU_LAW: Final = 7
_BIAS, _LOUDEST = 0x84, 32_635
_HEAD: Final = struct.Struct("<4sI4s4sIHHIIHHH4sII4sI")


@dataclass(frozen=True)
class Spoken:
    """A voice note as it is kept."""

    raw: bytes
    sha256: str
    length_ms: int


@dataclass(frozen=True)
class VoiceRefused:
    """Why nothing was kept: ``too_short``, ``no_room``, or a trouble of the microphone."""

    reason: str


def read_sound(pcm: bytes, rate_hz: int, channels: int) -> Spoken | VoiceRefused:
    """The note in this sound (signed 16-bit little-endian, channels interleaved), cut at the longest length.

    What is shorter than a second is a slip of the finger.
    """
    samples = _to_telephone(pcm, rate_hz, channels)[: LONGEST_MS * RATE_HZ // 1000]
    length_ms = len(samples) * 1000 // RATE_HZ
    if length_ms < SHORTEST_MS:
        return VoiceRefused("too_short")
    levels = _mu_law()
    spoken = bytes(levels[sample & 0xFFFF] for sample in samples)
    raw = _head(len(spoken)) + spoken + bytes(len(spoken) % 2)
    return Spoken(raw, hashlib.sha256(raw).hexdigest(), length_ms)


def write_voice(pen: Pen, subject: str, voice: VoiceForm) -> str:
    """The fact of a note about a record, within the record's transaction; returns its ref."""
    body = VoiceRecorded(
        of=subject,
        sha256=voice.sha256,
        size_bytes=voice.size_bytes,
        media_type=voice.media_type,
        length_ms=voice.length_ms,
        taken_ms=voice.taken_ms,
    )
    return pen.write(body).ref


def _to_telephone(pcm: bytes, rate_hz: int, channels: int) -> "array.array[int]":
    """One channel at 8 kHz: each sample the mean of those that it stands for."""
    samples = array.array("h")
    samples.frombytes(pcm[: len(pcm) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    step = rate_hz * channels / RATE_HZ
    if step == 1:
        return samples
    count = int(len(samples) / step)
    edges = [round(number * step / channels) * channels for number in range(count + 1)]
    pieces = (samples[start:end] for start, end in pairwise(edges))
    return array.array("h", [sum(piece) // len(piece) if piece else 0 for piece in pieces])


@cache
def _mu_law() -> bytes:
    """The byte of each 16-bit sample, by its unsigned value (ITU-T G.711)."""
    return bytes(_compress(sample - 0x10000 if sample & 0x8000 else sample) for sample in range(0x10000))


def _compress(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    loud = min(abs(sample), _LOUDEST) + _BIAS
    exponent = loud.bit_length() - 8
    return ~(sign | exponent << 4 | (loud >> (exponent + 3)) & 0x0F) & 0xFF


def _head(size_bytes: int) -> bytes:
    """RIFF, the format with its empty extension, the number of samples, and the head of the sound itself."""
    padded = size_bytes + size_bytes % 2
    return _HEAD.pack(
        b"RIFF", _HEAD.size - 8 + padded, b"WAVE", b"fmt ", 18, _MU_LAW, 1, RATE_HZ, RATE_HZ, 1, 8, 0,
        b"fact", 4, size_bytes, b"data", size_bytes,
    )  # fmt: skip
