"""Who has looked at what: of one record with whose devices have it, of one person, or of all; the station tells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import secondary_button
from app.screens.parts.choices import Choice, filter_chip
from app.screens.parts.fields import dropdown_field
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import banner, card, empty_state, progress_notice
from app.screens.parts.tables import TableColumn, table_header, table_row
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_3, Look
from app.state.desk import Desk
from app.state.desk_access import AccessDesk
from journal.looked import Copy
from journal.looked import Look as Looking

Framed = Callable[[Look, ft.Control, list[ft.Control]], ft.Control]
EVERYBODY: Final = "all"
_SHARES: Final = {"time": 3, "who": 4, "what": 5, "about": 6, "why": 5}
_MENU_WIDTH: Final = 320


@ft.component
def AccessBook(desk: Desk, access: AccessDesk, reader: Reader, framed: Framed) -> ft.Control:
    """Draw the choice of whose part, and the lines."""
    look = reader.look

    async def begin() -> None:
        if access.looked is None and not access.asking:
            await access.ask()

    ft.use_effect(begin, [])
    parts: list[ft.Control] = [_choices(desk, access, reader), small(look, look.say("access.hint"))]
    if access.trouble is not None:
        said = look.say("access.unreachable" if access.trouble == "unreachable" else "access.refused")
        parts.append(banner(look, said, "offline" if access.trouble == "unreachable" else "warning"))
    elif access.looked is None:
        parts.append(progress_notice(look, look.say("access.asking")))
    else:
        parts += _told(desk, access, reader, framed)
    return ft.Column(parts, spacing=SPACE_3, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _choices(desk: Desk, access: AccessDesk, reader: Reader) -> ft.Control:
    look = reader.look
    people = [Choice(EVERYBODY, look.say("access.everybody"))]
    people += [Choice(subject, one.name) for subject, one in reader.names.persons.items() if not one.retired]

    async def choose(person: str) -> None:
        await access.of_person("" if person == EVERYBODY else person)

    async def again() -> None:
        await access.ask()

    async def all_records() -> None:
        await access.of_person("")

    menu = dropdown_field(look, look.say("access.person"), people, access.person or EVERYBODY, choose, ident="access-person")
    parts: list[ft.Control] = [ft.Container(menu, width=_MENU_WIDTH)]
    if access.about:
        line = access.records.get(access.about)
        label = look.say("access.of_record", what=reader.title(line) if line else access.about)
        parts.append(filter_chip(look, label, all_records, ident="access-of-record"))
    parts.append(secondary_button(look, look.say("access.again"), again, ident="access-again", icon=ft.Icons.REFRESH))
    return ft.Row(parts, spacing=SPACE_3, wrap=True, run_spacing=SPACE_2, vertical_alignment=ft.CrossAxisAlignment.CENTER)


def _told(desk: Desk, access: AccessDesk, reader: Reader, framed: Framed) -> list[ft.Control]:
    look, looked = reader.look, access.looked
    assert looked is not None
    parts: list[ft.Control] = [_copies(reader, looked.copies)] if access.about else []
    if not looked.looks:
        hint = look.say("access.none_hint")
        return [*parts, empty_state(look, look.say("access.none"), hint, icon=ft.Icons.VISIBILITY_OFF_OUTLINED)]
    columns = tuple(
        TableColumn(code, look.say(f"access.column.{code}"), share=share, sortable=False) for code, share in _SHARES.items()
    )
    rows = [_row(desk, access, reader, columns, one) for one in looked.looks]
    parts.append(framed(look, table_header(look, columns, None, lambda _: None), rows))
    if looked.more:
        parts.append(ft.Row([secondary_button(look, look.say("access.older"), access.older, ident="access-older")]))
    return parts


def _copies(reader: Reader, copies: tuple[Copy, ...]) -> ft.Control:
    """Whose devices have the record: they can read it without asking anybody again."""
    look = reader.look
    said = [f"{reader.names.person(one.person)} · {reader.moment(one.at_ms)}" for one in copies]
    lines = [body(look, look.say("access.copies" if said else "access.copies_none"), strong=True)]
    lines += [small(look, one, colour=look.palette.ink) for one in said]
    return card(look, [*lines], spacing=SPACE_1, ident="access-copies")


def _row(desk: Desk, access: AccessDesk, reader: Reader, columns: tuple[TableColumn, ...], one: Looking) -> ft.Control:
    look = reader.look
    what, about = _say_what(reader, one), _say_about(access, reader, one)
    why = one.reason or ("" if one.result == "ok" else look.say("access.was_refused"))
    cells: list[str | ft.Control] = [reader.moment(one.at_ms), reader.names.person(one.person), what, about, why]
    act: Act | None = None
    if (subject := one.subject) is not None and subject in access.records:

        async def go() -> None:
            await show_record(desk, subject)

        act = go
    ident, name = f"access-row-{one.id}", ". ".join([one_cell for one_cell in cells if isinstance(one_cell, str) and one_cell])
    return ft.Container(table_row(look, columns, cells, act=act, ident=ident, name=name), key=str(one.id))


def _say_what(reader: Reader, one: Looking) -> str:
    key = f"access.what.{one.what}"
    return reader.look.say(key, count=one.count) if reader.look.texts.has(key) else one.what


def _say_about(access: AccessDesk, reader: Reader, one: Looking) -> str:
    """What was looked at, in words where this desk knows them."""
    names = reader.names
    if one.subject is not None:
        line = access.records.get(one.subject)
        return reader.title(line) if line else reader.look.say("access.not_here")
    if one.about in names.persons:
        return names.person(one.about)
    if one.about in names.by_writer:
        return names.person(one.about)
    units = [code for code in one.about.split(",") if code in names.units]
    return ", ".join(names.unit(code) for code in units)
