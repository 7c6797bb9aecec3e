"""Queries of the desk: orders, cases, alarms, what is urgent and what waits."""

from collections.abc import Collection

from sqlalchemy import func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.store.kept_entries import HELD
from app.store.queries.duty_lines import OrderDetail, OrderLine
from app.store.queries.lines import (
    PAGE,
    AlarmLine,
    CaseDetail,
    CaseLine,
    DeskCounts,
    ObservationLine,
    PatrolLine,
)
from app.store.queries.observations import waiting_for_review
from app.store.queries.patrols import patrols_out
from app.store.queries.shaping import (
    among,
    case_lines,
    custody_lines,
    holds,
    observation_lines,
    order_line,
    patrol_lines,
    read_state,
    to_line,
)
from app.store.search import search
from app.store.tables import AlarmRow, CaseItemRow, CaseRow, ObservationRow, PatrolRow
from app.store.tables_duty import OrderRow
from journal.folding import CaseState, OrderState

URGENT = "khan"
CAMPAIGN = "cao_diem"
"""Kind of an order that is itself a campaign: its title, its days, whom it asks."""


def orders_for(session: Session, unit: str, person: str | None = None, *, now_ms: int | None = None) -> tuple[OrderLine, ...]:
    """Tasks of this unit that stand, led or joined by it, the soonest first; restrictions and campaigns are told apart.

    With ``person``, those to all and to them; with ``now_ms``, not past.
    """
    row = OrderRow
    here = or_(col(row.to_unit) == unit, holds(row.with_units, unit))
    wanted = select(row).where(here, col(row.hidden).is_(False), col(row.cancelled).is_(None))
    wanted = wanted.where(col(row.restriction).is_(None), col(row.kind) != CAMPAIGN)
    if person is not None:
        wanted = wanted.where(or_(col(row.to_persons) == "[]", holds(row.to_persons, person)))
    if now_ms is not None:
        wanted = wanted.where(or_(col(row.ends_ms).is_(None), col(row.ends_ms) >= now_ms))
    order = (func.coalesce(row.starts_ms, row.issued_ms), col(row.subject))
    return tuple(order_line(one) for one in session.exec(wanted.order_by(*order)))


def orders_issued(session: Session, unit: str, offset: int = 0, limit: int = PAGE) -> tuple[OrderLine, ...]:
    """Orders that this unit gave, cancelled ones too, the newest first."""
    wanted = select(OrderRow).where(OrderRow.unit == unit, col(OrderRow.hidden).is_(False))
    wanted = wanted.order_by(col(OrderRow.issued_ms).desc(), col(OrderRow.subject)).offset(offset).limit(limit)
    return tuple(order_line(one) for one in session.exec(wanted))


def order_detail(session: Session, subject: str) -> OrderDetail | None:
    """The order with its acknowledgements; None when it is not here."""
    row = session.get(OrderRow, subject)
    state = read_state(session, subject)
    return OrderDetail(order_line(row), state) if row and isinstance(state, OrderState) else None


def cases_page(
    session: Session, states: Collection[str] = (), text: str = "", offset: int = 0, limit: int = PAGE
) -> tuple[CaseLine, ...]:
    """Cases, the one last touched first; ``states`` and ``text`` narrow when given."""
    wanted = select(CaseRow).where(col(CaseRow.hidden).is_(False))
    if states:
        wanted = wanted.where(among(CaseRow.state, states))
    if text.strip():
        wanted = wanted.where(col(CaseRow.sought).in_(search(session, text)))
    wanted = wanted.order_by(col(CaseRow.last_ms).desc(), col(CaseRow.subject))
    return case_lines(session.exec(wanted.offset(offset).limit(limit)))


def case_detail(session: Session, subject: str) -> CaseDetail | None:
    """A case with what belongs to it; None when it is not here."""
    row = session.get(CaseRow, subject)
    state = read_state(session, subject)
    if row is None or not isinstance(state, CaseState):
        return None
    items = select(CaseItemRow.item).where(CaseItemRow.subject == subject)
    seen = select(ObservationRow).where(col(ObservationRow.subject).in_(items), col(ObservationRow.hidden).is_(False))
    walked = select(PatrolRow).where(col(PatrolRow.subject).in_(items), col(PatrolRow.hidden).is_(False))
    return CaseDetail(
        line=case_lines([row])[0],
        state=state,
        observations=observation_lines(session, session.exec(seen.order_by(col(ObservationRow.happened_ms)))),
        patrols=patrol_lines(session, session.exec(walked.order_by(col(PatrolRow.started_ms)))),
        chain=custody_lines(session, subject),
    )


def urgent_observations(session: Session, limit: int = PAGE) -> tuple[ObservationLine, ...]:
    """Urgent records without a verdict, the newest first."""
    row = ObservationRow
    rows = session.exec(_urgent().order_by(col(row.happened_ms).desc(), col(row.subject)).limit(limit))
    return observation_lines(session, rows)


def _urgent() -> SelectOfScalar[ObservationRow]:
    row = ObservationRow
    return select(row).where(row.priority == URGENT, col(row.waits).is_(True), row.custody != HELD)


def open_alarms(session: Session) -> tuple[AlarmLine, ...]:
    """Calls for help and alarms that last; calls for help first, then the newest."""
    row = AlarmRow
    wanted = select(row).where(col(row.closed_ms).is_(None), col(row.hidden).is_(False), row.custody != HELD)
    rows = session.exec(wanted.order_by(col(row.sos).desc(), col(row.raised_ms).desc(), col(row.subject)))
    return tuple(to_line(AlarmLine, one) for one in rows)


def alarms_page(session: Session, offset: int = 0, limit: int = PAGE) -> tuple[AlarmLine, ...]:
    """Calls for help and alarms, closed ones too, the newest first."""
    row = AlarmRow
    wanted = select(row).where(col(row.hidden).is_(False), row.custody != HELD)
    rows = session.exec(wanted.order_by(col(row.raised_ms).desc(), col(row.subject)).offset(offset).limit(limit))
    return tuple(to_line(AlarmLine, one) for one in rows)


def count_alarms(session: Session) -> int:
    wanted = select(func.count()).select_from(AlarmRow).where(col(AlarmRow.hidden).is_(False), AlarmRow.custody != HELD)
    return session.exec(wanted).one()


def patrols_of_alarms(session: Session) -> dict[str, PatrolLine]:
    """The patrols that open calls and alarms are about, by subject, as far as they are here."""
    row = AlarmRow
    about = select(row.about).where(col(row.closed_ms).is_(None), col(row.about).is_not(None))
    rows = session.exec(select(PatrolRow).where(col(PatrolRow.subject).in_(about)))
    return {line.subject: line for line in patrol_lines(session, rows)}


def desk_counts(session: Session, units: Collection[str], *, without_person: str | None = None) -> DeskCounts:
    """Who is out, what is urgent, what waits for a verdict of these units."""
    waiting = select(func.count()).select_from(waiting_for_review(units, without_person).subquery())
    urgent = session.exec(select(func.count()).select_from(_urgent().subquery())).one() + len(open_alarms(session))
    return DeskCounts(out=len(patrols_out(session)), urgent=urgent, to_review=session.exec(waiting).one())
