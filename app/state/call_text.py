"""The words of a call for help, to be read over the radio or sent as a text: who, when, what, how many, where."""

from collections.abc import Iterable

from app.patrol.nearest import KnownPlace, find_nearest
from app.store.open_call import OpenCall
from app.texts import Texts
from journal.clock import moment
from journal.entries import Position

MARKERS = frozenset({"moc", "coc_dau", "marker"})
_FIVE = 5


def write_call(texts: Texts, call: OpenCall, *, person: str, unit: str, places: Iterable[KnownPlace]) -> str:
    """One paragraph of short sentences. Degrees with five decimals (about a metre), metres whole, times of Vietnam."""
    raised = call.raised
    said = [texts.say("safety.text.head")]
    if unit:
        said.append(texts.say("safety.text.unit", unit=unit))
    if person:
        said.append(texts.say("safety.text.by", name=person))
    said.append(texts.say("safety.text.at", **_hour(texts, raised.raised_ms), day=texts.day(moment(raised.raised_ms))))
    said.append(texts.say("safety.text.kind", kind=kind_words(texts, raised.kind)))
    if raised.people is not None:
        said.append(texts.say("safety.text.people", count=f"{raised.people:02d}"))
    said += _where(texts, raised.position, tuple(places))
    said.append(texts.say("safety.text.end"))
    return " ".join(said)


def kind_words(texts: Texts, kind: str) -> str:
    """What happened; the code of a newer version as it is."""
    key = f"safety.kind.{kind}"
    return texts.say(key) if texts.has(key) else kind


def _hour(texts: Texts, at_ms: int) -> dict[str, str]:
    hour, _, minute = texts.hour(moment(at_ms)).partition(":")
    return {"hour": hour, "minute": minute}


def _where(texts: Texts, at: Position | None, places: tuple[KnownPlace, ...]) -> list[str]:
    if at is None:
        return [texts.say("safety.text.nowhere")]
    degrees = {
        "latitude": texts.number(at.latitude_e7 / 1e7, decimals=_FIVE),
        "longitude": texts.number(at.longitude_e7 / 1e7, decimals=_FIVE),
    }
    metres = texts.number(round(at.accuracy_mm / 1000)) if at.accuracy_mm is not None else None
    accuracy = texts.say("safety.text.accuracy", metres=metres) if metres is not None else ""
    near = near_words(texts, at.latitude_e7, at.longitude_e7, places)
    key = "safety.text.where_plain" if near is None else "safety.text.where"
    said = [texts.say(key, **degrees, accuracy=accuracy, near=near or "")]
    if at.fixed_ms is not None:
        said.append(texts.say("safety.text.measured", **_hour(texts, at.fixed_ms)))
    return said


def near_words(texts: Texts, latitude_e7: int, longitude_e7: int, places: tuple[KnownPlace, ...]) -> str | None:
    """The nearest marker, or else the nearest place, with the metres to it; None when none is near."""
    found = find_nearest(latitude_e7, longitude_e7, places, MARKERS) or find_nearest(latitude_e7, longitude_e7, places)
    return None if found is None else texts.say("safety.text.near", name=found.place.name, metres=found.distance_m)
