"""The nearest known place."""

from app.patrol.nearest import KnownPlace, find_nearest


def test_the_nearest_marker_is_named_with_its_distance():
    places = [
        KnownPlace("M901", "Mốc 901", "moc", 208_850_000, 1_038_000_000),
        KnownPlace("DON", "Đồn", "don", 209_480_000, 1_038_600_000),
    ]
    near = find_nearest(208_850_900, 1_038_000_000, places, frozenset({"moc"}))
    assert near is not None
    assert near.place.code == "M901"
    assert near.distance_m == 10
    assert find_nearest(0, 0, places) is None
