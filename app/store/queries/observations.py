"""Queries about observations: details, photos, what waits for a verdict."""

from collections.abc import Collection

from sqlalchemy import func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.store.kept_entries import HELD
from app.store.queries.lines import PAGE, ObservationDetail, ObservationLine, PhotoLine
from app.store.queries.listing import rank_of_priority
from app.store.queries.shaping import (
    among,
    case_lines,
    custody_lines,
    holds,
    observation_lines,
    patrol_lines,
    photo_lines,
    read_state,
)
from app.store.tables import CaseItemRow, CaseRow, KeptRow, ObservationRow, PatrolRow, WriterRow
from journal.entries import ObservationRecorded, read_entry
from journal.folding import OPEN_STATUSES, ObservationState, PatrolState
from journal.folding.amending import amend


def observation_detail(session: Session, subject: str) -> ObservationDetail | None:
    """Everything about one observation; None when it is not here."""
    row = session.get(ObservationRow, subject)
    state = read_state(session, subject)
    if row is None or not isinstance(state, ObservationState):
        return None
    patrol = session.get(PatrolRow, row.patrol) if row.patrol else None
    cases = select(CaseRow).join(CaseItemRow, col(CaseItemRow.subject) == col(CaseRow.subject))
    cases = cases.where(CaseItemRow.item == subject, col(CaseRow.hidden).is_(False)).order_by(CaseRow.code)
    joined = select(ObservationRow.subject).where(ObservationRow.merged_into == subject).order_by(ObservationRow.subject)
    return ObservationDetail(
        line=observation_lines(session, [row])[0],
        state=state,
        photos=photo_lines(session, [subject]),
        patrol=patrol_lines(session, [patrol])[0] if patrol else None,
        patrol_state=_patrol_state(session, row.patrol),
        cases=case_lines(session.exec(cases)),
        merged=tuple(session.exec(joined)),
        chain=custody_lines(session, subject),
    )


def _patrol_state(session: Session, patrol: str | None) -> PatrolState | None:
    state = read_state(session, patrol) if patrol else None
    return state if isinstance(state, PatrolState) else None


def recorded_versions(session: Session, detail: ObservationDetail) -> tuple[ObservationRecorded, ...]:
    """How the record read at first and after each of its corrections; empty when its first entry is not here."""
    wanted = select(func.entry_bytes(KeptRow.writer, KeptRow.seq)).where(KeptRow.ref == detail.line.subject)
    raw = session.exec(wanted).first()
    first = read_entry(raw).body if raw is not None else None
    if not isinstance(first, ObservationRecorded):
        return ()
    versions = [first]
    for amendment in detail.state.amendments:
        versions.append(amend(versions[-1], [amendment.fact]))
    return tuple(versions)


def photos_of(session: Session, subject: str) -> tuple[PhotoLine, ...]:
    """Photos and voice notes of an observation or a patrol."""
    return photo_lines(session, [subject])


def queue_for_review(
    session: Session, units: Collection[str], limit: int = PAGE, *, without_person: str | None = None
) -> tuple[ObservationLine, ...]:
    """What waits for a verdict in these units, urgent ones first, then the oldest.

    ``without_person`` leaves out what this person recorded, or what was recorded on a patrol they walked.
    """
    wanted = waiting_for_review(units, without_person)
    order = (rank_of_priority().desc(), col(ObservationRow.happened_ms), col(ObservationRow.subject))
    return observation_lines(session, session.exec(wanted.order_by(*order).limit(limit)))


def waiting_for_review(units: Collection[str], without_person: str | None = None) -> SelectOfScalar[ObservationRow]:
    """Observations that wait for a verdict, in no order."""
    row = ObservationRow
    wanted = select(row).where(
        among(row.unit, units),
        among(row.status, OPEN_STATUSES),
        col(row.voided).is_(False),
        row.custody != HELD,
    )
    if without_person is None:
        return wanted
    own_writers = select(WriterRow.writer).where(WriterRow.person == without_person)
    walked = or_(col(PatrolRow.leader) == without_person, holds(PatrolRow.members, without_person))
    own_patrols = select(PatrolRow.subject).where(walked)
    return wanted.where(col(row.author).not_in(own_writers), or_(col(row.patrol).is_(None), col(row.patrol).not_in(own_patrols)))
