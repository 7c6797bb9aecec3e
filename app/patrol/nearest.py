"""The nearest known place and how far: the way patrols say where they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.patrol.geodesic import distance_mm

NEAR_E7 = 500_000
"""About 5 km of latitude: places further off are not worth measuring."""


@dataclass(frozen=True)
class KnownPlace:
    """A registered place as the map and the log need it."""

    code: str
    name: str
    kind: str
    latitude_e7: int
    longitude_e7: int


@dataclass(frozen=True)
class Nearby:
    place: KnownPlace
    distance_m: int


def find_nearest(
    latitude_e7: int, longitude_e7: int, places: Iterable[KnownPlace], kinds: frozenset[str] | None = None
) -> Nearby | None:
    """The nearest place within about 5 km, of these kinds if given."""
    near = [
        place
        for place in places
        if abs(place.latitude_e7 - latitude_e7) < NEAR_E7
        and abs(place.longitude_e7 - longitude_e7) < NEAR_E7
        and (kinds is None or place.kind in kinds)
    ]
    measured = [Nearby(p, _distance_m(latitude_e7, longitude_e7, p.latitude_e7, p.longitude_e7)) for p in near]
    return min(measured, key=lambda nearby: nearby.distance_m, default=None)


@lru_cache(maxsize=4096)
def _distance_m(latitude_e7: int, longitude_e7: int, to_latitude_e7: int, to_longitude_e7: int) -> int:
    """Kept: a list tells the same records beside the same places whenever it is drawn."""
    return round(distance_mm(latitude_e7, longitude_e7, to_latitude_e7, to_longitude_e7) / 1000)
