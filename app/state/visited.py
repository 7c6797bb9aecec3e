"""What was ordered against what was done: planned places where the patrol was, and those where it was not."""

from collections.abc import Iterable, Sequence

from app.patrol.fixes import distance_mm
from app.patrol.nearest import KnownPlace
from app.store.queries import ObservationLine

PASSED_WITHIN_M = 150
"""A valley's receiver is off by 50 m and a marker is looked at from its path: nearer than this counts as having been there."""
_REFERRING = ("marker", "trail", "node", "premises", "post", "village", "checked_markers", "checked_trails", "checked_nodes")
Line = Sequence[tuple[float, float]]


def find_unvisited(
    planned: Iterable[str], places: Iterable[KnownPlace], seen: Iterable[ObservationLine], lines: Iterable[Line]
) -> tuple[str, ...]:
    """``place:CODE`` of the planned places that no record names and no track or record passed within 150 m.

    ``lines`` are stretches of the track in degrees. A place without a point counts only when a record names it.
    """
    by_code = {place.code: place for place in places}
    records = [line for line in seen if not line.voided]
    named = {name for line in records for name in _names_in(line)}
    points = [point for line in lines for point in line]
    points += [(one.latitude_e7 / 1e7, one.longitude_e7 / 1e7) for one in records if one.latitude_e7 and one.longitude_e7]
    return tuple(code for code in planned if not _was_there(code, by_code.get(code), named, points))


def _names_in(line: ObservationLine) -> Iterable[str]:
    if line.place is not None:
        yield _plain(line.place)
    for field in _REFERRING:
        value = line.values.get(field)
        if isinstance(value, str):
            yield _plain(value)
        elif isinstance(value, tuple | list):
            yield from (_plain(one) for one in value)


def _plain(code: str) -> str:
    return code.rpartition(":")[2].replace("-", "").lower()


def _was_there(code: str, place: KnownPlace | None, named: set[str], points: Sequence[tuple[float, float]]) -> bool:
    own = {_plain(code), _plain(code).removeprefix("m")}
    if own & named:
        return True
    if place is None:
        return False
    near = (place.latitude_e7, place.longitude_e7)
    return any(
        distance_mm(*near, round(latitude * 1e7), round(longitude * 1e7)) <= PASSED_WITHIN_M * 1000
        for latitude, longitude in points
    )
