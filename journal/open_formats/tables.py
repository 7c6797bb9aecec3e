"""Features as a table, and the table as CSV that a spreadsheet opens and never runs."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from journal.clock import moment
from journal.entries.envelope import Value
from journal.open_formats.feature import Feature
from journal.open_formats.texts import degrees, plain, utc, writable

MEDIA_TYPE = "text/csv; charset=utf-8"
FIRST = ("id", "layer", "kind", "title", "unit", "start", "end", "latitude", "longitude")
"""Columns that every table begins with; others follow in the order in which they are first met."""
STARTS_OF_FORMULAS = frozenset("=+-@\t\r\n＝＋－＠")
GUARD = "'"
BOM = "\ufeff"
Cell = str | int | float | bool | datetime | None


@dataclass(frozen=True)
class Table:
    """``columns`` are codes. Times are aware datetimes in UTC, places decimal degrees; None is an empty cell."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def make_table(features: Iterable[Feature]) -> Table:
    """One row a feature. A track has no latitude and longitude."""
    shown = list(features)
    others: dict[str, None] = {name: None for feature in shown for name in feature.named_values if name not in FIRST}
    columns = (*FIRST, *others)
    return Table(columns, tuple(_row(feature, tuple(others)) for feature in shown))


def _row(feature: Feature, others: tuple[str, ...]) -> tuple[Cell, ...]:
    point = feature.point if not feature.lines else None
    values = feature.named_values
    return (
        feature.id,
        feature.layer,
        feature.kind,
        feature.title,
        feature.unit,
        None if feature.from_ms is None else moment(feature.from_ms),
        None if feature.until_ms is None else moment(feature.until_ms),
        None if point is None else float(degrees(point.latitude_e7)),
        None if point is None else float(degrees(point.longitude_e7)),
        *(_cell(values.get(name)) for name in others),
    )


def _cell(value: Value | None) -> Cell:
    return plain(value) if isinstance(value, tuple) else value


def write_csv(table: Table, say: Callable[[str], str] = str) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads Vietnamese; RFC 4180. ``say`` gives the words of a column's code."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guard(say(code)) for code in table.columns])
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return (BOM + out.getvalue()).encode()


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return guard(writable(cell))
        case datetime():
            return utc(round(cell.timestamp() * 1000))
        case bool():
            return plain(cell)
    return f"{cell:.7f}" if isinstance(cell, float) else str(cell)


def guard(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run; text that begins with one gets a second."""
    return GUARD + text if text[:1] in STARTS_OF_FORMULAS or text.startswith(GUARD) else text


def unguard(cell: str) -> str:
    """What :func:`guard` was given."""
    return cell.removeprefix(GUARD)
