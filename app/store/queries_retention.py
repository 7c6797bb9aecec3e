"""Which records fall due for erasing their personal part, and when."""

import json
from dataclasses import dataclass

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries.lines import PAGE, ObservationLine
from app.store.queries.listed import records_among
from app.store.tables import CaseItemRow, ObservationRow
from journal.retention import FallsDue, KeptRecord, falls_due, soonest_ms


@dataclass(frozen=True, slots=True)
class Falling:
    """A record, and what of it falls due first."""

    line: ObservationLine
    due: FallsDue


@dataclass(frozen=True, slots=True)
class FallingPage:
    """``total`` counts all that fall due by then."""

    falling: tuple[Falling, ...] = ()
    total: int = 0


def due_of(line: ObservationLine, *, in_case: bool) -> tuple[FallsDue, ...]:
    """What falls due of this record, the soonest first."""
    return falls_due(KeptRecord(line.kind, line.status, line.values, line.happened_ms, line.reviewed_ms, in_case))


def falling_due(session: Session, until_ms: int, offset: int = 0, limit: int = PAGE) -> FallingPage:
    """Records of which something falls due before ``until_ms``, the soonest first."""
    row = ObservationRow
    wanted = sa_select(
        col(row.subject), col(row.kind), col(row.status), col(row.field_values), col(row.happened_ms), col(row.reviewed_ms)
    ).where(col(row.happened_ms) <= soonest_ms(until_ms), col(row.hidden).is_(False), col(row.custody) != HELD)
    in_cases = col(row.subject).in_(select(CaseItemRow.item))
    due: list[tuple[int, str, FallsDue]] = []
    for subject, kind, status, values, happened_ms, judged_ms in session.connection().execute(wanted.where(~in_cases)):
        found = falls_due(KeptRecord(kind, status, json.loads(values), happened_ms, judged_ms, in_case=False))
        if found and found[0].due_ms < until_ms:
            due.append((found[0].due_ms, subject, found[0]))
    due.sort(key=lambda one: one[:2])
    shown = {subject: first for _, subject, first in due[offset : offset + limit]}
    lines = records_among(session, list(shown))
    return FallingPage(tuple(Falling(line, shown[line.subject]) for line in lines), len(due))
