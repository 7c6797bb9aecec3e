"""The board of a case: its records as a chain in time, where it stands, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import flet as ft

from app.screens.desk.case_beside import draw_beside, draw_offers
from app.screens.desk.case_people import draw_people
from app.screens.desk.case_results import draw_results
from app.screens.desk.case_words import leg_words
from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import icon_button, primary_button, secondary_button, text_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.marks import priority_shape
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import body, small, title
from app.screens.tokens import HAIRLINE, REGULAR, SPACE_1, SPACE_2, SPACE_3
from app.state.desk import Desk
from app.state.desk_cases import VEHICLES, CasesDesk
from app.store.queries_cases import CaseBoard, CaseStep, Leg

_SIGN: Final = 40
_VEHICLES: Final = {
    "xe_may": ft.Icons.TWO_WHEELER,
    "xe_may_dien": ft.Icons.ELECTRIC_BIKE,
    "xe_cuu_thuong": ft.Icons.EMERGENCY_OUTLINED,
    "xe_tai": ft.Icons.LOCAL_SHIPPING_OUTLINED,
    "xe_container": ft.Icons.LOCAL_SHIPPING_OUTLINED,
    "xe_khach": ft.Icons.DIRECTIONS_BUS_OUTLINED,
    "xe_giuong_nam": ft.Icons.DIRECTIONS_BUS_OUTLINED,
    "taxi": ft.Icons.LOCAL_TAXI_OUTLINED,
    "xuong": ft.Icons.DIRECTIONS_BOAT_OUTLINED,
    "di_bo": ft.Icons.HIKING,
}
_CHAIN_SHARE, _BESIDE_SHARE = 54, 46


def draw_board(desk: Desk, cases: CasesDesk, reader: Reader, board: CaseBoard) -> list[ft.Control]:
    """Draw the chain, and the map with what else may belong to it; large words leave no room for a map."""
    chain: list[ft.Control] = [
        _heading(reader, board),
        *_states(cases, reader, board),
        *draw_people(reader, board),
        *_chain(desk, cases, reader, board),
        *draw_results(desk, cases, reader, board),
    ]
    if reader.look.large_text:
        chain += draw_offers(desk, cases, reader, board)
    listed = ft.ListView(chain, spacing=0, expand=True, key=f"board-{board.detail.line.subject}")
    shown = ft.Container(ft.Semantics(identifier="case-board", content=listed, expand=True), expand=_CHAIN_SHARE)
    if reader.look.large_text:
        return [shown]
    return [
        shown,
        ft.Container(draw_beside(desk, cases, reader, board), expand=_BESIDE_SHARE),
    ]


def _heading(reader: Reader, board: CaseBoard) -> ft.Control:
    look, line = reader.look, board.detail.line
    opened = look.say("desk.case.opened", time=reader.moment(line.opened_ms), name=reader.names.person(board.detail.state.author))
    said = [look.say("count.records", count=len(board.steps))]
    metres = sum(step.leg.metres or 0 for step in board.steps if step.leg)
    if board.steps:
        first, last = board.steps[0].line.happened_ms, board.steps[-1].line.happened_ms
        said.append(f"{reader.moment(first)} – {reader.moment(last)}" if last != first else reader.moment(first))
    if metres:
        said.append(look.say("cases.straight", distance=reader.distance(metres)))
    lines: list[ft.Control] = [
        ft.Semantics(header=True, identifier="case-title", content=title(look, f"{line.code} · {line.title}")),
        small(look, " · ".join(said), colour=look.palette.ink),
        small(look, opened),
    ]
    if line.restricted:
        lines.append(small(look, look.say("cases.restricted.mark"), strong=True, colour=look.palette.assistance.mark))
    return ft.Column(lines, spacing=2, tight=True)


def _states(cases: CasesDesk, reader: Reader, board: CaseBoard) -> list[ft.Control]:
    """Where the case stands; who may not change it reads it alone."""
    look, language = reader.look, reader.look.texts.language
    state = board.detail.line.state
    if not cases.may_change():
        return [small(look, reader.catalogue.label(f"lists.case_state.{state}", language), strong=True)]
    listed = reader.catalogue.lists["case_state"].choices
    left_out = {"mo" if state != "mo" else "", "mo_lai" if state not in {"ket_thuc", "mo_lai"} else ""}
    choices = [Choice(one.code, one.label.text(language)) for one in listed if one.code not in left_out]

    async def choose(codes: frozenset[str]) -> None:
        await cases.move(next(iter(codes), state))

    return [
        ft.Container(
            choice_chips(look, choices, {state}, choose, ident="case-state", dense=True), padding=ft.Padding.only(top=SPACE_2)
        )
    ]


# --- the chain --------------------------------------------------------------------------------------------------------------


def _chain(desk: Desk, cases: CasesDesk, reader: Reader, board: CaseBoard) -> list[ft.Control]:
    look = reader.look
    if not board.steps:
        return [section_header(look, look.say("cases.chain")), small(look, look.say("desk.case.no_records"))]
    rows: list[ft.Control] = [section_header(look, look.say("cases.chain"))]
    for step in board.steps:
        if step.leg is not None:
            rows.append(_leg(reader, step.leg))
        rows.append(_step(desk, cases, reader, step, board.read))
        if cases.leaving == step.line.subject:
            rows.append(_leave(desk, cases, reader))
    return rows


def _leg(reader: Reader, leg: Leg) -> ft.Control:
    """How long after the one before, and how far from it in a straight line."""
    look = reader.look
    said = look.say("cases.after", leg=leg_words(reader, leg))
    rule = ft.Container(
        width=_SIGN // 2 + 1,
        height=26,
        border=ft.Border.only(right=ft.BorderSide(2, look.palette.line_strong)),
    )
    return ft.Row([rule, ft.Container(width=_SIGN // 2 - SPACE_2), small(look, said)], spacing=SPACE_2)


def _step(desk: Desk, cases: CasesDesk, reader: Reader, step: CaseStep, read: Mapping[str, int]) -> ft.Control:
    look, line = reader.look, step.line

    async def go() -> None:
        await show_record(desk, line.subject)

    heading = reader.title(line)
    under = " · ".join(
        (reader.moment(line.happened_ms), reader.place(line), reader.names.unit(line.unit), reader.status(line.status))
    )
    tone = look.priority_tone(reader.priority(line))
    sign = ft.Container(
        ft.Icon(_icon(reader, step), size=22, color=tone.mark),
        width=_SIGN, height=_SIGN, border_radius=_SIGN / 2, bgcolor=tone.soft, border=ft.Border.all(HAIRLINE, tone.mark),
        alignment=ft.Alignment.CENTER,
    )  # fmt: skip
    shape = priority_shape(look, reader.priority(line))
    told = ft.Column(
        [ft.Row([shape, body(look, heading, strong=True, expand=True)], spacing=SPACE_2), small(look, under)],
        spacing=2, tight=True, expand=True,
    )  # fmt: skip
    dress = replace(quiet_dress(look), pad_y=SPACE_3, font_family=REGULAR)
    inside = press(look, ft.Row([told]), go, dress, ident=f"case-item-{line.subject}", name=f"{heading}. {under}", expand=True)
    plates = [_plate_door(desk, cases, reader, plate, step, read) for plate in step.plates]
    tools: list[ft.Control] = []
    if cases.may_change() and step.link is not None:
        name = look.say("cases.unlink", what=heading)
        tools.append(
            icon_button(look, ft.Icons.LINK_OFF, name, lambda: cases.ask_to_leave(line.subject), ident=f"unlink-{line.subject}")
        )
    row = ft.Row([sign, inside, *tools], spacing=SPACE_2)
    under_it = [ft.Container(ft.Row(plates, wrap=True), padding=ft.Padding.only(left=_SIGN + SPACE_2))] if plates else []
    return ft.Column([row, *under_it], spacing=0, tight=True, key=line.subject)


def _icon(reader: Reader, step: CaseStep) -> ft.IconData:
    vehicle = step.line.values.get("vehicle")
    return _VEHICLES.get(str(vehicle), reader.kind_icon(step.line.kind)) if vehicle else reader.kind_icon(step.line.kind)


def _plate_door(desk: Desk, cases: CasesDesk, reader: Reader, plate: str, step: CaseStep, read: Mapping[str, int]) -> ft.Control:
    """To every reading of this plate."""
    look = reader.look
    label = look.say("wanted.desk.plate_read", plate=plate, count=read.get(plate, 0))

    async def go() -> None:
        cases.turn_to(VEHICLES)
        await desk.vehicles.show(plate)

    return text_button(look, label, go, ident=f"plate-of-{step.line.subject}", icon=ft.Icons.MANAGE_SEARCH)


def _leave(desk: Desk, cases: CasesDesk, reader: Reader) -> ft.Control:
    """The question why a record does not belong to the case."""
    look = reader.look
    missing = look.say("cases.unlink_missing") if "reason" in cases.missing else None
    field = text_field(
        look, look.say("cases.unlink_reason"), cases.note_reason, ident="unlink-reason", missing=missing, autofocus=True,
        on_focus=desk.note_typing,
    )  # fmt: skip
    buttons: list[ft.Control] = [
        secondary_button(look, look.say("verb.cancel"), lambda: cases.ask_to_leave(None), ident="unlink-cancel"),
        primary_button(look, look.say("cases.unlink_do"), cases.unlink, ident="unlink-do", compact=True),
    ]
    row = ft.Row(buttons, spacing=SPACE_2)
    return ft.Container(
        ft.Column([field, row], spacing=SPACE_2, tight=True),
        padding=ft.Padding.only(left=_SIGN + SPACE_3, top=SPACE_1, bottom=SPACE_2),
    )
