"""The records behind a number: what each is and what it adds, fifty a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from app.reports.handover_draft import KIND
from app.reports.numbers import Measure, Number
from app.reports.paper import Paper
from app.reports.report_lines import format_amount, label_of
from app.screens.desk.page import show_record, show_records
from app.screens.desk.reading import Reader
from app.screens.desk.report_paper import Save, use_saving
from app.screens.parts.buttons import icon_button
from app.screens.parts.marks import priority_shape
from app.screens.parts.surfaces import card
from app.screens.parts.tables import pager
from app.screens.parts.words import body, small, title, words
from app.screens.tokens import BODY, SEMIBOLD, SPACE_2
from app.state.desk import Desk
from app.state.desk_papers import ENDINGS, PapersDesk
from app.state.desk_report import Opened, ReportDesk
from app.store.queries import CaseLine, ObservationFilter, ObservationLine, PatrolLine
from journal.catalogue import BILATERAL


@ft.component
def NumberList(desk: Desk, report: ReportDesk, papers: PapersDesk, reader: Reader) -> ft.Control:
    """Draw the list that the open number stands on; patrols and handovers have their papers beside them."""
    look, opened = reader.look, report.opened
    save = use_saving(papers, look)
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

    inside: list[ft.Control] = [top, ft.ListView(_rows(desk, papers, reader, opened, save), expand=True, spacing=SPACE_2)]
    if len(number.refs) > len(opened.records) + len(opened.patrols) + len(opened.cases):
        inside.append(pager(look, opened.page, len(number.refs), turn))
    return ft.Column(inside, expand=True)


def _rows(desk: Desk, papers: PapersDesk, reader: Reader, opened: Opened, save: Save) -> list[ft.Control]:
    amounts = dict(opened.number.parts)
    rows: list[ft.Control] = []
    for seen in opened.records:
        row = record_row(desk, reader, seen, opened.number, amounts[seen.subject])
        rows.append(_with_paper(reader, row, seen.subject, "handover", papers.write_handover, save) if seen.kind == KIND else row)
    for walked in opened.patrols:
        row = patrol_row(desk, reader, walked, opened.number, amounts[walked.subject])
        row = _with_paper(reader, row, walked.subject, "log", papers.write_log, save)
        both = walked.type == BILATERAL
        rows.append(_with_paper(reader, row, walked.subject, "joint", papers.write_joint, save) if both else row)
    return rows + [_case(reader, line, opened.number, amounts[line.subject]) for line in opened.cases]


def _with_paper(
    reader: Reader, row: ft.Control, subject: str, sort: str, write: Callable[[str], Awaitable[Paper | None]], save: Save
) -> ft.Control:
    """The row with the button that saves its paper: a log to print, a draft to go on with."""
    look = reader.look

    async def make() -> None:
        paper = await write(subject)
        if paper is not None:
            await save(paper, "pdf" if sort == "log" else ENDINGS[0])

    icon = ft.Icons.PRINT_OUTLINED if sort == "log" else ft.Icons.EDIT_DOCUMENT
    button = icon_button(look, icon, look.say(f"desk.report.make.{sort}"), make, ident=f"make-{sort}-{subject}")
    row.expand = True
    return ft.Row([row, button], spacing=SPACE_2, key=f"with-{sort}-{subject}")


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


def record_row(desk: Desk, reader: Reader, line: ObservationLine, number: Number, amount: int) -> ft.Control:
    async def go() -> None:
        await show_record(desk, line.subject)

    under = " · ".join((reader.moment(line.happened_ms), reader.names.unit(line.unit), reader.place(line)))
    shape = priority_shape(reader.look, reader.priority(line))
    return _line(reader, line.subject, reader.title(line), under, _added(reader, number, amount), go, shape)


def patrol_row(desk: Desk, reader: Reader, line: PatrolLine, number: Number, amount: int) -> ft.Control:
    async def go() -> None:
        await show_records(desk, ObservationFilter(patrol=line.subject))

    plan = line.plan or reader.catalogue.label(f"patrol_types.{line.type}", reader.look.texts.language)
    under = " · ".join((reader.moment(line.started_ms), reader.names.unit(line.lead_unit)))
    return _line(reader, line.subject, f"{line.number} · {plan}", under, _added(reader, number, amount), go)


def _case(reader: Reader, line: CaseLine, number: Number, amount: int) -> ft.Control:
    under = " · ".join((reader.look.say("count.records", count=line.items), reader.names.unit(line.unit)))
    go = lambda: ft.context.page.navigate("/case")  # noqa: E731  the card passes no argument on
    return _line(reader, line.subject, f"{line.code} · {line.title}", under, _added(reader, number, amount), go)
