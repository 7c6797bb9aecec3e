"""What lies on the map, layer by layer: tiles or a grid, sheets, lines, places, records, teams, the own position."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import flet as ft
import flet_map as fm

from app.maps.sheets import Corner, Sheet
from app.maps.shelf import InstalledPack
from app.patrol.nearest import KnownPlace
from app.patrol.place_groups import PlaceGroup, group_of
from app.screens.parts.safe import safe
from app.screens.phone.visit_words import VisitWords
from app.screens.tokens import SEMIBOLD, SMALL, Look, Priority
from app.state.walk import Line
from app.store.queries import PlaceLine
from app.store.queries_map import TeamWord
from journal.track.fixes import Fix

MOST_MARKERS: Final = 120
"""Flet-map draws a marker as a whole control: more than 200 of them make a cheap phone stutter, circles do not."""
MOST_POINTS: Final = 500
GRID_STEP: Final = 0.01
"""Degrees between two lines of the grid: 1.1 km to the north, a little less to the east."""
GRID_REACH: Final = 25
DEEPER: Final = 3
"""How far the deepest tiles are enlarged."""
GROUP_ICONS: Final = {
    PlaceGroup.MARKERS: ft.Icons.FLAG,
    PlaceGroup.TRAILS: ft.Icons.HIKING,
    PlaceGroup.NODES: ft.Icons.ALT_ROUTE,
    PlaceGroup.PREMISES: ft.Icons.HOME_WORK_OUTLINED,
    PlaceGroup.VILLAGES: ft.Icons.HOLIDAY_VILLAGE,
}
DISC, RING = 30, 16
TARGET: Final = 44
"""Of a mark that can be pressed; larger ones would cover their neighbours."""


@dataclass(frozen=True)
class Spot:
    """A record on the map."""

    subject: str
    latitude_e7: int
    longitude_e7: int
    priority: Priority
    name: str


@dataclass(frozen=True)
class PlaceMark:
    """A registered place with what is known of its last visit."""

    place: KnownPlace
    visit: VisitWords | None = None
    named: bool = False


@dataclass(frozen=True)
class Tiles:
    """A pack with the address of its tiles."""

    pack: InstalledPack
    address: str


@dataclass(frozen=True)
class LaidSheet:
    sheet: Sheet
    picture: bytes = field(repr=False)


def at(latitude: float, longitude: float) -> fm.MapLatitudeLongitude:
    return fm.MapLatitudeLongitude(latitude, longitude)


def at_e7(latitude_e7: int, longitude_e7: int) -> fm.MapLatitudeLongitude:
    return fm.MapLatitudeLongitude(latitude_e7 / 1e7, longitude_e7 / 1e7)


def tile_layers(tiles: Sequence[Tiles]) -> list[fm.MapLayer]:
    """The packs, the coarsest first, so that the finest is on top; none is asked for tiles outside its area."""
    layers: list[fm.MapLayer] = []
    for one in sorted(tiles, key=lambda each: each.pack.max_zoom):
        bounds = one.pack.bounds
        if bounds is None:
            continue
        corners = fm.MapLatitudeLongitudeBounds(at(bounds.south, bounds.west), at(bounds.north, bounds.east))
        layers.append(
            fm.TileLayer(
                url_template=one.address,
                tile_bounds=corners,
                min_native_zoom=one.pack.min_zoom,
                max_native_zoom=one.pack.max_zoom,
                min_zoom=max(0, one.pack.min_zoom - 1),
                max_zoom=one.pack.max_zoom + DEEPER,
            )
        )
    return layers


def grid_layer(look: Look, centre: tuple[float, float]) -> fm.MapLayer:
    """A grid of about a kilometre under everything, so that a track has a measure where there are no tiles."""
    north, east = (round(degrees / GRID_STEP) for degrees in centre)
    reach, ends = range(-GRID_REACH, GRID_REACH + 1), (-GRID_REACH, GRID_REACH)
    lines = [[at((north + step) * GRID_STEP, (east + end) * GRID_STEP) for end in ends] for step in reach]
    lines += [[at((north + end) * GRID_STEP, (east + step) * GRID_STEP) for end in ends] for step in reach]
    drawn = [fm.PolylineMarker(coordinates=line, color=look.palette.line_strong, stroke_width=1) for line in lines]
    return fm.PolylineLayer(polylines=drawn)


def sheet_layer(sheets: Sequence[LaidSheet]) -> fm.MapLayer:
    return fm.OverlayImageLayer(overlay_images=[_overlay(one) for one in sheets])


def _overlay(laid: LaidSheet) -> fm.BaseOverlayImage:
    sheet = laid.sheet
    if sheet.north_west is None or sheet.south_east is None:
        raise ValueError("a sheet that nobody has placed")
    opacity = sheet.opacity / 100
    if sheet.south_west is None:
        bounds = fm.MapLatitudeLongitudeBounds(at_e7(*sheet.north_west), at_e7(*sheet.south_east))
        return fm.OverlayImage(src=laid.picture, bounds=bounds, opacity=opacity)
    return fm.RotatedOverlayImage(
        src=laid.picture,
        top_left_corner=at_e7(*sheet.north_west),
        bottom_left_corner=at_e7(*sheet.south_west),
        bottom_right_corner=at_e7(*sheet.south_east),
        opacity=opacity,
    )


def trail_layer(look: Look, places: Sequence[PlaceLine]) -> fm.MapLayer:
    """Trails and openings: dashed, so that nobody takes them for what was walked."""
    drawn = [
        fm.PolylineMarker(
            coordinates=[at_e7(*point) for point in place.line[:MOST_POINTS]],
            color=look.palette.high.mark,
            stroke_width=3,
            border_color=look.palette.paper,
            border_stroke_width=1,
            stroke_pattern=fm.DashedStrokePattern(segments=[12, 8]),
        )
        for place in places
        if len(place.line) > 1
    ]
    return fm.PolylineLayer(polylines=drawn)


def route_layer(look: Look, route: Sequence[Corner]) -> fm.MapLayer:
    """The planned places in their order: dotted, since nobody has walked it yet."""
    if len(route) < 2:  # noqa: PLR2004  a line has two ends
        return fm.PolylineLayer(polylines=[])
    line = fm.PolylineMarker(
        coordinates=[at_e7(*point) for point in route],
        color=look.palette.primary_edge,
        stroke_width=5,
        stroke_pattern=fm.DottedStrokePattern(spacing_factor=2.0),
    )
    return fm.PolylineLayer(polylines=[line])


def track_layer(look: Look, lines: Sequence[Line]) -> fm.MapLayer:
    """What was walked; nothing crosses a gap."""
    drawn = [
        fm.PolylineMarker(
            coordinates=[at(*point) for point in line],
            color=look.palette.medium.mark,
            border_color=look.palette.paper,
            stroke_width=5,
            border_stroke_width=2,
        )
        for line in lines
    ]
    return fm.PolylineLayer(polylines=drawn)


def place_layers(look: Look, marks: Sequence[PlaceMark], act: Callable[[str], object]) -> list[fm.MapLayer]:
    """The first ones as marks that can be pressed; what is too much for marks as small circles."""
    many = marks[MOST_MARKERS:]
    circles = [
        fm.CircleMarker(
            radius=5,
            coordinates=at_e7(mark.place.latitude_e7, mark.place.longitude_e7),
            color=look.palette.surface,
            border_color=look.palette.primary_edge,
            border_stroke_width=2,
        )
        for mark in many
    ]
    drawn = [_place_marker(look, mark, act) for mark in marks[:MOST_MARKERS]]
    return [fm.CircleLayer(circles=circles), fm.MarkerLayer(markers=drawn)]


def _place_marker(look: Look, mark: PlaceMark, act: Callable[[str], object]) -> fm.Marker:
    place, visit = mark.place, mark.visit
    group = group_of(place.kind)
    colour = look.palette.primary_edge if visit is None else visit.tone.mark
    icon = GROUP_ICONS[group]
    if group is PlaceGroup.MARKERS and visit is not None and visit.is_late:
        icon = ft.Icons.FLAG_OUTLINED
    lines: list[ft.Control] = [_label(look, place.name, look.palette.ink)] if mark.named else []
    if mark.named and visit is not None:
        lines.append(_label(look, visit.short, colour))
    sign = ft.Container(
        ft.Icon(icon, size=20, color=colour),
        width=28,
        height=28,
        alignment=ft.Alignment.CENTER,
        bgcolor=ft.Colors.with_opacity(0.8, look.palette.surface),
        border_radius=14,
    )
    said = place.name if visit is None else f"{place.name}. {visit.long}"
    inside = ft.Row([sign, ft.Column(lines, spacing=0, tight=True)] if lines else [sign], spacing=2, tight=True)
    return fm.Marker(
        content=_pressed(inside, said, f"place-{place.code}", partial(act, place.code)),
        coordinates=at_e7(place.latitude_e7, place.longitude_e7),
        width=150 if lines else TARGET,
        height=TARGET,
        # The sign itself stands on the point, its name to the right of it.
        alignment=ft.Alignment(0.81, 0) if lines else ft.Alignment.CENTER,
    )


def _label(look: Look, words: str, colour: str) -> ft.Text:
    halo = [ft.BoxShadow(blur_radius=3, color=look.palette.paper)] * 3
    style = ft.TextStyle(size=SMALL, font_family=SEMIBOLD, color=colour, shadow=halo, height=1.15)
    return ft.Text(words, no_wrap=True, style=style)


def _pressed(inside: ft.Control, name: str, ident: str, act: Callable[[], object]) -> ft.Control:
    touched = ft.GestureDetector(ft.Container(inside, alignment=ft.Alignment.CENTER_LEFT), on_tap=safe(act))
    return ft.Semantics(identifier=ident, label=name, button=True, exclude_semantics=True, container=True, content=touched)


def record_layer(
    look: Look, spots: Sequence[Spot], shape: Callable[[Priority], ft.Control], act: Callable[[str], object]
) -> fm.MapLayer:
    """Records by the shape of their priority, to the upper left of their point: names stand at its right."""
    drawn = []
    for spot in spots:
        edge = ft.Border.all(2, look.priority_tone(spot.priority).mark)
        # A ring is its own shape: a second one inside it would only be noise.
        inside, side = (None, RING) if spot.priority is Priority.LOW else (shape(spot.priority), DISC)
        disc = ft.Container(
            inside,
            width=side,
            height=side,
            alignment=ft.Alignment.CENTER,
            bgcolor=look.palette.surface,
            border=edge,
            border_radius=side / 2,
        )
        drawn.append(
            fm.Marker(
                content=_pressed(disc, spot.name, f"spot-{spot.subject}", partial(act, spot.subject)),
                coordinates=at_e7(spot.latitude_e7, spot.longitude_e7),
                width=DISC,
                height=DISC,
                alignment=ft.Alignment(-0.6, -0.6),
            )
        )
    return fm.MarkerLayer(markers=drawn)


def team_layer(look: Look, words: Sequence[TeamWord], told: Mapping[str, str]) -> fm.MapLayer:
    """Where other teams were when they last sent word; ``told`` are the words by patrol."""
    drawn = []
    for word in words:
        said = told[word.patrol.subject]
        sign = ft.Container(
            ft.Icon(ft.Icons.GROUPS, size=18, color=look.palette.surface),
            bgcolor=look.palette.moving.mark,
            border_radius=6,
            padding=3,
        )
        inside = ft.Row([sign, _label(look, said, look.palette.moving.mark)], spacing=2, tight=True)
        drawn.append(
            fm.Marker(
                content=ft.Semantics(label=said, exclude_semantics=True, container=True, content=inside),
                coordinates=at_e7(word.latitude_e7, word.longitude_e7),
                width=190,
                height=28,
                alignment=ft.Alignment(0.86, 0),
            )
        )
    return fm.MarkerLayer(markers=drawn)


def own_layer(look: Look, fix: Fix | None) -> fm.MapLayer:
    """The own position in the circle of its accuracy."""
    if fix is None:
        return fm.CircleLayer(circles=[])
    here, tone = at_e7(fix.latitude_e7, fix.longitude_e7), look.palette.medium
    around = fm.CircleMarker(
        radius=max(1.0, math.ceil((fix.accuracy_mm or 0) / 1000)),
        use_radius_in_meter=True,
        coordinates=here,
        color=ft.Colors.with_opacity(0.15, tone.mark),
        border_color=tone.mark,
        border_stroke_width=1,
    )
    dot = fm.CircleMarker(radius=8, coordinates=here, color=tone.mark, border_color=look.palette.paper, border_stroke_width=3)
    return fm.CircleLayer(circles=[around, dot])


def point_layer(look: Look, pointed: Corner | None) -> fm.MapLayer:
    """Where a finger rested."""
    if pointed is None:
        return fm.MarkerLayer(markers=[])
    pin = ft.Icon(ft.Icons.LOCATION_ON, size=44, color=look.palette.urgent.mark)
    return fm.MarkerLayer(
        markers=[fm.Marker(content=pin, coordinates=at_e7(*pointed), width=44, height=44, alignment=ft.Alignment(0, -0.9))]
    )
