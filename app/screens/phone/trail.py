"""Walking a new trail in: start, how long it is so far, stop; and the line of a saved one, on a small map."""

from __future__ import annotations

import flet as ft
import flet_map as fm

from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.light import dim_map
from app.screens.parts.surfaces import banner, empty_state, progress_notice, section_header
from app.screens.parts.words import body, display, small
from app.screens.phone import ground_layers as layers
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.ground import frame, map_control
from app.screens.phone.ground_facts import tiles_to_draw
from app.screens.tokens import RADIUS_CARD, SPACE_3, Look
from app.state.session import Session
from app.state.trailing import Trailing
from app.store.queries import ObservationDetail, observation_detail
from app.store.queries_desk import DrawnTrack, draw_tracks

KIND = "duong_mon"
MAP_HEIGHT = 260
Lines = tuple[tuple[tuple[float, float], ...], ...]


@ft.component
def TrailScreen() -> ft.View:
    """Draw the walk along the trail that the address names."""
    session, look = use_session(), use_look()
    subject = ft.use_route_params()["subject"]
    detail = use_answer(session, lambda views: (observation_detail(views, subject),), subject)
    back, name = f"/record-of/{subject}", look.say("trail.title")
    if detail is None:
        return screen(session, look, name, progress_notice(look, look.say("word.loading")), back=back)
    if detail[0] is None or not may_walk(session, detail[0]):
        gone = empty_state(look, look.say("trail.gone"), look.say("trail.gone_hint"), icon=ft.Icons.SEARCH_OFF)
        return screen(session, look, name, gone, back=back)
    walk, bar = TrailWalk(session, session.trailing, subject), TrailBar(session.trailing, subject)
    return screen(session, look, name, walk, back=back, bottom=[bar], ident="trail-screen")


@ft.component
def TrailWalk(session: Session, trailing: Trailing, subject: str) -> ft.Control:
    """Draw what the receiver has made of the walk so far; it is drawn again with each keeping."""
    look = use_look()
    if trailing.subject not in {None, subject}:
        return scrolled(look, [banner(look, look.say("trail.other"), "warning")])

    if trailing.subject is None:
        return scrolled(look, [body(look, look.say("trail.hint"))])
    waits = trailing.count == 0
    said = look.say("trail.waiting" if waits else "trail.length", length=trailing.length_m)
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.FIBER_MANUAL_RECORD, size=22, color=look.palette.urgent.mark),
                body(look, look.say("trail.walking"), strong=True, expand=True),
            ],
            spacing=SPACE_3,
        ),
        ft.Semantics(identifier="trail-length", live_region=True, content=display(look, said)),
        *line_map(session, look, trailing.lines, f"walk-{len(trailing.lines)}"),
        small(look, look.say("trail.walking_hint")),
    ]
    return scrolled(look, lines, spacing=16)


@ft.component
def TrailBar(trailing: Trailing, subject: str) -> ft.Control:
    """Draw the one button at the thumb: start, or stop."""
    look = use_look()

    async def start() -> None:
        await trailing.begin(subject)

    async def stop() -> None:
        await trailing.stop()
        go(f"/record-of/{subject}")

    button: ft.Control = ft.Container(height=0)
    if trailing.subject == subject:
        button = primary_button(look, look.say("trail.stop"), stop, ident="trail-stop", icon=ft.Icons.STOP)
    elif trailing.subject is None:
        button = primary_button(look, look.say("trail.start"), start, ident="trail-start", icon=ft.Icons.HIKING)
    return ft.Container(button, key=f"trail-bar-{trailing.subject}")


def may_walk(session: Session, detail: ObservationDetail) -> bool:
    """The line of a trail is walked in by who recorded it, as long as the record is not closed."""
    own = session.who is not None and detail.line.author == session.who.writer
    return own and detail.line.kind == KIND and not detail.line.voided and not detail.state.locked


@ft.component
def TrailPart(session: Session, trailing: Trailing, detail: ObservationDetail) -> ft.Control:
    """Draw the line of a saved trail, and the way to walk it in. Draw it in the detail of a record; nothing for other kinds."""
    look, subject = use_look(), detail.line.subject
    drawn = use_answer(session, lambda views: draw_tracks(views, [subject]), subject, len(detail.state.lines))
    if detail.line.kind != KIND:
        return ft.Container(height=0)
    parts: list[ft.Control] = []
    if detail.state.lines:
        told = look.say("trail.length_told", length=detail.state.line_m, count=len(detail.state.lines))
        parts += [section_header(look, look.say("trail.title")), ft.Semantics(identifier="trail-told", content=body(look, told))]
        gaps = sum(len(piece.track.gaps) for piece in detail.state.lines)
        if gaps:
            parts.append(small(look, look.say("trail.gaps", count=gaps)))
        parts += line_map(session, look, _lines_of(drawn), f"trail-{subject}-{len(detail.state.lines)}")
    if may_walk(session, detail):
        walking = trailing.subject == subject
        key = "trail.walking" if walking else "trail.go_on" if detail.state.lines else "trail.offer"
        path = f"/trail/{subject}"
        parts.append(secondary_button(look, look.say(key), lambda: go(path), ident="walk-trail", icon=ft.Icons.HIKING))
    return ft.Column(parts, spacing=SPACE_3, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _lines_of(drawn: tuple[DrawnTrack, ...] | None) -> Lines:
    return drawn[0].walks if drawn else ()


def line_map(session: Session, look: Look, lines: Lines, key: str) -> list[ft.Control]:
    """The lines on the chosen map, or on the plain grid; nothing while there is none."""
    points = tuple((round(latitude * 1e7), round(longitude * 1e7)) for line in lines for latitude, longitude in line)
    if not points:
        return []
    centre, zoom = frame(points, session.width)
    walked = [
        fm.PolylineMarker(
            coordinates=[layers.at(*point) for point in line[:: max(1, len(line) // layers.MOST_POINTS)]],
            color=look.palette.primary_edge,
            stroke_width=5,
            border_color=look.palette.surface,
            border_stroke_width=1.5,
        )
        for line in lines
    ]
    tiles = tiles_to_draw(session.mapping)
    under = layers.tile_layers(tiles) if tiles else [layers.grid_layer(look, centre)]
    drawn = map_control(look, [*under, fm.PolylineLayer(polylines=walked)], centre, zoom, moved=lambda _: None)
    shown = ft.Container(
        dim_map(look, drawn), height=MAP_HEIGHT, border_radius=RADIUS_CARD, clip_behavior=ft.ClipBehavior.HARD_EDGE
    )
    named = ft.Semantics(identifier="trail-map", label=look.say("trail.title"), container=True, content=shown)
    return [ft.Container(named, key=key)]
