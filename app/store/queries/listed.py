"""Rows by their subjects: what a number of a report opens."""

from collections.abc import Sequence

from sqlmodel import Session, select

from app.store.queries.lines import CaseLine, ObservationLine, PatrolLine
from app.store.queries.shaping import among, case_lines, observation_lines, patrol_lines
from app.store.tables import CaseRow, ObservationRow, PatrolRow


def records_among(session: Session, subjects: Sequence[str]) -> tuple[ObservationLine, ...]:
    """In the order of the subjects; those that are not here are left out."""
    found = {row.subject: row for row in session.exec(select(ObservationRow).where(among(ObservationRow.subject, subjects)))}
    return observation_lines(session, [found[one] for one in subjects if one in found])


def patrols_among(session: Session, subjects: Sequence[str]) -> tuple[PatrolLine, ...]:
    """In the order of the subjects; those that are not here are left out."""
    found = {row.subject: row for row in session.exec(select(PatrolRow).where(among(PatrolRow.subject, subjects)))}
    return patrol_lines(session, [found[one] for one in subjects if one in found])


def cases_among(session: Session, subjects: Sequence[str]) -> tuple[CaseLine, ...]:
    """In the order of the subjects; those that are not here are left out."""
    found = {row.subject: row for row in session.exec(select(CaseRow).where(among(CaseRow.subject, subjects)))}
    return case_lines([found[one] for one in subjects if one in found])
