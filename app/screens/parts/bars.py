"""A chart of bars, each of which can be pressed and is read aloud; figures stand over them, words under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import flet as ft
import flet_charts as fch

from app.screens.parts.press import press, quiet_dress
from app.screens.parts.safe import Act
from app.screens.parts.words import words
from app.screens.tokens import MEDIUM, REGULAR, SEMIBOLD, SMALL, Look

_ROOM: Final = 1.06
"""The highest bar leaves some air below its figure."""
_LEAST: Final = 0.015
"""Of the height: nothing is drawn as a line on the ground."""
_BAR_SHARE, _WIDEST_BAR = 0.5, 48
_GRID_LINES: Final = 2


@dataclass(frozen=True)
class Bar:
    """`figure` stands over the bar and `label` under it, either may be empty; `name` is read aloud; `strong` ones stand out."""

    code: str
    amount: float
    figure: str
    label: str
    name: str
    act: Act | None = None
    strong: bool = False


def bar_chart(look: Look, bars: Sequence[Bar], *, ident: str, width: float, height: int = 150) -> ft.Control:
    """Draw the bars over this width; those that open something are keys over the chart, so that a keyboard reaches them.

    No key is narrower than a target: many bars are scrolled sideways.
    """
    cell = max(width / max(1, len(bars)), look.touch)
    chart = ft.Container(_chart(look, bars, height, min(_WIDEST_BAR, round(cell * _BAR_SHARE))), height=height)
    keys = ft.Row([_key(look, bar, f"{ident}-{bar.code}", height) for bar in bars], spacing=0)
    whole = ft.Column(
        [
            _line([words(look, bar.figure, size=SMALL, family=SEMIBOLD if bar.strong else MEDIUM) for bar in bars]),
            ft.Stack([chart, keys], height=height),
            _line([_label(look, bar) for bar in bars]),
        ],
        spacing=2,
        tight=True,
        width=cell * len(bars),
    )
    return ft.Row([whole], scroll=ft.ScrollMode.AUTO) if cell * len(bars) > width + 1 else whole


def _chart(look: Look, bars: Sequence[Bar], height: int, bar_width: int) -> ft.Control:
    most = max((bar.amount for bar in bars), default=0) or 1
    groups = [
        fch.BarChartGroup(
            x=number,
            rods=[
                fch.BarChartRod(
                    to_y=max(bar.amount, most * _LEAST),
                    width=bar_width,
                    color=_colour(look, bar),
                    border_radius=ft.BorderRadius.vertical(top=4),
                    show_tooltip=False,
                )
            ],
        )
        for number, bar in enumerate(bars)
    ]
    return fch.BarChart(
        groups=groups,
        group_alignment=ft.MainAxisAlignment.SPACE_AROUND,
        max_y=most * _ROOM,
        min_y=0,
        interactive=False,
        animation=ft.Animation(look.motion_ms, ft.AnimationCurve.EASE_OUT),
        horizontal_grid_lines=fch.ChartGridLines(interval=most / _GRID_LINES, color=look.palette.line, width=1),
        border=ft.Border.only(bottom=ft.BorderSide(1, look.palette.line_strong)),
        height=height,
    )


def _colour(look: Look, bar: Bar) -> str:
    if not bar.amount:
        return look.palette.line
    return look.palette.primary_edge if bar.strong else ft.Colors.with_opacity(0.45, look.palette.primary_edge)


def _key(look: Look, bar: Bar, ident: str, height: int) -> ft.Control:
    if bar.act is None:
        return ft.Container(expand=1)
    dress = replace(quiet_dress(look), fill=ft.Colors.TRANSPARENT, edge=None, radius=4, pad_x=0)
    return press(look, ft.Container(height=height), bar.act, dress, ident=ident, name=bar.name, expand=1, height=height)


def _label(look: Look, bar: Bar) -> ft.Text:
    colour = look.palette.ink if bar.strong else look.palette.ink_soft
    return words(look, bar.label, size=SMALL, family=SEMIBOLD if bar.strong else REGULAR, colour=colour)


def _line(texts: Sequence[ft.Text]) -> ft.Control:
    """Over or under the bars; what is said here is in the names of the keys."""
    for text in texts:
        text.text_align = ft.TextAlign.CENTER
    cells: list[ft.Control] = [ft.Container(text, expand=1, alignment=ft.Alignment.TOP_CENTER) for text in texts]
    return ft.Semantics(exclude_semantics=True, content=ft.Row(cells, spacing=0, vertical_alignment=ft.CrossAxisAlignment.START))
