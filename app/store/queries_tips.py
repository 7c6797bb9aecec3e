"""The inbox of tips and the register of handovers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries import PAGE, CaseLine, ObservationLine
from app.store.queries.shaping import among, case_lines, observation_lines
from app.store.tables import CaseItemRow, CaseRow, ObservationRow
from app.store.tables_inquiry import TipRow
from journal.folding import OPEN_STATUSES

WAITING, PROMISED, ALL = "waiting", "promised", "all"
HANDOVER = "ban_giao"


@dataclass(frozen=True, slots=True)
class TipLine:
    """A tip with the desk's word on it. ``promised`` is a call back that was promised, ``called_ms`` when it reached somebody."""

    line: ObservationLine
    channel: str | None
    reliability: str | None
    content_grade: str | None
    graded: bool
    promised: bool
    called_ms: int | None
    tried_ms: int | None
    cases: tuple[CaseLine, ...]

    @property
    def call_is_due(self) -> bool:
        return self.promised and self.called_ms is None


@dataclass(frozen=True, slots=True)
class TipPage:
    lines: tuple[TipLine, ...]
    total: int
    waiting: int
    """Without a verdict."""
    promised: int
    """Calls back that are still owed."""


@dataclass(frozen=True, slots=True)
class HandoverLine:
    line: ObservationLine
    cases: tuple[CaseLine, ...]


def tips_page(session: Session, book: str = WAITING, offset: int = 0, limit: int = PAGE) -> TipPage:
    """Tips of this ``book`` (``waiting``, ``promised``, ``all``): owed calls first, then the newest."""
    books = {WAITING: _is_waiting(), PROMISED: _is_owed(), ALL: col(TipRow.subject).is_not(None)}
    wanted = (
        select(ObservationRow, TipRow)
        .join(TipRow, col(TipRow.subject) == col(ObservationRow.subject))
        .where(books[book], *_counts())
        .order_by(_is_owed().desc(), col(ObservationRow.happened_ms).desc(), col(ObservationRow.subject))
    )
    rows = session.exec(wanted.offset(offset).limit(limit)).all()
    lines = observation_lines(session, [seen for seen, _ in rows])
    cases = cases_of(session, [line.subject for line in lines])
    told = tuple(
        TipLine(
            line, tip.channel, tip.reliability, tip.content_grade, tip.graded, tip.promised, tip.called_ms, tip.tried_ms,
            cases.get(line.subject, ()),
        )
        for line, (_, tip) in zip(lines, rows, strict=True)
    )  # fmt: skip
    return TipPage(told, _count(session, books[book]), _count(session, _is_waiting()), _count(session, _is_owed()))


def _counts() -> tuple[ColumnElement[bool], ...]:
    return col(ObservationRow.voided).is_(False), col(ObservationRow.custody) != HELD


def _is_waiting() -> ColumnElement[bool]:
    return among(ObservationRow.status, OPEN_STATUSES)


def _is_owed() -> ColumnElement[bool]:
    return col(TipRow.promised).is_(True) & col(TipRow.called_ms).is_(None)


def _count(session: Session, which: ColumnElement[bool]) -> int:
    joined = select(func.count()).select_from(ObservationRow).join(TipRow, col(TipRow.subject) == col(ObservationRow.subject))
    return session.exec(joined.where(which, *_counts())).one()


def handovers_page(session: Session, offset: int = 0, limit: int = PAGE) -> tuple[HandoverLine, ...]:
    """Who was given or taken over, the newest first."""
    wanted = select(ObservationRow).where(ObservationRow.kind == HANDOVER, *_counts())
    wanted = wanted.order_by(col(ObservationRow.happened_ms).desc(), col(ObservationRow.subject)).offset(offset).limit(limit)
    lines = observation_lines(session, session.exec(wanted))
    cases = cases_of(session, [line.subject for line in lines])
    return tuple(HandoverLine(line, cases.get(line.subject, ())) for line in lines)


def count_handovers(session: Session) -> int:
    wanted = select(func.count()).select_from(ObservationRow).where(ObservationRow.kind == HANDOVER, *_counts())
    return session.exec(wanted).one()


def cases_of(session: Session, subjects: Collection[str]) -> Mapping[str, tuple[CaseLine, ...]]:
    """The cases that hold these records, by record."""
    wanted = select(CaseItemRow.item, CaseRow).join(CaseRow, col(CaseRow.subject) == col(CaseItemRow.subject))
    rows = session.exec(wanted.where(among(CaseItemRow.item, subjects), col(CaseRow.hidden).is_(False)).order_by(CaseRow.code))
    found: dict[str, tuple[CaseLine, ...]] = {}
    for item, case in rows:
        found[item] = (*found.get(item, ()), *case_lines([case]))
    return found
