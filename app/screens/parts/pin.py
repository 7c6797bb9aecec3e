"""The pad on which a member types the PIN, and the dots that show how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import flet as ft

from app.screens.parts.press import Dress, press, primary_dress, quiet_dress
from app.screens.parts.safe import Act
from app.screens.parts.words import words
from app.screens.tokens import HEADLINE, LINE_HEIGHT, MEDIUM, SPACE_2, SPACE_3, SPACE_4, TOUCH_PIN, Look

_ROWS: Final = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"))
_KEY_WIDTH: Final = 88
_WIDE_KEY: Final = 101


def _key(
    look: Look, content: ft.Control, name: str, ident: str, act: Act, dress: Dress, *, disabled: bool, width: int
) -> ft.Control:
    return press(
        look,
        content,
        act,
        replace(dress, pad_x=0),
        ident=ident,
        name=name,
        disabled=disabled,
        width=width,
        height=_key_height(look),
    )


def _key_height(look: Look) -> int:
    """A digit at 200 % text is 78 high: the key grows with the text, from 64."""
    return max(TOUCH_PIN, round(HEADLINE * LINE_HEIGHT * look.text_scale))


def pin_pad(
    look: Look,
    on_digit: Callable[[str], object],
    on_erase: Act,
    *,
    on_submit: Act | None = None,
    disabled: bool = False,
    wide: bool = False,
) -> ft.Control:
    """Draw ten digits and an eraser, keys 64 high or more; `on_digit` gets "0".."9".

    With `on_submit` a key to open stands at the right; without it the screen opens at the last digit. `wide` keys use the
    whole width of a narrow phone.
    """
    width = _WIDE_KEY if wide else _KEY_WIDTH
    plain = replace(quiet_dress(look), edge=look.palette.line)
    bare = replace(plain, edge=None, fill=ft.Colors.TRANSPARENT)

    def digit_key(digit: str) -> ft.Control:
        figure = words(look, digit, size=HEADLINE, family=MEDIUM)
        name = look.say("pin.digit", digit=digit)
        return _key(look, figure, name, f"pin-{digit}", lambda: on_digit(digit), plain, disabled=disabled, width=width)

    eraser = ft.Icon(ft.Icons.BACKSPACE_OUTLINED, size=28)
    erase = _key(look, eraser, look.say("pin.erase"), "pin-erase", on_erase, bare, disabled=disabled, width=width)
    last: ft.Control = ft.Container(width=width, height=_key_height(look))
    if on_submit is not None:
        opener = ft.Icon(ft.Icons.LOCK_OPEN, size=28)
        last = _key(
            look, opener, look.say("pin.submit"), "pin-submit", on_submit, primary_dress(look), disabled=disabled, width=width
        )
    rows = [[digit_key(digit) for digit in row] for row in _ROWS]
    rows.append([erase, digit_key("0"), last])
    return ft.Column(
        [ft.Row(row, spacing=SPACE_3, tight=True) for row in rows],
        spacing=SPACE_3,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


def pin_dots(look: Look, filled: int, length: int) -> ft.Control:
    """Draw one dot a digit, filled as far as typed; reads aloud how many, never which."""
    dots: list[ft.Control] = [
        ft.Container(
            width=16,
            height=16,
            border_radius=8,
            bgcolor=look.palette.ink if place < filled else ft.Colors.TRANSPARENT,
            border=ft.Border.all(2, look.palette.ink if place < filled else look.palette.line_strong),
        )
        for place in range(length)
    ]
    return ft.Semantics(
        identifier="pin-dots",
        label=look.say("pin.filled", count=filled),
        live_region=True,
        exclude_semantics=True,
        content=ft.Container(ft.Row(dots, spacing=SPACE_4, tight=True), padding=ft.Padding.symmetric(vertical=SPACE_2)),
    )
