"""Questions about duty: who answered for a sector at a moment, which shifts run, what is restricted."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries import OrderLine, PatrolLine, ShiftLine
from app.store.queries.desk import CAMPAIGN
from app.store.queries.shaping import holds, order_line, patrol_lines, shift_line
from app.store.tables import PatrolRow
from app.store.tables_duty import OrderRow, ShiftRow

LATE_MS = 15 * 60_000
"""What is written down later than this was written after the fact, and says so."""


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who answered for a sector at a moment. More than one shift: two were written down for the same time. None: nobody was.

    ``before`` and ``after`` are the shifts around a time without anybody; ``teams`` were out then.
    """

    sector: str
    at_ms: int
    shifts: tuple[ShiftLine, ...]
    before: ShiftLine | None
    after: ShiftLine | None
    teams: tuple[PatrolLine, ...]


def sectors(session: Session) -> tuple[str, ...]:
    """Every sector for which somebody ever answered, by name."""
    wanted = select(ShiftRow.sector).where(*_counts()).distinct().order_by(col(ShiftRow.sector))
    return tuple(session.exec(wanted))


def shifts_between(session: Session, from_ms: int, until_ms: int) -> tuple[ShiftLine, ...]:
    """Shifts that touch this time, those taken back too, the newest first."""
    row = ShiftRow
    wanted = select(row).where(
        *_counts(), col(row.started_ms) < until_ms, or_(col(row.ended_ms).is_(None), col(row.ended_ms) > from_ms)
    )
    return tuple(shift_line(one) for one in session.exec(wanted.order_by(col(row.started_ms).desc(), col(row.subject))))


def shifts_running(session: Session) -> tuple[ShiftLine, ...]:
    """Shifts that nobody has ended, by sector, the oldest first."""
    row = ShiftRow
    wanted = select(row).where(*_counts(), col(row.withdrawn).is_(None), col(row.ended_ms).is_(None))
    return tuple(shift_line(one) for one in session.exec(wanted.order_by(col(row.sector), col(row.started_ms))))


def shifts_of(session: Session, person: str) -> tuple[ShiftLine, ...]:
    """Running shifts on which this person stands."""
    return tuple(one for one in shifts_running(session) if person in {*one.on_duty, one.responsible})


def responsible_at(session: Session, sector: str, at_ms: int) -> Responsibility:
    """Who answered for the sector then."""
    row = ShiftRow
    wanted = select(row).where(*_counts(), row.sector == sector).order_by(col(row.started_ms), col(row.subject))
    lines = [shift_line(one) for one in session.exec(wanted)]
    standing = [one for one in lines if one.withdrawn is None]
    before = [one for one in standing if one.ended_ms is not None and one.ended_ms <= at_ms]
    after = [one for one in standing if one.started_ms > at_ms]
    return Responsibility(
        sector,
        at_ms,
        tuple(one for one in standing if one.runs_at(at_ms)),
        max(before, key=lambda one: one.ended_ms or 0, default=None),
        after[0] if after else None,
        _teams_at(session, at_ms),
    )


def _teams_at(session: Session, at_ms: int) -> tuple[PatrolLine, ...]:
    row = PatrolRow
    out = (col(row.started_ms) <= at_ms) & or_(col(row.ended_ms).is_(None), col(row.ended_ms) > at_ms)
    wanted = select(row).where(out, col(row.hidden).is_(False), col(row.voided).is_(False), row.custody != HELD)
    return patrol_lines(session, session.exec(wanted.order_by(col(row.started_ms))))


def restrictions(session: Session, since_ms: int = 0) -> tuple[OrderLine, ...]:
    """Temporary restriction orders that ended after ``since_ms``, lifted ones too, the newest first."""
    row = OrderRow
    wanted = select(row).where(
        col(row.restriction).is_not(None),
        col(row.hidden).is_(False),
        row.custody != HELD,
        func.coalesce(row.ends_ms, 0) > since_ms,
    )
    return tuple(order_line(one) for one in session.exec(wanted.order_by(col(row.starts_ms).desc(), col(row.subject))))


def restrictions_at(session: Session, at_ms: int) -> tuple[OrderLine, ...]:
    """Those in force at a moment, the one that ends first ahead. They end by themselves, with no word from anybody."""
    found = [one for one in restrictions(session, at_ms) if one.holds_at(at_ms)]
    return tuple(sorted(found, key=lambda one: (one.ends_ms or 0, one.subject)))


def campaigns_at(session: Session, from_ms: int, until_ms: int, unit: str | None = None) -> tuple[OrderLine, ...]:
    """Campaigns that touch this time, and that were ordered of ``unit`` when it is given."""
    row = OrderRow
    wanted = select(row).where(
        row.kind == CAMPAIGN, col(row.hidden).is_(False), col(row.cancelled).is_(None), row.custody != HELD,
        func.coalesce(row.starts_ms, row.issued_ms) < until_ms, or_(col(row.ends_ms).is_(None), col(row.ends_ms) > from_ms),
    )  # fmt: skip
    if unit is not None:
        wanted = wanted.where(or_(col(row.to_unit) == unit, holds(row.with_units, unit)))
    return tuple(order_line(one) for one in session.exec(wanted.order_by(col(row.starts_ms), col(row.subject))))


def _counts() -> tuple[ColumnElement[bool], ...]:
    return (col(ShiftRow.hidden).is_(False), col(ShiftRow.custody) != HELD)
