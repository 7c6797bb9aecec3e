"""What falls due for erasing its personal part, and by when: a preview, for a person decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from app.screens.desk.keeping import say_parts, say_term
from app.screens.desk.news import use_news
from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.surfaces import card, empty_state
from app.screens.parts.tables import TableColumn, pager, table_header, table_row
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_1, SPACE_3, Look
from app.state.desk import Desk
from app.state.desk_retention import WITHIN_DAYS, RetentionDesk
from app.store.queries_retention import Falling
from app.texts.formats import format_date
from journal.clock import moment

Framed = Callable[[Look, ft.Control, list[ft.Control]], ft.Control]
_LARGE_TABLE: Final = 620
"""In large text nothing of the room is left under what stands above the table: the whole scrolls."""
_SHARES: Final = {"due": 2, "what": 6, "seen": 3, "term": 6, "goes": 5}


@ft.component
def RetentionBook(desk: Desk, retention: RetentionDesk, reader: Reader, framed: Framed) -> ft.Control:
    """Draw how far ahead to look, and what falls due by then."""
    look = reader.look
    use_news(retention.refresh)

    async def choose(codes: frozenset[str]) -> None:
        await retention.choose(next(iter(codes), retention.within))

    spans = [Choice(code, look.say(f"keeping.within.{code}")) for code in WITHIN_DAYS]
    said = [
        body(look, look.say("keeping.preview"), strong=True),
        small(look, look.say("keeping.stays"), colour=look.palette.ink),
        small(look, look.say("keeping.in_case"), colour=look.palette.ink),
    ]
    parts: list[ft.Control] = [
        choice_chips(look, spans, {retention.within}, choose, ident="keeping-within", dense=True),
        card(look, [*said], spacing=SPACE_1, ident="keeping-preview"),
    ]
    if retention.loaded and not retention.found.falling:
        hint = look.say("keeping.none_hint")
        parts.append(empty_state(look, look.say("keeping.none"), hint, icon=ft.Icons.EVENT_AVAILABLE))
    elif retention.loaded:
        columns = tuple(
            TableColumn(code, look.say(f"keeping.column.{code}"), share=share, sortable=False) for code, share in _SHARES.items()
        )
        rows = [_row(desk, reader, columns, one) for one in retention.found.falling]
        table = framed(look, table_header(look, columns, None, lambda _: None), rows)
        parts.append(ft.Container(table, height=_LARGE_TABLE) if look.large_text else table)
        parts.append(pager(look, retention.page, retention.found.total, retention.turn))
    scroll = ft.ScrollMode.AUTO if look.large_text else None
    return ft.Column(parts, spacing=SPACE_3, expand=True, scroll=scroll, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _row(desk: Desk, reader: Reader, columns: tuple[TableColumn, ...], one: Falling) -> ft.Control:
    look, line = reader.look, one.line

    async def go() -> None:
        await show_record(desk, line.subject)

    day = format_date(moment(one.due.due_ms))
    cells: list[str | ft.Control] = [
        day, reader.title(line), reader.moment(line.happened_ms), say_term(look, one.due), say_parts(look, one.due.term.goes),
    ]  # fmt: skip
    name = f"{reader.title(line)}. {look.say('keeping.due', day=day)}"
    return ft.Container(table_row(look, columns, cells, act=go, ident=f"keeping-row-{line.subject}", name=name), key=line.subject)
