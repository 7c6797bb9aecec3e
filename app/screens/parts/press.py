"""The one thing that can be pressed: every button, tile, chip and key is this, with other content."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from app.screens.parts.safe import Act, safe
from app.screens.tokens import BODY, HAIRLINE, LINE_HEIGHT, MEDIUM, RADIUS_CONTROL, SPACE_4, Look


@dataclass(frozen=True)
class Dress:
    """Colours and shape of something that can be pressed; sizes in logical pixels."""

    fill: str
    ink: str
    edge: str | None = None
    edge_width: int = HAIRLINE
    radius: int = RADIUS_CONTROL
    pad_y: int = 0
    pad_x: int = SPACE_4
    font_size: int = BODY
    font_family: str = MEDIUM


def primary_dress(look: Look) -> Dress:
    """The one action that matters most on a screen."""
    palette = look.palette
    return Dress(palette.primary, palette.on_primary, palette.primary_edge)


def quiet_dress(look: Look) -> Dress:
    """An ordinary control: surface with an edge."""
    return Dress(look.palette.surface, look.palette.ink, look.palette.line_strong)


def chosen_dress(look: Look) -> Dress:
    """An ordinary control that is chosen: soft fill and a strong edge, so that colour is not the only sign."""
    palette = look.palette
    return Dress(palette.primary_soft, palette.on_primary_soft, palette.primary_edge, edge_width=2)


def _button_style(look: Look, dress: Dress) -> ft.ButtonStyle:
    off_ink, off_edge = look.palette.ink_soft, look.palette.line
    edge = ft.BorderSide(dress.edge_width, dress.edge) if dress.edge else ft.BorderSide.none()
    off = ft.ControlState.DISABLED
    usual = ft.ControlState.DEFAULT
    focus = ft.ControlState.FOCUSED
    return ft.ButtonStyle(
        bgcolor={off: look.palette.sunken, usual: dress.fill},
        color={off: off_ink, usual: dress.ink},
        icon_color={off: off_ink, usual: dress.ink},
        overlay_color=ft.Colors.with_opacity(0.10, dress.ink),
        elevation=0,
        side={
            off: ft.BorderSide(HAIRLINE, off_edge),
            focus: ft.BorderSide(3, look.palette.ink),
            usual: edge,
        },
        shape=ft.RoundedRectangleBorder(radius=dress.radius),
        padding=ft.Padding.symmetric(vertical=dress.pad_y, horizontal=dress.pad_x),
        text_style=ft.TextStyle(size=dress.font_size, font_family=dress.font_family, height=LINE_HEIGHT, letter_spacing=0),
        icon_size=24,
        animation_duration=look.motion_ms,
        visual_density=ft.VisualDensity.STANDARD,
    )


def press(
    look: Look,
    content: str | ft.Control,
    act: Act,
    dress: Dress,
    *,
    ident: str | None = None,
    name: str | None = None,
    selected: bool | None = None,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    expand: bool | int = False,
    width: float | None = None,
    height: float | None = None,
    hint: str | None = None,
) -> ft.Control:
    """Draw something that can be pressed, reached by keyboard and named for a screen reader.

    `name` replaces what is read aloud when the content is no sentence; `ident` is how a test finds it.
    """
    inside: str | ft.Control = content
    if name is not None or selected is not None:
        shown = ft.Text(content) if isinstance(content, str) else content
        inside = ft.Semantics(label=name, selected=selected, exclude_semantics=name is not None, hint_text=hint, content=shown)
    button = ft.Button(
        content=inside,
        icon=icon,
        elevation=0,
        style=_button_style(look, dress),
        disabled=disabled,
        width=width,
        height=height,
        expand=expand if ident is None else None,
        on_click=safe(act),
    )
    return named(button, ident, expand=expand)


def named(control: ft.Control, ident: str | None, *, expand: bool | int = False) -> ft.Control:
    """Give a control the identifier by which tests and device tools find it."""
    if ident is None:
        return control
    return ft.Semantics(identifier=ident, content=control, expand=expand or None)
