"""Reports that were signed, and whether they were sent."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries.shaping import read_state, to_line
from app.store.tables import ReportRow
from journal.folding import ReportState


@dataclass(frozen=True, slots=True)
class ReportLine:
    """``until_ms`` and ``due_ms`` are exclusive; ``sent_ms`` is None until it went out. ``author`` is the writer."""

    subject: str
    unit: str
    author: str
    kind: str
    window_kind: str
    from_ms: int
    until_ms: int
    addressee: str
    paper_sha256: str
    due_ms: int | None
    signed_ms: int
    sent_ms: int | None
    sent_to: str | None
    channel: str | None
    document: str | None
    custody: str

    @property
    def in_time(self) -> bool | None:
        """None while it is not sent, or was due by no day."""
        return None if self.sent_ms is None or self.due_ms is None else self.sent_ms < self.due_ms


def reports_of(session: Session, from_ms: int, until_ms: int) -> dict[str, ReportLine]:
    """By unit, the last report signed for exactly this window."""
    row = ReportRow
    wanted = select(row).where(row.from_ms == from_ms, row.until_ms == until_ms, col(row.voided).is_(False), row.custody != HELD)
    rows = session.exec(wanted.order_by(col(row.signed_ms), col(row.subject)))
    return {one.unit: to_line(ReportLine, one) for one in rows}


def report_detail(session: Session, subject: str) -> ReportState | None:
    """The report as it was signed; None when it is not here."""
    state = read_state(session, subject)
    return state if isinstance(state, ReportState) else None
