"""After how many days each sort of place is overdue, said by a commander."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.patrol.coverage import LEAST_LIMIT_DAYS, MOST_LIMIT_DAYS
from app.patrol.line_places import Watch
from app.screens.parts.buttons import primary_button
from app.screens.parts.choices import stepper
from app.screens.parts.words import small, title
from app.screens.tokens import SPACE_3, Look
from app.state.desk_line import LineDesk

_WIDTH = 460


def limits_dialog(line: LineDesk, look: Look, close: Callable[[], None]) -> ft.AlertDialog:
    """The dialog: a count for each sort; each change holds at once."""
    rows: list[ft.Control] = [small(look, look.say("line.limits_hint"))]
    rows += [_row(line, look, sort) for sort in Watch]
    rows.append(primary_button(look, look.say("line.limits_done"), close, ident="limits-done", compact=True))
    return ft.AlertDialog(
        title=title(look, look.say("line.limits_title")),
        content=ft.Container(ft.Column(rows, spacing=SPACE_3, tight=True), width=_WIDTH),
        scrollable=True,
        bgcolor=look.palette.surface,
        on_dismiss=lambda _: close(),
    )


def _row(line: LineDesk, look: Look, sort: Watch) -> ft.Control:
    async def change(days: int) -> None:
        await line.set_limit(sort, days)

    return stepper(
        look, look.say(f"line.sort.{sort.value}"), line.limits[sort], change, ident=f"limit-{sort.value}",
        least=LEAST_LIMIT_DAYS, most=MOST_LIMIT_DAYS,
    )  # fmt: skip
