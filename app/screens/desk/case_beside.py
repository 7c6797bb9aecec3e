"""Beside the chain of a case: where it happened, what of it is looked for, and what else may belong to it."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.case_words import leg_words
from app.screens.desk.map import Sight, Spot, desk_map
from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import secondary_button, text_button
from app.screens.parts.marks import priority_shape
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_3
from app.state.desk import Desk
from app.state.desk_cases import CasesDesk
from app.store.queries_cases import BY_PLATE, CaseBoard, Suggestion
from app.store.queries_desk import DrawnTrack
from app.store.queries_vehicles import LookoutLine

_FEWEST_TO_JOIN: Final = 2


def draw_beside(desk: Desk, cases: CasesDesk, reader: Reader, board: CaseBoard) -> ft.Control:
    """Draw the map above, the rest under it."""
    look = reader.look
    parts: list[ft.Control] = [_map(desk, reader, board), small(look, look.say("cases.route_hint"))]
    below = draw_offers(desk, cases, reader, board)
    parts.append(ft.ListView(below, spacing=SPACE_2, expand=5, key=f"beside-{board.detail.line.subject}"))
    return ft.Column(parts, spacing=SPACE_2, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def draw_offers(desk: Desk, cases: CasesDesk, reader: Reader, board: CaseBoard) -> list[ft.Control]:
    """Draw what of the case is looked for, and what may belong to it."""
    look = reader.look
    parts: list[ft.Control] = [_wanted(reader, one) for one in board.wanted]
    parts.append(section_header(look, look.say("cases.suggested")))
    if not board.suggestions:
        return [*parts, small(look, look.say("cases.suggested_none"))]
    return parts + [_suggestion(desk, cases, reader, one) for one in board.suggestions]


def _map(desk: Desk, reader: Reader, board: CaseBoard) -> ft.Control:
    """Dots join the places in their order: nobody knows the way between them."""
    spots = [
        Spot(step.line.subject, step.line.latitude_e7 / 1e7, step.line.longitude_e7 / 1e7, reader.priority(step.line),
             reader.title(step.line))
        for step in board.steps
        if step.line.latitude_e7 is not None and step.line.longitude_e7 is not None
    ]  # fmt: skip
    route = tuple((spot.latitude, spot.longitude) for spot in spots)
    subject = board.detail.line.subject
    tracks = (DrawnTrack(subject, (route,), sparse=True),) if len(route) >= _FEWEST_TO_JOIN else ()
    fit = () if len(set(route)) < _FEWEST_TO_JOIN else route
    centre = route[0] if route and not fit else None
    sight = Sight(f"case-{subject}-{len(spots)}", tuple(spots), tracks, centre=centre, fit=fit)

    async def go(record: str) -> None:
        await show_record(desk, record)

    return ft.Container(desk_map(reader.look, sight, desk.means.ground, go), expand=5)


def _wanted(reader: Reader, one: LookoutLine) -> ft.Control:
    look = reader.look
    said = look.say("wanted.desk.in_case", plate=one.plate or "", time=reader.moment(one.until_ms))
    return card(look, [small(look, said, strong=True, colour=look.palette.high.mark)], tone=look.palette.high)


def _suggestion(desk: Desk, cases: CasesDesk, reader: Reader, one: Suggestion) -> ft.Control:
    look, line = reader.look, one.line

    async def link() -> None:
        await cases.link(line.subject)

    async def go() -> None:
        await show_record(desk, line.subject)

    why = look.say("cases.why_plate", plate=one.plate or "") if one.why == BY_PLATE else _why_near(reader, one)
    heading = ft.Row(
        [priority_shape(look, reader.priority(line)), body(look, reader.title(line), strong=True, expand=True)], spacing=SPACE_2
    )
    under = " · ".join((reader.moment(line.happened_ms), reader.place(line), reader.names.unit(line.unit)))
    buttons: list[ft.Control] = [text_button(look, look.say("cases.look"), go, ident=f"suggested-look-{line.subject}")]
    if cases.may_change():
        label = look.say("cases.link")
        buttons.insert(
            0, secondary_button(look, label, link, ident=f"suggested-link-{line.subject}", icon=ft.Icons.ADD_LINK, snug=True)
        )
    lines: list[ft.Control] = [heading, small(look, under), small(look, why, strong=True, colour=look.palette.ink)]
    shown = card(look, [*lines, ft.Row(buttons, spacing=SPACE_3)], spacing=SPACE_1)
    return ft.Container(ft.Semantics(identifier=f"suggested-{line.subject}", container=True, content=shown), key=line.subject)


def _why_near(reader: Reader, one: Suggestion) -> str:
    return reader.look.say("cases.why_near", leg=leg_words(reader, one.leg)) if one.leg else ""
