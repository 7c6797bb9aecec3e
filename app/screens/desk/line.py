"""The line: where to send somebody first, how the whole of it is watched, what that takes, how regular it has become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from app.patrol.line_places import Watch
from app.reports.effort import WEEK_DAYS
from app.screens.desk.line_effort import EffortPanel
from app.screens.desk.line_habits import draw_habits, draw_verdict_short
from app.screens.desk.line_heat import draw_heat
from app.screens.desk.line_limits import Limits, limits_dialog
from app.screens.desk.line_list import draw_list
from app.screens.desk.line_strip import draw_strip
from app.screens.desk.line_table import draw_table
from app.screens.desk.line_worst import draw_worst, worst_of
from app.screens.desk.map import Sight, desk_map
from app.screens.desk.news import use_news
from app.screens.desk.page import draw_page, room_width
from app.screens.desk.reading import Reader
from app.screens.desk.stretches import draw_legend, stretch_of
from app.screens.parts.buttons import secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import banner, empty_state
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6, Look
from app.state.desk import Desk
from app.state.desk_line import WINDOW_DAYS, LineDesk, LineTab
from app.state.line_reading import LineTold

_LEFT, _RIGHT = 13, 8
_MAP_HEIGHT: Final = 480
"""In large text the map stands below, and the room scrolls."""


@ft.component
def LineRoom(desk: Desk, line: LineDesk, look: Look) -> ft.Control:
    """Draw the room; it is drawn again when news of patrols or records arrives."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    setting: tuple[Limits | None, Callable[[Limits | None], None]] = ft.use_state(None)
    chosen, choose = setting
    use_news(line.refresh)
    ft.use_dialog(limits_dialog(line, look, chosen, choose) if chosen is not None else None)
    told, heading = line.told, look.say("line.title")
    if told is None:
        return draw_page(look, heading, "", [])
    if not told.covered:
        empty = empty_state(look, look.say("line.empty"), look.say("line.empty_hint"), icon=ft.Icons.FLAG_OUTLINED)
        return draw_page(look, heading, "", [empty])
    above: list[ft.Control] = [_choices(line, look, lambda: choose(line.limits))]
    if told.untraced:
        above.append(banner(look, look.say("line.untraced", count=told.untraced)))
    if look.large_text:
        return draw_page(look, heading, "", [_one_under_the_other(desk, line, reader, told, above)])
    return draw_page(look, heading, "", [*above, _side_by_side(desk, line, reader, told)])


def _choices(line: LineDesk, look: Look, set_limits: Act) -> ft.Control:
    tabs = [Choice(tab.value, look.say(f"line.tab.{tab.value}")) for tab in LineTab]
    windows = [Choice(str(days), look.say("line.window", count=days // WEEK_DAYS)) for days in WINDOW_DAYS]

    def open_tab(codes: frozenset[str]) -> None:
        line.open_tab(LineTab(next(iter(codes), line.tab.value)))

    async def choose(codes: frozenset[str]) -> None:
        await line.choose_days(int(next(iter(codes), str(line.days))))

    parts: list[ft.Control] = [
        choice_chips(look, tabs, {line.tab.value}, open_tab, ident="line-tab", dense=True),
        choice_chips(look, windows, {str(line.days)}, choose, ident="line-days", dense=True),
    ]
    if line.may_set_limits and line.tab is LineTab.COVERAGE:
        parts.append(
            secondary_button(look, look.say("line.limits"), set_limits, ident="line-limits", icon=ft.Icons.TIMER_OUTLINED)
        )
    return ft.Row(parts, spacing=SPACE_6, run_spacing=SPACE_2, wrap=True)


def _side_by_side(desk: Desk, line: LineDesk, reader: Reader, told: LineTold) -> ft.Control:
    """The panel of the tab; beside it the list that is open, or the map where there is something to see on it."""
    opened, width = line.opened, room_width(reader.look)
    if opened is None and line.tab is not LineTab.COVERAGE:
        return ft.ListView(_panel(desk, line, reader, told, width), spacing=SPACE_3, expand=True)
    left = (width - SPACE_4) * _LEFT / (_LEFT + _RIGHT)
    panel = ft.ListView(_panel(desk, line, reader, told, left), spacing=SPACE_3)
    beside = draw_list(desk, line, reader, opened) if opened is not None else _map(desk, line, reader, told)
    return ft.Row(
        [ft.Container(panel, expand=_LEFT), ft.Container(beside, expand=_RIGHT)],
        spacing=SPACE_4,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _one_under_the_other(desk: Desk, line: LineDesk, reader: Reader, told: LineTold, above: list[ft.Control]) -> ft.Control:
    """In large text all of it scrolls, the map last; a list takes the whole room while it is open."""
    if line.opened is not None:
        return ft.Container(draw_list(desk, line, reader, line.opened), expand=True)
    below: list[ft.Control] = []
    if line.tab is LineTab.COVERAGE:
        below.append(ft.Container(_map(desk, line, reader, told), height=_MAP_HEIGHT))
    panel = _panel(desk, line, reader, told, room_width(reader.look))
    return ft.ListView([*above, *panel, *below], spacing=SPACE_3, expand=True)


def _panel(desk: Desk, line: LineDesk, reader: Reader, told: LineTold, width: float) -> list[ft.Control]:
    match line.tab:
        case LineTab.EFFORT:
            return [EffortPanel(line, reader, told, width)]
        case LineTab.HABITS:
            return [draw_habits(line, reader, told.habits, width)]
        case LineTab.HEAT:
            return [draw_heat(line, reader, told.heat)]
    return _coverage(desk, line, reader, told, width)


def _coverage(desk: Desk, line: LineDesk, reader: Reader, told: LineTold, width: float) -> list[ft.Control]:
    strip = draw_strip(line, reader, told, desk.means.now_ms(), width)
    return [draw_worst(line, reader, told), *([strip] if strip is not None else []), draw_table(line, reader, told)]


def _map(desk: Desk, line: LineDesk, reader: Reader, told: LineTold) -> ft.Control:
    look = reader.look
    ranks = {one.of.code: rank for rank, one in enumerate(worst_of(told), 1)}
    stretches = tuple(stretch_of(look, one, ranks.get(one.of.code, 0)) for one in told.covered)
    points = [point for one in told.covered if one.of.sort is not Watch.NODE for point in one.of.course]
    points = points or [point for one in stretches for point in one.course]
    latitudes, longitudes = [point[0] for point in points], [point[1] for point in points]
    corners = ((min(latitudes), min(longitudes)), (max(latitudes), max(longitudes)))
    sight = Sight("line", fit=corners, stretches=stretches)
    drawn = desk_map(look, sight, desk.means.ground, line.open_place)
    verdict = draw_verdict_short(line, look, told.habits)
    return ft.Column([ft.Container(drawn, expand=True), draw_legend(look), verdict], spacing=SPACE_2, expand=True)
