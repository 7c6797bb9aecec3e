"""Queries about where entries are: what waits to be sent, what the station set aside."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD, HERE
from app.store.queries.lines import PAGE, HeldLine, Waiting
from app.store.queries.shaping import to_line
from app.store.tables import KeptRow
from journal.entries import Entry, read_entry


def waiting_to_send(session: Session) -> Waiting:
    """Own entries that no receipt names yet: how many, how large, since when."""
    size = func.coalesce(func.sum(KeptRow.size_bytes), 0)
    asked = select(func.count(), size, func.min(KeptRow.order_ms)).where(KeptRow.custody == HERE, col(KeptRow.own).is_(True))
    entries, size_bytes, oldest_ms = session.exec(asked).one()
    return Waiting(entries, size_bytes, oldest_ms)


def held_entries(session: Session, limit: int = PAGE) -> tuple[HeldLine, ...]:
    """Entries that the station set aside, with the reason, the newest first."""
    wanted = select(KeptRow).where(KeptRow.custody == HELD)
    rows = session.exec(wanted.order_by(col(KeptRow.order_ms).desc(), col(KeptRow.ref)).limit(limit))
    return tuple(to_line(HeldLine, row, reason=row.held_reason) for row in rows)


def kept_entry(session: Session, ref: str) -> Entry | None:
    """One entry as it was written, wherever it is; None when it is not here."""
    raw = session.exec(select(func.entry_bytes(KeptRow.writer, KeptRow.seq)).where(KeptRow.ref == ref)).first()
    return None if raw is None else read_entry(raw)
