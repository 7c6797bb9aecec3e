"""The register of handovers: who was given to whom, when, under which paper."""

from __future__ import annotations

import flet as ft

from app.screens.desk.news import use_news
from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.desk.register import framed
from app.screens.parts.surfaces import empty_state
from app.screens.parts.tables import TableColumn, pager, table_header, table_row
from app.screens.parts.words import small
from app.screens.tokens import SPACE_3, Look
from app.state.desk import Desk
from app.state.desk_tips import HandoversDesk
from app.store.queries_tips import HandoverLine
from journal.catalogue.conditions import count_of


@ft.component
def HandoversBook(desk: Desk, handovers: HandoversDesk, look: Look) -> ft.Control:
    """Draw the register, the newest first."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(handovers.refresh)
    if handovers.loaded and not handovers.lines:
        hint = look.say("cases.handover.empty_hint")
        return empty_state(look, look.say("cases.handover.empty"), hint, icon=ft.Icons.HANDSHAKE_OUTLINED)
    columns = _columns(look)
    header = table_header(look, columns, None, lambda _: None)
    rows = [_row(desk, reader, columns, one) for one in handovers.lines]
    table = framed(look, header, rows)
    return ft.Column([table, pager(look, handovers.page, handovers.total, handovers.turn)], spacing=SPACE_3, expand=True)


def _columns(look: Look) -> tuple[TableColumn, ...]:
    shares = {"time": 3, "from": 3, "to": 5, "people": 2, "minors": 2, "document": 3, "health": 4, "case": 3}
    figures = {"people", "minors"}
    return tuple(
        TableColumn(code, look.say(f"cases.handover.{code}"), share=share, figures=code in figures, sortable=False)
        for code, share in shares.items()
    )


def _row(desk: Desk, reader: Reader, columns: tuple[TableColumn, ...], one: HandoverLine) -> ft.Control:
    look, line, values = reader.look, one.line, one.line.values

    async def go() -> None:
        await show_record(desk, line.subject)

    at = values.get("handed_over_at")
    received = values.get("side") == "nhan"
    to = values.get("to")
    receivers = [_unit(reader, code) for code in (to if isinstance(to, tuple) else (to,)) if code]
    minors = values.get("minors")
    cells: list[str | ft.Control] = [
        reader.moment(at) if isinstance(at, int) and not isinstance(at, bool) else reader.moment(line.happened_ms),
        _unit(reader, values.get("from")) if received and values.get("from") else reader.names.unit(line.unit),
        ", ".join(receivers),
        _count(look, count_of(values, "people")),
        _minors(reader, minors, called=values.get("hotline_111") is True),
        str(values["document"]) if values.get("document") else _lacks(look),
        str(values.get("health") or ""),
        ", ".join(case.code for case in one.cases),
    ]
    return ft.Container(table_row(look, columns, cells, act=go, ident=f"handover-{line.subject}"), key=line.subject)


def _unit(reader: Reader, code: object) -> str:
    return reader.names.unit(str(code))


def _count(look: Look, count: int | None) -> str:
    return look.texts.number(count) if count is not None else ""


def _minors(reader: Reader, minors: object, *, called: bool) -> str | ft.Control:
    """Children, and whether 111 was called: their line is coloured as all assistance is."""
    look = reader.look
    if not isinstance(minors, int) or isinstance(minors, bool) or minors == 0:
        return ""
    said = look.say("cases.handover.minors_called" if called else "cases.handover.minors_not_called", count=minors)
    return small(look, said, strong=True, colour=look.palette.assistance.mark)


def _lacks(look: Look) -> ft.Control:
    return small(look, look.say("cases.handover.no_document"), colour=look.palette.returned.mark, strong=True)
