"""Starts the app: one shared phone for the process, one session for each page."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from threading import Thread

import flet as ft

from app.device.android_link import ask_android
from app.device.clocks import make_clocks
from app.device.compass import compass_of
from app.device.location import FletLocation, Location
from app.device.network import FletNetwork, Network
from app.device.permissions import FletPermissions
from app.device.power import FletPower
from app.device.secrets import SecretFile, SecretPlace, SecureStorageSecret
from app.later import load_all
from app.memory import QuietMoments, keep_what_stands
from app.screens.app import App, look_of
from app.screens.drawn_once import draw_outermost_first
from app.screens.late_answers import let_answers_come_late
from app.screens.parts.safe import safe, tell_touches
from app.screens.themes import dress
from app.state.front import Front
from app.state.handset import Handset
from app.state.page_tasks import PageTasks
from app.state.receiver import Receiver
from app.state.session import Session
from app.state.settings import HandsetSettings, read_settings
from app.state.shared_phone import SharedPhone
from journal.catalogue import load_catalogue

log = logging.getLogger(__name__)

Main = Callable[[ft.Page], Awaitable[None]]
HIDDEN = frozenset({ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE})
WHILE_THE_PIN_IS_TYPED = ("app.store.views", "app.store.queries_phone", "app.screens.phone.routes")
"""What the first unlock needs, loaded behind the PIN pad."""
SHOWN = frozenset({ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME})


def make_main(settings: HandsetSettings) -> Main:
    """The entry for each page; the first one makes the phone that all share."""
    shared: list[SharedPhone] = []

    async def main(page: ft.Page) -> None:
        if not shared:
            shared.append(SharedPhone(settings, _secret_place(settings), load_catalogue(), make_clocks()))
            shared[0].when_opened = keep_what_stands
            await show(page, shared[0])
            Thread(target=load_all, args=(WHILE_THE_PIN_IS_TYPED,), name="loading").start()
            return
        await show(page, shared[0])

    return main


def _secret_place(settings: HandsetSettings) -> SecretPlace:
    return SecretFile(settings.secret_file) if settings.secret_file is not None else SecureStorageSecret()


async def show(page: ft.Page, phone: SharedPhone, make_location: Callable[[ft.Page], Location] = FletLocation) -> Front:
    """Dresses the page, draws the app on it, and keeps the session told of what happens to it; gives who is in front."""
    let_answers_come_late()
    draw_outermost_first()
    power, run_task, permissions, compass = FletPower(), PageTasks(), FletPermissions(page), compass_of(page)

    def make_session(handset: Handset, location: Location) -> Session:
        made = Session(
            handset,
            location,
            power,
            run_task,
            language="en" if phone.settings.language == "en" else "vi",
            width=page.width or 360.0,
            permissions=permissions,
        )
        made.photographing.compass = compass
        return made

    phone.network = _network_of(page, phone)
    front = Front(phone, Receiver(make_location(page)), make_session, run_task)
    dress(page, look_of(front.session))
    tell_touches(page, partial(_touch, front, QuietMoments()))
    _tell_of_the_page(page, front)
    page.render_views(App, front.facing)
    await front.begin()
    return front


def _touch(front: Front, quiet: QuietMoments) -> None:
    front.touch()
    quiet.touch()


def _tell_of_the_page(page: ft.Page, front: Front) -> None:
    """Whoever is in front hears what happens to the page."""

    def resized(event: ft.PageResizeEvent) -> None:
        if event.width:
            front.session.width = event.width

    async def lived(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in HIDDEN:
            await front.hide()
        elif event.state in SHOWN:
            await front.show()

    page.on_resize = safe(resized)
    page.on_app_lifecycle_state_change = safe(lived)
    page.on_connect = safe(front.draw_again)
    page.on_close = safe(front.end)


def _network_of(page: ft.Page, phone: SharedPhone) -> Network | None:
    """The link of this device. A browser's is that of whoever looks, not of the machine that sends: there nobody is asked."""
    if page.web:
        return None
    network = FletNetwork(partial(ask_android, os.environ))
    network.watch(phone.note_link)
    return network


def run() -> None:
    """Serves the app in a browser when asked by Flet's environment, else opens it on this device."""
    logging.basicConfig(level=os.environ.get("TUAN_TRA_LOG", "WARNING"))
    settings = read_settings()
    # Addresses for files that a browser sends are signed by this; they need to last no longer than this run.
    os.environ.setdefault("FLET_SECRET_KEY", secrets.token_hex(32))
    ft.run(make_main(settings), assets_dir="assets", upload_dir=str(settings.uploads_folder), no_cdn=True)
