"""Markers: how long each has not been seen, by day and by night, and what was found last."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_session
from app.screens.desk.page import draw_page, show_record
from app.screens.desk.reading import Reader
from app.screens.parts.surfaces import empty_state
from app.screens.parts.tables import TableColumn, table_header, table_row
from app.screens.parts.words import small
from app.screens.tokens import RADIUS_CARD, Look, hairline
from app.state.desk import Desk
from app.store.queries_desk import Visit, marker_visits

_DAY_MS = 86_400_000
_LONG_DAYS = 10
"""A marker unseen for longer is shown in amber: a patrol a week is usual, and one may fail."""


@ft.component
def RouteRoom(desk: Desk, look: Look) -> ft.Control:
    """Draw the markers, the one that was longest unseen on top."""
    session = use_session()
    visits = use_answer(session, marker_visits)
    heading = look.say("desk.route.title")
    if not visits:
        if visits is None:
            return draw_page(look, heading, "", [])
        hint = look.say("desk.route.empty_hint")
        return draw_page(look, heading, "", [empty_state(look, look.say("desk.route.empty"), hint, icon=ft.Icons.FLAG_OUTLINED)])
    reader = Reader(look, desk.means.catalogue, desk.names)
    columns = (
        TableColumn("marker", look.say("desk.column.marker"), share=4, sortable=False),
        TableColumn("days", look.say("desk.route.days_since"), share=3, sortable=False),
        TableColumn("day", look.say("desk.route.by_day"), share=4, sortable=False),
        TableColumn("night", look.say("desk.route.by_night"), share=4, sortable=False),
        TableColumn("found", look.say("desk.column.found"), share=5, sortable=False),
        TableColumn("checks", look.say("desk.column.checks"), share=2, figures=True, sortable=False),
    )
    header = table_header(look, columns, None, lambda _: None)
    rows: list[ft.Control] = [_row(desk, reader, columns, visit) for visit in visits]
    table = ft.Container(
        ft.Column([header, ft.ListView(rows, expand=True, spacing=0)], spacing=0, expand=True),
        border=hairline(look),
        border_radius=RADIUS_CARD,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        expand=True,
    )
    return draw_page(look, heading, look.say("desk.route.told"), [table])


def _row(desk: Desk, reader: Reader, columns: tuple[TableColumn, ...], visit: Visit) -> ft.Control:
    look = reader.look
    last = visit.last
    days = None if last is None else max(0, (desk.means.now_ms() - last.happened_ms) // _DAY_MS)
    never = look.say("desk.route.never")
    late = days is None or days > _LONG_DAYS
    tone = look.palette.high if late else look.palette.good
    cells: list[str | ft.Control] = [
        visit.place.name,
        small(look, never if days is None else look.texts.number(days), colour=tone.mark, strong=late),
        never if visit.by_day_ms is None else reader.moment(visit.by_day_ms),
        never if visit.by_night_ms is None else reader.moment(visit.by_night_ms),
        "" if last is None else reader.title(last),
        look.texts.number(visit.checks),
    ]

    async def go() -> None:
        if last is not None:
            await show_record(desk, last.subject)

    act = go if last is not None else None
    return table_row(look, columns, cells, act=act, ident=f"marker-{visit.place.subject.partition(':')[2]}")
