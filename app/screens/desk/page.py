"""What the plainer rooms share: a heading with what may be done, and the room under it."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.screens.parts.words import headline, small
from app.screens.tokens import PAGE_MARGIN_DESK, SPACE_4, Look
from app.state.desk import Desk
from app.store.queries import ObservationFilter


def draw_page(
    look: Look, heading: str, told: str, inside: Sequence[ft.Control], *, trailing: ft.Control | None = None
) -> ft.Control:
    """Draw a room with its name; what is inside fills the rest and scrolls by itself."""
    lines: list[ft.Control] = [ft.Semantics(header=True, content=headline(look, heading))]
    if told:
        lines.append(small(look, told))
    top: list[ft.Control] = [ft.Column(lines, spacing=0, tight=True, expand=True)]
    if trailing is not None:
        top.append(trailing)
    return ft.Container(
        ft.Column([ft.Row(top, spacing=SPACE_4), *inside], spacing=SPACE_4, expand=True),
        padding=PAGE_MARGIN_DESK,
        expand=True,
    )


async def show_records(desk: Desk, chosen: ObservationFilter) -> None:
    """Go to the register with these records."""
    await desk.register.narrow(chosen)
    ft.context.page.navigate("/register")


async def show_record(desk: Desk, subject: str) -> None:
    """Go to the review desk with this record open."""
    await desk.review.open(subject)
    ft.context.page.navigate("/review")
