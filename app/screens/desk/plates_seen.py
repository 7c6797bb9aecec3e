"""Beside a record under review: that its plate was read before, or is looked for."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_session
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import text_button
from app.screens.parts.words import small
from app.state.desk import Desk
from app.state.desk_cases import VEHICLES
from app.store.queries_vehicles import KnownPlate, known_plates


@ft.component
def PlatesSeen(desk: Desk, reader: Reader, subject: str, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw nothing for a plate that only this record holds."""
    now_ms = desk.means.now_ms()
    known = use_answer(use_session(), lambda views: known_plates(views, subject, now_ms), subject) or ()
    return ft.Column([_told(desk, reader, one) for one in known], spacing=0, tight=True, visible=bool(known))


def _told(desk: Desk, reader: Reader, one: KnownPlate) -> ft.Control:
    look = reader.look

    async def go() -> None:
        desk.cases.turn_to(VEHICLES)
        await desk.vehicles.show(one.plate)
        ft.context.page.navigate("/case")

    label = look.say("wanted.desk.plate_read", plate=one.plate, count=one.read)
    rows: list[ft.Control] = [
        ft.Row([text_button(look, label, go, ident=f"plate-known-{one.plate}", icon=ft.Icons.MANAGE_SEARCH)])
    ]
    for lookout in one.wanted:
        said = look.say("wanted.here", reason=look.say(f"wanted.reason.{lookout.reason}"))
        rows.append(small(look, said, strong=True, colour=look.palette.high.mark))
    return ft.Column(rows, spacing=0, tight=True)
