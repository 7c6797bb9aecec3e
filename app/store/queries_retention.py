"""Which records fall due for erasing their personal part, and when."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries.lines import PAGE, ObservationLine
from app.store.queries.listed import records_among
from app.store.tables import CaseItemRow, ObservationRow
from journal.retention import FallsDue, KeptRecord, falls_due


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
    wanted = (
        col(row.falls_due_ms) < until_ms, col(row.hidden).is_(False), col(row.custody) != HELD,
        col(row.subject).not_in(select(CaseItemRow.item)),
    )  # fmt: skip
    total = session.exec(select(func.count()).select_from(row).where(*wanted)).one()
    in_turn = select(row.subject).where(*wanted).order_by(col(row.falls_due_ms), col(row.subject))
    lines = records_among(session, session.exec(in_turn.offset(offset).limit(limit)).all())
    return FallingPage(tuple(Falling(line, due_of(line, in_case=False)[0]) for line in lines), total)
