"""Renderers of places and references to places: known ones by a tap, the nearest first, anything else typed."""

from __future__ import annotations

from collections.abc import Iterable

import flet as ft

from app.patrol.nearest import KnownPlace, find_nearest
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.words import small
from app.screens.phone.fields.asked import Asked, question
from app.state.draft import split_typed
from app.state.marker_check import is_unknown_marker, marker_in
from journal.catalogue import fold_marks

MOST_OFFERED = 6
KINDS_OF = {
    "marker": frozenset({"moc", "coc_dau", "marker"}),
    "trail": frozenset({"duong_mon", "loi_mo", "trail"}),
    "node": frozenset({"nut", "nut_giao", "nut_giao_thong", "ben_xe", "dau_duong", "node"}),
    "premises": frozenset({"co_so", "luu_tru", "co_so_luu_tru", "premises"}),
    "checkpoint": frozenset({"tram", "chot", "checkpoint"}),
    "gate": frozenset({"cua_khau", "loi_mo", "tram"}),
    "village": frozenset({"thon", "ban", "ap", "lang", "khu_dan_cu", "village"}),
}
"""What a reference of the catalogue is registered as."""
ASKED_BY_NAME = {"node": "node", "drop_off": "node", "gate": "gate", "village": "village"}
"""Fields of a free place name, and which places are offered first for them."""


def code_of(place: KnownPlace) -> str:
    """How an observation writes a place: a marker by its number as it is spoken, others by their code in the register."""
    marker = marker_in(place)
    return marker.code if marker is not None else place.code.partition(":")[2]


def written_as(asked: Asked, place: KnownPlace) -> str:
    """A free place, or one of any kind, is written by its name; a reference to one kind by its code."""
    return place.name if asked.field.type == "place" or asked.field.refers_to == "place" else code_of(place)


@ft.component
def PlaceField(asked: Asked, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw a field for one name, with the known places nearest by or matching what was typed."""
    typed, set_typed = ft.use_state("")
    generation, set_generation = ft.use_state(0)
    value = asked.value
    now = value if isinstance(value, str) else ""
    offered = offer_places(asked, typed)

    def type_in(text: str) -> None:
        asked.put_quietly(text)
        set_typed(text)

    def choose(picked: frozenset[str]) -> None:
        place = next((one for one in offered if one.code in picked), None)
        asked.put(written_as(asked, place) if place else None)
        if place is not None:
            take_along(asked, place)
        set_typed("")
        set_generation(generation + 1)

    field = text_field(asked.look, asked.full_label, type_in, ident=asked.ident, initial=now)
    field.key = f"{asked.ident}-{generation}"
    answers: list[ft.Control] = [field]
    if offered:
        choices = [Choice(place.code, place.name) for place in offered]
        chosen = [place.code for place in offered if written_as(asked, place) == now]
        answers.append(choice_chips(asked.look, choices, chosen, choose, ident=f"{asked.ident}-known"))
    if asked.field.refers_to == "marker" and is_unknown_marker(now, asked.session.places):
        words = small(asked.look, asked.look.say("phone.marker.unknown"), colour=asked.look.palette.high.mark)
        answers.append(ft.Semantics(identifier="marker-unknown", live_region=True, content=words))
    return question(asked, answers, labelled=False)


def take_along(asked: Asked, place: KnownPlace) -> None:
    """A registered place that is named is also where it happened; a boundary post says its own class."""
    draft = asked.draft
    if asked.field.type == "ref" and not draft.content.place:
        draft.change(place=place.code)
    marker = marker_in(place)
    if asked.field.refers_to == "marker" and marker is not None and marker.marker_class == "coc_dau":
        draft.put("marker_class", "coc_dau")


@ft.component
def PlacesField(asked: Asked, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw several places by taps, the nearest first; others are typed with commas between them."""
    now = parts_of(asked)
    typed: ft.MutableRef[str] = ft.use_ref(lambda: ", ".join(part for part in now if part not in known_names(asked)))
    words, set_words = ft.use_state("")
    offered = offer_places(asked, words.rpartition(",")[2])
    chosen = [place for place in offered_of_kind(asked) if written_as(asked, place) in now]
    shown = (*chosen, *(place for place in offered if place not in chosen))

    def type_in(text: str) -> None:
        picked = [part for part in parts_of(asked) if part not in split_typed(typed.current)]
        typed.current = text
        asked.draft.put(asked.code, (*picked, *split_typed(text)), quietly=True)
        set_words(text)

    def choose(picked: frozenset[str]) -> None:
        codes = tuple(written_as(asked, place) for place in shown if place.code in picked)
        asked.put((*codes, *(part for part in split_typed(typed.current) if part not in codes)))

    answers: list[ft.Control] = []
    if shown:
        choices = [Choice(place.code, place.name) for place in shown]
        marked = [place.code for place in chosen]
        answers.append(choice_chips(asked.look, choices, marked, choose, ident=f"{asked.ident}-known", many=True))
    label = asked.look.say("phone.field.others") if shown else asked.full_label
    answers.append(text_field(asked.look, label, type_in, ident=asked.ident, initial=typed.current))
    return question(asked, answers)


def parts_of(asked: Asked) -> tuple[str, ...]:
    """The answer so far, as single codes or names."""
    value = asked.value
    if isinstance(value, str):
        return split_typed(value)
    return tuple(str(part) for part in value) if isinstance(value, (tuple, list)) else ()


def known_names(asked: Asked) -> frozenset[str]:
    """How the registered places are written here."""
    return frozenset(written_as(asked, place) for place in asked.session.places)


def offer_places(asked: Asked, typed: str) -> tuple[KnownPlace, ...]:
    """Those that match what was typed, else those nearest to where it happened."""
    places = offered_of_kind(asked)
    words = fold_marks(typed).split()
    if words:
        return tuple(one for one in places if all(word in fold_marks(f"{one.name} {one.code}") for word in words))[:MOST_OFFERED]
    at = asked.draft.content.position
    if at is None:
        return places[:MOST_OFFERED]
    near: list[KnownPlace] = []
    left = list(places)
    while left and len(near) < MOST_OFFERED:
        found = find_nearest(at.latitude_e7, at.longitude_e7, left)
        if found is None:
            break
        near.append(found.place)
        left.remove(found.place)
    return tuple(near)


def offered_of_kind(asked: Asked) -> tuple[KnownPlace, ...]:
    """Registered places of the kind that the question is about; all, where the register has none of it."""
    wanted = asked.field.refers_to or ASKED_BY_NAME.get(asked.code)
    return places_of_kind(asked.session.places, KINDS_OF.get(wanted or "", frozenset()))


def places_of_kind(places: Iterable[KnownPlace], kinds: frozenset[str]) -> tuple[KnownPlace, ...]:
    known = tuple(places)
    return tuple(place for place in known if place.kind in kinds) or (known if not kinds else ())
