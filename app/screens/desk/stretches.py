"""A layer of the desk's map: stretches and places of the line by the days since somebody was there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import flet as ft
import flet_map as fm

from app.patrol.coverage import Covered, Level
from app.screens.desk.line_words import STROKES, level_icon, level_tone, whole_name
from app.screens.desk.line_worst import badge_side, rank_badge
from app.screens.parts.safe import safe
from app.screens.parts.words import small
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_3, Look

MOST_SIGNS: Final = 60
"""More would cover each other, and make the map slow to draw."""
_SIDE, _AROUND = 24, 6


@dataclass(frozen=True)
class Stretch:
    """One of the line on the map, in degrees; a place is a course of one point. ``rank`` is 1 to 3 for the worst, else 0."""

    code: str
    name: str
    course: tuple[tuple[float, float], ...]
    level: Level
    rank: int = 0

    @property
    def middle(self) -> tuple[float, float]:
        """Of a line, the middle of its middle piece: where its rank stands."""
        at = len(self.course) // 2
        here, before = self.course[at], self.course[max(0, at - 1)]
        return (here[0] + before[0]) / 2, (here[1] + before[1]) / 2


def stretch_of(look: Look, one: Covered, rank: int) -> Stretch:
    return Stretch(one.of.code, whole_name(look, one), one.of.course, one.level, rank)


def stretch_lines(look: Look, stretches: Sequence[Stretch]) -> fm.PolylineLayer:
    """The lines: each level has a colour, a width and a stroke of its own."""
    return fm.PolylineLayer(polylines=[_line(look, one) for one in stretches if len(one.course) > 1])


def _line(look: Look, one: Stretch) -> fm.PolylineMarker:
    stroke = STROKES[one.level]
    pattern = fm.SolidStrokePattern() if stroke.dash is None else fm.DashedStrokePattern(segments=list(stroke.dash))
    return fm.PolylineMarker(
        coordinates=[fm.MapLatitudeLongitude(*point) for point in one.course],
        color=level_tone(look, one.level).mark,
        stroke_width=stroke.width,
        border_color=look.palette.surface,
        border_stroke_width=0 if stroke.dash else 1.5,
        stroke_pattern=pattern,
    )


def stretch_markers(look: Look, stretches: Sequence[Stretch], act: Callable[[str], Awaitable[object]]) -> list[fm.Marker]:
    """Places as signs of their level and the worst with their ranks, to be pressed; the worst are drawn last, on top."""
    order = list(Level)
    shown = sorted(
        (one for one in stretches if one.rank or len(one.course) == 1), key=lambda one: (one.rank > 0, order.index(one.level))
    )
    return [_marker(look, one, act) for one in shown[-MOST_SIGNS:]]


def stretch_dots(look: Look, stretches: Sequence[Stretch]) -> fm.CircleLayer:
    """Places that are too many to be signs: the least late are dots in the colour of their level."""
    order = list(Level)
    places = sorted((one for one in stretches if len(one.course) == 1), key=lambda one: order.index(one.level))
    return fm.CircleLayer(
        circles=[
            fm.CircleMarker(
                radius=5,
                coordinates=fm.MapLatitudeLongitude(*one.middle),
                color=level_tone(look, one.level).mark,
                border_color=look.palette.surface,
                border_stroke_width=1,
            )
            for one in places[:-MOST_SIGNS]
        ]
    )


def _marker(look: Look, one: Stretch, act: Callable[[str], Awaitable[object]]) -> fm.Marker:
    side = badge_side(look) + _AROUND if one.rank else _SIDE
    sign = rank_badge(look, one.rank, one.level) if one.rank else _sign(look, one.level)
    around = ft.Container(
        sign, width=side, height=side, alignment=ft.Alignment.CENTER, tooltip=one.name, on_click=safe(lambda: act(one.code))
    )
    named = ft.Semantics(identifier=f"stretch-{one.code}", label=one.name, button=True, content=around)
    return fm.Marker(content=named, coordinates=fm.MapLatitudeLongitude(*one.middle), width=side, height=side)


def _sign(look: Look, level: Level) -> ft.Control:
    return ft.Container(
        level_icon(look, level, 16),
        width=20,
        height=20,
        alignment=ft.Alignment.CENTER,
        bgcolor=look.palette.surface,
        border_radius=10,
    )


def draw_legend(look: Look) -> ft.Control:
    """What the strokes mean."""
    return ft.Row([_sample(look, level) for level in Level], spacing=SPACE_3, run_spacing=SPACE_1, wrap=True)


_SAMPLE: Final = {Level.FRESH: (42,), Level.DUE: (18, 18), Level.OVERDUE: (10, 10, 10), Level.LONG: (5, 5, 5, 5)}


def _sample(look: Look, level: Level) -> ft.Control:
    tone, stroke = level_tone(look, level), STROKES[level]
    drawn = [ft.Container(width=width, height=stroke.width, bgcolor=tone.mark) for width in _SAMPLE[level]]
    return ft.Row(
        [ft.Row([*drawn], spacing=6, tight=True), small(look, look.say(f"line.level.{level.value}"))], spacing=SPACE_2, tight=True
    )
