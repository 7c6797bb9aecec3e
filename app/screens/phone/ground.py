"""The map, or a plain grid where there is no pack: places, the track, the own position."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence

import flet as ft
import flet_map as fm

from app.patrol.nearest import KnownPlace
from app.screens.asking import use_look
from app.screens.parts.buttons import icon_button
from app.screens.parts.words import small
from app.screens.tokens import RADIUS_CARD, SEMIBOLD, SMALL, SPACE_3, Look, hairline
from app.state.gauges import Gauges
from app.state.session import Session
from app.state.walk import Walk

MOST_MARKERS = 150
GRID_FROM_ZOOM = 15.0
GRID_STEP = 0.01
"""Degrees between two lines of the grid: 1.1 km to the north, a little less to the east."""
GRID_REACH = 25
LABELS_FOR = frozenset({"moc", "coc_dau", "don"})
"""Trails and premises are found in the pickers; on the map their names would cover each other."""


def _at(latitude: float, longitude: float) -> fm.MapLatitudeLongitude:
    return fm.MapLatitudeLongitude(latitude, longitude)


@ft.component
def Ground(session: Session, gauges: Gauges, walk: Walk) -> ft.Control:
    """Draw the ground under the patrol."""
    look = use_look()
    tiles = session.handset.tiles
    places = ft.use_memo(lambda: _place_layer(look, session.places), [session.places, session.theme])
    track = ft.use_memo(lambda: _track_layer(look, walk), [walk.lines, session.theme])
    centre = ft.use_memo(lambda: _first_centre(session, gauges), [walk.patrol, gauges.fix is None, len(session.places)])
    base = ft.use_memo(lambda: _base_layer(session, look, centre), [centre, session.theme, tiles])
    layers: list[fm.MapLayer] = [base, track, places]
    if gauges.fix is not None:
        layers.append(_own_layer(look, gauges))
    drawn = fm.Map(
        layers=layers,
        initial_center=_at(*centre),
        initial_zoom=14.0 if tiles else GRID_FROM_ZOOM,
        min_zoom=7,
        max_zoom=18,
        bgcolor=look.palette.sunken,
        keep_alive=True,
        expand=True,
        key=f"map-{centre[0]:.3f}-{centre[1]:.3f}-{session.theme}",
    )

    async def find_me() -> None:
        if gauges.fix is not None:
            await drawn.move_to(destination=_at(gauges.fix.latitude_e7 / 1e7, gauges.fix.longitude_e7 / 1e7))

    stack: list[ft.Control] = [_dimmed(look, drawn)]
    if tiles is None:
        stack.append(_no_map(look))
    if gauges.fix is not None:
        stack.append(_find_me_button(look, find_me))
    return ft.Semantics(
        identifier="ground", label=look.say("phone.map.title"), container=True, content=ft.Stack(stack, expand=True)
    )


def _base_layer(session: Session, look: Look, centre: tuple[float, float]) -> fm.MapLayer:
    """The tiles of the pack; without one a grid of about a kilometre, so that a track has a measure."""
    pack = session.handset.map_pack
    if session.handset.tiles is not None and pack is not None:
        return fm.TileLayer(
            url_template=session.handset.tiles,
            min_native_zoom=pack.min_zoom,
            max_native_zoom=pack.max_zoom,
            max_zoom=pack.max_zoom + 3,
        )
    north, east = (round(degrees / GRID_STEP) for degrees in centre)
    reach = range(-GRID_REACH, GRID_REACH + 1)
    ends = (-GRID_REACH, GRID_REACH)
    lines = [[_at((north + step) * GRID_STEP, (east + end) * GRID_STEP) for end in ends] for step in reach]
    lines += [[_at((north + end) * GRID_STEP, (east + step) * GRID_STEP) for end in ends] for step in reach]
    return fm.PolylineLayer(
        polylines=[fm.PolylineMarker(coordinates=line, color=look.palette.line_strong, stroke_width=1) for line in lines]
    )


def _find_me_button(look: Look, act: Callable[[], Awaitable[None]]) -> ft.Control:
    button = icon_button(look, ft.Icons.MY_LOCATION, look.say("phone.map.center"), act, ident="find-me")
    return ft.Container(
        button,
        right=SPACE_3,
        bottom=SPACE_3,
        bgcolor=look.palette.surface,
        border=hairline(look, look.palette.line_strong),
        border_radius=RADIUS_CARD,
    )


def _no_map(look: Look) -> ft.Control:
    said = small(look, look.say("phone.patrol.no_map"), colour=look.palette.ink)
    return ft.Container(said, padding=8, left=0, right=0, top=0, bgcolor=look.palette.surface)


def _dimmed(look: Look, drawn: ft.Control) -> ft.Control:
    """A map drawn for daylight is a lamp at night: it is dimmed, and in red light loses every other colour."""
    dim = {"night": "#8FA197", "red": "#6B1712"}.get(look.theme)
    if dim is None:
        return drawn
    only = ft.ColorFilter(color=dim, blend_mode=ft.BlendMode.MULTIPLY)
    return ft.Container(drawn, expand=True, color_filter=only, key=f"dim-{look.theme}")


def _first_centre(session: Session, gauges: Gauges) -> tuple[float, float]:
    if gauges.fix is not None:
        return gauges.fix.latitude_e7 / 1e7, gauges.fix.longitude_e7 / 1e7
    if session.handset.map_pack is not None:
        return session.handset.map_pack.bounds.centre
    if session.places:
        first = session.places[0]
        return first.latitude_e7 / 1e7, first.longitude_e7 / 1e7
    return 21.0, 104.0


def _place_layer(look: Look, places: Sequence[KnownPlace]) -> fm.MarkerLayer:
    shown = [place for place in places if place.kind in LABELS_FOR] or list(places)
    return fm.MarkerLayer(markers=[_place_marker(look, place) for place in shown[:MOST_MARKERS]])


def _place_marker(look: Look, place: KnownPlace) -> fm.Marker:
    label = ft.Text(
        place.name,
        no_wrap=True,
        style=ft.TextStyle(
            size=SMALL,
            font_family=SEMIBOLD,
            color=look.palette.ink,
            shadow=[ft.BoxShadow(blur_radius=3, color=look.palette.paper)] * 3,
        ),
    )
    flag = ft.Icon(ft.Icons.FLAG, size=20, color=look.palette.primary_edge)
    return fm.Marker(
        content=ft.Row([flag, label], spacing=2, tight=True),
        coordinates=_at(place.latitude_e7 / 1e7, place.longitude_e7 / 1e7),
        width=120,
        height=28,
        alignment=ft.Alignment.CENTER_RIGHT,
    )


def _track_layer(look: Look, walk: Walk) -> fm.PolylineLayer:
    return fm.PolylineLayer(
        polylines=[
            fm.PolylineMarker(
                coordinates=[_at(*point) for point in line],
                color=look.palette.medium.mark,
                border_color=look.palette.paper,
                stroke_width=5,
                border_stroke_width=2,
            )
            for line in walk.lines
        ]
    )


def _own_layer(look: Look, gauges: Gauges) -> fm.CircleLayer:
    fix = gauges.fix
    if fix is None:
        return fm.CircleLayer(circles=[])
    here = _at(fix.latitude_e7 / 1e7, fix.longitude_e7 / 1e7)
    tone = look.palette.medium
    return fm.CircleLayer(
        circles=[
            fm.CircleMarker(
                radius=max(1.0, math.ceil((fix.accuracy_mm or 0) / 1000)),
                use_radius_in_meter=True,
                coordinates=here,
                color=ft.Colors.with_opacity(0.15, tone.mark),
                border_color=tone.mark,
                border_stroke_width=1,
            ),
            fm.CircleMarker(radius=8, coordinates=here, color=tone.mark, border_color=look.palette.paper, border_stroke_width=3),
        ]
    )
