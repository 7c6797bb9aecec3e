"""After how many days each sort of place is overdue, said by a commander once for all desks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft

from app.patrol.coverage import LEAST_LIMIT_DAYS, MOST_LIMIT_DAYS
from app.patrol.line_places import Watch
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.choices import stepper
from app.screens.parts.safe import safe
from app.screens.parts.words import small, title
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.state.desk_line import LineDesk

_WIDTH = 460
Limits = Mapping[Watch, int]


def limits_dialog(line: LineDesk, look: Look, chosen: Limits, choose: Callable[[Limits | None], None]) -> ft.AlertDialog:
    """The dialog: a count for each sort. They hold once they are said; ``choose(None)`` closes it."""

    def close() -> None:
        choose(None)

    async def say() -> None:
        await line.set_limits(chosen)
        close()

    rows: list[ft.Control] = [small(look, look.say("line.limits_hint"))]
    rows += [_row(look, sort, chosen, choose) for sort in Watch]
    keys: list[ft.Control] = [
        primary_button(look, look.say("line.limits_say"), say, ident="limits-say", compact=True),
        secondary_button(look, look.say("verb.cancel"), close, ident="limits-cancel"),
    ]
    return ft.AlertDialog(
        title=title(look, look.say("line.limits_title")),
        content=ft.Container(
            ft.Column([*rows, ft.Row(keys, spacing=SPACE_3, run_spacing=SPACE_2, wrap=True)], spacing=SPACE_3, tight=True),
            width=_WIDTH,
        ),
        scrollable=True,
        bgcolor=look.palette.surface,
        on_dismiss=safe(close),
    )


def _row(look: Look, sort: Watch, chosen: Limits, choose: Callable[[Limits | None], None]) -> ft.Control:
    def change(days: int) -> None:
        choose({**chosen, sort: days})

    return stepper(
        look, look.say(f"line.sort.{sort.value}"), chosen[sort], change, ident=f"limit-{sort.value}",
        least=LEAST_LIMIT_DAYS, most=MOST_LIMIT_DAYS,
    )  # fmt: skip
