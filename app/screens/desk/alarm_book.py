"""The register of calls for help and alarms: every one of them, open or closed, with who answered and how it ended."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.desk.alarm_words import alarm_title
from app.screens.desk.reading import Reader
from app.screens.parts.surfaces import empty_state
from app.screens.parts.tables import TableColumn, pager, table_header, table_row
from app.screens.tokens import Look
from app.state.desk import Desk
from app.state.desk_register import RegisterDesk
from app.store.queries import AlarmLine

Framed = Callable[[Look, ft.Control, list[ft.Control]], ft.Control]


def alarm_columns(look: Look) -> tuple[TableColumn, ...]:
    """Columns of the register of calls and alarms."""
    shares = {"raised": 3, "what": 6, "who": 4, "answered": 5, "closed": 3, "outcome": 6}
    return tuple(
        TableColumn(code, look.say(f"safety.desk.column.{code}"), share=share, sortable=False) for code, share in shares.items()
    )


def alarm_book(desk: Desk, register: RegisterDesk, reader: Reader, framed: Framed) -> list[ft.Control]:
    """Draw the table; a row leads nowhere, since everything that is known stands in it."""
    look = reader.look
    if register.loaded and not register.alarms:
        hint = look.say("safety.desk.none_hint")
        return [empty_state(look, look.say("safety.desk.none"), hint, icon=ft.Icons.SHIELD_OUTLINED)]
    columns = alarm_columns(look)
    header = table_header(look, columns, None, lambda _: None)
    rows = [_row(desk, reader, columns, line) for line in register.alarms]
    return [framed(look, header, rows), pager(look, register.page, register.total, register.turn)]


def _row(desk: Desk, reader: Reader, columns: tuple[TableColumn, ...], line: AlarmLine) -> ft.Control:
    look, names = reader.look, reader.names
    what = look.say("safety.desk.call" if line.sos else "safety.desk.alarm")
    answered = f"{names.person(line.answered_by or '')} · {reader.moment(line.answered_ms)}" if line.answered_ms else ""
    cells: list[str | ft.Control] = [
        reader.moment(line.raised_ms),
        f"{what} · {alarm_title(reader, desk.alarms, line)}",
        f"{names.person(line.author)} · {names.unit(line.unit)}" if line.sos else names.unit(line.unit),
        answered,
        reader.moment(line.closed_ms) if line.closed_ms is not None else look.say("safety.desk.lasts"),
        line.outcome or "",
    ]
    return ft.Container(table_row(look, columns, cells, ident=f"alarm-row-{line.subject}"), key=line.subject)
