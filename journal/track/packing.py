"""Fixes packed for the journal, at less than a byte a fix: each is written as its difference from where it was foreseen.

Packing ``dv2`` keeps the order in which fixes came. What it rounds: the time to 50 ms, the place to less than 1 m, the
accuracy up, by at most a half and never below 1 m, the altitude to 10 m. Real or mocked is kept exactly.

Bytes: CRC-32 of the rest; then by the range coder of :mod:`journal.track.range_coding` the head as plain numbers (count, first
time, ticks between fixes, first latitude and longitude, step of longitude, number of the gains), and for each fix a symbol that
says what changed, the changes, and the two surprises of place in steps.
"""

from __future__ import annotations

import logging
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from journal.track.fixes import Fix
from journal.track.range_coding import CodeUnreadable, Decoder, Encoder, Model
from journal.track.steps import (
    ALTITUDE_STEP_MM,
    GAINS,
    HIGHEST_RUNG,
    LATITUDE_STEP_E7,
    TICK_MS,
    Foresight,
    accuracy_on,
    longitude_step_e7,
    rung_of,
)
from journal.wire import WireUnreadable, from_text

if TYPE_CHECKING:
    from journal.entries import TrackRecorded

_log = logging.getLogger(__name__)

PACKING: Final = "dv2"
MOST_FIXES: Final = 7_200
"""Two hours at a fix a second: a longer track is several pieces, and no piece costs its reader more than this many steps."""
TICKS, ACCURACY, ALTITUDE, MOCKED = 1, 2, 4, 8
"""What a fix does not share with the one before."""
CHECK_BYTES: Final = 4
MOST_LATITUDE_E7: Final = 900_000_000
MOST_LONGITUDE_E7: Final = 1_800_000_000
FARTHEST_MS: Final = 2**53 - 1
CHANGED_PRIOR: Final = (400, 20, 60, 4, 8, 2, 4, 2, 1, 1, 1, 1, 1, 1, 1, 1)
SURPRISE_PRIORS: Final = (
    (300, 50, 50, 6, 6, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1),
    (160, 80, 80, 16, 16, 4, 4, 2, 2, 1, 1, 1, 1, 1, 1),
    (100, 70, 70, 30, 30, 10, 10, 4, 4, 2, 2, 1, 1, 1, 1),
    (50, 45, 45, 30, 30, 18, 18, 10, 10, 6, 6, 4, 4, 3, 3),
)
"""By how large the last surprises were. The last symbol is the escape to a plain number."""
RUNG_PRIOR: Final = (1, 40, 40, 24, 24, 10, 10, 4, 4, 2, 2, 1, 1)
ESCAPE_SURPRISE: Final = len(SURPRISE_PRIORS[0]) - 1
ESCAPE_RUNG: Final = len(RUNG_PRIOR) - 1
MOST_ROUNDED_UP: Final = 150
"""Per cent: an accuracy is kept as before while that is not below the truth and not more than half above it."""
LEVEL_OF_SEA: Final = 1_001
"""Level 1 lies 10 km under the sea."""
LEVELS: Final = (0, 2, 5)
"""Sums of four surprises up to which a context reaches."""


class TrackUnreadable(Exception):
    """Bytes that are no packed track of this version."""


class _Models:
    """What packer and reader learn alike."""

    def __init__(self) -> None:
        self.changed = Model(CHANGED_PRIOR)
        self.rung = Model(RUNG_PRIOR)
        self.surprises = [Model(prior) for prior in SURPRISE_PRIORS]
        self._recent = (0, 0)

    def surprise(self) -> Model:
        """The model for the next fix's surprises."""
        size = self._recent[0] + self._recent[1]
        return self.surprises[next((n for n, most in enumerate(LEVELS) if size <= most), len(LEVELS))]

    def note(self, north: int, east: int) -> None:
        self._recent = (self._recent[1], min(abs(north) + abs(east), 20))


