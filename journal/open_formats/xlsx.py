"""The table as a workbook (ECMA-376): words are words, times are dates, nothing is a formula or a link."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from journal.open_formats.tables import Cell, Table
from journal.open_formats.texts import writable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VIETNAM = timedelta(hours=7)
MOST_LETTERS = 32_767
WIDTHS = {"id": 12, "title": 44, "start": 18, "end": 18}
USUAL_WIDTH = 14


def write_xlsx(table: Table, *, sheet: str, made: datetime, say: Callable[[str], str] = str) -> bytes:
    """One sheet with a fixed header and a filter. A workbook knows no zones: its times are those of Vietnam (UTC+7).

    ``made`` is an aware time; the same table made at the same time gives the same bytes.
    """
    out = io.BytesIO()
    words = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy hh:mm", **words})
    book.set_properties({"created": made.replace(tzinfo=None)})
    page, bold = book.add_worksheet(sheet), book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for place, code in enumerate(table.columns):
        page.write_string(0, place, writable(say(code)), bold)
        page.set_column(place, place, WIDTHS.get(code, USUAL_WIDTH))
    date = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for line, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            _put(page, line, place, cell, date)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
    book.close()
    return out.getvalue()


def _put(page: Worksheet, line: int, place: int, cell: Cell, date: Format) -> None:
    match cell:
        case None:
            return
        case bool():
            page.write_boolean(line, place, cell)
        case str():
            page.write_string(line, place, writable(cell)[:MOST_LETTERS])
        case datetime():
            page.write_datetime(line, place, cell.replace(tzinfo=None) + VIETNAM, date)
        case _:
            page.write_number(line, place, cell)
