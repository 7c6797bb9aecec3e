"""The register of places: found without marks, by kind, the nearest first, with when each was seen last."""

from __future__ import annotations

from dataclasses import dataclass, replace

import flet as ft

from app.patrol.geodesic import distance_mm
from app.patrol.nearest import KnownPlace
from app.patrol.place_groups import PlaceGroup, group_of
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import SearchField
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import empty_state
from app.screens.parts.words import body, small
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.ground_facts import use_ground_facts, use_visits
from app.screens.phone.ground_layers import GROUP_ICONS
from app.screens.phone.visit_words import visit_words
from app.screens.tokens import HAIRLINE, SPACE_2, SPACE_3, Look
from app.state.session import Session
from app.store.queries import PAGE, PlaceLine, places
from app.store.queries_map import Visit
from journal.catalogue import fold_marks
from journal.track.fixes import Fix

VISITED = frozenset({PlaceGroup.MARKERS, PlaceGroup.TRAILS})
KILOMETRE_M = 1_000


@dataclass(frozen=True)
class Found:
    """A place of the list; ``away_m`` is None where the own position or the place's point is not known."""

    place: PlaceLine
    away_m: int | None


@ft.component
def Places() -> ft.View:
    """Draw the register."""
    session, look = use_session(), use_look()
    return screen(session, look, look.say("map.places_title"), PlaceList(session), back="/map", ident="places")


@ft.component
def PlaceList(session: Session) -> ft.Control:
    """Draw search, kinds and the places that fit, fifty at a time."""
    look = use_look()
    text, set_text = ft.use_state("")
    none: str | None = None
    group, set_group = ft.use_state(none)
    pages, set_pages = ft.use_state(1)
    registered = use_answer(session, places)
    visits = use_visits(session, use_ground_facts(session))
    fix = session.gauges.fix
    found = find_places(registered or (), text, group, fix)

    def search(typed: str) -> None:
        set_text(typed)
        set_pages(1)

    present = {group_of(place.kind) for place in registered or ()}
    choices = [Choice(one.value, look.say(f"map.group.{one.value}")) for one in PlaceGroup if one in present]
    controls: list[ft.Control] = [SearchField(look, search, ident="place-search")]
    if len(choices) > 1:
        chosen = {group} if group else set()
        controls.append(
            choice_chips(look, choices, chosen, lambda picked: set_group(next(iter(picked), None)), ident="group", dense=True)
        )
    if registered is None:
        return scrolled(look, controls)
    if not found:
        controls.append(_nothing(look, text, registered))
    rows: list[ft.Control] = [place_row(session, look, one, visits) for one in found[: PAGE * pages]]
    controls.append(ft.Column(rows, spacing=0))
    if len(found) > PAGE * pages:
        controls.append(secondary_button(look, look.say("verb.more"), lambda: set_pages(pages + 1), ident="places-more"))
    return scrolled(look, controls)


def find_places(registered: tuple[PlaceLine, ...], text: str, group: str | None, fix: Fix | None) -> tuple[Found, ...]:
    """Places whose name, number or code has all the words, without regard to marks; the nearest first, else by name."""
    words = fold_marks(text).split()
    fitting = [
        place
        for place in registered
        if (group is None or group_of(place.kind).value == group)
        and all(word in fold_marks(f"{place.name} {place.number or ''} {place.subject.partition(':')[2]}") for word in words)
    ]
    found = [Found(place, away_m(place, fix)) for place in fitting]
    return tuple(sorted(found, key=lambda one: (one.away_m is None, one.away_m or 0, fold_marks(one.place.name))))


def away_m(place: PlaceLine | KnownPlace, fix: Fix | None) -> int | None:
    """Metres from the own position to a place's point."""
    if fix is None or place.latitude_e7 is None or place.longitude_e7 is None:
        return None
    return round(distance_mm(fix.latitude_e7, fix.longitude_e7, place.latitude_e7, place.longitude_e7) / 1000)


def away_words(look: Look, metres: int | None) -> str:
    if metres is None:
        return ""
    return look.texts.km(metres) if metres >= KILOMETRE_M else f"{look.texts.number(metres)} m"


def _nothing(look: Look, text: str, registered: tuple[PlaceLine, ...]) -> ft.Control:
    if not registered:
        return empty_state(look, look.say("map.no_places"), look.say("map.no_places_hint"), icon=ft.Icons.PLACE)
    return empty_state(look, look.say("search.nothing", words=text), look.say("search.hint"), icon=ft.Icons.SEARCH_OFF)


def place_row(session: Session, look: Look, found: Found, visits: dict[str, Visit]) -> ft.Control:
    """One place: its kind's sign, its name, how far, and when it was seen last."""
    place = found.place
    group = group_of(place.kind)
    lines: list[ft.Control] = [body(look, place.name, strong=True)]
    said = away_words(look, found.away_m)
    told = [said] if said else []
    tone = look.palette.ink_soft
    if group in VISITED:
        words = visit_words(look, visits.get(place.subject), session.now_ms())
        told.append(words.short)
        tone = words.tone.mark
    lines.append(small(look, " · ".join(told) or look.say(f"map.layer.{group.value}"), colour=tone))
    inside = ft.Row(
        [
            ft.Icon(GROUP_ICONS[group], size=26, color=look.palette.primary_edge),
            ft.Column(lines, spacing=0, tight=True, expand=True),
            ft.Icon(ft.Icons.CHEVRON_RIGHT, size=22, color=look.palette.ink_soft),
        ],
        spacing=SPACE_3,
    )
    dress = replace(quiet_dress(look), edge=None, radius=0, pad_y=SPACE_2)
    row = press(
        look,
        inside,
        lambda: go(f"/place/{place.subject}"),
        dress,
        ident=f"row-{place.subject}",
        name=", ".join([place.name, *told]),
        expand=True,
    )
    line = ft.Border.only(bottom=ft.BorderSide(HAIRLINE, look.palette.line))
    return ft.Container(ft.Row([row]), border=line, key=place.subject)
