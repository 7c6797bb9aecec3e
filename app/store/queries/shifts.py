"""Who answered for which sector, when."""

from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from app.store.queries.shaping import codes_in, read_state
from app.store.tables_duty import ShiftRow
from journal.folding import ShiftState


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """``on_duty`` are persons; ``note`` what was told to those who came next; times in ms, ``ended_ms`` None while it lasts."""

    subject: str
    unit: str
    sector: str
    started_ms: int
    ended_ms: int | None
    on_duty: tuple[str, ...]
    note: str | None


def shifts_between(session: Session, from_ms: int, until_ms: int) -> tuple[ShiftLine, ...]:
    """Shifts of which some part lies in [from_ms, until_ms), the earliest first."""
    row = ShiftRow
    wanted = select(row).where(
        col(row.hidden).is_(False), row.started_ms < until_ms, or_(col(row.ended_ms).is_(None), col(row.ended_ms) > from_ms)
    )
    return tuple(
        ShiftLine(
            one.subject, one.unit, one.sector, one.started_ms, one.ended_ms, codes_in(one.on_duty), _note(session, one.subject)
        )
        for one in session.exec(wanted.order_by(col(row.started_ms), col(row.subject)))
    )


def _note(session: Session, subject: str) -> str | None:
    state = read_state(session, subject)
    return state.ended.note if isinstance(state, ShiftState) and state.ended is not None else None
