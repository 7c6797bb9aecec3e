"""Questions about a week: what was ordered, what was walked, and which of the ordered places were reached."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries import OrderLine, PatrolLine
from app.store.queries.desk import CAMPAIGN
from app.store.queries.shaping import among, order_line, patrol_lines
from app.store.tables import ObservationRow, PatrolRow, PlaceRow
from app.store.tables_duty import OrderRow
from journal.catalogue import parse_place_reference

LATE_START_MS = 60 * 60_000
"""A team that sets out so much after the ordered hour is late."""
WALKED = frozenset({"tuan_tra", "chot"})
"""Kinds of orders that a patrol fulfils; others are only acknowledged."""
Standing = Literal["cancelled", "waiting", "out", "missed", "partly", "late", "done", "seen", "unseen"]


@dataclass(frozen=True, slots=True)
class Compared:
    """What was ordered beside what was done. ``order`` is None for a patrol that nobody ordered."""

    order: OrderLine | None
    patrols: tuple[PatrolLine, ...]
    reached: frozenset[str] = frozenset()
    """Those of the ordered places at which something was recorded."""

    @property
    def at_ms(self) -> int:
        """The moment by which it stands in the week."""
        if self.order is None:
            return self.patrols[0].started_ms
        return self.order.starts_ms or self.order.issued_ms

    @property
    def unreached(self) -> tuple[str, ...]:
        """Ordered places of which nothing was recorded, in their order."""
        return tuple(place for place in self.order.places if place not in self.reached) if self.order else ()

    def late_ms(self) -> int:
        """How much later than ordered the first team set out."""
        if self.order is None or self.order.starts_ms is None or not self.patrols:
            return 0
        return max(0, min(line.started_ms for line in self.patrols) - self.order.starts_ms)

    def standing(self, now_ms: int) -> Standing:
        """How it stands, as far as this desk has heard."""
        order = self.order
        if order is not None and order.cancelled is not None:
            return "cancelled"
        if order is not None and order.kind not in WALKED:
            return "seen" if order.acknowledged else "unseen"
        if not self.patrols:
            over_ms = order.ends_ms if order is not None else None
            return "missed" if over_ms is not None and over_ms < now_ms else "waiting"
        if any(line.ended_ms is None for line in self.patrols):
            return "out"
        if self.unreached:
            return "partly"
        return "late" if self.late_ms() > LATE_START_MS else "done"


def compare_week(session: Session, from_ms: int, until_ms: int) -> tuple[Compared, ...]:
    """Every order of this time and every patrol that set out in it, by the hour; a patrol that nobody ordered stands alone."""
    orders = _orders(session, from_ms, until_ms)
    by_order = _patrols_by_order(session, [one.subject for one in orders])
    reached = _reached(session, {line.subject for lines in by_order.values() for line in lines})
    compared = [
        Compared(
            order,
            by_order.get(order.subject, ()),
            frozenset(place for line in by_order.get(order.subject, ()) for place in reached.get(line.subject, ())),
        )
        for order in orders
    ]
    compared += [Compared(None, (line,)) for line in _unordered(session, from_ms, until_ms)]
    return tuple(sorted(compared, key=lambda one: (one.at_ms, one.order.subject if one.order else one.patrols[0].subject)))


def compare_order(session: Session, order: str) -> Compared | None:
    """One order beside what was done for it; None while it is not here."""
    row = session.get(OrderRow, order)
    if row is None:
        return None
    lines = _patrols_by_order(session, [order]).get(order, ())
    reached = _reached(session, {line.subject for line in lines})
    return Compared(order_line(row), lines, frozenset().union(*reached.values()))


def reached_on(session: Session, patrol: str) -> frozenset[str]:
    """The registered places of which something was recorded on this patrol."""
    return _reached(session, (patrol,)).get(patrol, frozenset())


def missed_before(session: Session, before_ms: int, since_ms: int) -> tuple[OrderLine, ...]:
    """Orders to walk that ended in this time and for which nobody set out: they are carried over, or cancelled."""
    row = OrderRow
    walked = select(PatrolRow.order_ref).where(col(PatrolRow.order_ref).is_not(None), col(PatrolRow.voided).is_(False))
    wanted = select(row).where(
        among(row.kind, WALKED), col(row.hidden).is_(False), col(row.cancelled).is_(None), col(row.restriction).is_(None),
        col(row.ends_ms) < before_ms, col(row.ends_ms) >= since_ms, col(row.subject).not_in(walked),
    )  # fmt: skip
    return tuple(order_line(one) for one in session.exec(wanted.order_by(col(row.ends_ms))))


def _orders(session: Session, from_ms: int, until_ms: int) -> list[OrderLine]:
    row = OrderRow
    at = func.coalesce(row.starts_ms, row.issued_ms)
    wanted = select(row).where(
        at >= from_ms, at < until_ms, col(row.hidden).is_(False), col(row.restriction).is_(None), col(row.kind) != CAMPAIGN,
        col(row.custody) != HELD,
    )  # fmt: skip
    return [order_line(one) for one in session.exec(wanted.order_by(at, col(row.subject)))]


def _patrols_by_order(session: Session, orders: Collection[str]) -> dict[str, tuple[PatrolLine, ...]]:
    row = PatrolRow
    wanted = select(row).where(among(row.order_ref, orders), *_stands())
    by_order: dict[str, tuple[PatrolLine, ...]] = {}
    for line in patrol_lines(session, session.exec(wanted.order_by(col(row.started_ms)))):
        by_order[line.order_ref or ""] = (*by_order.get(line.order_ref or "", ()), line)
    return by_order


def _unordered(session: Session, from_ms: int, until_ms: int) -> tuple[PatrolLine, ...]:
    row = PatrolRow
    known = select(OrderRow.subject)
    nobody = or_(col(row.order_ref).is_(None), col(row.order_ref).not_in(known))
    wanted = select(row).where(and_(col(row.started_ms) >= from_ms, col(row.started_ms) < until_ms, nobody), *_stands())
    return patrol_lines(session, session.exec(wanted.order_by(col(row.started_ms))))


def _stands() -> tuple[ColumnElement[bool], ...]:
    row = PatrolRow
    return (col(row.hidden).is_(False), col(row.voided).is_(False), col(row.custody) != HELD)


def _reached(session: Session, patrols: Collection[str]) -> dict[str, frozenset[str]]:
    """By patrol, the registered places of its records: named by code, or by the marker that was typed."""
    if not patrols:
        return {}
    markers = {_read(name): place for place, name in session.exec(select(PlaceRow.subject, PlaceRow.name))}
    row = ObservationRow
    seen = select(row.patrol, row.place, row.marker).where(among(row.patrol, patrols), col(row.voided).is_(False))
    reached: dict[str, frozenset[str]] = {}
    for patrol, place, typed in session.exec(seen):
        found = {one for one in (place, markers.get(_read(typed)) if typed else None) if one}
        reached[patrol or ""] = reached.get(patrol or "", frozenset()) | found
    return reached


def _read(text: str) -> str:
    read = parse_place_reference(text)
    return text if read is None else read.code