def pack_fixes(fixes: Sequence[Fix]) -> bytes:
    """At most :data:`MOST_FIXES` fixes as bytes; :func:`unpack_fixes` gives them back within the bounds of the packing."""
    if len(fixes) > MOST_FIXES:
        raise ValueError(f"{len(fixes)} fixes are more than one piece holds")
    encoder = Encoder()
    encoder.put_number(len(fixes))
    if fixes:
        _put_fixes(encoder, fixes)
    raw = encoder.finish()
    return zlib.crc32(raw).to_bytes(CHECK_BYTES, "big") + raw


def _put_fixes(encoder: Encoder, fixes: Sequence[Fix]) -> None:
    first = fixes[0]
    east_step = longitude_step_e7(min(abs(fix.latitude_e7) for fix in fixes))
    times = [_round_div(fix.at_ms - first.at_ms, TICK_MS) for fix in fixes]
    norths = [_round_div(fix.latitude_e7 - first.latitude_e7, LATITUDE_STEP_E7) for fix in fixes]
    easts = [_round_div(fix.longitude_e7 - first.longitude_e7, east_step) for fix in fixes]
    usual = Counter(after - before for before, after in pairwise(times)).most_common(1)[0][0] if len(fixes) > 1 else 0
    gains = min(range(len(GAINS)), key=lambda n: _surprise(times, norths, n) + _surprise(times, easts, n))
    for number in (first.at_ms, usual, first.latitude_e7, first.longitude_e7, east_step, gains):
        encoder.put_number(_zigzag(number))
    models, north, east = _Models(), Foresight(GAINS[gains]), Foresight(GAINS[gains])
    at, rung, level, mocked = -usual, 0, 0, False
    for fix, now, to_north, to_east in zip(fixes, times, norths, easts, strict=True):
        ticks, now_rung, now_level = now - at, _keep_rung(rung, fix.accuracy_mm), _keep_level(level, fix.altitude_mm)
        changed = TICKS * (ticks != usual) + ACCURACY * (now_rung != rung) + ALTITUDE * (now_level != level)
        encoder.put(models.changed, changed + MOCKED * (fix.mocked != mocked))
        if ticks != usual:
            encoder.put_number(_zigzag(ticks - usual))
        if now_rung != rung:
            _put(encoder, models.rung, _zigzag(now_rung - rung), ESCAPE_RUNG)
        if now_level != level:
            encoder.put_number(_zigzag(now_level - level))
        off_north, off_east = to_north - north.foresee(ticks), to_east - east.foresee(ticks)
        model = models.surprise()
        _put(encoder, model, _zigzag(off_north), ESCAPE_SURPRISE)
        _put(encoder, model, _zigzag(off_east), ESCAPE_SURPRISE)
        models.note(off_north, off_east)
        north.learn(to_north, ticks)
        east.learn(to_east, ticks)
        at, rung, level, mocked = now, now_rung, now_level, fix.mocked


def unpack_tracks(tracks: Iterable[TrackRecorded]) -> list[Fix]:
    """The fixes of these track entries, one after the other; one of a newer version has none that can be read."""
    fixes: list[Fix] = []
    for track in tracks:
        try:
            fixes += unpack_fixes(from_text(track.fixes), track.packing)
        except (TrackUnreadable, WireUnreadable):
            _log.warning("a piece of the track cannot be read")
    return fixes


def unpack_fixes(packed: bytes, packing: str = PACKING) -> tuple[Fix, ...]:
    """The fixes in these bytes. Raises :class:`TrackUnreadable`; takes a bounded number of steps whatever the bytes are."""
    if packing != PACKING:
        raise TrackUnreadable(f"unknown packing {packing}")
    check, raw = packed[:CHECK_BYTES], packed[CHECK_BYTES:]
    if check != zlib.crc32(raw).to_bytes(CHECK_BYTES, "big"):
        raise TrackUnreadable("broken")
    try:
        decoder = Decoder(raw)
        count = decoder.take_number()
        if count > MOST_FIXES:
            raise TrackUnreadable("too many fixes")
        fixes = _take_fixes(decoder, count) if count else ()
    except CodeUnreadable as broken:
        raise TrackUnreadable("broken") from broken
    if not decoder.at_end:
        raise TrackUnreadable("bytes after the end")
    return fixes


