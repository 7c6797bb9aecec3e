"""The board of a case: its records in their order, what else may belong to it, and people who still need somebody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import cos, hypot, radians

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries import CaseDetail, ObservationLine, case_detail
from app.store.queries.shaping import among, observation_lines
from app.store.queries_tips import HANDOVER
from app.store.queries_vehicles import LookoutLine, count_readings, lookouts_for_plates, plates_of, readings_of
from app.store.search import search
from app.store.tables import CaseItemRow, CaseRow, ObservationRow
from journal.folding import CaseItem

NEAR_M, NEAR_MS = 6_000, 6 * 3_600_000
"""From a trail's head to the next junction, in one night."""
MOST_SUGGESTED = 8
MOST_LOOKED_AT = 200
LOOK_BACK_MS = 45 * 86_400_000
NEVER_SUGGESTED = ("khong_phat_hien", "moc", "cong_trinh", "tuyen_truyen", "an_toan_to")
BY_PLATE, BY_PLACE = "plate", "place"
CARE_ENDED_BY = ("handed_over_at", "ended_at")
_METRES_PER_E7 = 0.011132


@dataclass(frozen=True, slots=True)
class Leg:
    """From one record of a case to the next; ``metres`` is the straight line, None where a place is not known."""

    metres: int | None
    lasted_ms: int


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One record of the chain, and how it hangs on the one before."""

    line: ObservationLine
    link: CaseItem | None
    plates: tuple[str, ...]
    leg: Leg | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record that may belong to the case: ``why`` is ``plate`` or ``place``; ``plate`` is the one that both hold."""

    line: ObservationLine
    why: str
    plate: str | None = None
    leg: Leg | None = None


@dataclass(frozen=True, slots=True)
class CaseBoard:
    detail: CaseDetail
    steps: tuple[CaseStep, ...]
    suggestions: tuple[Suggestion, ...]
    wanted: tuple[LookoutLine, ...]
    """Vehicles of this case that are looked for."""
    read: Mapping[str, int]
    """In how many records each plate of the case was read."""


@dataclass(frozen=True, slots=True)
class CareLine:
    """People in need, or children, of whom nobody has said yet that somebody took them over."""

    line: ObservationLine
    minors: int


def case_board(session: Session, subject: str, now_ms: int) -> CaseBoard | None:
    """None when the case is not here."""
    detail = case_detail(session, subject)
    if detail is None:
        return None
    seen = detail.observations
    plates = plates_of(session, [line.subject for line in seen])
    links = {str(link.item): link for link in detail.state.items}
    steps = tuple(
        CaseStep(
            line, links.get(line.subject), plates.get(line.subject, ()), measure_leg(seen[number - 1], line) if number else None
        )
        for number, line in enumerate(seen)
    )
    known = sorted({plate for held in plates.values() for plate in held})
    read = {plate: count_readings(session, plate) for plate in known}
    return CaseBoard(detail, steps, _suggest(session, seen, known), lookouts_for_plates(session, known, now_ms), read)


def measure_leg(before: ObservationLine, after: ObservationLine) -> Leg:
    """How far and how long from one record to the next."""
    return Leg(_metres(before, after), abs(after.happened_ms - before.happened_ms))


def _metres(one: ObservationLine, other: ObservationLine) -> int | None:
    """The straight line on a plane, good to 1 % over the tens of kilometres of a sector."""
    if one.latitude_e7 is None or other.latitude_e7 is None or one.longitude_e7 is None or other.longitude_e7 is None:
        return None
    north = (other.latitude_e7 - one.latitude_e7) * _METRES_PER_E7
    east = (other.longitude_e7 - one.longitude_e7) * _METRES_PER_E7 * cos(radians(one.latitude_e7 / 1e7))
    return round(hypot(north, east))


