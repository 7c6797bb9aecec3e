"""Cards, section headers, banners, progress, empty states and error notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import flet as ft

from app.screens.parts.buttons import secondary_button
from app.screens.parts.press import Dress, named, press
from app.screens.parts.safe import Act
from app.screens.parts.words import body, small, title
from app.screens.tokens import (
    HAIRLINE,
    RADIUS_CARD,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    SPACE_6,
    Look,
    Tone,
    hairline,
)


def card(
    look: Look,
    controls: Sequence[ft.Control],
    *,
    act: Act | None = None,
    name: str | None = None,
    ident: str | None = None,
    tone: Tone | None = None,
    spacing: int = SPACE_2,
) -> ft.Control:
    """Draw a card with a hairline edge; with `act` the whole card can be pressed."""
    inside = ft.Column(list(controls), spacing=spacing, tight=True)
    fill = tone.soft if tone else look.palette.surface
    edge = tone.mark if tone else look.palette.line
    if act is None:
        box = ft.Container(inside, padding=SPACE_4, bgcolor=fill, border=hairline(look, edge), border_radius=RADIUS_CARD)
        return named(box, ident)
    dress = Dress(fill, look.palette.ink, edge, HAIRLINE, RADIUS_CARD, pad_y=SPACE_4, pad_x=SPACE_4)
    return ft.Row([press(look, inside, act, dress, ident=ident, name=name, expand=True)])


def section_header(look: Look, label: str, *, trailing: ft.Control | None = None) -> ft.Control:
    """Draw the header of a section, marked as a heading."""
    heading = ft.Semantics(header=True, expand=True, content=small(look, label, strong=True, colour=look.palette.ink_soft))
    line: ft.Control = ft.Row([heading] if trailing is None else [heading, trailing], spacing=SPACE_2)
    if trailing is not None and look.large_text:
        # Large words leave nothing beside them.
        line = ft.Column([ft.Row([heading]), ft.Row([trailing], wrap=True)], spacing=0, tight=True)
    return ft.Container(line, padding=ft.Padding.only(top=SPACE_2, bottom=SPACE_1))


def banner(
    look: Look,
    message: str,
    kind: Literal["offline", "demo", "warning", "urgent"] = "offline",
    *,
    action: ft.Control | None = None,
) -> ft.Control:
    """Draw a full-width line that says something about everything below it; with an action, large text may go without words."""
    palette = look.palette
    tone, icon = {
        "offline": (palette.calm, ft.Icons.CLOUD_OFF),
        "demo": (palette.medium, ft.Icons.SCIENCE_OUTLINED),
        "warning": (palette.high, ft.Icons.ERROR_OUTLINE),
        "urgent": (palette.urgent, ft.Icons.WARNING_ROUNDED),
    }[kind]
    # Beside a button the words are small and the line as low as the button: it stands above every screen.
    words = body(look, message, expand=True) if action is None else small(look, message, colour=palette.ink, expand=True)
    told: list[ft.Control] = [ft.Icon(icon, color=tone.mark, size=22), words]
    inside: ft.Control = ft.Row(told, spacing=SPACE_3)
    if action is not None and look.large_text:
        # Beside a button no whole word of large text has room.
        inside = ft.Column([inside, action] if message else [action], spacing=0, tight=True)
    elif action is not None:
        inside = ft.Row([*told, action], spacing=SPACE_3)
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Container(
            inside,
            padding=ft.Padding.symmetric(horizontal=SPACE_4, vertical=SPACE_2 if action is None else 0),
            bgcolor=tone.soft,
            border=ft.Border.only(bottom=ft.BorderSide(HAIRLINE, palette.line)),
        ),
    )


def progress_notice(look: Look, what: str, *, done: float | None = None) -> ft.Control:
    """Draw work that takes over half a second; `done` is 0..1, or None when nobody can tell."""
    bar = ft.ProgressBar(value=done, color=look.palette.primary_edge, bgcolor=look.palette.line, bar_height=6, border_radius=3)
    return ft.Semantics(
        label=look.say("word.progress", what=what),
        value=None if done is None else f"{round(done * 100)} %",
        live_region=True,
        exclude_semantics=True,
        content=ft.Column([body(look, what), bar], spacing=SPACE_2, tight=True),
    )


def empty_state(look: Look, what: str, hint: str, *, icon: ft.IconData, action: ft.Control | None = None) -> ft.Control:
    """Say that there is nothing here, and what to do."""
    centred = ft.TextAlign.CENTER
    heading, explanation = title(look, what), body(look, hint, colour=look.palette.ink_soft)
    heading.text_align = explanation.text_align = centred
    inside: list[ft.Control] = [ft.Icon(icon, size=40, color=look.palette.ink_soft), heading, explanation]
    if action is not None:
        inside.append(action)
    return ft.Container(
        ft.Column(inside, spacing=SPACE_3, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER),
        padding=SPACE_6,
        alignment=ft.Alignment.CENTER,
    )


def error_notice(
    look: Look,
    happened: str,
    *,
    safe_words: str | None = None,
    to_do: str | None = None,
    retry: Act | None = None,
    ident: str = "error-notice",
) -> ft.Control:
    """Say what happened, what is safe and what to do next, with a button to try again."""
    tone = look.palette.urgent
    steps = (
        (ft.Icons.ERROR_OUTLINE, tone.mark, happened),
        (ft.Icons.CHECK_CIRCLE_OUTLINE, look.palette.good.mark, safe_words or look.say("failure.safe")),
        (ft.Icons.ARROW_FORWARD, look.palette.ink, to_do or look.say("failure.next")),
    )
    rows: list[ft.Control] = [
        ft.Row(
            [ft.Icon(icon, color=colour, size=22), body(look, line, strong=icon is ft.Icons.ERROR_OUTLINE, expand=True)],
            spacing=SPACE_3,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for icon, colour, line in steps
    ]
    if retry is not None:
        rows.append(secondary_button(look, look.say("verb.retry"), retry, ident=f"{ident}-retry"))
    notice = card(look, rows, tone=Tone(tone.mark, look.palette.surface), spacing=SPACE_3)
    return ft.Semantics(identifier=ident, live_region=True, content=notice)
