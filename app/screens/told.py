"""How a record is told in one line: its title, its icon, where it was, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import flet as ft

from app.patrol.nearest import KnownPlace, find_nearest
from app.screens.tokens import Custody, Look, Priority, Tone
from journal.catalogue import Catalogue
from journal.verdicts import APPROVED, RETURNED, SEALED

if TYPE_CHECKING:
    from app.store.queries import ObservationLine

REVIEWED = frozenset({"xac_nhan", "khong_co_co_so", "sinh_hoat_binh_thuong", "khong_xac_minh_duoc", "gop", APPROVED, SEALED})
MARKERS = frozenset({"moc", "coc_dau", "marker"})
AT_THE_PLACE_M = 10
"""Nearer than any receiver knows, a distance would say more than is true."""
PRIORITIES = {"khan": Priority.URGENT, "cao": Priority.HIGH, "trung_binh": Priority.MEDIUM, "thap": Priority.LOW}


def icon_named(name: str) -> ft.IconData:
    """The icon that the catalogue names; a plain one for a name of a newer version."""
    found = getattr(ft.Icons, name, ft.Icons.CIRCLE_OUTLINED)
    return found if isinstance(found, ft.IconData) else ft.Icons.CIRCLE_OUTLINED


def kind_icon(catalogue: Catalogue, kind: str) -> ft.IconData:
    known = catalogue.kind(kind)
    return icon_named(known.icon) if known else ft.Icons.CIRCLE_OUTLINED


def priority_of(catalogue: Catalogue, kind: str, priority: str) -> Priority:
    """How a priority of the catalogue is drawn; assistance has its own shape and comes before suspicion."""
    known = catalogue.kind(kind)
    if known is not None and known.assistance:
        return Priority.ASSISTANCE
    return PRIORITIES.get(priority, Priority.LOW)


def kind_tone(look: Look, catalogue: Catalogue, kind: str, priority: str) -> Tone:
    return look.priority_tone(priority_of(catalogue, kind, priority))


def custody_of(custody: str, status: str, *, carried: bool = False) -> Custody:
    """Where a record is on its way, in the words that are the same everywhere; ``carried`` when others have all that waits."""
    if custody == "held":
        return Custody.HELD
    if status == RETURNED:
        return Custody.RETURNED
    if custody == "here":
        return Custody.CARRIED if carried else Custody.SAVED
    return Custody.REVIEWED if status in REVIEWED else Custody.RECEIVED


def place_words(look: Look, line: ObservationLine, places: Iterable[KnownPlace]) -> str:
    """The registered place, the words that were typed, or the nearest marker with its distance."""
    known = tuple(places)
    if line.place is not None:
        return next((one.name for one in known if one.code == line.place), line.place.partition(":")[2])
    if line.place_text:
        return line.place_text
    return near_words(look, line.latitude_e7, line.longitude_e7, known)


def near_words(look: Look, latitude_e7: int | None, longitude_e7: int | None, places: Iterable[KnownPlace]) -> str:
    """How far the nearest marker is; coordinates where none is near; said plainly where nothing is known."""
    if latitude_e7 is None or longitude_e7 is None:
        return look.say("phone.place.unknown")
    known = tuple(places)
    near = find_nearest(latitude_e7, longitude_e7, known, MARKERS) or find_nearest(latitude_e7, longitude_e7, known)
    if near is None:
        return f"{latitude_e7 / 1e7:.5f}, {longitude_e7 / 1e7:.5f}"
    if near.distance_m < AT_THE_PLACE_M:
        return look.say("phone.place.at", name=near.place.name)
    return look.say("phone.place.near", name=near.place.name, metres=near.distance_m)


def accuracy_words(look: Look, accuracy_mm: int) -> str:
    """How far off a position may be; the figure stays beside its sign and unit."""
    return look.say("strip.accuracy", metres=look.texts.number(accuracy_mm / 1000)).replace(" ", "\u00a0")


def reason_words(look: Look, reason: str | None) -> str:
    """Why the station keeps something aside; an unknown code is shown as it is."""
    if reason is None:
        return ""
    key = f"held_reason.{reason}"
    return look.say(key) if look.texts.has(key) else reason


def fact_words(look: Look, fact: str) -> str:
    """What somebody wrote down, by the name of its fact; one of a newer version is called so."""
    key = f"fact.{fact}"
    return look.say(key if look.texts.has(key) else "word.newer_version")
