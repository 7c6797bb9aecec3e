"""Inquiries: people who need somebody first, then cases, tips, vehicles and handovers, each a book of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import flet as ft

from app.screens.desk.case_board import draw_board
from app.screens.desk.handovers import HandoversBook
from app.screens.desk.news import use_news
from app.screens.desk.page import draw_page, show_record
from app.screens.desk.reading import Reader
from app.screens.desk.tips import TipsBook
from app.screens.desk.vehicles import VehiclesBook
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import SearchField
from app.screens.parts.marks import priority_shape
from app.screens.parts.press import Dress, press, quiet_dress
from app.screens.parts.surfaces import empty_state
from app.screens.parts.tables import pager
from app.screens.parts.words import body, small
from app.screens.tokens import REGULAR, SPACE_2, SPACE_3, SPACE_4, Look, Priority, padding_for
from app.state.desk import Desk
from app.state.desk_cases import BOOKS, HANDOVERS, TIPS, VEHICLES, CasesDesk
from app.store.queries import PAGE, CaseLine
from app.store.queries_cases import CareLine

_LIST_WIDTH = 280
_MOST_CARE = 2


@ft.component
def CaseRoom(desk: Desk, cases: CasesDesk, look: Look) -> ft.Control:
    """Draw the book that is open under what comes before every book: who is still in need."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(cases.refresh)
    books = [Choice(book, look.say(f"cases.book.{book}")) for book in BOOKS]

    def choose(codes: frozenset[str]) -> None:
        desk.stop_typing()
        cases.turn_to(next(iter(codes), cases.book))

    chips = choice_chips(look, books, {cases.book}, choose, ident="case-book")
    inside = [*_care(desk, cases, reader), _book(desk, cases, reader)]
    if look.large_text:
        return draw_page(look, look.say("cases.title"), "", [chips, *inside])
    return draw_page(look, look.say("cases.title"), "", inside, trailing=chips)


def _book(desk: Desk, cases: CasesDesk, reader: Reader) -> ft.Control:
    look = reader.look
    if cases.book == TIPS:
        return TipsBook(desk, desk.tips, look)
    if cases.book == VEHICLES:
        return VehiclesBook(desk, desk.vehicles, look)
    if cases.book == HANDOVERS:
        return HandoversBook(desk, desk.handovers, look)
    return _cases(desk, cases, reader)


# --- who comes first --------------------------------------------------------------------------------------------------------


def _care(desk: Desk, cases: CasesDesk, reader: Reader) -> list[ft.Control]:
    """People of whom nobody has said yet that somebody took them over: children first, with the time that has passed."""
    look = reader.look
    if not cases.care:
        return []
    tone = look.palette.assistance
    rows = [_care_row(desk, reader, one) for one in cases.care[: 1 if look.large_text else _MOST_CARE]]
    heading = look.say("cases.care.title", count=len(cases.care))
    inside = ft.Column([small(look, heading, strong=True, colour=tone.mark), *rows], spacing=SPACE_2, tight=True)
    return [
        ft.Semantics(
            identifier="care-first",
            container=True,
            content=ft.Container(
                inside, bgcolor=tone.soft, padding=SPACE_3, border_radius=12, border=ft.Border.all(1, tone.mark)
            ),
        )
    ]


def _care_row(desk: Desk, reader: Reader, one: CareLine) -> ft.Control:
    look, line = reader.look, one.line

    async def go() -> None:
        await show_record(desk, line.subject)

    age = look.texts.age((desk.means.now_ms() - line.happened_ms) / 1000)
    heading = reader.title(line)
    said = [look.say("cases.care.minors", count=one.minors)] if one.minors else []
    under = " · ".join([*said, reader.place(line), reader.names.unit(line.unit), age])
    texts = ft.Row([body(look, heading, strong=True), small(look, under, expand=True)], spacing=SPACE_3)
    inside = ft.Row([priority_shape(look, Priority.ASSISTANCE), ft.Container(texts, expand=True)], spacing=SPACE_2)
    dress = replace(quiet_dress(look), pad_y=padding_for(look.touch), font_family=REGULAR)
    shown = press(look, inside, go, dress, ident=f"care-{line.subject}", name=f"{heading}. {under}", expand=True)
    return ft.Row([shown], key=line.subject)


# --- cases ------------------------------------------------------------------------------------------------------------------


def _cases(desk: Desk, cases: CasesDesk, reader: Reader) -> ft.Control:
    look = reader.look
    if not cases.loaded:
        return ft.Container()
    if not cases.cases and not cases.text:
        hint = look.say("desk.case.empty_hint")
        return empty_state(look, look.say("desk.case.empty"), hint, icon=ft.Icons.FOLDER_OPEN)
    search = SearchField(
        look, cases.search, label=look.say("cases.search"), ident="case-search", initial=cases.text, on_focus=desk.note_typing
    )
    chosen = cases.board.detail.line.subject if cases.board else None
    rows = [_case_row(reader, line, cases.open, selected=line.subject == chosen) for line in cases.cases]
    listed: list[ft.Control] = [search, ft.ListView(rows, spacing=SPACE_2, expand=True)]
    if not rows:
        listed = [search, small(look, look.say("search.nothing", words=cases.text))]
    if cases.total > PAGE:
        listed.append(pager(look, cases.page, cases.total, cases.turn))
    columns: list[ft.Control] = [ft.Container(ft.Column(listed, spacing=SPACE_3, expand=True), width=_LIST_WIDTH)]
    if cases.board is not None:
        columns += draw_board(desk, cases, reader, cases.board)
    return ft.Row(columns, spacing=SPACE_4, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def case_state(reader: Reader, code: str) -> str:
    """The words for a state of a case."""
    return reader.catalogue.label(f"lists.case_state.{code}", reader.look.texts.language)


def _case_row(reader: Reader, line: CaseLine, choose: Callable[[str], object], *, selected: bool) -> ft.Control:
    look = reader.look
    under = f"{case_state(reader, line.state)} · {look.say('count.records', count=line.items)} · {reader.names.unit(line.unit)}"
    if line.restricted:
        under += f" · {look.say('cases.restricted.short')}"
    told: list[ft.Control] = [small(look, line.code, strong=True), body(look, line.title, strong=True), small(look, under)]
    inside = ft.Row([ft.Column(told, spacing=2, tight=True, expand=True)])
    dress = quiet_dress(look)
    fill, edge = (look.palette.primary_soft, look.palette.primary_edge) if selected else (dress.fill, look.palette.line)
    row = press(
        look, inside, lambda: choose(line.subject), Dress(fill, dress.ink, edge, pad_y=SPACE_3), ident=f"case-row-{line.code}",
        name=f"{line.code}. {line.title}. {under}", selected=selected, expand=True,
    )  # fmt: skip
    return ft.Row([row], key=line.subject)
