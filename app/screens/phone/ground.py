"""The map, or a plain grid where there is no pack: places, records, tracks, the own position, and what a finger can do there."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

import flet as ft
import flet_map as fm

from app.screens.asking import use_look
from app.screens.parts.light import dim_map
from app.screens.parts.marks import priority_shape
from app.screens.parts.safe import safe
from app.screens.phone import ground_layers as layers
from app.screens.phone.frame import go
from app.screens.phone.ground_facts import (
    GroundFacts,
    laid_sheets,
    place_marks,
    route_points,
    spots_of,
    team_telling,
    tiles_to_draw,
    use_ground_facts,
    use_visits,
)
from app.screens.phone.ground_names import thin_names
from app.screens.phone.ground_tools import Scale, ground_buttons, no_map, pointed_card, scale_bar
from app.screens.tokens import Look
from app.state.gauges import Gauges
from app.state.mapping import Mapping
from app.state.session import Session
from app.state.walk import Walk
from app.store.queries_map import Visit

FIRST_ZOOM, GRID_ZOOM = 14.0, 15.0
CLOSE_ZOOM = 16.0
WIDEST_ZOOM, CLOSEST_ZOOM = 10, 19
PAGE_MS = 600_000
"""How old "today" on the map may be before it is drawn anew."""
UNTIL_MOVED_S = 0.1
NO_TURNING = fm.InteractionFlag.ALL & ~fm.InteractionFlag.ROTATE
"""North stays on top: a map that a wet thumb turned by accident sends people the wrong way."""


@ft.component
def Ground(session: Session, gauges: Gauges, walk: Walk) -> ft.Control:
    """Draw the ground under the patrol."""
    return DrawnGround(session, session.mapping, gauges, walk)


@ft.component
def DrawnGround(session: Session, mapping: Mapping, gauges: Gauges, walk: Walk) -> ft.Control:
    """Draw map, tools and the card of the point that a finger rested on."""
    look = use_look()
    facts = use_ground_facts(session)
    centre = ft.use_memo(
        lambda: first_centre(session, gauges),
        [walk.patrol, gauges.fix is None, len(session.places), len(mapping.packs), mapping.looked_at],
    )
    scale = ft.use_memo(lambda: Scale(FIRST_ZOOM, centre[0]), [centre])
    held: ft.MutableRef[fm.Map | None] = ft.use_ref(None)
    drawn = use_map(session, mapping, gauges, walk, facts, centre, scale)
    held.current = drawn
    route = route_points(session, facts.route)

    async def follow() -> None:
        if mapping.follows and gauges.fix is not None and held.current is not None:
            await asyncio.sleep(UNTIL_MOVED_S)
            await held.current.move_to(destination=layers.at_e7(gauges.fix.latitude_e7, gauges.fix.longitude_e7))

    ft.use_effect(follow, [mapping.follows, gauges.fix.at_ms if gauges.fix else 0])

    async def show_route() -> None:
        mapping.follows = False
        if held.current is not None:
            middle, zoom = frame(route, session.width)
            await held.current.move_to(destination=layers.at(*middle), zoom=zoom)

    stack: list[ft.Control] = [dim_map(look, drawn)]
    if not tiles_to_draw(mapping):
        stack.append(no_map(look))
    stack.append(scale_bar(look, scale))
    stack.append(ground_buttons(look, mapping, has_fix=gauges.fix is not None, show_route=show_route if len(route) > 1 else None))
    if mapping.pointed is not None:
        stack.append(pointed_card(look, session, mapping, mapping.pointed))
    shown = ft.Stack(stack, expand=True)
    return ft.Semantics(identifier="ground", label=look.say("map.title"), container=True, content=shown)


def use_map(
    session: Session,
    mapping: Mapping,
    gauges: Gauges,
    walk: Walk,
    facts: GroundFacts,
    centre: tuple[float, float],
    scale: Scale,
) -> fm.Map:
    """The map control with all layers that are on."""
    look = use_look()
    zoom = FIRST_ZOOM if mapping.packs else GRID_ZOOM
    level, set_level = ft.use_state(int(zoom))
    lies_on = [
        *use_layers(session, mapping, walk, facts, centre, level),
        layers.own_layer(look, gauges.fix),
        layers.point_layer(look, mapping.pointed),
    ]

    def moved(event: fm.MapPositionChangeEvent) -> None:
        scale.look_at(event.camera.zoom, event.coordinates.latitude)
        set_level(math.floor(event.camera.zoom))
        if event.has_gesture and mapping.follows:
            mapping.follows = False

    def pressed(event: fm.MapTapEvent) -> None:
        mapping.point_at(event.coordinates.latitude, event.coordinates.longitude)

    return map_control(look, lies_on, centre, zoom, moved=moved, pressed=pressed)


def map_control(
    look: Look,
    lies_on: list[fm.MapLayer],
    centre: tuple[float, float],
    zoom: float,
    *,
    moved: Callable[[fm.MapPositionChangeEvent], None],
    pressed: Callable[[fm.MapTapEvent], None] | None = None,
) -> fm.Map:
    """A map that begins at this place. Another place or theme draws it anew, and so do more or fewer layers: the client would
    else mix up which of them is which.
    """
    return fm.Map(
        layers=lies_on,
        initial_center=layers.at(*centre),
        initial_zoom=zoom,
        min_zoom=WIDEST_ZOOM,
        max_zoom=CLOSEST_ZOOM,
        bgcolor=look.palette.sunken,
        interaction_configuration=fm.InteractionConfiguration(flags=NO_TURNING),
        on_position_change=safe(moved),
        on_long_press=safe(pressed) if pressed else None,
        on_secondary_tap=safe(pressed) if pressed else None,
        keep_alive=True,
        expand=True,
        key=f"map-{centre[0]:.3f}-{centre[1]:.3f}-{look.theme}-{len(lies_on)}",
    )


def use_layers(
    session: Session, mapping: Mapping, walk: Walk, facts: GroundFacts, centre: tuple[float, float], level: int
) -> list[fm.MapLayer]:
    """The layers that are on, each built again only when what it shows differs; ``level`` is the zoom in whole steps."""
    look, shown = use_look(), mapping.shown
    visits = use_visits(session, facts)
    tiles, sheets = tiles_to_draw(mapping), laid_sheets(mapping)
    ft.use_effect(mapping.read_sheets, [])
    grid = ft.use_memo(lambda: layers.grid_layer(look, centre), [centre, look.theme])
    base = ft.use_memo(lambda: layers.tile_layers(tiles), [tiles])
    laid = ft.use_memo(lambda: layers.sheet_layer(sheets if "sheets" in shown else ()), [sheets, "sheets" in shown])
    lines = ft.use_memo(lambda: _lines(look, session, mapping, facts), [facts.lines, facts.route, shown, look.theme])
    walked = walk.lines if "track" in shown else ()
    track = ft.use_memo(lambda: layers.track_layer(look, walked), [walked, look.theme])
    now_ms = session.now_ms() // PAGE_MS * PAGE_MS
    depends = [session.places, facts, visits, shown, look.theme, look.texts.language, now_ms, level]
    marks = ft.use_memo(lambda: _marks(look, session, mapping, facts, visits, now_ms, level), depends)
    return [grid, *base, laid, *lines, track, *marks]


def _lines(look: Look, session: Session, mapping: Mapping, facts: GroundFacts) -> list[fm.MapLayer]:
    route = route_points(session, facts.route) if mapping.is_on("route") else ()
    return [
        layers.trail_layer(look, facts.lines if mapping.is_on("trails") else ()),
        layers.route_layer(look, route),
    ]


def _marks(
    look: Look, session: Session, mapping: Mapping, facts: GroundFacts, visits: dict[str, Visit], now_ms: int, level: int
) -> list[fm.MapLayer]:
    marks = thin_names(place_marks(look, session, mapping.shown, visits, now_ms), level)
    spots = spots_of(look, session, facts.records) if mapping.is_on("records") else ()
    teams = facts.teams if mapping.is_on("teams") else ()
    return [
        *layers.place_layers(look, marks, lambda code: go(f"/place/{code}")),
        layers.record_layer(look, spots, lambda one: priority_shape(look, one), lambda one: go(f"/record-of/{one}")),
        layers.team_layer(look, teams, team_telling(look, teams, now_ms)),
    ]


def first_centre(session: Session, gauges: Gauges) -> tuple[float, float]:
    """Where a map begins: where it was asked to, the own position, the middle of the pack, the first registered place."""
    if session.mapping.looked_at is not None:
        return session.mapping.looked_at[0] / 1e7, session.mapping.looked_at[1] / 1e7
    if gauges.fix is not None:
        return gauges.fix.latitude_e7 / 1e7, gauges.fix.longitude_e7 / 1e7
    pack = session.handset.maps.first
    if pack is not None and pack.bounds is not None:
        return pack.bounds.centre
    if session.places:
        first = session.places[0]
        return first.latitude_e7 / 1e7, first.longitude_e7 / 1e7
    return 21.0, 104.0


def frame(points: tuple[tuple[int, int], ...], width: float) -> tuple[tuple[float, float], float]:
    """The middle of these points (1e-7 degrees) and the zoom at which they fill a map about as high as it is wide."""
    south, north = (edge(point[0] for point in points) / 1e7 for edge in (min, max))
    west, east = (edge(point[1] for point in points) / 1e7 for edge in (min, max))
    span = max((north - south) / math.cos(math.radians((north + south) / 2)), east - west, 0.001)
    zoom = math.log2(max(120.0, width - 120) / 256 * 360 / span)
    return ((south + north) / 2, (west + east) / 2), min(CLOSE_ZOOM, max(WIDEST_ZOOM, zoom))
