"""Renderers of places, references and plates: known ones by a tap, anything else typed."""

from __future__ import annotations

from collections.abc import Iterable

import flet as ft

from app.patrol.nearest import KnownPlace, find_nearest
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.words import small
from app.screens.phone.fields.asked import Asked, question
from journal.catalogue import fold_marks, normalise_plate

MOST_OFFERED = 6
KINDS_OF = {
    "marker": frozenset({"moc", "coc_dau", "marker"}),
    "trail": frozenset({"duong_mon", "loi_mo", "trail"}),
    "node": frozenset({"nut", "nut_giao", "node"}),
    "premises": frozenset({"co_so", "luu_tru", "premises"}),
    "checkpoint": frozenset({"tram", "chot", "checkpoint"}),
}
"""What a reference of the catalogue is registered as."""


def code_of(place: KnownPlace) -> str:
    """How an observation writes a place: its code without the register's prefix."""
    return place.code.partition(":")[2]


@ft.component
def PlaceField(asked: Asked, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw a field for a name, with the known places nearest by or matching what was typed."""
    typed, set_typed = ft.use_state("")
    generation, set_generation = ft.use_state(0)
    value = asked.value
    now = value if isinstance(value, str) else ", ".join(value) if isinstance(value, tuple) else ""
    offered = _offered(asked, typed)

    def type_in(text: str) -> None:
        asked.put_quietly(text)
        set_typed(text)

    def choose(picked: frozenset[str]) -> None:
        place = next((one for one in offered if one.code in picked), None)
        asked.put(code_of(place) if place else None)
        if place is not None and asked.field.type == "ref" and not asked.draft.content.place:
            asked.draft.change(place=place.code)
        set_typed("")
        set_generation(generation + 1)

    field = text_field(
        asked.look, f"{asked.label} *" if asked.field.required else asked.label, type_in, ident=asked.ident, initial=now
    )
    field.key = f"{asked.ident}-{generation}"
    answers: list[ft.Control] = [field]
    if offered:
        choices = [Choice(place.code, place.name) for place in offered]
        chosen = [place.code for place in offered if code_of(place) == now]
        answers.append(choice_chips(asked.look, choices, chosen, choose, ident=f"{asked.ident}-known"))
    return question(asked, answers, labelled=False)


def _offered(asked: Asked, typed: str) -> tuple[KnownPlace, ...]:
    places = _of_kind(asked, asked.session.places)
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


def _of_kind(asked: Asked, places: Iterable[KnownPlace]) -> tuple[KnownPlace, ...]:
    wanted = asked.field.refers_to
    if asked.field.type == "ref" and wanted in {"unit", "observation", "patrol", "case"}:
        return ()
    kinds = KINDS_OF.get(wanted or "", frozenset())
    return tuple(place for place in places if not kinds or place.kind in kinds)


@ft.component
def PlateField(asked: Asked, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw a plate with its reading under it; a doubt is said and never keeps anybody from saving."""
    look = asked.look
    value = asked.value
    shown, set_shown = ft.use_state(value if isinstance(value, str) else "")

    def type_in(text: str) -> None:
        asked.put_quietly(text)
        set_shown(text)

    answers: list[ft.Control] = [
        text_field(
            look,
            f"{asked.label} *" if asked.field.required else asked.label,
            type_in,
            ident=asked.ident,
            initial=value if isinstance(value, str) else "",
            capitalization=ft.TextCapitalization.CHARACTERS,
        )
    ]
    if shown.strip():
        country, background = (_answer(asked, code) for code in ("plate_country", "plate_background"))
        reading = normalise_plate(shown, country, background)
        said = look.say("phone.record.plate_read", plate=reading.normalised)
        form = f"phone.plate_form.{reading.form.value}"
        line = f"{said} · {look.say(form)}" if look.texts.has(form) else said
        answers.append(
            ft.Semantics(identifier=f"{asked.ident}-reading", live_region=True, content=small(look, line, strong=True))
        )
        if reading.warning is not None:
            warning = look.say(f"phone.plate_warning.{reading.warning.value}")
            answers.append(small(look, warning, colour=look.palette.high.mark))
    return question(asked, answers, labelled=False)


def _answer(asked: Asked, code: str) -> str | None:
    value = asked.draft.content.values.get(code)
    return value if isinstance(value, str) else None
