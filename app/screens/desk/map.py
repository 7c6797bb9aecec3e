"""The map of the desk: tracks as lines, records as shapes by priority, the chosen one on top."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import flet as ft
import flet_map as fm

from app.screens.desk.clusters import NEARER, Gathered, gathered_marker
from app.screens.desk.stretches import Stretch, stretch_dots, stretch_lines, stretch_markers
from app.screens.parts.buttons import icon_button
from app.screens.parts.light import dim_map
from app.screens.parts.marks import PRIORITY_SHAPES, priority_shape
from app.screens.parts.safe import safe
from app.screens.parts.words import small
from app.screens.tokens import RADIUS_CARD, SPACE_1, SPACE_2, Look, Priority, hairline
from app.state.desk_means import Ground
from app.store.queries_desk import DrawnTrack, LineOfPoints

MOST_MARKERS: Final = 120
CLOSE_ZOOM: Final = 14.0
_TARGET: Final = 30
"""What can be pressed around a shape, however small it is drawn."""
_SIDES: Final = {Priority.LOW: 14, Priority.MEDIUM: 20, Priority.HIGH: 24}
_LARGE: Final = 28
_CHOSEN: Final = 40
_HALO: Final = 60
_TEAM: Final = 34
_BESIDE: Final = ft.Alignment(-0.75, -0.75)
"""Names are printed at the right of their signs: shapes stand to the upper left of what they are about."""
_DEFAULT_CENTRE: Final = (16.0, 107.0)
_DEFAULT_ZOOM: Final = 6.0
Moved = Callable[[float, float, float], Awaitable[None]]
"""Told the middle of the map in degrees and its depth."""


@dataclass(frozen=True)
class Spot:
    """A record on the map, in degrees."""

    subject: str
    latitude: float
    longitude: float
    priority: Priority
    name: str


@dataclass(frozen=True)
class Sight:
    """What the map shows. Another ``key`` draws it anew from its centre; the same key keeps what the mouse did."""

    key: str
    spots: tuple[Spot, ...] = ()
    tracks: tuple[DrawnTrack, ...] = ()
    chosen: str | None = None
    centre: tuple[float, float] | None = None
    fit: tuple[tuple[float, float], ...] = ()
    """Points that should all be seen at first; used when there is no centre."""
    gathered: tuple[Gathered, ...] = ()
    """Records that are too many to be drawn each by itself."""
    moving: tuple[float, float] | None = None
    """Where a team was at the moment that is looked at."""
    stretches: tuple[Stretch, ...] = ()
    """Of the line, by how long nobody was there."""


def track_colours(look: Look) -> tuple[str, ...]:
    """Colours by which neighbouring tracks are told apart; in red light all are one."""
    palette = look.palette
    if look.theme == "red":
        return (palette.ink,)
    return (palette.primary_edge, palette.medium.mark, palette.high.mark, palette.assistance.mark, "#7A4FA3", "#8A5A44")


def _at(latitude: float, longitude: float) -> fm.MapLatitudeLongitude:
    return fm.MapLatitudeLongitude(latitude, longitude)


def _line(look: Look, points: LineOfPoints, colour: str, *, sparse: bool) -> fm.PolylineMarker:
    pattern = fm.DottedStrokePattern(spacing_factor=1.6) if sparse else fm.SolidStrokePattern()
    return fm.PolylineMarker(
        coordinates=[_at(*point) for point in points],
        color=colour,
        stroke_width=4,
        border_color=look.palette.surface,
        border_stroke_width=1.5,
        stroke_pattern=pattern,
    )


def _tracks(look: Look, tracks: Sequence[DrawnTrack]) -> fm.PolylineLayer:
    colours = track_colours(look)
    lines = [
        _line(look, walk, colours[number % len(colours)], sparse=track.sparse)
        for number, track in enumerate(tracks)
        for walk in track.walks
    ]
    return fm.PolylineLayer(polylines=lines)


def _shape(look: Look, spot: Spot, side: int, *, edge: float) -> ft.Container:
    shape = priority_shape(look, spot.priority)
    shape.size = min(PRIORITY_SHAPES[spot.priority].size, side * 0.6)
    # A ring is its own shape: a second one inside it would only be noise.
    inside = None if spot.priority is Priority.LOW and side < _CHOSEN else shape
    return ft.Container(
        inside,
        width=side,
        height=side,
        alignment=ft.Alignment.CENTER,
        bgcolor=look.palette.surface,
        border=ft.Border.all(edge, look.priority_tone(spot.priority).mark),
        border_radius=side / 2,
    )


def _marker(look: Look, spot: Spot, act: Callable[[str], Awaitable[object]], *, chosen: bool) -> fm.Marker:
    """A shape in white; the chosen one larger, on its point, in a halo of the brand's colour."""
    box = _TARGET
    shape = _shape(look, spot, _SIDES.get(spot.priority, _LARGE), edge=2)
    if chosen:
        box, shape = _HALO, _shape(look, spot, _CHOSEN, edge=3)
    halo = ft.Colors.with_opacity(0.3, look.palette.primary_edge) if chosen else None
    around = ft.Container(
        shape,
        width=box,
        height=box,
        alignment=ft.Alignment.CENTER,
        bgcolor=halo,
        border=ft.Border.all(2, look.palette.primary_edge) if chosen else None,
        border_radius=box / 2,
        tooltip=spot.name,
        on_click=safe(lambda: act(spot.subject)),
    )
    named = ft.Semantics(identifier=f"spot-{spot.subject}", label=spot.name, button=True, content=around)
    at = _at(spot.latitude, spot.longitude)
    return fm.Marker(content=named, coordinates=at, width=box, height=box, alignment=None if chosen else _BESIDE)


