"""Queries about observations: pages, details, photos, what waits for a verdict."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, case, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.store.kept_entries import HELD
from app.store.queries.lines import PAGE, ObservationDetail, ObservationFilter, ObservationLine, Page, PhotoLine
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
from app.store.search import search
from app.store.tables import CaseItemRow, CaseRow, KeptRow, ObservationRow, PatrolRow, WriterRow
from journal.catalogue import RANKS
from journal.entries import ObservationRecorded, read_entry
from journal.folding import OPEN_STATUSES, ObservationState, PatrolState
from journal.folding.amending import amend


def observations_page(
    session: Session, chosen: ObservationFilter | None = None, cursor: str | None = None, limit: int = PAGE
) -> Page:
    """Observations that are not undone, the newest first. ``cursor`` is ``following`` of the page before."""
    wanted = filtered(session, chosen or ObservationFilter())
    if cursor is not None:
        at, _, subject = cursor.partition("~")
        time, name = col(ObservationRow.happened_ms), col(ObservationRow.subject)
        wanted = wanted.where(or_(time < int(at), (time == int(at)) & (name < subject)))
    wanted = wanted.order_by(col(ObservationRow.happened_ms).desc(), col(ObservationRow.subject).desc())
    rows = session.exec(wanted.limit(limit + 1)).all()
    shown = rows[:limit]
    following = f"{shown[-1].happened_ms}~{shown[-1].subject}" if len(rows) > limit else None
    return Page(observation_lines(session, shown), following)


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
    order = (_rank_of_priority().desc(), col(ObservationRow.happened_ms), col(ObservationRow.subject))
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


def _rank_of_priority() -> ColumnElement[int]:
    ranks = {code: number for number, code in enumerate(RANKS, start=1)}
    return case(ranks, value=col(ObservationRow.priority), else_=0)
