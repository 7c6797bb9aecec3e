"""Queries of the phone alone: who holds it, the next patrol's number, what waits to be sent, one by one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.patrol.nearest import KnownPlace
from app.store.queries import place_by_code, places
from app.store.tables import KeptRow, ObservationRow, PatrolRow, PersonRow, PhotoRow, RoleRow, UnitRow
from journal.entries import read_entry

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
    """One record of which something waits. ``items`` are its entries and files, ``size_bytes`` all of them together.

    ``kind`` is that of an observation. ``files`` of its files wait, ``file_bytes`` in all; ``sent_bytes`` of those are there.
    """

    subject: str
    fact: str
    kind: str | None
    items: int
    size_bytes: int
    oldest_ms: int
    files: int = 0
    file_bytes: int = 0
    sent_bytes: int = 0
    files_named: tuple[str, ...] = ()
    """The hashes of those files."""


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A photo, one of its copies or a voice note that no receipt covers; ``sent_bytes`` of it are at the station."""

    sha256: str
    size_bytes: int
    sent_bytes: int


@dataclass(frozen=True, slots=True)
class ClockEvidence:
    """What receipts prove: by how much the clock was ahead at least (0 or more), and is behind at least (0 or less), in ms.

    None while the station has received nothing.
    """

    ahead_ms: int | None
    behind_ms: int | None
    received_ms: int | None
    """When the station last received something, by its own clock."""


def read_holder(session: Session, person: str, unit: str, now_ms: int) -> Holder:
    """The person of this device as the register has it."""
    known = session.get(PersonRow, person)
    at = session.get(UnitRow, f"unit:{unit}")
    roles: dict[str, frozenset[str]] = {}
    for held in session.exec(select(RoleRow).where(RoleRow.subject == person)):
        if held.until_ms is None or now_ms < held.until_ms:
            roles[held.in_unit] = roles.get(held.in_unit, frozenset()) | {held.role}
    return Holder(known.name if known else None, at.name if at else None, roles)


def propose_number(session: Session, year: int, prefix: str = "TT") -> str:
    """The number after the highest of the year that this device knows of, such as ``TT-2026-0131``; a number is said aloud, so
    two teams of one post should not carry the same. Phones without a signal may still propose the same one.
    """
    start = f"{prefix}-{year}-"
    numbers = session.exec(select(PatrolRow.number).where(col(PatrolRow.number).startswith(start)))
    highest = max((int(found[2]) for number in numbers if (found := _SAME_NUMBER.fullmatch(number))), default=0)
    return f"{start}{highest + 1:04d}"


def waiting_lines(session: Session, files: Sequence[WaitingFile] = (), limit: int = 50) -> tuple[WaitingLine, ...]:
    """Records of which the station has not everything, the oldest first; photos and their files count with what they show.

    ``files`` are those that wait; the items of all lines together are the entries and files that the strip counts.
    """
    rows = session.exec(
        select(KeptRow).where(KeptRow.custody == HERE, col(KeptRow.own).is_(True)).order_by(col(KeptRow.order_ms))
    ).all()
    photos = session.exec(select(PhotoRow).where(col(PhotoRow.author).in_(_own_writers(session)))).all() if rows or files else ()
    shown_in = {photo.subject: photo.of for photo in photos}
    gathered: dict[str, WaitingLine] = {}
    for row in rows:
        subject = shown_in.get(row.subject, row.subject)
        line = gathered.get(subject) or WaitingLine(subject, row.fact, None, 0, 0, row.order_ms)
        gathered[subject] = replace(line, items=line.items + 1, size_bytes=line.size_bytes + row.size_bytes)
    file_of = {sha256: photo for photo in photos for sha256 in (photo.sha256, photo.preview, photo.full) if sha256}
    for file in files:
        photo = file_of.get(file.sha256)
        subject = photo.of if photo else file.sha256
        line = gathered.get(subject) or WaitingLine(subject, "photo_taken", None, 0, 0, photo.taken_ms if photo else 0)
        gathered[subject] = replace(
            line,
            items=line.items + 1,
            size_bytes=line.size_bytes + file.size_bytes,
            files=line.files + 1,
            file_bytes=line.file_bytes + file.size_bytes,
            sent_bytes=line.sent_bytes + file.sent_bytes,
            files_named=(*line.files_named, file.sha256),
        )
    kinds = _kinds_of(session, list(gathered)[:limit])
    return tuple(replace(one, kind=kinds.get(one.subject)) for one in list(gathered.values())[:limit])


def last_receipt_ms(session: Session) -> int | None:
    """When the station last signed for something of this device; None before it ever did."""
    return session.exec(select(func.max(KeptRow.received_ms)).where(col(KeptRow.own).is_(True))).one()


def read_clock_evidence(session: Session, now_ms: int) -> ClockEvidence:
    """What the receipt of the own entry that was received last says about this clock."""
    wanted = select(KeptRow).where(col(KeptRow.own).is_(True), col(KeptRow.received_ms).is_not(None))
    last = session.exec(wanted.order_by(col(KeptRow.received_ms).desc(), col(KeptRow.seq).desc()).limit(1)).first()
    if last is None or last.received_ms is None:
        return ClockEvidence(None, None, None)
    raw = session.exec(select(func.entry_bytes(last.writer, last.seq))).one()
    if raw is None:
        return ClockEvidence(None, None, last.received_ms)
    recorded_ms = read_entry(raw).taken.wall_ms
    return ClockEvidence(max(0, recorded_ms - last.received_ms), min(0, now_ms - last.received_ms), last.received_ms)


def _own_writers(session: Session) -> Sequence[str]:
    return session.exec(select(KeptRow.writer).where(col(KeptRow.own).is_(True)).distinct()).all()


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
