"""How one record shows in a list: a photo, a row of a log, a row of a timeline."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import flet as ft

from app.screens.parts.light import dim_photo
from app.screens.parts.marks import state_icon
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.safe import Act
from app.screens.parts.words import body, small
from app.screens.tokens import (
    HAIRLINE,
    RADIUS_CHIP,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    Custody,
    Look,
    Tone,
)

_TIME_WIDTH: Final = 44


def photo_thumb(
    look: Look,
    image: bytes | str | None,
    name: str,
    act: Act,
    *,
    ident: str | None = None,
    size: int = 96,
    absent: str | None = None,
) -> ft.Control:
    """Draw a small photo that opens when pressed; None means that it is not on this device, or as ``absent`` says.

    Red light dims it.
    """
    if image is None:
        content: ft.Control = ft.Container(
            ft.Icon(
                ft.Icons.INSERT_DRIVE_FILE_OUTLINED if absent else ft.Icons.IMAGE_OUTLINED, color=look.palette.ink_soft, size=32
            ),
            width=size,
            height=size,
            alignment=ft.Alignment.CENTER,
            bgcolor=look.palette.sunken,
            border_radius=RADIUS_CHIP,
        )
        read = f"{name}. {absent}" if absent else look.say("photo.missing")
    else:
        shown = ft.Image(
            src=image, width=size, height=size, fit=ft.BoxFit.COVER, border_radius=RADIUS_CHIP, exclude_from_semantics=True
        )
        content = dim_photo(look, shown)
        read = look.say("photo.open", name=name)
    dress = replace(quiet_dress(look), edge=look.palette.line, radius=RADIUS_CHIP, pad_x=0)
    return press(look, content, act, dress, ident=ident, name=read, width=size, height=size)


def record_row(
    look: Look,
    *,
    time: str,
    kind: str,
    place: str,
    custody: Custody,
    act: Act,
    ident: str,
    icon: ft.IconData,
    tone: Tone | None = None,
    state_words: bool = False,
) -> ft.Control:
    """Draw one record of a log: icon of its kind, kind, time and place, and where it is on its way, also in words if asked."""
    colour = tone.mark if tone else look.palette.ink
    lines: list[ft.Control] = [body(look, kind, strong=True), small(look, f"{time} · {place}")]
    inside: list[ft.Control] = [ft.Icon(icon, size=28, color=colour)]
    if state_words:
        lines.append(small(look, look.say(f"state.{custody.value}"), strong=True, colour=look.custody_tone(custody).mark))
    inside.append(ft.Column(lines, spacing=0, tight=True, expand=True))
    content = ft.Row([*inside, state_icon(look, custody)], spacing=SPACE_3)
    dress = replace(quiet_dress(look), edge=None, radius=0, fill=look.palette.surface, pad_y=SPACE_2, pad_x=SPACE_4)
    state = look.say(f"state.{custody.value}")
    row = press(look, content, act, dress, ident=ident, name=f"{kind}, {time}, {place}. {state}", expand=True)
    line = ft.Border.only(bottom=ft.BorderSide(HAIRLINE, look.palette.line))
    return ft.Container(ft.Row([row]), border=line)


def timeline_row(
    look: Look,
    time: str,
    what: str,
    detail: str = "",
    *,
    icon: ft.IconData = ft.Icons.CIRCLE,
    tone: Tone | None = None,
    last: bool = False,
) -> ft.Control:
    """Draw one moment of a timeline, joined to the next by a line unless it is the last."""
    colour = tone.mark if tone else look.palette.primary_edge
    thread = ft.Container(width=2, expand=True, bgcolor=ft.Colors.TRANSPARENT if last else look.palette.line_strong, height=12)
    rail = ft.Column(
        [ft.Icon(icon, size=18, color=colour), thread],
        spacing=2,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        width=24,
    )
    lines: list[ft.Control] = [body(look, what, strong=True)]
    if detail:
        lines.append(small(look, detail))
    told = ft.Container(ft.Column(lines, spacing=0, tight=True), padding=ft.Padding.only(bottom=SPACE_4), expand=True)
    return ft.Row(
        [ft.Container(small(look, time, strong=True), width=_TIME_WIDTH * look.text_scale), rail, told],
        spacing=SPACE_2,
        intrinsic_height=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
