"""The table of a report's numbers: this window, the one before, the change, the sum since the year began."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.reports.numbers import Compared
from app.reports.report_lines import SECTIONS, format_amount, format_change, label_of, section_lines
from app.screens.desk.reading import Reader
from app.screens.parts.surfaces import section_header
from app.screens.parts.tables import TableColumn, table_header, table_row
from app.screens.parts.words import body, small, words
from app.screens.tokens import BODY, RADIUS_CARD, SEMIBOLD, SPACE_2, Look, hairline
from app.state.desk_report import ReportDesk, Reported

_SHARES: Final = (10, 3, 3, 3, 3)


def number_columns(look: Look) -> tuple[TableColumn, ...]:
    """What each column of the table says."""
    heads = ("what", "now", "before", "change", "running")
    return tuple(
        TableColumn(code, look.say(f"desk.report.column.{code}"), share=share, figures=code != "what", sortable=False)
        for code, share in zip(heads, _SHARES, strict=True)
    )


def number_table(report: ReportDesk, reader: Reader, told: Reported) -> ft.Control:
    """Draw the numbers by sections; one that something made can be pressed, and opens its list."""
    look = reader.look
    columns = number_columns(look)
    rows: list[ft.Control] = []
    for section in SECTIONS:
        heading = section_header(look, look.say(f"paper.section.{section.code}"))
        rows.append(ft.Container(heading, padding=ft.Padding.symmetric(horizontal=SPACE_2), key=f"section-{section.code}"))
        rows += [
            _row(report, reader, columns, compared) for compared in section_lines(section, told.now, told.earlier, told.so_far)
        ]
    return ft.Container(
        ft.Column(
            [table_header(look, columns, None, lambda _: None), ft.ListView(rows, expand=True, spacing=0)], spacing=0, expand=True
        ),
        border=hairline(look),
        border_radius=RADIUS_CARD,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        expand=True,
    )


def _row(report: ReportDesk, reader: Reader, columns: tuple[TableColumn, ...], compared: Compared) -> ft.Control:
    look, code = reader.look, compared.now.code
    label = label_of(code, reader.catalogue, look.texts)
    figure = format_amount(compared.now, look.texts)
    opens = compared.now.amount > 0
    now = words(look, figure, size=BODY, family=SEMIBOLD, colour=look.palette.primary_edge if opens else look.palette.ink_soft)
    cells: list[str | ft.Control] = [
        body(look, label),
        now,
        format_amount(compared.before, look.texts),
        format_change(compared, look.texts),
        small(look, format_amount(compared.running, look.texts), colour=look.palette.ink),
    ]
    selected = report.opened is not None and report.opened.number.code == code

    async def open_list() -> None:
        await report.open(code)

    row = table_row(
        look, columns, cells, act=open_list if opens else None, ident=f"number-{code}", selected=selected,
        name=look.say("desk.report.see_of", what=label, figure=figure) if opens else None,
    )  # fmt: skip
    return ft.Container(row, key=f"number-{code}")
