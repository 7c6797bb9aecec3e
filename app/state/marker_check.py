"""Whether a marker that somebody wrote down is one that the station knows."""

from collections.abc import Iterable

from app.patrol.nearest import KnownPlace
from journal.catalogue import PlaceReference, parse_place_reference

MARKER_KINDS = frozenset({"moc", "coc_dau", "marker"})


def marker_in(place: KnownPlace) -> PlaceReference | None:
    """The marker that a registered place is, read from its name; None for places of other kinds."""
    if place.kind not in MARKER_KINDS:
        return None
    found = parse_place_reference(place.name)
    return found if found is not None and found.form == "marker" else None


def is_unknown_marker(written: str, places: Iterable[KnownPlace]) -> bool:
    """True for a marker that is not among the registered ones; False while none is registered: then nothing is known."""
    known = [marker for place in places if (marker := marker_in(place)) is not None]
    if not known or not written.strip():
        return False
    wanted = parse_place_reference(written)
    if wanted is None or wanted.form != "marker":
        return True
    # A class nobody wrote fits both: "903/1" is the post as well as the marker of that number.
    return not any(one.code == wanted.code and wanted.marker_class in {None, one.marker_class} for one in known)