def _take_fixes(decoder: Decoder, count: int) -> tuple[Fix, ...]:
    first_ms, usual, latitude, longitude, east_step, gains = (_unzigzag(decoder.take_number()) for _ in range(6))
    if not 0 <= gains < len(GAINS) or east_step <= 0:
        raise TrackUnreadable("a head that makes no sense")
    models, north, east = _Models(), Foresight(GAINS[gains]), Foresight(GAINS[gains])
    at, rung, level, mocked = -usual, 0, 0, False
    fixes: list[Fix] = []
    for _ in range(count):
        changed = decoder.take(models.changed)
        ticks = usual + (_unzigzag(decoder.take_number()) if changed & TICKS else 0)
        rung += _unzigzag(_take(decoder, models.rung, ESCAPE_RUNG)) if changed & ACCURACY else 0
        level += _unzigzag(decoder.take_number()) if changed & ALTITUDE else 0
        mocked ^= bool(changed & MOCKED)
        at += ticks
        model = models.surprise()
        off_north, off_east = (_unzigzag(_take(decoder, model, ESCAPE_SURPRISE)) for _ in range(2))
        to_north, to_east = north.foresee(ticks) + off_north, east.foresee(ticks) + off_east
        models.note(off_north, off_east)
        north.learn(to_north, ticks)
        east.learn(to_east, ticks)
        if not (0 <= rung <= HIGHEST_RUNG and level >= 0 and abs(first_ms + at * TICK_MS) <= FARTHEST_MS):
            raise TrackUnreadable("no such fix")
        fixes.append(
            Fix(
                first_ms + at * TICK_MS,
                _within(latitude + to_north * LATITUDE_STEP_E7, MOST_LATITUDE_E7),
                _within(longitude + to_east * east_step, MOST_LONGITUDE_E7),
                accuracy_on(rung) if rung else None,
                _altitude_on(level),
                mocked,
            )
        )
    return tuple(fixes)


def _surprise(times: Sequence[int], steps: Sequence[int], gains: int) -> int:
    """Roughly what these steps would cost."""
    foresight, total, before = Foresight(GAINS[gains]), 0, times[0]
    for now, step in zip(times, steps, strict=True):
        off = step - foresight.foresee(now - before)
        total += off.bit_length() + min(abs(off), 1)
        foresight.learn(step, now - before)
        before = now
    return total


def _keep_rung(rung: int, accuracy_mm: int | None) -> int:
    """The rung of an accuracy; the one before, as long as it is true enough."""
    if accuracy_mm is None:
        return 0
    if rung and accuracy_mm <= accuracy_on(rung) <= max(accuracy_on(1), accuracy_mm * MOST_ROUNDED_UP // 100):
        return rung
    return rung_of(accuracy_mm)


def _keep_level(level: int, altitude_mm: int | None) -> int:
    """The level of an altitude; the one before, as long as it is within 10 m. 0 for none stated."""
    if altitude_mm is None:
        return 0
    kept = _altitude_on(level)
    if kept is not None and abs(kept - altitude_mm) <= ALTITUDE_STEP_MM:
        return level
    return max(1, _round_div(altitude_mm, ALTITUDE_STEP_MM) + LEVEL_OF_SEA)


def _altitude_on(level: int) -> int | None:
    return (level - LEVEL_OF_SEA) * ALTITUDE_STEP_MM if level else None


def _put(encoder: Encoder, model: Model, symbol: int, escape: int) -> None:
    encoder.put(model, min(symbol, escape))
    if symbol >= escape:
        encoder.put_number(symbol - escape)


def _take(decoder: Decoder, model: Model, escape: int) -> int:
    symbol = decoder.take(model)
    return symbol if symbol < escape else escape + decoder.take_number()


def _round_div(number: int, by: int) -> int:
    return (2 * number + by) // (2 * by)


def _within(value: int, most: int) -> int:
    return max(-most, min(most, value))


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else ((-number) << 1) - 1


def _unzigzag(number: int) -> int:
    return number >> 1 if number & 1 == 0 else -((number + 1) >> 1)
