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

_ROOM: Final = 1.12
"""The highest bar leaves some air below its figure."""
_LEAST: Final = 0.02
"""Of the height: nothing is drawn as a line on the ground."""


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


def bar_chart(look: Look, bars: Sequence[Bar], *, ident: str, height: int = 150, bar_width: int = 16) -> ft.Control:
    """Draw the bars; those that open something are keys of their own over the chart, so that a keyboard reaches them."""
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
    chart = fch.BarChart(
        groups=groups,
        group_alignment=ft.MainAxisAlignment.SPACE_AROUND,
        max_y=most * _ROOM,
        min_y=0,
        interactive=False,
        animation=ft.Animation(look.motion_ms, ft.AnimationCurve.EASE_OUT),
        horizontal_grid_lines=fch.ChartGridLines(interval=most / 2, color=look.palette.line, width=1),
        border=ft.Border.only(bottom=ft.BorderSide(1, look.palette.line_strong)),
        height=height,
    )
    keys = ft.Row([_key(look, bar, f"{ident}-{bar.code}", height) for bar in bars], spacing=0)
    return ft.Column([_figures(look, bars), ft.Stack([chart, keys], height=height), _labels(look, bars)], spacing=2, tight=True)


def _colour(look: Look, bar: Bar) -> str:
    if not bar.amount:
        return look.palette.line
    return look.palette.primary_edge if bar.strong else ft.Colors.with_opacity(0.45, look.palette.primary_edge)


def _key(look: Look, bar: Bar, ident: str, height: int) -> ft.Control:
    if bar.act is None:
        return ft.Container(expand=1)
    dress = replace(quiet_dress(look), fill=ft.Colors.TRANSPARENT, edge=None, radius=4, pad_x=0)
    inside = ft.Container(height=height)
    return press(look, inside, bar.act, dress, ident=ident, name=bar.name, expand=1, height=height)


def _figures(look: Look, bars: Sequence[Bar]) -> ft.Control:
    return _line([words(look, bar.figure, size=SMALL, family=SEMIBOLD if bar.strong else MEDIUM) for bar in bars])


def _labels(look: Look, bars: Sequence[Bar]) -> ft.Control:
    ink, soft = look.palette.ink, look.palette.ink_soft
    return _line([
        words(look, bar.label, size=SMALL, family=SEMIBOLD if bar.strong else REGULAR, colour=ink if bar.strong else soft)
        for bar in bars
    ])  # fmt: skip


def _line(texts: Sequence[ft.Text]) -> ft.Control:
    cells: list[ft.Control] = []
    for text in texts:
        # A word wider than its bar reaches over its neighbours, which are empty there, instead of being broken.
        text.no_wrap, text.text_align, text.overflow = True, ft.TextAlign.CENTER, ft.TextOverflow.VISIBLE
        cells.append(ft.Container(text, expand=1, alignment=ft.Alignment.CENTER, clip_behavior=ft.ClipBehavior.NONE))
    return ft.Semantics(exclude_semantics=True, content=ft.Row(cells, spacing=0))
