"""Vehicles: every reading of a plate, and what is looked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, literal
from sqlmodel import Session, col, select

from app.store.kept_entries import HELD
from app.store.queries import PAGE, ObservationLine
from app.store.queries.shaping import among, codes_in, observation_lines, to_line
from app.store.tables import ObservationRow, PlateRow
from app.store.tables_inquiry import LookoutRow
from journal.catalogue import plate_matches
from journal.catalogue.plates import is_whole, strip_plate
from journal.entries import SealedLookout

FEWEST_SIGNS = 2
"""Readable signs that a search for a plate needs: fewer would find everything."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A plate as it was read in one record; ``whole`` when every sign was."""

    plate: str
    line: ObservationLine

    @property
    def whole(self) -> bool:
        return is_whole(self.plate)


@dataclass(frozen=True, slots=True)
class LookoutLine:
    """A vehicle that is looked for. ``plate``, ``reason``, ``issuer`` and ``case_ref`` are None where the plate may not be known.

    ``read`` counts the records whose plate can be this one.
    """

    subject: str
    unit: str
    author: str
    opened_ms: int
    until_ms: int
    for_units: tuple[str, ...]
    plate: str | None
    reason: str | None
    issuer: str | None
    case_ref: str | None
    outcome: str | None
    ended_ms: int | None
    ended_by: str | None
    on_phones: bool
    read: int


@dataclass(frozen=True, slots=True)
class LookoutForPhone:
    """As much as a phone may know: the box, and until when it counts."""

    subject: str
    until_ms: int
    sealed: SealedLookout


def readings_of(session: Session, typed: str, limit: int = PAGE) -> tuple[Reading, ...]:
    """Records whose plate can be this one, the newest first; ``?`` on either side is one sign, ``*`` any number of them."""
    return _readings(session, _subjects_with(session, typed), limit)


def count_readings(session: Session, typed: str) -> int:
    """How many records that are neither taken back nor held hold such a plate."""
    rows = select(func.count()).select_from(ObservationRow).where(among(ObservationRow.subject, _subjects_with(session, typed)))
    return session.exec(rows.where(col(ObservationRow.voided).is_(False), ObservationRow.custody != HELD)).one()


def plates_of(session: Session, subjects: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The plates in these records, by record."""
    found: dict[str, tuple[str, ...]] = {}
    for row in session.exec(select(PlateRow).where(among(PlateRow.subject, subjects)).order_by(PlateRow.plate)):
        found[row.subject] = (*found.get(row.subject, ()), row.plate)
    return found


@dataclass(frozen=True, slots=True)
class KnownPlate:
    """A plate of one record: in how many records it was read, and whether it is looked for."""

    plate: str
    read: int
    wanted: tuple[LookoutLine, ...]


def known_plates(session: Session, subject: str, now_ms: int) -> tuple[KnownPlate, ...]:
    """The plates of this record that were read elsewhere too, or that are looked for."""
    plates = plates_of(session, [subject]).get(subject, ())
    known = (KnownPlate(one, count_readings(session, one), lookouts_for_plates(session, [one], now_ms)) for one in plates)
    return tuple(one for one in known if one.read > 1 or one.wanted)


def _subjects_with(session: Session, typed: str) -> dict[str, str]:
    """The plate that was read, by record."""
    wanted = strip_plate(typed).replace("[", "")
    if len(wanted.strip("?*")) < FEWEST_SIGNS:
        return {}
    plate, whole = col(PlateRow.plate), col(PlateRow.whole)
    if is_whole(wanted):
        # A plate with unread signs is itself a pattern in the database's own words.
        fitting = select(PlateRow).where((plate == wanted) | (whole.is_(False) & literal(wanted).op("GLOB")(plate)))
        return {row.subject: row.plate for row in session.exec(fitting)}
    like = select(PlateRow).where(whole.is_(True), plate.op("GLOB")(wanted))
    unread = session.exec(select(PlateRow).where(whole.is_(False)))
    fits = [row for row in unread if plate_matches(wanted, row.plate)]
    return {row.subject: row.plate for row in (*session.exec(like), *fits)}


def _readings(session: Session, plates: dict[str, str], limit: int) -> tuple[Reading, ...]:
    row = ObservationRow
    wanted = select(row).where(among(row.subject, plates), col(row.voided).is_(False), row.custody != HELD)
    rows = session.exec(wanted.order_by(col(row.happened_ms).desc(), col(row.subject)).limit(limit))
    return tuple(Reading(plates[line.subject], line) for line in observation_lines(session, rows))


# --- what is looked for -------------------------------------------------------------------------------------------------------


def lookouts_page(session: Session, now_ms: int, offset: int = 0, limit: int = PAGE) -> tuple[LookoutLine, ...]:
    """Those that stand first, the one that ends soonest on top; then those that are over, the newest first."""
    row = LookoutRow
    standing = col(row.outcome).is_(None) & (col(row.until_ms) > now_ms)
    wanted = select(row).where(col(row.hidden).is_(False), row.custody != HELD)
    ordered = wanted.order_by(standing.desc(), func.iif(standing, row.until_ms, -row.opened_ms), col(row.subject))
    return tuple(_lookout_line(session, one) for one in session.exec(ordered.offset(offset).limit(limit)))


def count_lookouts(session: Session, now_ms: int) -> tuple[int, int]:
    """How many stand, and how many there are in all."""
    row = LookoutRow
    every = select(func.count()).select_from(row).where(col(row.hidden).is_(False), row.custody != HELD)
    return session.exec(every.where(*_stands(now_ms))).one(), session.exec(every).one()


def lookouts_for_phone(session: Session, now_ms: int) -> tuple[LookoutForPhone, ...]:
    """What a plate that is typed is compared with, the newest first."""
    row = LookoutRow
    wanted = select(row).where(*_stands(now_ms), col(row.sealed).is_not(None), row.custody != HELD)
    rows: Sequence[LookoutRow] = session.exec(wanted.order_by(col(row.opened_ms).desc())).all()
    return tuple(
        LookoutForPhone(one.subject, one.until_ms, SealedLookout.model_validate_json(one.sealed)) for one in rows if one.sealed
    )


def lookouts_for_plates(session: Session, plates: Collection[str], now_ms: int) -> tuple[LookoutLine, ...]:
    """At the desk: what is looked for among these plates, ``?`` on either side fitting any sign."""
    rows = session.exec(select(LookoutRow).where(*_stands(now_ms), col(LookoutRow.plate).is_not(None)))
    met = [one for one in rows if one.plate and any(plate_matches(one.plate, plate) for plate in plates)]
    return tuple(_lookout_line(session, one) for one in met)


def _stands(now_ms: int) -> tuple[ColumnElement[bool], ...]:
    return col(LookoutRow.outcome).is_(None), col(LookoutRow.until_ms) > now_ms, col(LookoutRow.hidden).is_(False)


def _lookout_line(session: Session, row: LookoutRow) -> LookoutLine:
    read = count_readings(session, row.plate) if row.plate else 0
    return to_line(LookoutLine, row, for_units=codes_in(row.for_units), on_phones=row.sealed is not None, read=read)
