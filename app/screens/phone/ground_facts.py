"""Everything that the ground shows, read from the store and the phone, with lists that stay the same until they differ."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from app.maps.sheets import Corner
from app.patrol.nearest import KnownPlace
from app.patrol.place_groups import PlaceGroup, group_of
from app.screens.asking import use_answer, use_loaded
from app.screens.phone.ground_layers import LaidSheet, PlaceMark, Spot, Tiles
from app.screens.phone.visit_words import visit_words
from app.screens.tokens import Look
from app.screens.told import priority_of
from app.state.mapping import Mapping
from app.state.session import Session
from app.state.views import Views
from app.store.queries import ObservationLine, PlaceLine, places
from app.store.queries_map import (
    TeamWord,
    Visit,
    drawn_records,
    latest_of,
    latest_walks,
    planned_places,
    recorded_visits,
    team_words,
    walked_visits,
)
from journal.clock import moment

MOST_RECORDS = 60
NAMED_UP_TO = 30
"""Names of more places would cover each other."""
ALWAYS_NAMED = frozenset({"moc", "coc_dau", "don", "chot"})
PLACE_LAYERS = {group.value: group for group in PlaceGroup}


@dataclass(frozen=True)
class GroundFacts:
    """What the store knows of the ground."""

    lines: tuple[PlaceLine, ...] = ()
    records: tuple[ObservationLine, ...] = ()
    teams: tuple[TeamWord, ...] = ()
    route: tuple[str, ...] = ()
    recorded: tuple[tuple[str, Visit], ...] = ()
    walks: tuple[tuple[str, str, int], ...] = ()


def read_ground(views: Views, known: tuple[KnownPlace, ...], patrol: str | None) -> GroundFacts:
    """One question, so that the map is drawn once for it."""
    lines = tuple(place for place in places(views) if place.line)
    return GroundFacts(
        lines,
        drawn_records(views, MOST_RECORDS),
        team_words(views, patrol),
        planned_places(views, patrol) if patrol else (),
        tuple(recorded_visits(views, known).items()),
        latest_walks(views),
    )


def use_ground_facts(session: Session) -> GroundFacts:
    """What the store knows, asked again when it changes."""
    known, patrol = session.places, session.patrol.subject if session.patrol else None
    return use_answer(session, lambda views: read_ground(views, known, patrol), len(known), patrol) or GroundFacts()


def use_visits(session: Session, facts: GroundFacts) -> dict[str, Visit]:
    """The last visit of each place; tracks are unpacked again only when one has grown."""
    known = session.places

    async def walked() -> dict[str, Visit]:
        return await session.notebook.ask(lambda views: walked_visits(views, known, facts.walks))

    by_track = use_loaded(walked, facts.walks, len(known)) or {}
    return ft.use_memo(lambda: latest_of(dict(facts.recorded), by_track), [facts.recorded, by_track])


def place_marks(
    look: Look, session: Session, shown: frozenset[str], visits: dict[str, Visit], now_ms: int
) -> tuple[PlaceMark, ...]:
    """The places of the layers that are on, markers first; names for those that are asked for by name."""
    groups = {group for layer, group in PLACE_LAYERS.items() if layer in shown}
    here = [place for place in session.places if group_of(place.kind) in groups]
    here.sort(key=lambda place: list(PlaceGroup).index(group_of(place.kind)))
    few = len(here) <= NAMED_UP_TO
    coloured = "visits" in shown
    return tuple(
        PlaceMark(
            place,
            visit_words(look, visits.get(place.code), now_ms) if coloured and _is_visited(place) else None,
            named=place.kind in ALWAYS_NAMED or (few and group_of(place.kind) is not PlaceGroup.TRAILS),
        )
        for place in here
    )


def _is_visited(place: KnownPlace) -> bool:
    """Markers and trails are what patrols go to see; a post or a village is where people are anyway."""
    return group_of(place.kind) in {PlaceGroup.MARKERS, PlaceGroup.TRAILS}


def spots_of(look: Look, session: Session, records: tuple[ObservationLine, ...]) -> tuple[Spot, ...]:
    catalogue, language = session.handset.catalogue, look.texts.language
    return tuple(
        Spot(
            line.subject,
            line.latitude_e7 or 0,
            line.longitude_e7 or 0,
            priority_of(catalogue, line.kind, line.priority),
            f"{catalogue.label(f'kinds.{line.kind}', language)}, {look.texts.hour(moment(line.happened_ms))}",
        )
        for line in records
    )


def team_telling(look: Look, teams: tuple[TeamWord, ...], now_ms: int) -> dict[str, str]:
    """Which team, and how old its word is."""
    return {
        word.patrol.subject: look.say(
            "map.team", number=word.patrol.number, ago=look.texts.age(max(0, now_ms - word.at_ms) / 1000)
        )
        for word in teams
    }


def route_points(session: Session, route: tuple[str, ...]) -> tuple[Corner, ...]:
    """The planned places that have a point, in their order."""
    by_code = {place.code: place for place in session.places}
    return tuple((by_code[code].latitude_e7, by_code[code].longitude_e7) for code in route if code in by_code)


def tiles_to_draw(mapping: Mapping) -> tuple[Tiles, ...]:
    """The chosen pack alone, or all of them where the place decides."""
    usable = [pack for pack in mapping.packs if pack.fault is None]
    wanted = [pack for pack in usable if pack.key == mapping.chosen] or usable
    found = ((pack, mapping.phone_maps.tiles_of(pack)) for pack in wanted)
    return tuple(Tiles(pack, address) for pack, address in found if address is not None)


def laid_sheets(mapping: Mapping) -> tuple[LaidSheet, ...]:
    found = ((sheet, mapping.pictures.get(sheet.key)) for sheet in mapping.sheets)
    return tuple(LaidSheet(sheet, picture) for sheet, picture in found if picture is not None)
