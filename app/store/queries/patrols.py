"""Queries about patrols: who is out, one's own, one with its track and what was seen on it."""

from collections.abc import Collection

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries.lines import PAGE, PatrolDetail, PatrolLine
from app.store.queries.shaping import (
    among,
    custody_lines,
    holds,
    observation_lines,
    patrol_lines,
    photo_lines,
    read_state,
)
from app.store.tables import ObservationRow, PatrolRow
from journal.entries import Gap
from journal.folding import OPEN_STATUSES, ObservationState, PatrolState, TrackPiece

RESTED = "paused"
LONG_GAP_MS = 600_000
"""From ten minutes on, a stretch without fixes is told beside a team; shorter ones are what a valley does."""


def today_patrols(session: Session, from_ms: int, until_ms: int) -> tuple[PatrolLine, ...]:
    """Patrols of which some part lies in the period, the latest started first; those not ended run on."""
    row = PatrolRow
    wanted = select(row).where(
        col(row.hidden).is_(False), row.started_ms < until_ms, or_(col(row.ended_ms).is_(None), col(row.ended_ms) >= from_ms)
    )
    return patrol_lines(session, session.exec(wanted.order_by(col(row.started_ms).desc(), col(row.subject))))


def patrols_page(
    session: Session, units: Collection[str] = (), statuses: Collection[str] = (), offset: int = 0, limit: int = PAGE
) -> tuple[PatrolLine, ...]:
    """Patrols that these units walk or may see, the latest started first; all when no unit is named."""
    row = PatrolRow
    wanted = select(row).where(col(row.hidden).is_(False))
    if units:
        wanted = wanted.where(or_(*(holds(row.units, unit) for unit in units)))
    if statuses:
        wanted = wanted.where(among(row.status, statuses))
    wanted = wanted.order_by(col(row.started_ms).desc(), col(row.subject)).offset(offset).limit(limit)
    return patrol_lines(session, session.exec(wanted))


def patrols_out(session: Session) -> tuple[PatrolLine, ...]:
    """Teams that are out now, the one due back first on top."""
    row = PatrolRow
    wanted = select(row).where(col(row.ended_ms).is_(None), col(row.voided).is_(False), row.custody != HELD)
    order = (col(row.return_due_ms).is_(None), col(row.return_due_ms), col(row.started_ms), col(row.subject))
    return patrol_lines(session, session.exec(wanted.order_by(*order)))


def current_patrol(session: Session, person: str) -> PatrolLine | None:
    """The patrol on which this person is out with a phone, as leader or member; the one started last."""
    row = PatrolRow
    wanted = select(row).where(
        col(row.ended_ms).is_(None),
        col(row.voided).is_(False),
        col(row.on_behalf).is_(False),
        or_(col(row.leader) == person, holds(row.members, person)),
    )
    rows = session.exec(wanted.order_by(col(row.started_ms).desc(), col(row.subject)).limit(1)).all()
    return patrol_lines(session, rows)[0] if rows else None


def patrols_for_review(session: Session, units: Collection[str], limit: int = PAGE) -> tuple[PatrolLine, ...]:
    """Patrols that have ended and wait for a verdict, the oldest first."""
    row = PatrolRow
    wanted = select(row).where(
        among(row.lead_unit, units),
        among(row.status, OPEN_STATUSES),
        col(row.ended_ms).is_not(None),
        col(row.voided).is_(False),
        row.custody != HELD,
    )
    return patrol_lines(session, session.exec(wanted.order_by(col(row.ended_ms), col(row.subject)).limit(limit)))


def patrol_line(session: Session, subject: str) -> PatrolLine | None:
    """One patrol; None when it is not here."""
    row = session.get(PatrolRow, subject)
    return patrol_lines(session, [row])[0] if row else None


def count_recorded(session: Session, patrol: str) -> int:
    """How much was recorded on a patrol and not taken back: seen, checked, or looked at and found to be nothing."""
    seen = ObservationRow
    wanted = select(func.count()).where(seen.patrol == patrol, col(seen.voided).is_(False), col(seen.hidden).is_(False))
    return session.exec(wanted).one()


def number_taken(session: Session, number: str, but: str) -> bool:
    """Whether a patrol other than ``but`` carries this number."""
    row = PatrolRow
    wanted = select(func.count()).where(row.number == number, row.subject != but, col(row.hidden).is_(False))
    return session.exec(wanted).one() > 0


def patrols_on_behalf(session: Session, author: str, limit: int = PAGE) -> tuple[PatrolLine, ...]:
    """Patrols that this writer entered from paper or radio, those without an end first, then the latest."""
    row = PatrolRow
    wanted = select(row).where(row.author == author, col(row.on_behalf).is_(True), col(row.hidden).is_(False))
    order = (col(row.ended_ms).is_not(None), col(row.started_ms).desc(), col(row.subject))
    return patrol_lines(session, session.exec(wanted.order_by(*order).limit(limit)))


def patrol_detail(session: Session, subject: str) -> PatrolDetail | None:
    """Everything about one patrol; None when it is not here."""
    row = session.get(PatrolRow, subject)
    state = read_state(session, subject)
    if row is None or not isinstance(state, PatrolState):
        return None
    seen = select(ObservationRow).where(ObservationRow.patrol == subject, col(ObservationRow.hidden).is_(False))
    seen = seen.order_by(col(ObservationRow.happened_ms), col(ObservationRow.subject))
    lines = observation_lines(session, session.exec(seen))
    return PatrolDetail(
        line=patrol_lines(session, [row])[0],
        state=state,
        observations=lines,
        photos=photo_lines(session, [subject, *(line.subject for line in lines)]),
        chain=custody_lines(session, subject),
    )


def tracks_of(session: Session, subject: str) -> tuple[TrackPiece, ...]:
    """The recorded tracks of a patrol, or the lines of a trail that was walked in, still packed, by the time of their first fix.

    Empty when the subject is not here.
    """
    state = read_state(session, subject)
    if isinstance(state, ObservationState):
        return state.lines
    return state.tracks if isinstance(state, PatrolState) else ()


def longest_gaps(session: Session, patrols: Collection[str]) -> dict[str, Gap]:
    """By patrol, the longest stretch of ten minutes or more without fixes that was no rest; patrols without one are left out."""
    found: dict[str, Gap] = {}
    for patrol in patrols:
        gaps = [gap for piece in tracks_of(session, patrol) for gap in piece.track.gaps if gap.cause != RESTED]
        longest = max(gaps, key=lambda gap: gap.until_ms - gap.from_ms, default=None)
        if longest is not None and longest.until_ms - longest.from_ms >= LONG_GAP_MS:
            found[patrol] = longest
    return found
