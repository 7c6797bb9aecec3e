"""Pages of records: narrowed and sorted in the index of lists alone, and read on from the last row of the page before.

A page is never found by counting rows from the top: what arrives meanwhile moves no page, and the last is as quick as the first.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, and_, case, func, literal, or_, tuple_, type_coerce
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.store.queries.lines import PAGE, ObservationFilter, Page
from app.store.queries.shaping import among, observation_lines
from app.store.search import search
from app.store.tables import ObservationRow
from journal.catalogue import RANKS

Column = SQLColumnExpression[int] | SQLColumnExpression[str]


class SortKey(NamedTuple):
    """A column by which rows are sorted."""

    column: Column
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records fit, and how many of them still wait for a verdict."""

    total: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Order:
    """By which column a register is sorted: ``time``, ``kind``, ``unit``, ``priority`` or ``status``."""

    column: str = "time"
    ascending: bool = False


_NEWEST = (SortKey(col(ObservationRow.happened_ms)), SortKey(col(ObservationRow.subject)))
_INBOX = (SortKey(col(ObservationRow.waits)), SortKey(col(ObservationRow.urgency)), *_NEWEST)


def observations_page(
    session: Session, chosen: ObservationFilter | None = None, cursor: str | None = None, limit: int = PAGE
) -> Page:
    """Observations that are not undone, the newest first. ``cursor`` is ``following`` of the page before."""
    return read_page(session, filtered(session, chosen or ObservationFilter()), _NEWEST, cursor, limit)


def inbox_page(session: Session, chosen: ObservationFilter, cursor: str | None = None, limit: int = PAGE) -> Page:
    """Records that fit, what waits for a verdict first, then the most urgent, then the newest."""
    return read_page(session, filtered(session, chosen), _INBOX, cursor, limit)


def register_page(
    session: Session, chosen: ObservationFilter, order: Order, cursor: str | None = None, limit: int = PAGE
) -> Page:
    """Every record that fits, as a book is read: in the order of one column, then the newest first."""
    columns: Mapping[str, Column] = {
        "time": col(ObservationRow.happened_ms),
        "kind": col(ObservationRow.kind),
        "unit": col(ObservationRow.unit),
        "priority": rank_of_priority(),
        "status": col(ObservationRow.status),
    }
    by = SortKey(columns[order.column], order.ascending)
    return read_page(session, filtered(session, chosen), (by, *_NEWEST), cursor, limit)


def count_records(session: Session, chosen: ObservationFilter) -> Counts:
    """How many records fit."""
    waiting = func.coalesce(func.sum(type_coerce(col(ObservationRow.waits), Integer)), 0)
    total, open_count = session.execute(filtered(session, chosen).with_only_columns(func.count(), waiting)).one()
    return Counts(total, open_count)


def filtered(session: Session, chosen: ObservationFilter) -> SelectOfScalar[ObservationRow]:
    """Observations that fit and are not undone, in no order."""
    row = ObservationRow
    wanted = select(row).where(col(row.hidden).is_(False))
    listed = (
        (row.unit, chosen.units),
        (row.kind, chosen.kinds),
        (row.priority, chosen.priorities),
        (row.status, chosen.statuses),
        (row.custody, chosen.custody),
    )
    for column, values in listed:
        if values:
            wanted = wanted.where(among(column, values))
    if chosen.text.strip():
        wanted = wanted.where(col(row.sought).in_(search(session, chosen.text)))
    if chosen.from_ms is not None:
        wanted = wanted.where(row.happened_ms >= chosen.from_ms)
    if chosen.until_ms is not None:
        wanted = wanted.where(row.happened_ms < chosen.until_ms)
    if chosen.patrol is not None:
        wanted = wanted.where(row.patrol == chosen.patrol)
    if chosen.author is not None:
        wanted = wanted.where(row.author == chosen.author)
    return wanted.where(col(row.counted).is_(True)) if chosen.only_counted else wanted


def read_page(
    session: Session, wanted: SelectOfScalar[ObservationRow], keys: Sequence[SortKey], cursor: str | None, limit: int
) -> Page:
    """The next rows after ``cursor`` in this order, whose last key must be the subject.

    ``cursor`` holds the keys of the last row before, as JSON.
    """
    if cursor is not None:
        wanted = wanted.where(_after(keys, json.loads(cursor)))
    narrow = wanted.with_only_columns(*(key.column for key in keys))
    ordered = narrow.order_by(*(key.column.asc() if key.ascending else key.column.desc() for key in keys))
    found = [tuple(row) for row in session.execute(ordered.limit(limit + 1))]
    shown = found[:limit]
    subjects = [str(row[-1]) for row in shown]
    rows = {row.subject: row for row in session.exec(select(ObservationRow).where(among(ObservationRow.subject, subjects)))}
    following = json.dumps(shown[-1]) if len(found) > limit else None
    return Page(observation_lines(session, [rows[subject] for subject in subjects]), following)


def _after(keys: Sequence[SortKey], last: Sequence[int | str]) -> ColumnElement[bool]:
    """The row comes after that one. In one direction the database finds the place by the index; else it goes past the rows."""
    if not any(key.ascending for key in keys):
        return tuple_(*(key.column for key in keys)) < tuple_(*(literal(value) for value in last))
    ways = []
    for number, key in enumerate(keys):
        same = [one.column == value for one, value in zip(keys[:number], last, strict=False)]
        ways.append(and_(*same, key.column > last[number] if key.ascending else key.column < last[number]))
    return or_(*ways)


def rank_of_priority() -> ColumnElement[int]:
    """From 1; 0 for a priority that this version does not know."""
    return case({code: number for number, code in enumerate(RANKS, start=1)}, value=col(ObservationRow.priority), else_=0)