def _team_marker(look: Look, at: tuple[float, float]) -> fm.Marker:
    """Where the team was: a sign that no record has, on its point."""
    palette = look.palette
    walker = ft.Icon(ft.Icons.DIRECTIONS_WALK, size=20, color=palette.on_primary)
    dot = ft.Container(
        walker, width=_TEAM, height=_TEAM, alignment=ft.Alignment.CENTER, bgcolor=palette.primary,
        border=ft.Border.all(3, palette.surface), border_radius=_TEAM / 2,
    )  # fmt: skip
    named = ft.Semantics(identifier="team-at", label=look.say("course.team_here"), content=dot)
    return fm.Marker(content=named, coordinates=_at(*at), width=_TEAM, height=_TEAM)


def _layers(
    look: Look,
    sight: Sight,
    ground: Ground | None,
    act: Callable[[str], Awaitable[object]],
    nearer: Callable[[Gathered], object],
) -> list[fm.MapLayer]:
    layers: list[fm.MapLayer] = []
    if ground is not None:
        layers.append(
            fm.TileLayer(
                url_template=ground.tiles,
                min_native_zoom=ground.min_zoom,
                max_native_zoom=ground.max_zoom,
                display_mode=fm.InstantaneousTileDisplay(),
            )
        )
    layers += [stretch_lines(look, sight.stretches), stretch_dots(look, sight.stretches), _tracks(look, sight.tracks)]
    others = [spot for spot in sight.spots if spot.subject != sight.chosen]
    dots = [
        fm.CircleMarker(
            radius=6,
            coordinates=_at(spot.latitude, spot.longitude),
            color=look.priority_tone(spot.priority).mark,
            border_color=look.palette.surface,
            border_stroke_width=1,
        )
        for spot in others[MOST_MARKERS:]
    ]
    layers.append(fm.CircleLayer(circles=dots))
    # Drawn in reverse, so that what comes first in the list lies on top.
    markers = [gathered_marker(look, one, nearer) for one in sight.gathered]
    markers += stretch_markers(look, sight.stretches, act)
    markers += [_marker(look, spot, act, chosen=False) for spot in reversed(others[:MOST_MARKERS])]
    markers += [_marker(look, spot, act, chosen=True) for spot in sight.spots if spot.subject == sight.chosen]
    if sight.moving is not None:
        markers.append(_team_marker(look, sight.moving))
    layers.append(fm.MarkerLayer(markers=markers))
    return layers


def _camera(sight: Sight) -> fm.CameraFit | None:
    if sight.centre is not None or len(sight.fit) <= 1:
        return None
    return fm.CameraFit(coordinates=[_at(*point) for point in sight.fit], padding=ft.Padding.all(48), max_zoom=CLOSE_ZOOM)


def _build_map(
    look: Look,
    sight: Sight,
    ground: Ground | None,
    act: Callable[[str], Awaitable[object]],
    drawn: ft.Ref[fm.Map],
    moved: Moved | None,
) -> fm.Map:
    centre = sight.centre or (sight.fit[0] if sight.fit else ground.centre if ground else _DEFAULT_CENTRE)
    close = sight.centre is not None or bool(sight.fit)
    keys = fm.KeyboardConfiguration(
        autofocus=False, enable_arrow_keys_panning=False, enable_qe_rotating=False, enable_rf_zooming=False,
        enable_wasd_panning=False,
    )  # fmt: skip

    async def nearer(one: Gathered) -> None:
        if drawn.current is not None:
            camera = await drawn.current.get_camera()
            await drawn.current.move_to(_at(one.latitude, one.longitude), zoom=camera.zoom + NEARER)

    async def tell(event: fm.MapPositionChangeEvent) -> None:
        if moved is not None:
            await moved(event.coordinates.latitude, event.coordinates.longitude, event.camera.zoom)

    return fm.Map(
        ref=drawn,
        on_position_change=safe(tell) if moved is not None else None,
        key=f"map-{sight.key}-{look.theme}",
        layers=_layers(look, sight, ground, act, nearer),
        initial_center=_at(*centre),
        initial_zoom=CLOSE_ZOOM if close else (ground.min_zoom + 2 if ground else _DEFAULT_ZOOM),
        initial_camera_fit=_camera(sight),
        min_zoom=ground.min_zoom if ground else None,
        max_zoom=ground.max_zoom + 2 if ground else None,
        bgcolor=look.palette.sunken,
        interaction_configuration=fm.InteractionConfiguration(
            flags=fm.InteractionFlag.ALL & ~fm.InteractionFlag.ROTATE, keyboard_configuration=keys
        ),
        expand=True,
    )


