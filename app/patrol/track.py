"""Fixes packed for the journal: deltas of time, place and accuracy as zigzag varints, deflated. Exact, no rounding.

Packing ``dv1``: the count, then column by column (at_ms, latitude_e7, longitude_e7, accuracy_mm + 1 or 0,
altitude_mm + 2^20 or 0, mocked) the difference to the fix before as LEB128 varints of the zigzag number; then zlib level 9.
"""

import itertools
import zlib
from collections.abc import Iterator, Sequence

from app.patrol.fixes import Fix, step_mm

PACKING = "dv1"
NO_FIX_AFTER_MS = 120_000
"""Two minutes without a fix are a gap: nothing is drawn across it."""
MOST_UNPACKED_BYTES = 4_000_000
ALTITUDE_SHIFT = 1 << 20
CONTINUES = 0x80
"""LEB128: this bit says that more of the number follows."""


class TrackUnreadable(Exception):
    """Bytes that are no packed track of this version."""


def pack_fixes(fixes: Sequence[Fix]) -> bytes:
    """The fixes as bytes; :func:`unpack_fixes` gives exactly the same fixes back."""
    columns = (
        [fix.at_ms for fix in fixes],
        [fix.latitude_e7 for fix in fixes],
        [fix.longitude_e7 for fix in fixes],
        [0 if fix.accuracy_mm is None else fix.accuracy_mm + 1 for fix in fixes],
        [0 if fix.altitude_mm is None else fix.altitude_mm + ALTITUDE_SHIFT for fix in fixes],
        [int(fix.mocked) for fix in fixes],
    )
    plain = bytearray(_varint(len(fixes)))
    for column in columns:
        before = 0
        for value in column:
            plain += _varint(_zigzag(value - before))
            before = value
    return zlib.compress(bytes(plain), 9)


def unpack_fixes(packed: bytes, packing: str = PACKING) -> tuple[Fix, ...]:
    """The fixes in these bytes. Raises :class:`TrackUnreadable`."""
    if packing != PACKING:
        raise TrackUnreadable(f"unknown packing {packing}")
    try:
        inflate = zlib.decompressobj()
        plain = inflate.decompress(packed, MOST_UNPACKED_BYTES)
        if not inflate.eof:
            raise TrackUnreadable("cut short or too long")
        numbers = _varints(plain)
        count = next(numbers)
        if count > len(plain):
            raise TrackUnreadable("more fixes than bytes")
        columns = [_sums(numbers, count) for _ in range(6)]
    except (zlib.error, StopIteration) as broken:
        raise TrackUnreadable("broken") from broken
    return tuple(
        Fix(at, lat, lon, None if acc == 0 else acc - 1, None if alt == 0 else alt - ALTITUDE_SHIFT, bool(mocked))
        for at, lat, lon, acc, alt, mocked in zip(*columns, strict=True)
    )


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else ((-number) << 1) - 1


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= CONTINUES:
        out.append(number & (CONTINUES - 1) | CONTINUES)
        number >>= 7
    out.append(number)
    return bytes(out)


def _varints(plain: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in plain:
        number |= (byte & (CONTINUES - 1)) << shift
        if byte & CONTINUES:
            shift += 7
        else:
            yield number
            number = shift = 0


def _sums(numbers: Iterator[int], count: int) -> list[int]:
    out, total = [], 0
    for _ in range(count):
        zigzag = next(numbers)
        total += zigzag >> 1 if zigzag & 1 == 0 else -((zigzag + 1) >> 1)
        out.append(total)
    return out


def find_gaps(fixes: Sequence[Fix]) -> list[tuple[int, int]]:
    """Stretches (from_ms, until_ms) between consecutive fixes without any for two minutes or more."""
    pairs = itertools.pairwise(fixes)
    return [(before.at_ms, after.at_ms) for before, after in pairs if after.at_ms - before.at_ms >= NO_FIX_AFTER_MS]


def split_walks(fixes: Sequence[Fix]) -> list[list[Fix]]:
    """Stretches that may be drawn as walked: nothing crosses a gap, a jump is left out."""
    walks: list[list[Fix]] = []
    for fix in fixes:
        last = walks[-1][-1] if walks else None
        if last is None or fix.at_ms - last.at_ms >= NO_FIX_AFTER_MS:
            walks.append([fix])
        elif step_mm(last, fix) is not None:
            walks[-1].append(fix)
    return [walk for walk in walks if len(walk) > 1]


def thin_line(fixes: Sequence[Fix], most: int = 500) -> list[Fix]:
    """At most ``most`` fixes that keep the shape well enough for a screen: every n-th, and both ends."""
    if len(fixes) <= most:
        return list(fixes)
    step = -(-len(fixes) // (most - 1))
    return [*fixes[::step], fixes[-1]] if (len(fixes) - 1) % step else list(fixes[::step])
