"""What the line is read from: the register's places, the ways of patrols, and where records were made."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import func, text
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from app.patrol.line_places import Registered
from app.patrol.line_walked import Way
from app.patrol.visits import Point
from app.store.kept_entries import HELD
from app.store.queries import PlaceLine, places
from app.store.queries.shaping import codes_in
from app.store.queries_map import REFERRING
from app.store.tables import KeptRow, ObservationRow, PatrolRow
from app.store.tables_way import WayRow
from app.store.ways import read_way
from journal.access import units_named
from journal.catalogue import parse_place_reference
from journal.entries import LineLimitsSet, read_entry
from journal.folding import Kept, order_key

E7 = 10_000_000


class WalkedTurn(NamedTuple):
    """A patrol with its way; empty while that has not been traced. ``last_ms`` is the time of the last entry about it."""

    subject: str
    started_ms: int
    last_ms: int
    lead_unit: str
    units: tuple[str, ...]
    forces: tuple[str, ...]
    way: Way
    traced: bool


class PlacedRecord(NamedTuple):
    """A record that counts, with its position in degrees and the registered places that it names (``place:CODE``)."""

    subject: str
    kind: str
    happened_ms: int
    unit: str
    values: Mapping[str, object]
    at: Point | None
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineFacts:
    """``places`` are those that are not retired; turns and records those of the time that was asked for, in its order."""

    places: tuple[Registered, ...]
    turns: tuple[WalkedTurn, ...]
    records: tuple[PlacedRecord, ...]


def line_facts(session: Session, from_ms: int, until_ms: int) -> LineFacts:
    """What happened in [from_ms, until_ms) along the line, of all that this device may see; without what is undone or held."""
    known = places(session)
    return LineFacts(
        tuple(_registered(one) for one in known),
        _turns(session, from_ms, until_ms),
        _records(session, from_ms, until_ms, _codes(known)),
    )


def line_limits(session: Session, unit: str) -> Mapping[str, int]:
    """After how many days a stretch or place is overdue at the desks of this unit, by its sort, as a commander said last."""
    row = KeptRow
    told = (func.entry_bytes(row.writer, row.seq), col(row.received_ms))
    wanted = sa_select(*told).where(text("fact = 'line_limits_set'"), col(row.custody) != HELD)
    said = [Kept(read_entry(raw), received_ms) for raw, received_ms in session.execute(wanted) if raw is not None]
    last = max((kept for kept in said if unit in units_named(kept.entry)), key=order_key, default=None)
    return last.entry.body.days if last is not None and isinstance(last.entry.body, LineLimitsSet) else {}


def _registered(one: PlaceLine) -> Registered:
    at = None if one.latitude_e7 is None or one.longitude_e7 is None else (one.latitude_e7 / E7, one.longitude_e7 / E7)
    course = tuple((latitude / E7, longitude / E7) for latitude, longitude in one.line)
    return Registered(one.subject, one.name, one.kind, at, course, one.number)


def _turns(session: Session, from_ms: int, until_ms: int) -> tuple[WalkedTurn, ...]:
    row = PatrolRow
    told = (row.subject, row.started_ms, row.last_ms, row.lead_unit, row.units, row.composition)
    wanted = sa_select(*(col(one) for one in told), col(WayRow.way), col(WayRow.from_ms)).where(
        col(row.started_ms) >= from_ms, col(row.started_ms) < until_ms, col(row.voided).is_(False), col(row.hidden).is_(False),
        col(row.custody) != HELD,
    )  # fmt: skip
    joined = wanted.outerjoin(WayRow, col(WayRow.subject) == col(row.subject)).order_by(col(row.started_ms), col(row.subject))
    return tuple(
        WalkedTurn(
            subject, started_ms, last_ms, lead, codes_in(units), tuple(json.loads(people)),
            [] if way is None else read_way(way, way_ms), way is not None,
        )
        for subject, started_ms, last_ms, lead, units, people, way, way_ms in session.execute(joined)
    )  # fmt: skip


def _records(session: Session, from_ms: int, until_ms: int, codes: Mapping[str, str]) -> tuple[PlacedRecord, ...]:
    row = ObservationRow
    told = (row.subject, row.kind, row.happened_ms, row.unit, row.field_values, row.place, row.latitude_e7, row.longitude_e7)
    wanted = sa_select(*(col(one) for one in told)).where(
        col(row.happened_ms) >= from_ms, col(row.happened_ms) < until_ms, col(row.counted).is_(True), col(row.hidden).is_(False)
    )
    found = session.execute(wanted.order_by(col(row.happened_ms), col(row.subject)))
    return tuple(_record(one, codes) for one in found)


def _record(told: Iterable[object], codes: Mapping[str, str]) -> PlacedRecord:
    subject, kind, happened_ms, unit, raw, place, latitude, longitude = told
    values: Mapping[str, object] = json.loads(str(raw))
    at = (latitude / E7, longitude / E7) if isinstance(latitude, int) and isinstance(longitude, int) else None
    names = [place, *(values[field] for field in REFERRING if field in values)]
    flat = [str(one) for name in names if name for one in (name if isinstance(name, list) else [name])]
    named = tuple(dict.fromkeys(codes[key] for one in flat for key in _keys(one) if key in codes))
    assert isinstance(happened_ms, int)
    return PlacedRecord(str(subject), str(kind), happened_ms, str(unit), values, at, named)


def _codes(known: Iterable[PlaceLine]) -> dict[str, str]:
    """``place:CODE`` by how people write the place: its code, and the number of a marker."""
    return {key: one.subject for one in known for key in (*_keys(one.name)[1:], *_keys(one.subject))}


@lru_cache(maxsize=4_096)
def _keys(told: str) -> tuple[str, ...]:
    """How what was typed for a place may be registered: as it stands, and as the catalogue reads it."""
    read = parse_place_reference(told)
    return (_plain(told),) if read is None else (_plain(told), _plain(read.code))


def _plain(code: str) -> str:
    return code.rpartition(":")[2].replace("-", "").replace(" ", "").lower()