def _all_of(sight: Sight) -> tuple[tuple[float, float], ...]:
    """South-west and north-east of everything that is drawn; empty when nothing is."""
    points = [point for track in sight.tracks for walk in track.walks for point in walk]
    points += [(spot.latitude, spot.longitude) for spot in sight.spots]
    points += [(one.latitude, one.longitude) for one in sight.gathered]
    points += [point for one in sight.stretches for point in one.course]
    if not points:
        return ()
    latitudes, longitudes = [point[0] for point in points], [point[1] for point in points]
    return (min(latitudes), min(longitudes)), (max(latitudes), max(longitudes))


@ft.component
def _desk_map(
    look: Look, sight: Sight, ground: Ground | None, act: Callable[[str], Awaitable[object]], moved: Moved | None
) -> ft.Control:
    turned: tuple[tuple[str, int], Callable[[tuple[str, int]], None]] = ft.use_state(("", 0))
    (of, times), show_all = turned
    whole = _all_of(sight)
    if of == sight.key:
        sight = replace(sight, key=f"{sight.key}-all-{times}", centre=None, fit=whole)
    shown = ft.use_memo(ft.Ref[fm.Map], [])
    drawn = dim_map(look, _build_map(look, sight, ground, act, shown, moved), key=sight.key)
    key = sight.key.partition("-all-")[0]
    buttons = _buttons(look, shown, (lambda: show_all((key, times + 1))) if len(set(whole)) > 1 else None)
    return ft.Semantics(
        identifier="desk-map",
        label=look.say("desk.now.map"),
        expand=True,
        content=ft.Container(
            ft.Stack([drawn, _caption(look, ground), buttons], expand=True),
            border=hairline(look),
            border_radius=RADIUS_CARD,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
            expand=True,
        ),
    )


def _caption(look: Look, ground: Ground | None) -> ft.Control:
    told = ground.attribution if ground is not None else look.say("desk.map.no_pack")
    return ft.Container(
        small(look, told),
        padding=ft.Padding.symmetric(horizontal=SPACE_2, vertical=SPACE_1),
        bgcolor=ft.Colors.with_opacity(0.85, look.palette.surface),
        left=0 if look.large_text else None,
        right=0,
        bottom=0,
    )


def _buttons(look: Look, shown: ft.Ref[fm.Map], show_all: Callable[[], None] | None) -> ft.Control:
    """Nearer, farther, and everything at once, for a hand without a wheel."""

    async def nearer() -> None:
        if shown.current is not None:
            await shown.current.zoom_in()

    async def farther() -> None:
        if shown.current is not None:
            await shown.current.zoom_out()

    doors = [
        icon_button(look, ft.Icons.ADD, look.say("desk.map.nearer"), nearer, ident="map-nearer"),
        icon_button(look, ft.Icons.REMOVE, look.say("desk.map.farther"), farther, ident="map-farther"),
    ]
    if show_all is not None:
        doors.append(icon_button(look, ft.Icons.ZOOM_OUT_MAP, look.say("desk.map.all"), show_all, ident="map-all"))
    return ft.Container(
        ft.Column(doors, spacing=0, tight=True),
        right=SPACE_2,
        top=SPACE_2,
        bgcolor=look.palette.surface,
        border=hairline(look),
        border_radius=RADIUS_CARD,
    )


def desk_map(
    look: Look,
    sight: Sight,
    ground: Ground | None,
    act: Callable[[str], Awaitable[object]],
    moved: Moved | None = None,
) -> ft.Control:
    """Draw the map; pressing a shape calls ``act`` with its record, ``moved`` hears where it is looked at.

    Only a different sight is drawn again.
    """
    drawn: ft.Control = ft.memo(_desk_map)(look, sight, ground, act, moved)  # type: ignore[no-untyped-call]  # Flet's own
    return drawn
