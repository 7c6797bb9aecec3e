"""What the numbers of a period are counted from: slim rows, for a period may hold a hundred thousand records."""

import json
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries.shaping import among, read_state
from app.store.tables import CaseItemRow, CaseRow, ObservationRow, PatrolRow
from journal.entries import CaseDisposed
from journal.folding import CaseState


class CountedPatrol(NamedTuple):
    """Times in ms, distance in metres; ``people`` are the own people by force."""

    subject: str
    type: str
    started_ms: int
    ended_ms: int | None
    distance_m: int
    people: Mapping[str, int]
    partner_people: int
    lead_unit: str = ""


class CountedRecord(NamedTuple):
    """An observation. ``counted`` is False when the same thing is counted under another record."""

    subject: str
    kind: str
    priority: str
    status: str
    happened_ms: int
    values: Mapping[str, object]
    counted: bool
    received_ms: int | None = None
    answered_ms: int | None = None
    """When a desk first acknowledged or judged it."""


class CountedCase(NamedTuple):
    """``items`` are its records that count, with when they happened, whatever the period; ``disposed`` what was done, ever."""

    subject: str
    code: str
    items: Mapping[str, int]
    disposed: tuple[CaseDisposed, ...]


class Counted(NamedTuple):
    """All that a period's numbers come from; undone, voided and held records are left out."""

    patrols: tuple[CountedPatrol, ...]
    records: tuple[CountedRecord, ...]
    cases: tuple[CountedCase, ...]


def counted_rows(session: Session, from_ms: int, until_ms: int, units: Collection[str] = ()) -> Counted:
    """What happened in [from_ms, until_ms), of all units when none is named, in the order of time.

    A patrol belongs to the period in which it started and to its leading unit; an observation to that in which it happened and
    to the unit that owns it; a case to the units of its records.
    """
    return Counted(
        counted_patrols(session, from_ms, until_ms, units), _records(session, from_ms, until_ms, units), _cases(session, units)
    )


def holds_anything(session: Session, from_ms: int, until_ms: int) -> bool:
    """Whether a patrol began or something was seen in [from_ms, until_ms), of whatever unit."""
    walked = select(PatrolRow.subject).where(PatrolRow.started_ms >= from_ms, PatrolRow.started_ms < until_ms)
    seen = select(ObservationRow.subject).where(ObservationRow.happened_ms >= from_ms, ObservationRow.happened_ms < until_ms)
    return any(session.exec(wanted.limit(1)).first() is not None for wanted in (seen, walked))


def counted_patrols(session: Session, from_ms: int, until_ms: int, units: Collection[str] = ()) -> tuple[CountedPatrol, ...]:
    """The patrols of :func:`counted_rows` alone."""
    row = PatrolRow
    wanted = sa_select(
        col(row.subject),
        col(row.type),
        col(row.started_ms),
        col(row.ended_ms),
        col(row.distance_m),
        col(row.composition),
        col(row.partner_people),
        col(row.lead_unit),
    ).where(col(row.started_ms) >= from_ms, col(row.started_ms) < until_ms, col(row.voided).is_(False), col(row.custody) != HELD)
    if units:
        wanted = wanted.where(among(row.lead_unit, units))
    found = session.connection().execute(wanted.order_by(col(row.started_ms), col(row.subject)))
    return tuple(CountedPatrol(one[0], one[1], one[2], one[3], one[4], json.loads(one[5]), one[6], one[7]) for one in found)


def _records(session: Session, from_ms: int, until_ms: int, units: Collection[str]) -> tuple[CountedRecord, ...]:
    row = ObservationRow
    wanted = sa_select(
        col(row.subject),
        col(row.kind),
        col(row.priority),
        col(row.status),
        col(row.happened_ms),
        col(row.field_values),
        col(row.counted),
        col(row.received_ms),
        col(row.answered_ms),
    ).where(
        col(row.happened_ms) >= from_ms, col(row.happened_ms) < until_ms, col(row.voided).is_(False), col(row.custody) != HELD
    )
    if units:
        wanted = wanted.where(among(row.unit, units))
    found = session.connection().execute(wanted.order_by(col(row.happened_ms), col(row.subject)))
    return tuple(CountedRecord(*one[:5], json.loads(one[5]), *one[6:]) for one in found)


def _cases(session: Session, units: Collection[str]) -> tuple[CountedCase, ...]:
    seen, item = ObservationRow, CaseItemRow
    wanted = (
        select(item.subject, item.item, seen.happened_ms)
        .join(seen, col(seen.subject) == col(item.item))
        .where(col(seen.counted).is_(True))
    )
    if units:
        wanted = wanted.where(among(seen.unit, units))
    items: dict[str, dict[str, int]] = {}
    for case, subject, happened_ms in session.exec(wanted.order_by(col(seen.happened_ms), col(item.item))):
        items.setdefault(case, {})[subject] = happened_ms
    rows = session.exec(select(CaseRow).where(col(CaseRow.voided).is_(False)).order_by(col(CaseRow.code), col(CaseRow.subject)))
    return tuple(
        CountedCase(row.subject, row.code, items[row.subject], _disposed(session, row) if row.dispositions else ())
        for row in rows.all()
        if row.subject in items
    )


def _disposed(session: Session, row: CaseRow) -> tuple[CaseDisposed, ...]:
    state = read_state(session, row.subject)
    return tuple(one.disposed for one in state.dispositions) if isinstance(state, CaseState) else ()
