"""Names on the map never lie on one another, and are left out when one looks from far away."""

from app.patrol.nearest import KnownPlace
from app.screens.phone.ground_layers import PlaceMark
from app.screens.phone.ground_names import NAMES_FROM, thin_names


def mark(code: str, latitude: float, longitude: float) -> PlaceMark:
    place = KnownPlace(code, f"Mốc {code}", "moc", round(latitude * 1e7), round(longitude * 1e7))
    return PlaceMark(place, named=True)


NEAR = (mark("901", 20.9, 103.8), mark("902", 20.9005, 103.8005), mark("903", 20.95, 103.9))


def named(level: int) -> list[str]:
    return [one.place.code for one in thin_names(NEAR, level) if one.named]


def test_from_close_by_every_place_has_its_name():
    assert named(18) == ["901", "902", "903"]


def test_of_two_names_that_would_overlap_the_first_is_shown():
    assert named(14) == ["901", "903"]


def test_from_far_away_signs_stand_alone_and_none_is_lost():
    assert named(NAMES_FROM - 1) == []
    assert len(thin_names(NEAR, NAMES_FROM - 1)) == len(NEAR)
