"""Vehicles: every reading of a plate, what is looked for, and the form of a new lookout."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import flet as ft

from app.screens.desk.lookout_form import draw_lookout_form, sentence
from app.screens.desk.news import use_news
from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import secondary_button, text_button
from app.screens.parts.fields import SearchField
from app.screens.parts.marks import priority_shape
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import card, empty_state, section_header
from app.screens.parts.tables import pager
from app.screens.parts.words import body, small
from app.screens.tokens import REGULAR, SPACE_1, SPACE_2, SPACE_3, SPACE_6, Look
from app.state.desk import Desk
from app.state.desk_vehicles import OUTCOMES, VehiclesDesk
from app.store.queries import PAGE
from app.store.queries_vehicles import LookoutLine, Reading

_FORM_WIDTH: Final = 380
_LARGE_HEIGHT: Final = 560
"""Of each part, when large words leave no room for one beside the other."""


@ft.component
def VehiclesBook(desk: Desk, vehicles: VehiclesDesk, look: Look) -> ft.Control:
    """Draw the search at the left, what is looked for in the middle, the form at the right."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(vehicles.refresh)
    if look.large_text:
        parts = [_readings(desk, vehicles, reader), _lookouts(vehicles, reader)]
        parts += [draw_lookout_form(desk, vehicles, reader)] if vehicles.may_look_out() else []
        return ft.ListView([ft.Container(part, height=_LARGE_HEIGHT) for part in parts], spacing=SPACE_6, expand=True)
    columns: list[ft.Control] = [
        ft.Container(_readings(desk, vehicles, reader), expand=1),
        ft.Container(_lookouts(vehicles, reader), expand=1),
    ]
    if vehicles.may_look_out():
        columns.append(ft.Container(draw_lookout_form(desk, vehicles, reader), width=_FORM_WIDTH))
    return ft.Row(columns, spacing=SPACE_6, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


# --- readings ---------------------------------------------------------------------------------------------------------------


def _readings(desk: Desk, vehicles: VehiclesDesk, reader: Reader) -> ft.Control:
    look = reader.look
    search = SearchField(
        look, vehicles.search, label=look.say("wanted.desk.search"), ident="plate-search", initial=vehicles.plate,
        on_focus=desk.note_typing, key=f"plate-search-{vehicles.asked}",
    )  # fmt: skip
    parts: list[ft.Control] = [search, small(look, look.say("wanted.desk.search_hint"))]
    if not vehicles.plate:
        return ft.Column(parts, spacing=SPACE_2)
    parts.append(section_header(look, look.say("wanted.desk.read", plate=vehicles.plate.upper(), count=vehicles.found)))
    if vehicles.readings:
        parts.append(ft.ListView([_reading(desk, reader, one) for one in vehicles.readings], spacing=SPACE_2, expand=True))
    else:
        parts.append(small(look, look.say("wanted.desk.never_read")))
    return ft.Column(parts, spacing=SPACE_2, expand=True)


def _reading(desk: Desk, reader: Reader, one: Reading) -> ft.Control:
    look, line = reader.look, one.line

    async def go() -> None:
        await show_record(desk, line.subject)

    heading = reader.title(line)
    under = " · ".join((reader.moment(line.happened_ms), reader.place(line), reader.names.unit(line.unit)))
    told: list[ft.Control] = [body(look, heading, strong=True), small(look, under)]
    if not one.whole:
        told.append(small(look, look.say("wanted.desk.unread", plate=one.plate), colour=look.palette.returned.mark, strong=True))
    inside = ft.Row(
        [priority_shape(look, reader.priority(line)), ft.Column(told, spacing=2, tight=True, expand=True)], spacing=SPACE_2
    )
    dress = replace(quiet_dress(look), pad_y=SPACE_3, font_family=REGULAR)
    shown = press(look, inside, go, dress, ident=f"reading-{line.subject}", name=f"{heading}. {under}", expand=True)
    return ft.Row([shown], key=line.subject)


# --- lookouts ---------------------------------------------------------------------------------------------------------------


def _lookouts(vehicles: VehiclesDesk, reader: Reader) -> ft.Control:
    look = reader.look
    parts: list[ft.Control] = [section_header(look, look.say("wanted.desk.standing", count=vehicles.standing))]
    if vehicles.loaded and not vehicles.lookouts:
        hint = look.say("wanted.desk.empty_hint")
        parts.append(empty_state(look, look.say("wanted.desk.empty"), hint, icon=ft.Icons.DIRECTIONS_CAR_OUTLINED))
    parts.append(ft.ListView([_lookout(vehicles, reader, one) for one in vehicles.lookouts], spacing=SPACE_2, expand=True))
    if vehicles.total > PAGE:
        parts.append(pager(look, vehicles.page, vehicles.total, vehicles.turn))
    return ft.Column(parts, spacing=SPACE_2, expand=True)


def _lookout(vehicles: VehiclesDesk, reader: Reader, one: LookoutLine) -> ft.Control:
    look = reader.look
    stands = one.outcome is None and one.until_ms > vehicles.means.now_ms()
    reason = sentence(look.say(f"wanted.reason.{one.reason}")) if one.reason else ""
    by = look.say("wanted.by", unit=reader.names.unit(one.issuer or one.unit), time=reader.moment(one.until_ms))
    plate = one.plate or look.say("wanted.desk.not_told")
    lines: list[ft.Control] = [
        body(look, plate, strong=True),
        small(look, reason, colour=look.palette.ink),
        small(look, f"{by} · {reader.names.person(one.author)}"),
    ]
    if not stands:
        lines.append(small(look, _over(reader, one), strong=True))
    else:
        lines.append(small(look, look.say("wanted.desk.on_phones" if one.on_phones else "wanted.desk.desk_only")))
    lines.append(ft.Row(_doors(vehicles, reader, one, stands=stands), spacing=SPACE_2, wrap=True, run_spacing=SPACE_2))
    tone = look.palette.high if stands else None
    return ft.Container(card(look, lines, spacing=SPACE_1, ident=f"lookout-{one.subject}", tone=tone), key=one.subject)


def _over(reader: Reader, one: LookoutLine) -> str:
    look = reader.look
    if one.outcome is None or one.ended_ms is None:
        return look.say("wanted.desk.lapsed", time=reader.moment(one.until_ms))
    return f"{look.say(f'wanted.outcome.{one.outcome}')} · {reader.moment(one.ended_ms)}"


def _doors(vehicles: VehiclesDesk, reader: Reader, one: LookoutLine, *, stands: bool) -> list[ft.Control]:
    look, subject, plate = reader.look, one.subject, one.plate
    doors: list[ft.Control] = []
    if plate is not None:
        label = look.say("wanted.desk.readings", count=one.read)
        doors.append(
            text_button(look, label, lambda: vehicles.show(plate), ident=f"lookout-read-{subject}", icon=ft.Icons.MANAGE_SEARCH)
        )
    if not stands or not vehicles.means.may("receive", one.unit):
        return doors
    if vehicles.ending != subject:
        return [
            *doors,
            text_button(look, look.say("wanted.desk.end"), lambda: vehicles.ask_end(subject), ident=f"lookout-end-{subject}"),
        ]
    return doors + [_end_door(vehicles, look, one, outcome) for outcome in OUTCOMES]


def _end_door(vehicles: VehiclesDesk, look: Look, one: LookoutLine, outcome: str) -> ft.Control:
    label = look.say(f"wanted.outcome.{outcome}")
    return secondary_button(look, label, lambda: vehicles.end(one, outcome), ident=f"lookout-{outcome}-{one.subject}", snug=True)
