"""Picks a point by moving the map under a cross that stays in the middle: no fingertip covers what it points at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft
import flet_map as fm

from app.maps.sheets import Corner
from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import primary_button
from app.screens.parts.light import dim_map
from app.screens.parts.surfaces import empty_state
from app.screens.parts.words import body, small
from app.screens.phone.coordinates import wgs84_words
from app.screens.phone.frame import go, screen
from app.screens.phone.ground import FIRST_ZOOM, first_centre, map_control, use_layers
from app.screens.phone.ground_facts import use_ground_facts
from app.screens.phone.ground_tools import Scale, scale_bar
from app.screens.tokens import SPACE_2, Look
from app.screens.told import near_words
from app.state.mapping import put_on_map
from app.state.session import Session

CLOSER = 2
"""Zooms further in than the map that only shows: a point is picked on a place, not on a country."""
CROSS = 56
Put = Callable[[Corner], Awaitable[None]]


@ft.component
def PickForRecord() -> ft.View:
    """Draw the map on which the position of a draft is picked."""
    session, look = use_session(), use_look()
    key = ft.use_route_params()["key"]
    draft = session.drafting.find(key)
    if draft is None:
        gone = empty_state(
            look, look.say("phone.record.no_draft"), look.say("phone.record.no_draft_hint"), icon=ft.Icons.EDIT_NOTE
        )
        return screen(session, look, look.say("map.pick_title"), gone)

    async def put(at: Corner) -> None:
        put_on_map(draft, at)
        go(f"/record/{key}")

    here = draft.content.position
    start = (here.latitude_e7, here.longitude_e7) if here else None
    return pick_view(session, look, start, put, back=f"/record/{key}")


@ft.component
def PickForSheet() -> ft.View:
    """Draw the map on which a corner of a scanned sheet is picked."""
    session, look = use_session(), use_look()
    params = ft.use_route_params()
    key, corner = params["key"], params["corner"]
    sheet = session.mapping.sheet(key)
    placed = {"north_west": sheet.north_west, "south_east": sheet.south_east, "south_west": sheet.south_west} if sheet else {}

    async def put(at: Corner) -> None:
        await session.mapping.put_corner(key, corner, at)
        go(f"/sheet/{key}")

    return pick_view(session, look, placed.get(corner), put, back=f"/sheet/{key}")


def pick_view(session: Session, look: Look, start: Corner | None, put: Put, *, back: str) -> ft.View:
    """The map, the cross, and what lies under it in words."""
    cross: ft.MutableRef[Corner | None] = ft.use_ref(None)

    async def choose() -> None:
        if cross.current is not None:
            await put(cross.current)

    button = primary_button(look, look.say("map.pick_this"), choose, ident="pick-this", icon=ft.Icons.CHECK)
    content = PointPicker(session, start, cross)
    return screen(session, look, look.say("map.pick_title"), content, back=back, bottom=[button], ident="pick-point")


@ft.component
def PointPicker(session: Session, start: Corner | None, cross: ft.MutableRef[Corner | None]) -> ft.Control:
    """Draw the map under the cross; ``cross`` always holds the point in the middle."""
    look = use_look()
    facts = use_ground_facts(session)
    first = ft.use_memo(lambda: first_centre(session, session.gauges), [])
    centre = (start[0] / 1e7, start[1] / 1e7) if start else first
    scale = ft.use_memo(lambda: Scale(FIRST_ZOOM + CLOSER, centre[0]), [])
    under, set_under = ft.use_state((round(centre[0] * 1e7), round(centre[1] * 1e7)))
    if cross.current is None:
        cross.current = under

    def moved(event: fm.MapPositionChangeEvent) -> None:
        cross.current = (round(event.coordinates.latitude * 1e7), round(event.coordinates.longitude * 1e7))
        scale.look_at(event.camera.zoom, event.coordinates.latitude)
        set_under(cross.current)

    lies_on = use_layers(session, session.mapping, session.walk, facts, centre, int(FIRST_ZOOM))
    drawn = map_control(look, lies_on, centre, FIRST_ZOOM + CLOSER, moved=moved)
    icon = ft.Icon(ft.Icons.ADD, size=CROSS, color=look.palette.urgent.mark)
    middle = ft.TransparentPointer(ft.Container(icon, alignment=ft.Alignment.CENTER, expand=True))
    map_under = ft.Stack([dim_map(look, drawn), middle, scale_bar(look, scale)], expand=True)
    near = near_words(look, under[0], under[1], session.places)
    told = ft.Column([body(look, near, strong=True), small(look, wgs84_words(*under))], spacing=0, tight=True)
    line = ft.Container(told, padding=ft.Padding.symmetric(horizontal=look.margin, vertical=SPACE_2))
    said = ft.Semantics(identifier="under-cross", live_region=True, content=line)
    return ft.Column([said, ft.Container(map_under, expand=True)], spacing=0, expand=True)
