"""How long ago a place was seen, in words and in a tone: colour is never the only sign."""

from __future__ import annotations

from dataclasses import dataclass

from app.screens.tokens import Look, Tone
from app.store.queries_map import Visit
from journal.clock import moment

DAY_MS = 86_400_000
RECENT_DAYS = 3
LATE_DAYS = 10
"""A patrol a week is usual, and one may fail."""


@dataclass(frozen=True)
class VisitWords:
    """``short`` for a map, ``long`` for a page and a screen reader."""

    short: str
    long: str
    tone: Tone
    is_late: bool


def visit_words(look: Look, visit: Visit | None, now_ms: int) -> VisitWords:
    """What to say of the last visit; None is a place that this device knows no visit of."""
    if visit is None:
        return VisitWords(look.say("map.visit.never_short"), look.say("map.visit.never"), look.palette.low, is_late=True)
    days = max(0, (now_ms - visit.at_ms) // DAY_MS)
    short = look.say("map.visit.today" if days == 0 else "map.visit.days", count=days)
    key = "map.visit.passed" if visit.by_track else "map.visit.seen"
    said = look.say(key, time=look.texts.moment(moment(visit.at_ms)), ago=look.texts.age((now_ms - visit.at_ms) / 1000))
    if visit.patrol:
        said = look.say("map.visit.on_patrol", visit=said, number=visit.patrol)
    tone = look.palette.good if days <= RECENT_DAYS else look.palette.medium if days <= LATE_DAYS else look.palette.high
    return VisitWords(short, said, tone, is_late=days > LATE_DAYS)
