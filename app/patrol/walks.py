"""Where a track has gaps, each with its cause."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, Self

from journal.track.fixes import Fix
from journal.track.judging import NO_FIX_AFTER_MS, Verdict, judge_fixes

FLAT_PERCENT: Final = 5
"""A battery last seen at this or less, and a silence after it, belong together."""


class Cause(StrEnum):
    """Why a stretch of a track has no fixes, as :class:`journal.entries.Gap` keeps it."""

    PAUSED = "paused"
    NO_FIX = "no_fix"
    PERMISSION = "permission"
    POWER = "power"
    KILLED = "killed"
    TYPED = "typed"


class Event(StrEnum):
    """What a phone notes while it keeps a track."""

    STARTED = "started"
    HEARD = "heard"
    """Fixes came, or the app began to listen."""
    PAUSED = "paused"
    RESUMED = "resumed"
    REFUSED = "refused"
    """The receiver may not be asked."""


@dataclass(frozen=True)
class Note:
    """One line of what the phone keeps: an event at ``at_ms`` with the fixes that it brought.

    ``run`` names one life of the app and ``boot`` one of the phone; empty where that says nothing.
    """

    event: Event
    at_ms: int
    fixes: tuple[Fix, ...] = ()
    run: str = ""
    boot: str = ""
    battery_percent: int | None = None

    def as_bytes(self) -> bytes:
        told = [astuple(fix) for fix in self.fixes]
        return json.dumps(
            [self.event, self.at_ms, told, self.run, self.boot, self.battery_percent], separators=(",", ":")
        ).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        event, at_ms, told, run, boot, battery_percent = json.loads(raw)
        return cls(Event(event), at_ms, tuple(Fix(*fix) for fix in told), run, boot, battery_percent)


@dataclass(frozen=True)
class Silence:
    """A stretch without fixes, and why."""

    from_ms: int
    until_ms: int
    cause: Cause


def find_gaps(notes: Sequence[Note], until_ms: int | None = None) -> list[Silence]:
    """Stretches of two minutes or more without a fix that can be believed, from notes in the order in which they were made.

    A note ``started`` opens the time that must be covered; ``until_ms`` closes it.
    """
    fixes = [fix for note in notes for fix in note.fixes]
    verdicts = iter(judge_fixes(fixes).verdicts)
    gaps: list[Silence] = []
    since: list[Note] = []
    last_ms: int | None = None
    for note in notes:
        since.append(note)
        if note.event is Event.STARTED:
            last_ms, since = note.at_ms, [note]
        for fix in note.fixes:
            if next(verdicts) is not Verdict.SOUND:
                continue
            if last_ms is not None and fix.at_ms - last_ms >= NO_FIX_AFTER_MS:
                gaps.append(Silence(last_ms, fix.at_ms, find_cause(since)))
            last_ms, since = fix.at_ms, [note]
    if until_ms is not None and last_ms is not None and until_ms - last_ms >= NO_FIX_AFTER_MS:
        gaps.append(Silence(last_ms, until_ms, find_cause(since)))
    return gaps


def find_cause(notes: Sequence[Note]) -> Cause:
    """Why no fix came between the first of these notes and the last."""
    events = {note.event for note in notes[1:]}
    if Event.PAUSED in events:
        return Cause.PAUSED
    lives = [note for note in notes if note.run]
    changed = next((after for before, after in pairwise(lives) if after.run != before.run), None)
    if changed is not None:
        before = lives[lives.index(changed) - 1]
        flat = before.battery_percent is not None and before.battery_percent <= FLAT_PERCENT
        return Cause.POWER if flat or changed.boot != before.boot else Cause.KILLED
    return Cause.PERMISSION if Event.REFUSED in events or notes[0].event is Event.REFUSED else Cause.NO_FIX
