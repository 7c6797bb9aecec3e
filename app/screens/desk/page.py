"""What the plainer rooms share: a heading with what may be done, and the room under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import flet as ft

from app.screens.parts.buttons import icon_button
from app.screens.parts.words import headline, small
from app.screens.tokens import PAGE_MARGIN_DESK, SPACE_4, Look
from app.state.desk import Desk
from app.state.desk_register import ACCESS
from app.store.queries import ObservationFilter

PATROL_PATH: Final = "/patrol"
RAIL_WIDTH, LARGE_RAIL_WIDTH = 104, 184
"""In large text no name of a room is broken within a word."""


def rail_width(look: Look) -> int:
    """Of the way between the rooms, at the left of each."""
    return LARGE_RAIL_WIDTH if look.large_text else RAIL_WIDTH


def room_width(look: Look) -> float:
    """What a room has for what is in it."""
    return look.width - rail_width(look) - 2 * PAGE_MARGIN_DESK


def draw_page(
    look: Look, heading: str, told: str, inside: Sequence[ft.Control], *, trailing: ft.Control | None = None
) -> ft.Control:
    """Draw a room: its name, what may be done (in large text under the name), and the inside, which scrolls by itself."""
    lines: list[ft.Control] = [ft.Semantics(header=True, content=headline(look, heading))]
    if told:
        lines.append(small(look, told))
    top: list[ft.Control] = [ft.Column(lines, spacing=0, tight=True, expand=True)]
    beside: list[ft.Control] = [] if trailing is None else [trailing]
    rows = [ft.Row(top), *beside] if look.large_text else [ft.Row([*top, *beside], spacing=SPACE_4)]
    return ft.Container(
        ft.Column([*rows, *inside], spacing=SPACE_4, expand=True),
        padding=PAGE_MARGIN_DESK,
        expand=True,
    )


async def show_records(desk: Desk, chosen: ObservationFilter) -> None:
    """Go to the register with these records."""
    await desk.register.narrow(chosen)
    ft.context.page.navigate("/register")


async def show_access(desk: Desk, subject: str) -> None:
    """Go to the book of who has looked, with this record's part of it."""
    await desk.register.open_book(ACCESS)
    ft.context.page.navigate("/register")
    await desk.access.of_record(subject)


async def show_record(desk: Desk, subject: str) -> None:
    """Go to the review desk with this record open."""
    await desk.review.open(subject)
    ft.context.page.navigate("/review")


async def show_patrol(desk: Desk, subject: str) -> None:
    """Go to the course of this patrol; its way back leads here."""
    page = ft.context.page
    back = page.route if page.route != PATROL_PATH else desk.course.back
    await desk.course.open(subject, back)
    desk.stop_typing()
    page.navigate(PATROL_PATH)


def course_button(desk: Desk, look: Look, patrol: str, ident: str) -> ft.Control:
    """Draw the way to the course of a patrol."""

    async def go() -> None:
        await show_patrol(desk, patrol)

    return icon_button(look, ft.Icons.TIMELINE, look.say("course.open"), go, ident=ident)
