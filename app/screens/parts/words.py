"""Text in the five sizes of the scale."""

from __future__ import annotations

import flet as ft

from app.screens.tokens import BODY, DISPLAY, HEADLINE, LINE_HEIGHT, MEDIUM, REGULAR, SEMIBOLD, SMALL, TITLE, Look


def words(
    look: Look,
    value: str,
    *,
    size: int = BODY,
    family: str = REGULAR,
    colour: str | None = None,
    align: ft.TextAlign = ft.TextAlign.START,
    expand: bool = False,
    selectable: bool = False,
) -> ft.Text:
    """Draw words that wrap instead of being cut."""
    return ft.Text(
        value,
        style=ft.TextStyle(size=size, font_family=family, color=colour or look.palette.ink, height=LINE_HEIGHT, letter_spacing=0),
        text_align=align,
        expand=expand or None,
        selectable=selectable or None,
    )


def body(look: Look, value: str, *, colour: str | None = None, strong: bool = False, expand: bool = False) -> ft.Text:
    """Draw running text, 16."""
    return words(look, value, family=MEDIUM if strong else REGULAR, colour=colour, expand=expand)


def small(look: Look, value: str, *, colour: str | None = None, strong: bool = False, expand: bool = False) -> ft.Text:
    """Draw secondary text, 14, soft ink unless a colour is given."""
    family = MEDIUM if strong else REGULAR
    return words(look, value, size=SMALL, family=family, colour=colour or look.palette.ink_soft, expand=expand)


def title(look: Look, value: str, *, colour: str | None = None, expand: bool = False) -> ft.Text:
    """Draw the title of a card or sheet, 20."""
    return words(look, value, size=TITLE, family=SEMIBOLD, colour=colour, expand=expand)


def headline(look: Look, value: str, *, colour: str | None = None, expand: bool = False) -> ft.Text:
    """Draw the headline of a screen, 28."""
    return words(look, value, size=HEADLINE, family=SEMIBOLD, colour=colour, expand=expand)


def display(look: Look, value: str, *, colour: str | None = None, expand: bool = False) -> ft.Text:
    """Draw a figure to be read from arm's length, 40."""
    return words(look, value, size=DISPLAY, family=SEMIBOLD, colour=colour, expand=expand)
