"""The records behind a number: what each is and what it adds, fifty a page."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.reports.numbers import Measure, Number
from app.reports.report_lines import format_amount, label_of
from app.screens.desk.page import show_record, show_records
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import icon_button
from app.screens.parts.marks import priority_shape
from app.screens.parts.surfaces import card
from app.screens.parts.tables import pager
from app.screens.parts.words import body, small, title, words
from app.screens.tokens import BODY, SEMIBOLD, SPACE_2
from app.state.desk import Desk
from app.state.desk_report import Opened, ReportDesk
from app.store.queries import CaseLine, ObservationFilter, ObservationLine, PatrolLine


@ft.component
def NumberList(desk: Desk, report: ReportDesk, reader: Reader) -> ft.Control:
    """Draw the list that the open number stands on."""
    look, opened = reader.look, report.opened
    if opened is None:
        return ft.Container()
    number = opened.number
    heading = f"{label_of(number.code, reader.catalogue, look.texts)}: {format_amount(number, look.texts)}"
    top = ft.Row(
        [
            ft.Semantics(identifier="number-heading", live_region=True, expand=True, content=title(look, heading)),
            icon_button(look, ft.Icons.CLOSE, look.say("desk.report.close_list"), report.close, ident="number-close"),
        ]
    )

    async def turn(page: int) -> None:
        await report.open(number.code, page)

    inside: list[ft.Control] = [top, ft.ListView(_rows(desk, reader, opened), expand=True, spacing=SPACE_2)]
    if len(number.refs) > len(opened.records) + len(opened.patrols) + len(opened.cases):
        inside.append(pager(look, opened.page, len(number.refs), turn))
    return ft.Column(inside, expand=True)


def _rows(desk: Desk, reader: Reader, opened: Opened) -> list[ft.Control]:
    amounts = dict(opened.number.parts)
    rows = [_record(desk, reader, line, opened.number, amounts[line.subject]) for line in opened.records]
    rows += [_patrol(desk, reader, line, opened.number, amounts[line.subject]) for line in opened.patrols]
    return rows + [_case(reader, line, opened.number, amounts[line.subject]) for line in opened.cases]


def _line(
    reader: Reader, subject: str, heading: str, under: str, added: str, act: Callable[[], object], mark: ft.Control | None = None
) -> ft.Control:
    look = reader.look
    first: list[ft.Control] = [] if mark is None else [mark]
    first.append(body(look, heading, strong=True, expand=True))
    if added:
        first.append(words(look, added, size=BODY, family=SEMIBOLD))
    inside = [ft.Row(first, spacing=SPACE_2), small(look, under)]
    made = card(look, inside, act=act, name=f"{heading}. {under}", ident=f"number-of-{subject}", spacing=2)
    return ft.Container(made, key=subject)


def _added(reader: Reader, number: Number, amount: int) -> str:
    """What one record adds; where each adds one, nothing is said."""
    return "" if number.measure is Measure.COUNT else format_amount(number, reader.look.texts, amount)


def _record(desk: Desk, reader: Reader, line: ObservationLine, number: Number, amount: int) -> ft.Control:
    async def go() -> None:
        await show_record(desk, line.subject)

    under = " · ".join((reader.moment(line.happened_ms), reader.names.unit(line.unit), reader.place(line)))
    shape = priority_shape(reader.look, reader.priority(line))
    return _line(reader, line.subject, reader.title(line), under, _added(reader, number, amount), go, shape)


def _patrol(desk: Desk, reader: Reader, line: PatrolLine, number: Number, amount: int) -> ft.Control:
    async def go() -> None:
        await show_records(desk, ObservationFilter(patrol=line.subject))

    plan = line.plan or reader.catalogue.label(f"patrol_types.{line.type}", reader.look.texts.language)
    under = " · ".join((reader.moment(line.started_ms), reader.names.unit(line.lead_unit)))
    return _line(reader, line.subject, f"{line.number} · {plan}", under, _added(reader, number, amount), go)


def _case(reader: Reader, line: CaseLine, number: Number, amount: int) -> ft.Control:
    under = " · ".join((reader.look.say("count.records", count=line.items), reader.names.unit(line.unit)))
    go = lambda: ft.context.page.navigate("/case")  # noqa: E731  the card passes no argument on
    return _line(reader, line.subject, f"{line.code} · {line.title}", under, _added(reader, number, amount), go)
