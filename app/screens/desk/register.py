"""The registers: every record and every patrol as a table, to be sorted, searched and narrowed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import flet as ft

from app.screens.desk.access_book import AccessBook
from app.screens.desk.alarm_book import alarm_book
from app.screens.desk.export import ExportBook
from app.screens.desk.news import use_news
from app.screens.desk.page import draw_page, show_record, show_records
from app.screens.desk.patrol_told import number_clash
from app.screens.desk.reading import Reader
from app.screens.desk.retention_book import RetentionBook
from app.screens.parts.choices import Choice, choice_chips, filter_chip
from app.screens.parts.fields import SearchField
from app.screens.parts.marks import priority_mark
from app.screens.parts.surfaces import empty_state
from app.screens.parts.tables import Sorting, TableColumn, pager, table_header, table_row
from app.screens.parts.words import small
from app.screens.tokens import RADIUS_CARD, SPACE_2, Look, hairline
from app.state.desk import Desk
from app.state.desk_register import ACCESS, ALARMS, PATROLS, RECORDS, RETENTION, RegisterDesk
from app.store.queries import ObservationFilter, ObservationLine, Order, PatrolLine
from journal.clock import moment


@ft.component
def RegisterRoom(desk: Desk, register: RegisterDesk, look: Look) -> ft.Control:
    """Draw the register that is open."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(register.refresh)
    books = [
        Choice(RECORDS, look.say("desk.register.records")),
        Choice(PATROLS, look.say("desk.register.patrols")),
        Choice(ALARMS, look.say("safety.desk.book")),
        Choice(RETENTION, look.say("keeping.book")),
    ]
    if desk.access.may():
        books.append(Choice(ACCESS, look.say("access.book")))

    async def choose(codes: frozenset[str]) -> None:
        await register.open_book(next(iter(codes), register.book))

    chips = choice_chips(look, books, {register.book}, choose, ident="book")
    table = _table(desk, register, reader)
    takes = desk.export.may() and register.book in {RECORDS, PATROLS}
    above = [chips, ExportBook(desk, desk.export, register, look)] if takes else [chips]
    return draw_page(look, look.say("desk.register.title"), "", [*above, *table])


def _table(desk: Desk, register: RegisterDesk, reader: Reader) -> list[ft.Control]:
    match register.book:
        case "access":
            return [ft.Container(AccessBook(desk, desk.access, reader, framed), expand=True)]
        case "retention":
            return [ft.Container(RetentionBook(desk, desk.retention, reader, framed), expand=True)]
        case "alarms":
            return alarm_book(desk, register, reader, framed)
        case "patrols":
            return _patrols(desk, register, reader)
    return _records(desk, register, reader)


def framed(look: Look, header: ft.Control, rows: list[ft.Control]) -> ft.Control:
    """Draw a table with its header fixed."""
    listed = ft.ListView(rows, expand=True, spacing=0)
    return ft.Container(
        ft.Column([header, listed], spacing=0, expand=True),
        border=hairline(look),
        border_radius=RADIUS_CARD,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        expand=True,
    )


def _nothing(look: Look, text: str) -> ft.Control:
    if text:
        return empty_state(look, look.say("search.nothing", words=text), look.say("search.hint"), icon=ft.Icons.SEARCH_OFF)
    hint = look.say("desk.register.empty_hint")
    return empty_state(look, look.say("desk.register.empty"), hint, icon=ft.Icons.MENU_BOOK_OUTLINED)


# --- records --------------------------------------------------------------------------------------------------------------


def record_columns(look: Look) -> tuple[TableColumn, ...]:
    """Columns of the register of records."""
    say = look.say
    return (
        TableColumn("time", say("desk.column.time"), share=3),
        TableColumn("kind", say("desk.column.what"), share=6),
        TableColumn("place", say("desk.column.place"), share=4, sortable=False),
        TableColumn("unit", say("desk.column.unit"), share=3),
        TableColumn("author", say("desk.column.author"), share=4, sortable=False),
        TableColumn("priority", say("desk.column.priority"), share=3),
        TableColumn("status", say("desk.column.status"), share=3),
    )


def _records(desk: Desk, register: RegisterDesk, reader: Reader) -> list[ft.Control]:
    look = reader.look
    search = SearchField(
        look, register.search, label=look.say("desk.review.search"), ident="register-search", initial=register.chosen.text
    )
    tools: list[ft.Control] = [ft.Container(search, width=420), *_register_chips(register, reader)]
    top = ft.Row(tools, spacing=SPACE_2, wrap=True, run_spacing=SPACE_2)
    if register.loaded and not register.lines:
        return [top, _nothing(look, register.chosen.text)]
    columns = record_columns(look)

    async def sort(sorting: Sorting) -> None:
        await register.sort(Order(sorting.code, sorting.ascending))

    header = table_header(look, columns, Sorting(register.order.column, register.order.ascending), sort)
    rows = [_record_row(desk, reader, columns, line) for line in register.lines]
    return [top, framed(look, header, rows), pager(look, register.page, register.total, register.turn)]


