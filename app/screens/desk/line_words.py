"""How the line is said and coloured: days, limits, and four levels that differ in colour, sign and stroke."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import flet as ft

from app.patrol.coverage import Covered, Level
from app.screens.tokens import Look, Tone
from app.state.desk_line import LOOK_BACK_DAYS
from journal.clock import moment

_ICONS: Final = {
    Level.FRESH: ft.Icons.CHECK_CIRCLE_OUTLINE,
    Level.DUE: ft.Icons.SCHEDULE,
    Level.OVERDUE: ft.Icons.ERROR_OUTLINE,
    Level.LONG: ft.Icons.WARNING_ROUNDED,
}


@dataclass(frozen=True)
class Stroke:
    """How a stretch is drawn on a map: its width, and the lengths of dash and gap; none for a whole line."""

    width: float
    dash: tuple[int, int] | None = None


STROKES: Final = {
    Level.FRESH: Stroke(4),
    Level.DUE: Stroke(5, (22, 8)),
    Level.OVERDUE: Stroke(7, (12, 10)),
    Level.LONG: Stroke(9, (3, 12)),
}


def level_tone(look: Look, level: Level) -> Tone:
    """The colours of a level."""
    palette = look.palette
    return {Level.FRESH: palette.good, Level.DUE: palette.medium, Level.OVERDUE: palette.high, Level.LONG: palette.urgent}[level]


def level_icon(look: Look, level: Level, size: int = 18) -> ft.Icon:
    return ft.Icon(_ICONS[level], size=size, color=level_tone(look, level).mark)


def days_words(look: Look, days: int | None) -> str:
    """A sentence, such as "9 days without anybody"."""
    if days is None:
        return look.say("line.never", count=LOOK_BACK_DAYS)
    return look.say("line.today") if days == 0 else look.say("line.days", count=days)


def since_words(look: Look, days: int | None) -> str:
    """How long, in few words: "9 days"."""
    return look.say("line.since_never", count=LOOK_BACK_DAYS) if days is None else look.say("line.since", count=days)


def days_figure(look: Look, days: int | None) -> str:
    """The number alone, for a table or a strip."""
    return look.say("line.short.never", count=LOOK_BACK_DAYS) if days is None else look.texts.number(days)


def when_words(look: Look, at_ms: int | None) -> str:
    """The day, or that nobody was there."""
    return look.say("line.nobody") if at_ms is None else look.texts.day(moment(at_ms))[:5]


def whole_name(look: Look, one: Covered) -> str:
    """What a screen reader says of a place as it stands."""
    limit = look.say("line.limit", count=one.limit_days)
    return look.say("line.place_of", name=one.of.name, state=days_words(look, one.days_since), limit=limit)
