"""A filled demo whose app runs in this process, so that a screen can be dressed otherwise while it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import flet as ft

from app.device.clocks import make_clocks
from app.device.secrets import SecretFile
from app.main import show
from app.screens.tokens import ThemeName
from app.state.front import Front
from app.state.session import Session
from app.state.settings import read_settings
from app.state.shared_phone import SharedPhone
from app.texts import Language
from demo.__main__ import surroundings
from demo.station import Station
from demo.story import DESK_PERSON, PHONE_PERSON
from journal.catalogue import load_catalogue
from tests.browser.driver import FletPage
from tests.browser.served import served

DRAWN_AGAIN_MS: Final = 350
"""After another language or theme; the client draws in well under it."""


@dataclass
class Studio:
    """The page of one device, and what stands behind it."""

    address: str
    shown: list[tuple[Front, Context]] = field(default_factory=list)
    """Who is in front of each page, with the page that is drawn on."""

    async def dress(self, page: FletPage, language: Language, theme: ThemeName) -> None:
        """The screen that is shown, otherwise: whoever looks stays where they are."""
        front, of_page = self.shown[-1]
        session = front.session
        if (session.language, session.theme) != (language, theme):
            of_page.run(_dress, session, language, theme)
            await page.page.wait_for_timeout(DRAWN_AGAIN_MS)


def _dress(session: Session, language: Language, theme: ThemeName) -> None:
    session.language, session.theme = language, theme


@asynccontextmanager
async def open_studio(folder: Path, device: str) -> AsyncIterator[Studio]:
    """The station of this filled demo as a process, the app of its phone or desk in this one."""
    station = await asyncio.to_thread(Station.reopen(folder / "station").run, folder / "logs")
    environment = surroundings({"phone": PHONE_PERSON, "desk": DESK_PERSON}[device], folder)
    settings = read_settings(environment)
    assert settings.secret_file is not None, "a host in a browser has its secret in a file"
    shared = SharedPhone(settings, SecretFile(settings.secret_file), load_catalogue(), make_clocks())
    studio = Studio("")

    async def main(page: ft.Page) -> None:
        studio.shown.append((await show(page, shared), copy_context()))

    try:
        async with served(main) as studio.address:
            yield studio
        await shared.close()
    finally:
        await asyncio.to_thread(station.end)
