"""Questions of the first room: what waits for a verdict, since when, and whose it is to give."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from app.store.queries.observations import waiting_for_review
from app.store.tables import ObservationRow, RoleRow

COMMANDS = "chi_huy"


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """What waits in one unit. ``commanders`` are those who may judge it; nobody means that it waits for ever."""

    unit: str
    count: int
    oldest_ms: int
    """When the oldest of it happened."""
    commanders: tuple[str, ...]


def unreviewed_by_unit(session: Session, units: Collection[str], now_ms: int) -> tuple[Unreviewed, ...]:
    """The unit with the most on top."""
    waiting = waiting_for_review(units).subquery()
    rows = session.exec(
        select(ObservationRow.unit, func.count(), func.min(ObservationRow.happened_ms))
        .where(col(ObservationRow.subject).in_(select(waiting.c.subject)))
        .group_by(ObservationRow.unit)
    ).all()
    role = RoleRow
    held = select(role.in_unit, role.subject).where(
        role.role == COMMANDS, or_(col(role.until_ms).is_(None), col(role.until_ms) > now_ms)
    )
    commanders: dict[str, tuple[str, ...]] = {}
    for unit, person in session.exec(held.order_by(col(role.subject))):
        commanders[unit] = (*commanders.get(unit, ()), person)
    found = [Unreviewed(unit, count, oldest_ms, commanders.get(unit, ())) for unit, count, oldest_ms in rows]
    return tuple(sorted(found, key=lambda one: (-one.count, one.unit)))
