"""Queries of the phone alone: who holds it, the next patrol's number, what waits to be sent, one by one."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.patrol.nearest import KnownPlace
from app.store.queries import place_by_code, places
from app.store.tables import KeptRow, ObservationRow, PatrolRow, PersonRow, RoleRow, UnitRow

HERE = "here"
_SAME_NUMBER = re.compile(r"(\D*\d{4}-)(\d+)")


@dataclass(frozen=True, slots=True)
class Holder:
    """``roles`` are those in force, by unit. Names are None while the register has not been read."""

    name: str | None
    unit_name: str | None
    roles: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One record of which something waits: ``entries`` facts, ``size_bytes`` in all. ``kind`` is that of an observation."""

    subject: str
    fact: str
    kind: str | None
    entries: int
    size_bytes: int
    oldest_ms: int


def read_holder(session: Session, person: str, unit: str, now_ms: int) -> Holder:
    """The person of this device as the register has it."""
    known = session.get(PersonRow, person)
    at = session.get(UnitRow, f"unit:{unit}")
    roles: dict[str, frozenset[str]] = {}
    for held in session.exec(select(RoleRow).where(RoleRow.subject == person)):
        if held.until_ms is None or now_ms < held.until_ms:
            roles[held.in_unit] = roles.get(held.in_unit, frozenset()) | {held.role}
    return Holder(known.name if known else None, at.name if at else None, roles)


def propose_number(session: Session, writer: str, year: int, prefix: str = "TT") -> str:
    """The number after the highest this writer gave in the year, such as ``TT-2026-0131``."""
    start = f"{prefix}-{year}-"
    numbers = session.exec(select(PatrolRow.number).where(PatrolRow.author == writer, col(PatrolRow.number).startswith(start)))
    highest = max((int(found[2]) for number in numbers if (found := _SAME_NUMBER.fullmatch(number))), default=0)
    return f"{start}{highest + 1:04d}"


def waiting_lines(session: Session, limit: int = 50) -> tuple[WaitingLine, ...]:
    """Records of which the station has not everything, the oldest first; a photo counts with what it shows."""
    rows = session.exec(
        select(KeptRow).where(KeptRow.custody == HERE, col(KeptRow.own).is_(True)).order_by(col(KeptRow.order_ms))
    ).all()
    gathered: dict[str, WaitingLine] = {}
    for row in rows:
        subject = _shown_with(row)
        line = gathered.get(subject) or WaitingLine(subject, row.fact, None, 0, 0, row.order_ms)
        gathered[subject] = WaitingLine(
            subject, line.fact, line.kind, line.entries + 1, line.size_bytes + len(row.raw), line.oldest_ms
        )
    kinds = _kinds_of(session, list(gathered)[:limit])
    return tuple(
        WaitingLine(one.subject, one.fact, kinds.get(one.subject), one.entries, one.size_bytes, one.oldest_ms)
        for one in list(gathered.values())[:limit]
    )


def _shown_with(row: KeptRow) -> str:
    if row.fact != "photo_taken":
        return row.subject
    body = json.loads(row.raw).get("body", {})
    return str(body.get("of", row.subject))


def _kinds_of(session: Session, subjects: Sequence[str]) -> dict[str, str]:
    wanted = select(ObservationRow.subject, ObservationRow.kind).where(col(ObservationRow.subject).in_(subjects))
    return dict(session.exec(wanted).all())


def known_places(session: Session) -> tuple[KnownPlace, ...]:
    """Registered places that have a point, as the map and the pickers need them. ``code`` is ``place:CODE``."""
    return tuple(
        KnownPlace(place.subject, place.name, place.kind, place.latitude_e7, place.longitude_e7)
        for place in places(session)
        if place.latitude_e7 is not None and place.longitude_e7 is not None
    )


def place_name(session: Session, subject: str | None) -> str | None:
    """The name of ``place:CODE``; None when it is not registered here."""
    if subject is None:
        return None
    place = place_by_code(session, subject.partition(":")[2])
    return place.name if place else None
