"""From rows and kept entries to the values that the queries give."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from inspect import signature
from typing import TypeVar

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries.duty_lines import OrderLine, ShiftLine
from app.store.queries.lines import CaseLine, CustodyLine, ObservationLine, PatrolLine, PhotoLine
from app.store.tables import CaseRow, KeptRow, ObservationRow, PatrolRow, PhotoRow, WriterRow
from app.store.tables_duty import OrderRow, ShiftRow
from app.store.view_table import ViewTable
from journal.entries import NoticeGiven, Restriction, read_entry
from journal.folding import Kept, State, fold
from journal.names import Subject

L = TypeVar("L")


@cache
def _fields_of(line: Callable[..., object]) -> tuple[str, ...]:
    return tuple(signature(line).parameters)


def to_line(line: Callable[..., L], row: ViewTable, /, **otherwise: object) -> L:
    """The line whose fields are the row's columns of the same names, but for ``otherwise``."""
    names = _fields_of(line)
    return line(**{name: otherwise[name] if name in otherwise else getattr(row, name) for name in names})


def persons_by_writer(session: Session) -> dict[str, str]:
    """``person:CODE`` of each writer whose enrolment is here."""
    rows = session.exec(select(WriterRow.writer, WriterRow.person)).all()
    return {writer: person for writer, person in rows if person is not None}


def codes_in(text: str) -> tuple[str, ...]:
    """The codes in a JSON list."""
    return tuple(json.loads(text))


def _reviewer(row: PatrolRow | ObservationRow, persons: Mapping[str, str]) -> str | None:
    return persons.get(row.reviewer, row.reviewer) if row.reviewer else None


def observation_lines(session: Session, rows: Iterable[ObservationRow]) -> tuple[ObservationLine, ...]:
    """The rows as lines, in the same order."""
    persons = persons_by_writer(session)
    return tuple(
        to_line(
            ObservationLine,
            row,
            author_person=persons.get(row.author),
            values={
                code: tuple(value) if isinstance(value, list) else value for code, value in _object(row.field_values).items()
            },
            flags=codes_in(row.flags),
            reviewer=_reviewer(row, persons),
        )
        for row in rows
    )


def patrol_lines(session: Session, rows: Iterable[PatrolRow]) -> tuple[PatrolLine, ...]:
    """The rows as lines, in the same order."""
    persons, rows = persons_by_writer(session), list(rows)
    shared = shared_numbers(session, {row.number for row in rows})
    return tuple(
        to_line(
            PatrolLine,
            row,
            number_shared=row.number in shared,
            units=codes_in(row.units),
            members=codes_in(row.members),
            people_by_force=_object(row.composition),
            reviewer=_reviewer(row, persons),
        )
        for row in rows
    )


def shared_numbers(session: Session, numbers: Collection[str]) -> frozenset[str]:
    """Those of these numbers that more than one patrol carries."""
    row = PatrolRow
    wanted = select(row.number).where(among(row.number, numbers), col(row.hidden).is_(False))
    return frozenset(session.exec(wanted.group_by(row.number).having(func.count() > 1)))


def order_line(row: OrderRow) -> OrderLine:
    return to_line(
        OrderLine,
        row,
        to_persons=codes_in(row.to_persons),
        places=codes_in(row.places),
        acknowledged=_object(row.acknowledged),
        with_units=codes_in(row.with_units),
        restriction=Restriction.model_validate_json(row.restriction) if row.restriction else None,
        notices=tuple(NoticeGiven.model_validate(one) for one in json.loads(row.notices)),
    )


def shift_line(row: ShiftRow) -> ShiftLine:
    return to_line(
        ShiftLine,
        row,
        on_duty=codes_in(row.on_duty),
        places=codes_in(row.places),
        acknowledged=_object(row.acknowledged),
    )


def case_lines(rows: Iterable[CaseRow]) -> tuple[CaseLine, ...]:
    return tuple(to_line(CaseLine, row) for row in rows)


def photo_lines(session: Session, of: Collection[str]) -> tuple[PhotoLine, ...]:
    """Photos of these subjects that are not undone, by the time they were taken; then their voice notes."""
    wanted = select(PhotoRow).where(among(PhotoRow.of, of), col(PhotoRow.hidden).is_(False))
    ordered = wanted.order_by(col(PhotoRow.length_ms).is_not(None), col(PhotoRow.taken_ms), col(PhotoRow.subject))
    return tuple(to_line(PhotoLine, row) for row in session.exec(ordered))


def read_state(session: Session, subject: str) -> State | None:
    """The state of a subject, folded from the entries behind the views; held ones count only where they began it."""
    row = KeptRow
    wanted = sa_select(func.entry_bytes(row.writer, row.seq), col(row.received_ms)).where(
        col(row.subject) == subject, or_(col(row.custody) != HELD, col(row.ref) == subject)
    )
    counting = [(raw, received_ms) for raw, received_ms in session.execute(wanted) if raw is not None]
    return fold((Kept(read_entry(raw), received_ms) for raw, received_ms in counting), Subject(subject))


def custody_lines(session: Session, subject: str) -> tuple[CustodyLine, ...]:
    """Every entry about the subject, held ones too, in the order in which they count."""
    persons = persons_by_writer(session)
    wanted = select(KeptRow).where(KeptRow.subject == subject)
    ordered = wanted.order_by(col(KeptRow.order_ms), col(KeptRow.writer), col(KeptRow.seq))
    return tuple(to_line(CustodyLine, row, person=persons.get(row.writer)) for row in session.exec(ordered))


def among(column: str | None, values: Collection[str]) -> ColumnElement[bool]:
    """The column has one of these values; they go as one JSON parameter, so that their number has no limit."""
    listed = func.json_each(json.dumps(sorted(values))).table_valued("value")
    return col(column).in_(sa_select(listed.c.value))


def holds(column: str, value: str) -> ColumnElement[bool]:
    """The JSON list in the column holds this value."""
    listed = func.json_each(col(column)).table_valued("value")
    return sa_select(listed.c.value).where(listed.c.value == value).exists()


def _object(text: str) -> dict[str, object]:
    read = json.loads(text)
    return read if isinstance(read, dict) else {}
