"""How far the servers that the station gives to have what it gave: the province above, or stations below."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_3
from journal.parcel import RelayStands


def draw_relays(reader: Reader, relays: Sequence[RelayStands]) -> list[ft.Control]:
    """Draw a line for each; nothing where there is none."""
    if not relays:
        return []
    return [section_header(reader.look, reader.look.say("relays.heading")), *(_relay(reader, one) for one in relays)]


def _relay(reader: Reader, one: RelayStands) -> ft.Control:
    look, palette = reader.look, reader.look.palette
    told_ms = one.given_ms if one.above else one.taken_ms
    said = "relays.has" if one.above else "relays.here"
    until = look.say("relays.nothing") if told_ms is None else look.say(said, time=reader.moment(told_ms))
    lines: list[ft.Control] = [body(look, one.name, strong=True), small(look, until, colour=palette.ink)]
    if not one.reached:
        lines.append(small(look, look.say("relays.not_reached"), strong=True, colour=palette.medium.mark))
    icon = ft.Icon(ft.Icons.ACCOUNT_BALANCE_OUTLINED if one.above else ft.Icons.HOME_WORK_OUTLINED, color=palette.ink_soft)
    told = ft.Column(lines, spacing=0, expand=True)
    return ft.Container(
        ft.Semantics(identifier="relay", container=True, content=card(look, [ft.Row([icon, told], spacing=SPACE_3)])),
        key=f"relay-{one.name}",
    )
