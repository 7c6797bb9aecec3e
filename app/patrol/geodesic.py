"""How far two places are apart, by the shape of the earth."""

from functools import cache
from typing import TYPE_CHECKING

from app.later import Later

if TYPE_CHECKING:
    import geopy.distance as geopy_distance
else:
    geopy_distance = Later("geopy.distance")


@cache
def _earth() -> "geopy_distance.geodesic":
    """One for all questions: its series are worked out once, which takes longer than to measure with them."""
    return geopy_distance.geodesic()


def distance_mm(latitude_e7: int, longitude_e7: int, to_latitude_e7: int, to_longitude_e7: int) -> int:
    """Geodesic distance on WGS84 (Karney), in whole millimetres; both places in 1e-7 degrees."""
    here, there = (latitude_e7 / 1e7, longitude_e7 / 1e7), (to_latitude_e7 / 1e7, to_longitude_e7 / 1e7)
    return round(float(_earth().measure(here, there)) * 1_000_000)
