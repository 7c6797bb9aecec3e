"""What is bright by itself, a map drawn for daylight or a photo, is a lamp at night: dimmed, and in red light all red."""

from __future__ import annotations

import flet as ft

from app.screens.tokens import Look


def dim_map(look: Look, drawn: ft.Control, *, key: str = "") -> ft.Control:
    """The map as bright as the theme bears; by day as it is drawn."""
    return _dimmed(drawn, look.palette.map_light, key=f"dim-{look.theme}-{key}")


def dim_photo(look: Look, drawn: ft.Control) -> ft.Control:
    """A photo, or what a lens sees, as bright as the theme bears. The files stay as they are."""
    return _dimmed(drawn, look.palette.photo_light, key=f"light-{look.theme}")


def _dimmed(drawn: ft.Control, light: str | None, *, key: str) -> ft.Control:
    if light is None:
        return drawn
    only = ft.ColorFilter(color=light, blend_mode=ft.BlendMode.MULTIPLY)
    return ft.Container(drawn, expand=drawn.expand, color_filter=only, key=key)
