"""Of one record: how long its personal part is kept, what goes and what stays; and the way to who has looked at it."""

from __future__ import annotations

from collections.abc import Iterable

import flet as ft

from app.screens.desk.page import show_access
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import secondary_button
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_1, Look
from app.state.desk import Desk
from app.store.queries import ObservationDetail
from app.store.queries_retention import due_of
from app.texts.formats import format_date
from journal.clock import moment
from journal.retention import FallsDue, Part


def draw_keeping(desk: Desk, reader: Reader, detail: ObservationDetail) -> list[ft.Control]:
    """Draw when what falls due; the button is there for who may inspect."""
    look, line = reader.look, detail.line
    dues = due_of(line, in_case=bool(detail.cases))
    lines: list[ft.Control] = []
    for due in dues:
        day = format_date(moment(due.due_ms))
        lines.append(body(look, look.say("keeping.due", day=day), strong=True))
        lines.append(small(look, say_term(look, due), colour=look.palette.ink))
        lines.append(small(look, look.say("keeping.goes", parts=say_parts(look, due.term.goes)), colour=look.palette.ink))
    if dues:
        lines += [small(look, look.say("keeping.stays")), small(look, look.say("keeping.preview"))]
    else:
        lines.append(small(look, look.say("keeping.in_case" if detail.cases else "keeping.no_term")))
    if desk.means.may("inspect", line.unit):

        async def who() -> None:
            await show_access(desk, line.subject)

        lines.append(
            ft.Row([secondary_button(look, look.say("access.who"), who, ident="who-looked", icon=ft.Icons.VISIBILITY_OUTLINED)])
        )
    return [section_header(look, look.say("keeping.title")), card(look, lines, spacing=SPACE_1, ident="record-keeping")]


def say_term(look: Look, due: FallsDue) -> str:
    """Which term it is, in words."""
    return due.term.label.text(look.texts.language)


def say_parts(look: Look, parts: Iterable[Part]) -> str:
    """What goes, as "ảnh, biển số"."""
    return ", ".join(look.say(f"keeping.part.{part}") for part in parts)