def _suggest(session: Session, seen: Collection[ObservationLine], plates: Collection[str]) -> tuple[Suggestion, ...]:
    """The same plate first, then what was seen near one of the records within hours of it. Only facts: nobody is weighed."""
    held = {line.subject for line in seen}
    found: dict[str, Suggestion] = {}
    for plate in plates:
        for reading in readings_of(session, plate):
            if reading.line.subject not in held and reading.line.merged_into is None:
                found.setdefault(reading.line.subject, Suggestion(reading.line, BY_PLATE, reading.plate))
    for line in _around(session, seen):
        near = [leg for one in seen if (leg := measure_leg(one, line)).metres is not None and _is_near(leg)]
        if near and line.subject not in held:
            found.setdefault(line.subject, Suggestion(line, BY_PLACE, leg=min(near, key=lambda leg: leg.lasted_ms)))
    return tuple(found.values())[:MOST_SUGGESTED]


def _is_near(leg: Leg) -> bool:
    return leg.metres is not None and leg.metres <= NEAR_M and leg.lasted_ms <= NEAR_MS


def _around(session: Session, seen: Collection[ObservationLine]) -> tuple[ObservationLine, ...]:
    """Records of the hours around these that are in no case yet, the newest first."""
    if not seen:
        return ()
    row = ObservationRow
    hours = [row_is_within(line.happened_ms) for line in seen]
    wanted = select(row).where(
        or_(*hours),
        col(row.counted).is_(True),
        col(row.hidden).is_(False),
        col(row.kind).not_in(NEVER_SUGGESTED),
        col(row.subject).not_in(select(CaseItemRow.item)),
    )
    return observation_lines(session, session.exec(wanted.order_by(col(row.happened_ms).desc()).limit(MOST_LOOKED_AT)))


def row_is_within(at_ms: int) -> ColumnElement[bool]:
    """Happened within the hours around this moment."""
    return col(ObservationRow.happened_ms).between(at_ms - NEAR_MS, at_ms + NEAR_MS)


def open_care(session: Session, kinds: Collection[str], now_ms: int) -> tuple[CareLine, ...]:
    """Records of these ``kinds``, or with children, since when no handover of the same patrol or case and no end was told.

    Children first, then the one that has waited longest. What is older than 45 days was settled or raised an alarm then.
    """
    row = ObservationRow
    minors = func.coalesce(func.json_extract(row.field_values, "$.minors"), 0)
    wanted = select(row, minors).where(
        col(row.counted).is_(True),
        col(row.hidden).is_(False),
        row.happened_ms > now_ms - LOOK_BACK_MS,
        row.kind != HANDOVER,
        or_(among(row.kind, kinds), minors > 0),
        *(func.json_extract(row.field_values, f"$.{code}").is_(None) for code in CARE_ENDED_BY),
    )
    rows = [(seen, count) for seen, count in session.exec(wanted.order_by(minors.desc(), col(row.happened_ms))).all()]
    handed = _handed_over(session, now_ms - LOOK_BACK_MS)
    still = [(seen, count) for seen, count in rows if not _is_handed(session, seen, handed)]
    lines = observation_lines(session, [seen for seen, _ in still])
    return tuple(CareLine(line, int(count)) for line, (_, count) in zip(lines, still, strict=True))


def _handed_over(session: Session, since_ms: int) -> list[ObservationRow]:
    row = ObservationRow
    wanted = select(row).where(row.happened_ms > since_ms, row.kind == HANDOVER, col(row.voided).is_(False), row.custody != HELD)
    return list(session.exec(wanted))


def _is_handed(session: Session, seen: ObservationRow, handed: Collection[ObservationRow]) -> bool:
    later = [one for one in handed if one.happened_ms >= seen.happened_ms]
    if any(one.patrol is not None and one.patrol == seen.patrol for one in later):
        return True
    of_case = select(CaseItemRow.subject).where(CaseItemRow.item == seen.subject)
    together = select(CaseItemRow.item).where(col(CaseItemRow.subject).in_(of_case))
    items = set(session.exec(together)) if later else set[str]()
    return any(one.subject in items for one in later)


def count_cases(session: Session, text: str = "") -> int:
    """How many cases there are that nobody has undone; ``text`` narrows as it does on their page."""
    wanted = select(func.count()).select_from(CaseRow).where(col(CaseRow.hidden).is_(False))
    if text.strip():
        wanted = wanted.where(col(CaseRow.subject).in_(search(session, text)))
    return session.exec(wanted).one()
