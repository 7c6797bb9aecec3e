"""The sheet that lists the keys of the review desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from app.screens.parts.buttons import key_hint, secondary_button
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import body, title
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_6, Look
from app.state.desk_rules import VERDICTS

_WIDTH: Final = 720
_CAPS: Final = 124
_LIST: Final = (("J", "down"), ("K", "up"), ("Enter",), ("/",), ("P",), ("T",), ("Esc",), ("?",))
_LIST_WORDS: Final = ("next", "previous", "open", "search", "photo", "course", "escape", "sheet")
_PHOTO: Final = (("left", "right"), ("+", "-"), ("0",), ("Esc",))
_PHOTO_WORDS: Final = ("photo_step", "photo_zoom", "photo_all", "photo_close")
_COURSE: Final = (("left", "right"), ("space",), ("Esc",))
_COURSE_WORDS: Final = ("course_step", "course_play", "course_back")
_NAMED: Final = frozenset({"left", "right", "up", "down", "space"})
"""Keys with a name in words: no font has to have signs for them."""


def key_sheet(look: Look, close: Callable[[], object]) -> ft.AlertDialog:
    """Draw every key with what it does; none of them acts while somebody types."""
    verdicts = [_line(look, (str(number),), look.say(f"desk.verdict.{code}")) for number, code in enumerate(VERDICTS, start=1)]
    left = [section_header(look, look.say("keys.list")), *_lines(look, _LIST, _LIST_WORDS)]
    right = [
        section_header(look, look.say("keys.verdicts")), *verdicts,
        section_header(look, look.say("keys.in_photo")), *_lines(look, _PHOTO, _PHOTO_WORDS),
        section_header(look, look.say("keys.in_course")), *_lines(look, _COURSE, _COURSE_WORDS),
    ]  # fmt: skip
    columns = ft.Row(
        [ft.Column(one, spacing=SPACE_1, tight=True, expand=True) for one in (left, right)],
        spacing=SPACE_6,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    inside = ft.Column(
        [columns, body(look, look.say("keys.typing"), colour=look.palette.ink_soft)],
        spacing=SPACE_3, tight=True, width=_WIDTH,
    )  # fmt: skip
    return ft.AlertDialog(
        title=title(look, look.say("keys.heading")),
        content=ft.Semantics(identifier="key-sheet", content=inside),
        actions=[secondary_button(look, look.say("verb.close"), close, ident="keys-close")],
        scrollable=True,
        on_dismiss=safe(close),
    )


def _lines(look: Look, keys: tuple[tuple[str, ...], ...], words: tuple[str, ...]) -> list[ft.Control]:
    return [_line(look, caps, look.say(f"keys.{word}")) for caps, word in zip(keys, words, strict=True)]


def _line(look: Look, caps: tuple[str, ...], what: str) -> ft.Control:
    named = [look.say(f"keys.cap.{cap}") if cap in _NAMED else cap for cap in caps]
    drawn = ft.Container(ft.Row([key_hint(look, cap) for cap in named], spacing=SPACE_1, wrap=look.large_text), width=_CAPS)
    return ft.Row([drawn, body(look, what, expand=True)], spacing=SPACE_2)
