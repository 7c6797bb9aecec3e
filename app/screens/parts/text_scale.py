"""Find out how large the person reads: Flet does not tell the system's text scale, but text shows it."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.parts.safe import safe
from app.screens.tokens import REGULAR

_PROBE_SIZE = 10
_PROBE_LINE_HEIGHT = 1.0


def text_scale_probe(on_scale: Callable[[float], object]) -> ft.Control:
    """Draw an invisible line of text once per app; `on_scale` gets 1.0 for normal text, 2.0 for 200 %."""

    def measured(event: ft.LayoutSizeChangeEvent[ft.Container]) -> object:
        if event.height <= 0:
            return None
        return on_scale(round(event.height / _PROBE_SIZE, 2))

    probe = ft.Text(
        "0",
        no_wrap=True,
        style=ft.TextStyle(size=_PROBE_SIZE, height=_PROBE_LINE_HEIGHT, font_family=REGULAR, color=ft.Colors.TRANSPARENT),
    )
    box = ft.Container(probe, on_size_change=safe(measured), ignore_interactions=True, left=0, top=0)
    # Laid out freely inside a stack without height, the line is measured and takes no room.
    stack = ft.Stack([box], width=1, height=0, clip_behavior=ft.ClipBehavior.NONE)
    return ft.Semantics(exclude_semantics=True, content=stack)
