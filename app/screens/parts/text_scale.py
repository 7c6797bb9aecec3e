"""Find out how large the person reads: Flet does not tell the system's text scale, but an icon that follows it does."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.parts.safe import safe

_PROBE_SIZE = 10


def text_scale_probe(on_scale: Callable[[float], object]) -> ft.Control:
    """Draw an invisible icon without height, once per app; `on_scale` gets 1.0 for normal text, 2.0 for 200 %.

    Put it into a column. The row around the icon leaves its width free, and that width is what is measured.
    """

    def measured(event: ft.LayoutSizeChangeEvent[ft.Container]) -> object:
        return on_scale(round(event.width / _PROBE_SIZE, 2)) if event.width > 0 else None

    icon = ft.Icon(ft.Icons.CIRCLE, size=_PROBE_SIZE, apply_text_scaling=True, color=ft.Colors.TRANSPARENT)
    box = ft.Container(icon, on_size_change=safe(measured), ignore_interactions=True)
    return ft.Container(ft.Row([box], tight=True), height=0)
