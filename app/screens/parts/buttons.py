"""Buttons: the primary one, 72 high; ordinary ones; a pair side by side; an icon with a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import flet as ft

from app.screens.parts.press import named, press, primary_dress, quiet_dress
from app.screens.parts.safe import Act, safe
from app.screens.tokens import (
    BODY,
    SEMIBOLD,
    SMALL,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    TITLE,
    TOUCH_PRIMARY,
    Look,
    padding_for,
)


def primary_button(
    look: Look,
    label: str,
    act: Act,
    *,
    ident: str | None = None,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    compact: bool = False,
) -> ft.Control:
    """Draw the main action of a screen, full width; 72 high, or an ordinary target when compact."""
    target = look.touch if compact else TOUCH_PRIMARY
    size = BODY if compact else TITLE
    dress = replace(primary_dress(look), pad_y=padding_for(target, size), font_size=size, font_family=SEMIBOLD)
    button = press(look, label, act, dress, ident=ident, icon=icon, disabled=disabled, expand=not compact)
    return button if compact else ft.Row([button])


def secondary_button(
    look: Look,
    label: str,
    act: Act,
    *,
    ident: str | None = None,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    expand: bool | int = False,
    snug: bool = False,
) -> ft.Control:
    """Draw an ordinary action with an edge; `expand` may be its share of a row, `snug` leaves more of that to the words."""
    dress = replace(quiet_dress(look), pad_y=padding_for(look.touch), pad_x=SPACE_2 if snug else SPACE_4)
    return press(look, label, act, dress, ident=ident, icon=icon, disabled=disabled, expand=expand)


def danger_button(
    look: Look,
    label: str,
    act: Act,
    *,
    ident: str | None = None,
    icon: ft.IconData | None = None,
    expand: bool = False,
) -> ft.Control:
    """Draw an action that takes something away."""
    tone = look.palette.urgent
    dress = replace(quiet_dress(look), ink=tone.mark, edge=tone.mark, pad_y=padding_for(look.touch))
    return press(look, label, act, dress, ident=ident, icon=icon, expand=expand)


def text_button(look: Look, label: str, act: Act, *, ident: str | None = None, icon: ft.IconData | None = None) -> ft.Control:
    """Draw a lesser action without an edge."""
    dress = replace(quiet_dress(look), fill=ft.Colors.TRANSPARENT, ink=look.palette.primary_edge, edge=None, pad_x=SPACE_3)
    return press(look, label, act, replace(dress, pad_y=padding_for(look.touch)), ident=ident, icon=icon)


def button_pair(look: Look, buttons: Sequence[ft.Control]) -> ft.Control:
    """Put buttons made with expand=True side by side and equally high, or one under the other for large text."""
    if look.large_text:
        return ft.Column([ft.Row([button]) for button in buttons], spacing=SPACE_3, tight=True)
    return ft.Row(
        list(buttons),
        spacing=SPACE_3,
        intrinsic_height=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def icon_button(
    look: Look, icon: ft.IconData, name: str, act: Act, *, ident: str | None = None, disabled: bool = False
) -> ft.Control:
    """Draw an action that is only an icon; its name is read aloud and shown on hover."""
    style = ft.ButtonStyle(
        side={
            ft.ControlState.FOCUSED: ft.BorderSide(3, look.palette.ink),
            ft.ControlState.DEFAULT: ft.BorderSide.none(),
        },
        animation_duration=look.motion_ms,
    )
    button = ft.IconButton(
        icon=icon,
        icon_color=look.palette.ink,
        icon_size=24,
        width=look.touch,
        height=look.touch,
        tooltip=name,
        style=style,
        disabled=disabled,
        on_click=safe(act),
    )
    return named(button, ident)


def key_hint(look: Look, key: str, what: str | None = None) -> ft.Control:
    """Draw the keyboard key that does the same, for a desk."""
    cap = ft.Container(
        ft.Text(key, style=ft.TextStyle(size=SMALL, font_family=SEMIBOLD, color=look.palette.ink_soft)),
        padding=ft.Padding.symmetric(horizontal=6, vertical=1),
        border=ft.Border.all(1, look.palette.line_strong),
        border_radius=4,
    )
    if what is None:
        return cap
    label = ft.Text(what, style=ft.TextStyle(size=SMALL, color=look.palette.ink_soft))
    return ft.Row([cap, label], spacing=6, tight=True)
