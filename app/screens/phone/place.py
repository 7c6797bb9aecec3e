"""One registered place: what it is, how far, when it was seen last, what was recorded there, and recording there now."""

from __future__ import annotations

import flet as ft

from app.patrol.place_groups import group_of
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.surfaces import card, empty_state, section_header
from app.screens.parts.words import body, small, title
from app.screens.phone.coordinates import CoordinateLines
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.ground_facts import use_ground_facts, use_visits
from app.screens.phone.ground_layers import GROUP_ICONS
from app.screens.phone.places import VISITED, away_m, away_words
from app.screens.phone.rows import observation_rows
from app.screens.phone.visit_words import visit_words
from app.screens.tokens import SPACE_3, Look
from app.state.session import Session
from app.state.views import Views
from app.store.queries import ObservationLine, PlaceLine, place_by_code
from app.store.queries_map import Visit, records_about


def read_place(views: Views, subject: str) -> tuple[PlaceLine | None, tuple[ObservationLine, ...]]:
    """The place ``place:CODE`` and the records about it."""
    place = place_by_code(views, subject.partition(":")[2])
    return (place, records_about(views, place)) if place else (None, ())


@ft.component
def PlaceScreen() -> ft.View:
    """Draw the place that the address names."""
    session, look = use_session(), use_look()
    subject = ft.use_route_params()["subject"]
    told = use_answer(session, lambda views: read_place(views, subject), subject)
    visits = use_visits(session, use_ground_facts(session))
    place = told[0] if told else None
    if told is None or place is None:
        gone = empty_state(look, look.say("map.no_such_place"), look.say("map.no_such_place_hint"), icon=ft.Icons.PLACE)
        return screen(session, look, look.say("map.place"), ft.Container() if told is None else gone, back="/places")
    controls = [_card(session, look, place, visits), *_records(session, look, told[1])]
    here = primary_button(
        look,
        look.say("map.record_here"),
        lambda: go(f"/kinds?place={place.subject}"),
        ident="record-here",
        icon=ft.Icons.ADD_LOCATION_ALT,
    )
    return screen(session, look, place.name, scrolled(look, controls), back="/places", bottom=[here], ident="place")


def _card(session: Session, look: Look, place: PlaceLine, visits: dict[str, Visit]) -> ft.Control:
    group = group_of(place.kind)
    kind = f"place_kind.{place.kind}"
    heading = look.say(f"map.{kind}") if look.texts.has(f"map.{kind}") else look.say(f"map.layer.{group.value}")
    lines: list[ft.Control] = [
        ft.Row(
            [ft.Icon(GROUP_ICONS[group], size=28, color=look.palette.primary_edge), title(look, heading, expand=True)],
            spacing=SPACE_3,
        )
    ]
    facts = [(look.say("map.number"), place.number), (look.say("map.marker_class"), _class_words(look, place.marker_class))]
    facts.append((look.say("map.status"), _status_words(session, look, place.status)))
    facts.append((look.say("map.away"), away_words(look, away_m(place, session.gauges.fix)) or None))
    lines += [_fact(look, label, value) for label, value in facts if value]
    if group in VISITED:
        words = visit_words(look, visits.get(place.subject), session.now_ms())
        lines.append(
            ft.Semantics(identifier="last-visit", content=_fact(look, look.say("map.last_visit"), words.long, words.tone.mark))
        )
    if place.latitude_e7 is not None and place.longitude_e7 is not None:
        lines.append(CoordinateLines(look, session.mapping, place.latitude_e7, place.longitude_e7))
        lines.append(
            secondary_button(
                look, look.say("map.show_on_map"), lambda: show(session, place), ident="show-on-map", icon=ft.Icons.MAP
            )
        )
    return card(look, lines, spacing=SPACE_3)


def show(session: Session, place: PlaceLine) -> None:
    """The map, with its pin on this place."""
    if place.latitude_e7 is not None and place.longitude_e7 is not None:
        session.mapping.show(place.latitude_e7, place.longitude_e7)
        go("/map")


def _fact(look: Look, label: str, value: str, colour: str | None = None) -> ft.Control:
    return ft.Column([small(look, label), body(look, value, strong=True, colour=colour)], spacing=0, tight=True)


def _class_words(look: Look, code: str | None) -> str | None:
    if code is None:
        return None
    key = f"map.class.{code}"
    return look.say(key) if look.texts.has(key) else code


def _status_words(session: Session, look: Look, code: str | None) -> str | None:
    """The state of a trail or marker by the catalogue's word; the code of a newer one as it is."""
    if code is None:
        return None
    for field in ("duong_mon.status", "moc.condition"):
        label = session.handset.catalogue.label(f"kinds.{field}.{code}", look.texts.language)
        if label != code:
            return label
    return code.replace("_", " ")


def _records(session: Session, look: Look, lines: tuple[ObservationLine, ...]) -> list[ft.Control]:
    heading = section_header(look, look.say("map.records_here"))
    if not lines:
        return [heading, body(look, look.say("map.no_records_here"))]
    return [heading, ft.Column(observation_rows(session, look, lines), spacing=0)]
