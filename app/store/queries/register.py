"""Queries about what the station registers: units, persons, places."""

import json
from collections.abc import Collection

from sqlmodel import Session, col, select

from app.store.queries.lines import PersonLine, PlaceLine, UnitLine
from app.store.queries.shaping import among, persons_by_writer, to_line
from app.store.tables import PersonRow, PlaceRow, RoleRow, UnitRow

Bounds = tuple[int, int, int, int]
"""South, west, north, east in 1e-7 degrees."""

__all__ = ["Bounds", "persons", "persons_by_writer", "place_by_code", "places", "units"]


def places(session: Session, kinds: Collection[str] = (), bounds: Bounds | None = None) -> tuple[PlaceLine, ...]:
    """Registered places that are not retired; a trail is in the bounds when one of its points is."""
    wanted = select(PlaceRow).where(col(PlaceRow.retired).is_(False))
    if kinds:
        wanted = wanted.where(among(PlaceRow.kind, kinds))
    found = (_place_line(row) for row in session.exec(wanted.order_by(PlaceRow.subject)))
    return tuple(place for place in found if bounds is None or _touches(place, bounds))


def place_by_code(session: Session, code: str) -> PlaceLine | None:
    row = session.get(PlaceRow, f"place:{code}")
    return _place_line(row) if row else None


def _place_line(row: PlaceRow) -> PlaceLine:
    return to_line(PlaceLine, row, line=tuple((point[0], point[1]) for point in json.loads(row.line)))


def _touches(place: PlaceLine, bounds: Bounds) -> bool:
    south, west, north, east = bounds
    points = list(place.line)
    if place.latitude_e7 is not None and place.longitude_e7 is not None:
        points.append((place.latitude_e7, place.longitude_e7))
    return any(south <= latitude <= north and west <= longitude <= east for latitude, longitude in points)


def units(session: Session) -> dict[str, UnitLine]:
    """Every unit by its code, retired ones too: old records name them."""
    return {row.code: to_line(UnitLine, row) for row in session.exec(select(UnitRow).order_by(UnitRow.code))}


def persons(session: Session, now_ms: int) -> dict[str, PersonLine]:
    """Every person by ``person:CODE``, retired ones too, with the roles in force at ``now_ms``."""
    roles: dict[str, dict[str, frozenset[str]]] = {}
    for held in session.exec(select(RoleRow).order_by(RoleRow.subject)):
        if held.until_ms is None or now_ms < held.until_ms:
            of = roles.setdefault(held.subject, {})
            of[held.in_unit] = of.get(held.in_unit, frozenset()) | {held.role}
    rows = session.exec(select(PersonRow).order_by(PersonRow.subject))
    return {row.subject: to_line(PersonLine, row, roles=roles.get(row.subject, {})) for row in rows}
