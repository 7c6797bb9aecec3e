"""How old the last copy of the station is: nobody else notices when nobody makes one any more."""

from __future__ import annotations

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_3
from journal.copied import Copied

OLD_DAYS = 7


def draw_copied(reader: Reader, copied: Copied | None) -> list[ft.Control]:
    """Draw when it was made, and a word where that is long ago; nothing before the station told."""
    if copied is None:
        return []
    look, palette = reader.look, reader.look.palette
    made_ms = copied.copied_ms
    is_old = made_ms is None or (copied.days or 0) >= OLD_DAYS
    made = look.say("copies.none") if made_ms is None else look.say("copies.last", time=reader.moment(made_ms))
    lines: list[ft.Control] = [body(look, made, strong=True)]
    if is_old:
        lines.append(small(look, look.say("copies.missing"), strong=True, colour=palette.medium.mark))
    lines.append(small(look, look.say("copies.how"), colour=palette.ink))
    icon = ft.Icon(ft.Icons.SAVE_OUTLINED, color=palette.medium.mark if is_old else palette.ink_soft)
    told = ft.Column(lines, spacing=0, expand=True)
    content = card(look, [ft.Row([icon, told], spacing=SPACE_3)])
    return [
        section_header(look, look.say("copies.heading")),
        ft.Container(ft.Semantics(identifier="copied", container=True, content=content), key="copied"),
    ]
