"""The line from marker to marker as a strip: how many days by day and by night, and how much was recorded there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import flet as ft

from app.patrol.coverage import Covered, day_number, level_of
from app.patrol.line_places import Watch, Watched
from app.screens.desk.line_words import days_figure, level_tone
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import icon_button
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import small, words
from app.screens.tokens import BODY, HAIRLINE, RADIUS_CHIP, SEMIBOLD, SMALL, SPACE_1, SPACE_2, Look
from app.state.desk_line import LineDesk
from app.state.line_reading import LineTold

MOST_SEGMENTS: Final = 8
"""So many lie side by side without scrolling."""
_NARROWEST: Final = 72
_LANES, _END = 108, 34


def draw_strip(line: LineDesk, reader: Reader, told: LineTold, now_ms: int, width: float) -> ft.Control | None:
    """Draw the segments in the order of the markers, of a long line a part; None where there are none."""
    look = reader.look
    worst_first = [one for one in told.covered if one.of.sort is Watch.SEGMENT]
    if not worst_first:
        return None
    whole = sorted(worst_first, key=_order)
    parts = -(-len(whole) // MOST_SEGMENTS)
    wanted = whole.index(worst_first[0]) // MOST_SEGMENTS if line.strip_page is None else line.strip_page
    part = min(wanted, parts - 1)
    segments = whole[part * MOST_SEGMENTS : (part + 1) * MOST_SEGMENTS]
    large = 2 if look.large_text else 1
    spare = (width - _LANES * large - _END * large) / len(segments) - 2
    cells: list[ft.Control] = [_segment(line, look, told, one, now_ms, max(spare, _NARROWEST * large)) for one in segments]
    end = ft.Container(small(look, segments[-1].of.between[1], strong=True), width=_END * large)
    scroll = ft.ScrollMode.AUTO if spare < _NARROWEST * large else None
    lanes = ft.Row([_heads(look), *cells, end], spacing=2, vertical_alignment=ft.CrossAxisAlignment.START, scroll=scroll)
    turning = _turning(line, look, part, parts) if parts > 1 else None
    return ft.Column([section_header(look, look.say("line.strip"), trailing=turning), lanes], spacing=0, tight=True)


def _turning(line: LineDesk, look: Look, part: int, parts: int) -> ft.Control:
    """To the part of the line before and after."""
    before = icon_button(
        look, ft.Icons.CHEVRON_LEFT, look.say("table.previous"), lambda: line.move_strip(part - 1), ident="line-part-before",
        disabled=part == 0,
    )  # fmt: skip
    after = icon_button(
        look, ft.Icons.CHEVRON_RIGHT, look.say("table.next"), lambda: line.move_strip(part + 1), ident="line-part-after",
        disabled=part == parts - 1,
    )  # fmt: skip
    return ft.Row([before, small(look, look.say("table.page", page=part + 1, pages=parts), strong=True), after], tight=True)


def _order(one: Covered) -> tuple[int, ...]:
    return tuple(int(number) for number in one.of.between)


def _heads(look: Look) -> ft.Control:
    heads = [
        small(look, " "),
        _head(look, ft.Icons.LIGHT_MODE_OUTLINED, "line.by_day"),
        _head(look, ft.Icons.DARK_MODE_OUTLINED, "line.by_night"),
        _head(look, ft.Icons.EDIT_NOTE, "line.incidents"),
    ]
    return ft.Column(heads, spacing=2, tight=True, width=_LANES * (2 if look.large_text else 1))


def _head(look: Look, icon: ft.IconData, key: str) -> ft.Control:
    return ft.Container(
        ft.Row([ft.Icon(icon, size=18, color=look.palette.ink_soft), small(look, look.say(key))], spacing=SPACE_1),
        height=_lane_height(look),
        alignment=ft.Alignment.CENTER_LEFT,
    )


def _lane_height(look: Look) -> int:
    return round(30 * max(1.0, look.text_scale))


def _segment(line: LineDesk, look: Look, told: LineTold, one: Covered, now_ms: int, width: float) -> ft.Control:
    by_day, by_night = (
        None if at_ms is None else max(0, day_number(now_ms) - day_number(at_ms)) for at_ms in (one.by_day_ms, one.by_night_ms)
    )
    count = sum(row.whole.amount for row in told.heat.rows if row.of is not None and _is_on(row.of, one))
    start = small(look, one.of.between[0], strong=True)
    lanes = [_lane(look, days, one.limit_days) for days in (by_day, by_night)]
    inside = ft.Column(
        [start, *lanes, _ticks(look, count)], spacing=2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    name = look.say(
        "line.strip_of", name=one.of.name, day=days_figure(look, by_day), night=days_figure(look, by_night), count=count
    )

    async def go() -> None:
        await line.open_place(one.of.code)

    dress = replace(quiet_dress(look), edge=None, fill=ft.Colors.TRANSPARENT, radius=4, pad_x=0)
    return press(look, inside, go, dress, ident=f"strip-{one.of.code}", name=name, width=width)


def _is_on(seen: Watched, one: Covered) -> bool:
    """Whether that is this segment or the marker where it begins, with its signs and its twin."""
    return seen.code == one.of.code or (seen.sort is Watch.MARKER and seen.between[0] == one.of.between[0])


def _lane(look: Look, days: int | None, limit_days: int) -> ft.Control:
    tone = level_tone(look, level_of(days, limit_days))
    return ft.Container(
        words(look, days_figure(look, days), size=BODY, family=SEMIBOLD, colour=tone.mark),
        height=_lane_height(look),
        alignment=ft.Alignment.CENTER,
        bgcolor=tone.soft,
        border=ft.Border.all(HAIRLINE, tone.mark),
        border_radius=RADIUS_CHIP,
    )


def _ticks(look: Look, count: int) -> ft.Control:
    """A tick for each record up to five, then their number alone."""
    most = 5
    inside: list[ft.Control] = [
        ft.Container(width=4, height=14, bgcolor=look.palette.ink, border_radius=2) for _ in range(count if count <= most else 0)
    ]
    if count > most:
        inside.append(words(look, look.texts.number(count), size=SMALL, family=SEMIBOLD))
    return ft.Container(ft.Row(inside, spacing=SPACE_2, tight=True), height=_lane_height(look), alignment=ft.Alignment.CENTER)
