"""States of the records and patrols that a person takes along in a file."""

from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries import ObservationFilter
from app.store.queries.listing import filtered
from app.store.queries.shaping import read_state
from app.store.tables import CaseItemRow, CaseRow, ObservationRow, PatrolRow
from journal.folding import State


def observations_to_export(session: Session, chosen: ObservationFilter, most: int) -> list[str]:
    """Subjects of records that fit, count and lie in no restricted case, the oldest first; at most ``most``."""
    restricted = select(CaseItemRow.item).join(CaseRow, col(CaseRow.subject) == col(CaseItemRow.subject))
    restricted = restricted.where(col(CaseRow.restricted).is_(True))
    wanted = filtered(session, chosen).where(
        col(ObservationRow.counted).is_(True), col(ObservationRow.subject).not_in(restricted)
    )
    wanted = wanted.order_by(col(ObservationRow.happened_ms), col(ObservationRow.subject)).limit(most)
    return [row.subject for row in session.exec(wanted)]


def patrols_to_export(session: Session, most: int) -> list[str]:
    """Subjects of patrols that nobody has undone, the newest first; at most ``most``."""
    row = PatrolRow
    wanted = select(row.subject).where(col(row.hidden).is_(False), row.custody != HELD)
    return list(session.exec(wanted.order_by(col(row.started_ms).desc(), col(row.subject)).limit(most)))


def states_of(session: Session, subjects: list[str]) -> list[State | None]:
    """As they read now; None for what is not here any more."""
    return [read_state(session, subject) for subject in subjects]
