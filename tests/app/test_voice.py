"""Spoken words as bytes: their length, their loudness, and what is not worth keeping."""

import array
import math
import struct

import pytest

from app.record.voice import LONGEST_MS, RATE_HZ, Spoken, VoiceRefused, read_sound

HEAD_BYTES = 58


def tone(length_ms: int, rate_hz: int = RATE_HZ, channels: int = 1, *, pitch_hz: int = 300, loud: int = 12_000) -> bytes:
    samples = array.array("h")
    for step in range(rate_hz * length_ms // 1000):
        samples.extend([round(loud * math.sin(math.tau * pitch_hz * step / rate_hz))] * channels)
    return samples.tobytes()


def expand(level: int) -> int:
    """ITU-T G.711, table 2a: the sample that a byte stands for."""
    level = ~level & 0xFF
    size = (((level & 0x0F) << 3) + 0x84 << (level >> 4 & 7)) - 0x84
    return -size if level & 0x80 else size


def heard(spoken: Spoken) -> list[int]:
    return [expand(level) for level in spoken.raw[HEAD_BYTES:]]


def test_a_note_is_a_telephone_wav_of_one_byte_a_sample():
    spoken = read_sound(tone(3_000), RATE_HZ, 1)
    assert isinstance(spoken, Spoken)
    assert spoken.length_ms == 3_000
    assert len(spoken.raw) == HEAD_BYTES + 24_000
    riff, size, wave = struct.unpack_from("<4sI4s", spoken.raw)
    assert (riff, size, wave) == (b"RIFF", len(spoken.raw) - 8, b"WAVE")
    assert struct.unpack_from("<HHIIHH", spoken.raw, 20) == (7, 1, RATE_HZ, RATE_HZ, 1, 8)


def test_what_is_heard_is_what_was_said():
    pcm = tone(1_000)
    said = array.array("h", pcm)
    spoken = read_sound(pcm, RATE_HZ, 1)
    assert isinstance(spoken, Spoken)
    assert all(abs(one - other) <= max(8, abs(one) // 20) for one, other in zip(said, heard(spoken), strict=True))


@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (44_100, 1), (44_100, 2), (48_000, 2)])
def test_other_microphones_end_as_the_same_telephone(rate_hz, channels):
    spoken = read_sound(tone(2_000, rate_hz, channels), rate_hz, channels)
    assert isinstance(spoken, Spoken)
    assert spoken.length_ms == pytest.approx(2_000, abs=2)
    crossings = sum(one < 0 <= other for one, other in zip(heard(spoken), heard(spoken)[1:], strict=False))
    assert crossings == pytest.approx(600, abs=3)
    assert max(heard(spoken)) == pytest.approx(12_000, rel=0.1)


@pytest.mark.parametrize("length_ms", [0, 400, 999])
def test_a_slip_of_the_finger_is_not_kept(length_ms):
    assert read_sound(tone(length_ms), RATE_HZ, 1) == VoiceRefused("too_short")


def test_a_note_ends_after_two_minutes_whatever_was_heard():
    spoken = read_sound(bytes(2 * RATE_HZ * 130), RATE_HZ, 1)
    assert isinstance(spoken, Spoken)
    assert (spoken.length_ms, len(spoken.raw)) == (LONGEST_MS, HEAD_BYTES + LONGEST_MS * RATE_HZ // 1000)


def test_half_a_sample_at_the_end_is_let_go():
    spoken = read_sound(tone(1_000) + b"\x01", RATE_HZ, 1)
    assert isinstance(spoken, Spoken)
    assert spoken.length_ms == 1_000
