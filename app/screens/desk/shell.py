"""The frame of the desk: header on top, rail at the left, the chosen room beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.desk.alarms import AlarmBars
from app.screens.desk.cases import CaseRoom
from app.screens.desk.course import CourseRoom
from app.screens.desk.devices import DevicesRoom
from app.screens.desk.header import draw_header
from app.screens.desk.held import HeldRoom, use_looking
from app.screens.desk.line import LineRoom
from app.screens.desk.news import use_news
from app.screens.desk.now import NowRoom
from app.screens.desk.page import PATROL_PATH, rail_width
from app.screens.desk.plan import PlanRoom
from app.screens.desk.register import RegisterRoom
from app.screens.desk.report import ReportRoom
from app.screens.desk.review import ReviewRoom
from app.screens.parts.press import chosen_dress, press, quiet_dress
from app.screens.parts.text_scale import text_scale_probe
from app.screens.parts.words import words
from app.screens.tokens import HAIRLINE, MEDIUM, REGULAR, SEMIBOLD, SMALL, SPACE_1, SPACE_2, SPACE_3, Look
from app.state.desk import Desk, Room, open_desk
from app.state.desk_held import HeldDesk

_MOST_COUNTED: Final = 99
_SIGN: Final = 84
"""The icon stays free of a count of three signs."""


@dataclass(frozen=True)
class RoomDoor:
    """A room with its address and its icons, closed and open."""

    room: Room
    path: str
    icon: ft.IconData
    icon_open: ft.IconData


ROOMS: Final = (
    RoomDoor(Room.NOW, "/", ft.Icons.RADAR, ft.Icons.RADAR),
    RoomDoor(Room.REVIEW, "/review", ft.Icons.FACT_CHECK_OUTLINED, ft.Icons.FACT_CHECK),
    RoomDoor(Room.HELD, "/held", ft.Icons.PAUSE_CIRCLE_OUTLINED, ft.Icons.PAUSE_CIRCLE),
    RoomDoor(Room.ROUTE, "/route", ft.Icons.FLAG_OUTLINED, ft.Icons.FLAG),
    RoomDoor(Room.PLAN, "/plan", ft.Icons.ASSIGNMENT_OUTLINED, ft.Icons.ASSIGNMENT),
    RoomDoor(Room.CASE, "/case", ft.Icons.FOLDER_OUTLINED, ft.Icons.FOLDER),
    RoomDoor(Room.REPORT, "/report", ft.Icons.INSERT_CHART_OUTLINED, ft.Icons.INSERT_CHART),
    RoomDoor(Room.REGISTER, "/register", ft.Icons.MENU_BOOK_OUTLINED, ft.Icons.MENU_BOOK),
    RoomDoor(Room.SETTINGS, "/settings", ft.Icons.TUNE, ft.Icons.TUNE),
    RoomDoor(Room.PATROL, PATROL_PATH, ft.Icons.TIMELINE, ft.Icons.TIMELINE),
)
_DRAWN: Final[dict[Room, Callable[[Desk, Look], ft.Control]]] = {
    Room.NOW: lambda desk, look: NowRoom(desk, desk.now, desk.sight, desk.alarms, look),
    Room.REVIEW: lambda desk, look: ReviewRoom(desk, desk.review, look),
    Room.HELD: lambda desk, look: HeldRoom(desk, desk.held, look),
    Room.ROUTE: lambda desk, look: LineRoom(desk, desk.line, look),
    Room.PLAN: lambda desk, look: PlanRoom(desk, desk.plan, look),
    Room.CASE: lambda desk, look: CaseRoom(desk, desk.cases, look),
    Room.REPORT: lambda desk, look: ReportRoom(desk, desk.report, desk.papers, look),
    Room.REGISTER: lambda desk, look: RegisterRoom(desk, desk.register, look),
    Room.PATROL: lambda desk, look: CourseRoom(desk, desk.course, look),
    Room.SETTINGS: lambda desk, look: DevicesRoom(desk, desk.devices, look),
}


def door_to(location: str) -> RoomDoor:
    """The room of an address; an unknown one is the first."""
    return next((one for one in ROOMS[1:] if location.startswith(one.path)), ROOMS[0])


def enter(room: Room) -> None:
    """Go to a room."""
    ft.context.page.navigate(next(one.path for one in ROOMS if one.room is room))


@ft.component
def DeskShell() -> ft.View:
    """Draw the desk around the room that the address names."""
    session, look = use_session(), use_look()
    desk = ft.use_memo(lambda: open_desk(session), [])
    door = door_to(ft.use_route_location())
    use_news(desk.refresh)
    use_news(desk.held.begin)
    use_looking(desk.held)

    def scaled(scale: float) -> None:
        session.text_scale = scale

    return ft.View(
        route="/",
        padding=0,
        spacing=0,
        bgcolor=look.palette.paper,
        controls=[
            text_scale_probe(scaled),
            draw_header(session, look),
            AlarmBars(desk, desk.alarms, look),
            ft.Row(
                [DeskRail(desk, desk.held, look, door.room), DeskBody(desk, look, door.room)],
                spacing=0,
                expand=True,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        ],
    )


@ft.component
def DeskBody(desk: Desk, look: Look, room: Room) -> ft.Control:
    """Draw the room; drawn again when the names of things change."""
    return ft.Container(_DRAWN[room](desk, look), expand=True, key=f"room-{room.value}")


@ft.component
def DeskRail(desk: Desk, held: HeldDesk, look: Look, room: Room) -> ft.Control:
    """Draw the way between rooms, with what waits in each; to what is held only while there is something."""
    counts = desk.counts
    waiting = {Room.REVIEW: counts.to_review, Room.NOW: counts.urgent} if counts else {}
    waiting[Room.HELD] = len(held.items)
    shown = [
        one for one in ROOMS if one.room is not Room.PATROL and (one.room is not Room.HELD or held.items or room is Room.HELD)
    ]
    if room is Room.PATROL:
        room = door_to(desk.course.back).room
    doors = [_rail_door(look, one, waiting.get(one.room, 0), chosen=one.room is room, desk=desk) for one in shown]
    return ft.Container(
        ft.Column(doors, spacing=SPACE_1, scroll=ft.ScrollMode.AUTO),
        width=rail_width(look),
        padding=ft.Padding.symmetric(horizontal=SPACE_2, vertical=SPACE_3),
        bgcolor=look.palette.paper,
        border=ft.Border.only(right=ft.BorderSide(HAIRLINE, look.palette.line)),
    )


def _rail_door(look: Look, door: RoomDoor, waiting: int, *, chosen: bool, desk: Desk) -> ft.Control:
    label = look.say(f"desk.rail.{door.room.value}")
    dress = replace(chosen_dress(look) if chosen else quiet_dress(look), edge=None, pad_x=SPACE_1, pad_y=SPACE_2)
    if not chosen:
        dress = replace(dress, fill=ft.Colors.TRANSPARENT)
    icon: ft.Control = ft.Icon(door.icon_open if chosen else door.icon, size=24, color=dress.ink)
    name = label
    if waiting:
        count = str(waiting) if waiting <= _MOST_COUNTED else f"{_MOST_COUNTED}+"
        name = f"{label}: {count}"
        icon = _counted(look, icon, _count(look, door.room, count))
    text = words(look, label, size=SMALL, family=SEMIBOLD if chosen else REGULAR, colour=dress.ink, align=ft.TextAlign.CENTER)
    inside = ft.Column([icon, text], spacing=2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER)

    def go() -> None:
        desk.stop_typing()
        enter(door.room)

    shown = press(
        look,
        inside,
        go,
        dress,
        ident=f"rail-{door.room.value}",
        name=name,
        selected=chosen,
        width=rail_width(look) - 2 * SPACE_2,
    )
    # One door comes and goes: a part of the screen that took another's place would keep its identifier in the browser.
    shown.key = door.path
    return shown


def _counted(look: Look, icon: ft.Control, count: ft.Container) -> ft.Control:
    """The count on the icon's corner; beside it in large text, where it would cover the icon and be cut."""
    if look.large_text:
        return ft.Row([icon, count], spacing=SPACE_1, tight=True, alignment=ft.MainAxisAlignment.CENTER)
    count.right, count.top = 0, -2
    return ft.Stack([ft.Container(icon, width=_SIGN, alignment=ft.Alignment.CENTER), count], width=_SIGN)


def _count(look: Look, room: Room, count: str) -> ft.Container:
    tone = {Room.NOW: look.palette.urgent, Room.HELD: look.palette.held}.get(room, look.palette.medium)
    return ft.Container(
        words(look, count, size=12, family=MEDIUM, colour=tone.mark),
        padding=ft.Padding.symmetric(horizontal=5),
        bgcolor=tone.soft,
        border=ft.Border.all(HAIRLINE, tone.mark),
        border_radius=10,
    )
