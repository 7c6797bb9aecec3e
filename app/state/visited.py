"""What was ordered against what was done: planned places where the patrol was, and those where it was not."""

from collections.abc import Iterable, Sequence

from app.patrol.nearest import KnownPlace
from app.patrol.visits import passed_places
from app.store.queries import ObservationLine

_REFERRING = ("marker", "trail", "node", "premises", "post", "village", "checked_markers", "checked_trails", "checked_nodes")
Line = Sequence[tuple[float, float]]


def find_unvisited(
    planned: Iterable[str], places: Iterable[KnownPlace], seen: Iterable[ObservationLine], lines: Iterable[Line]
) -> tuple[str, ...]:
    """``place:CODE`` of the planned places that no record names and no track or record passed.

    ``lines`` are stretches of the track in degrees. A place without a point counts only when a record names it.
    """
    records = [line for line in seen if not line.voided]
    named = {name for line in records for name in _names_in(line)}
    points = [(one.latitude_e7, one.longitude_e7) for one in records]
    spots = [
        [(latitude / 1e7, longitude / 1e7)] for latitude, longitude in points if latitude is not None and longitude is not None
    ]
    wanted = tuple(planned)
    passed = passed_places((place for place in places if place.code in wanted), [*lines, *spots])
    return tuple(code for code in wanted if code not in passed and not _is_named(code, named))


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


def _is_named(code: str, named: set[str]) -> bool:
    return bool({_plain(code), _plain(code).removeprefix("m")} & named)
