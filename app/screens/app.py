"""The root of every page: which look, which stage, phone or desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import flet as ft

from app.later import Later
from app.screens.asking import FrontContext, SessionContext
from app.screens.phone.join import JoinScreen
from app.screens.phone.safety import WellScreen
from app.screens.phone.sos import LockedGate
from app.screens.phone.stages import RefusedScreen, StartingScreen, TroubleScreen, WaitingScreen
from app.screens.themes import ThemeContext, build_look, dress
from app.screens.tokens import Look
from app.state.front import Facing
from app.state.handset import Stage
from app.state.session import Session

if TYPE_CHECKING:
    from app.screens.desk import routes as desk
    from app.screens.phone import routes as phone
else:
    desk, phone = Later("app.screens.desk.routes"), Later("app.screens.phone.routes")


def look_of(session: Session) -> Look:
    """The look that this page wants now."""
    return build_look(session.theme, session.language, desk=session.is_desk, text_scale=session.text_scale, width=session.width)


@ft.component
def App(facing: Facing) -> object:
    """Draw the page of whoever is in front; another person begins with screens of their own."""
    session = facing.session
    return FrontContext(facing.front, lambda: OnePerson(session, key=f"person-{id(session)}"))


@ft.component
def OnePerson(session: Session, key: ft.KeyValue | None = None) -> object:
    """Draw the page for the stage that this person's half of the device is in."""
    look = look_of(session)

    def dress_page() -> None:
        page = ft.context.page
        dress(page, look)
        page.update()

    ft.use_effect(dress_page, [session.theme, session.language])
    return SessionContext(session, lambda: ThemeContext(look, lambda: _stage(session)))


def _stage(session: Session) -> object:
    gates: dict[Stage, Callable[[], ft.Control]] = {
        Stage.STARTING: StartingScreen,
        Stage.JOIN: JoinScreen,
        Stage.WAITING: WaitingScreen,
        Stage.REFUSED: RefusedScreen,
        Stage.LOCKED: lambda: LockedGate(session, session.safety),
    }
    if session.asked_if_well and not session.is_desk and session.stage in {Stage.OPEN, Stage.LOCKED}:
        return WellScreen(session, session.safety, session.safety.check_in)
    if session.stage is Stage.OPEN:
        return Desk() if session.is_desk else Phone()
    return gates.get(session.stage, TroubleScreen)()


@ft.component
def Desk() -> object:
    """Draw the desk's address."""
    return ft.Router(desk.desk_routes(), manage_views=True)


@ft.component
def Phone() -> object:
    """Draw the phone's address."""
    return ft.Router(phone.phone_routes(), manage_views=True)