def _record_row(desk: Desk, reader: Reader, columns: tuple[TableColumn, ...], line: ObservationLine) -> ft.Control:
    look = reader.look

    async def go() -> None:
        await show_record(desk, line.subject)

    cells: list[str | ft.Control] = [
        reader.moment(line.happened_ms),
        reader.title(line),
        reader.place(line),
        reader.names.unit(line.unit),
        reader.names.person(line.author_person or line.author),
        priority_mark(look, reader.priority(line)),
        look.say("desk.status.voided") if line.voided else reader.status(line.status),
    ]
    row = table_row(look, columns, cells, act=go, ident=f"register-row-{line.subject}")
    return ft.Container(row, key=line.subject)


def _register_chips(register: RegisterDesk, reader: Reader) -> list[ft.Control]:
    look, chosen = reader.look, register.chosen
    found: list[tuple[str, str, ObservationFilter]] = []
    if chosen.kinds:
        found.append(("kind", reader.kind(chosen.kinds[0]), replace(chosen, kinds=())))
    if chosen.priorities:
        found.append(("priority", reader.priority_word(chosen.priorities[0]), replace(chosen, priorities=())))
    if chosen.units:
        found.append(("unit", reader.names.unit(chosen.units[0]), replace(chosen, units=())))
    if chosen.from_ms is not None and chosen.until_ms is not None:
        last = look.texts.day(moment(chosen.until_ms - 1))
        span = f"{look.texts.day(moment(chosen.from_ms))} – {last}"
        found.append(("period", span, replace(chosen, from_ms=None, until_ms=None)))
    if chosen.only_counted:
        found.append(("counted", look.say("desk.register.counted"), replace(chosen, only_counted=False)))
    return [_chip(register, look, *one) for one in found]


def _chip(register: RegisterDesk, look: Look, code: str, words: str, without: ObservationFilter) -> ft.Control:
    act: Callable[[], Awaitable[None]] = lambda: register.narrow(without)  # noqa: E731  the chip passes no argument on
    return filter_chip(look, words, act, ident=f"register-filter-{code}")


# --- patrols --------------------------------------------------------------------------------------------------------------


def patrol_columns(look: Look) -> tuple[TableColumn, ...]:
    """Columns of the register of patrols."""
    say = look.say
    return (
        TableColumn("number", say("desk.column.number"), share=3, sortable=False),
        TableColumn("plan", say("desk.column.what"), share=7, sortable=False),
        TableColumn("unit", say("desk.column.unit"), share=3, sortable=False),
        TableColumn("leader", say("desk.column.leader"), share=4, sortable=False),
        TableColumn("started", say("desk.column.started"), share=3, sortable=False),
        TableColumn("ended", say("desk.column.ended"), share=3, sortable=False),
        TableColumn("people", say("desk.column.people"), share=2, figures=True, sortable=False),
        TableColumn("km", say("desk.column.km"), share=2, figures=True, sortable=False),
    )


def _patrols(desk: Desk, register: RegisterDesk, reader: Reader) -> list[ft.Control]:
    look = reader.look
    if register.loaded and not register.patrols:
        return [_nothing(look, "")]
    columns = patrol_columns(look)
    header = table_header(look, columns, None, lambda _: None)
    rows = [_patrol_row(desk, reader, columns, line) for line in register.patrols]
    return [framed(look, header, rows), pager(look, register.page, register.total, register.turn)]


def _patrol_row(desk: Desk, reader: Reader, columns: tuple[TableColumn, ...], line: PatrolLine) -> ft.Control:
    look = reader.look

    async def go() -> None:
        await show_records(desk, ObservationFilter(patrol=line.subject))

    number = f"{line.number} · {look.say('patrol.behalf.mark')}" if line.on_behalf else line.number
    cells: list[str | ft.Control] = [
        _shared_number(look, number) if line.number_shared else number,
        line.plan or reader.catalogue.label(f"patrol_types.{line.type}", look.texts.language),
        reader.names.unit(line.lead_unit),
        reader.names.person(line.leader),
        reader.moment(line.started_ms),
        reader.moment(line.ended_ms) if line.ended_ms is not None else look.say("desk.register.out"),
        look.texts.number(line.people),
        look.texts.number(line.distance_m / 1000, decimals=1),
    ]
    return ft.Container(table_row(look, columns, cells, act=go, ident=f"patrol-row-{line.number}"), key=line.subject)


def _shared_number(look: Look, number: str) -> ft.Control:
    return ft.Column([small(look, number, colour=look.palette.ink), number_clash(look, narrow=True)], spacing=0, tight=True)
