"""Which address of the desk shows which room."""

from __future__ import annotations

import flet as ft

from app.screens.desk.shell import ROOMS, DeskShell
from app.screens.phone.routes import behalf_routes


@ft.component
def RoomAddress() -> ft.Control:
    """Stand for an address: the shell draws the room itself, so that moving between rooms loses nothing."""
    return ft.Container()


def desk_routes() -> list[ft.Route]:
    """The rooms of the desk, each inside the shell, and the forms by which the desk writes down what others tell."""
    rooms = [ft.Route(path=one.path.strip("/"), component=RoomAddress) for one in ROOMS if one.path != "/"]
    start = ft.Route(index=True, component=RoomAddress)
    return [ft.Route(path="/", component=DeskShell, outlet=True, children=[start, *rooms]), *behalf_routes()]
