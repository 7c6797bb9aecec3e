"""What is bright by itself, a map drawn for daylight or a photo, is a lamp at night: dimmed, and in red light all red."""

from __future__ import annotations

import flet as ft

from app.screens.tokens import Look


def dim_map(look: Look, drawn: ft.Control, *, key: str = "") -> ft.Control:
    """The map as bright as the theme bears; by day as it is drawn."""
    if look.palette.map_light is None:
        return drawn
    return ft.Container(drawn, expand=True, color_filter=_only(look.palette.map_light), key=f"dim-{look.theme}-{key}")


def dim_photo(look: Look, drawn: ft.Control) -> ft.Control:
    """A photo, or what a lens sees, as bright as the theme bears. The files stay as they are.

    By day it lies in the same box: a lens that moved in the tree would have to be opened again.
    """
    light = look.palette.photo_light
    return ft.Container(drawn, expand=drawn.expand, color_filter=None if light is None else _only(light))


def _only(light: str) -> ft.ColorFilter:
    return ft.ColorFilter(color=light, blend_mode=ft.BlendMode.MULTIPLY)
