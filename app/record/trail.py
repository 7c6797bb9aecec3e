"""The line of a new trail: fixes of a walk along it, written as packed tracks about the record of the trail."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.patrol.walks import Cause, Silence
from app.record.track import write_piece
from app.store.pen import Pen
from journal.track.fixes import Fix
from journal.track.judging import NO_FIX_AFTER_MS

FEWEST: Final = 2
"""One fix is no line."""


def write_line(pen: Pen, subject: str, fixes: Sequence[Fix], *, broken_ms: int | None = None) -> int:
    """Writes the fixes, in the order in which they came, as a piece of the trail's line; returns its length in mm.

    ``broken_ms`` is when the walk was last heard of before the app died; the way from there is a gap. Fewer than two fixes write
    nothing.
    """
    if len(fixes) < FEWEST:
        return 0
    times = sorted(fix.at_ms for fix in fixes)
    silent = [(start, end) for start, end in pairwise(times) if end - start >= NO_FIX_AFTER_MS]
    gaps = [Silence(start, end, Cause.NO_FIX) for start, end in silent]
    if broken_ms is not None and broken_ms < times[0]:
        gaps.insert(0, Silence(broken_ms, times[0], Cause.KILLED))
    return write_piece(pen, subject, fixes, gaps)
