"""Picks a file of the device: by its path where the device has one, in pieces through the web server where it has not."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

import flet as ft

from app.device.left_copies import PICKED_COPIES
from app.screens.asking import use_look
from app.screens.parts.buttons import secondary_button
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import progress_notice
from app.screens.parts.words import body
from app.state.session import Session

UPLOAD_FOR_S = 3_600
Take = Callable[[Path, str], Awaitable[object]]


class Arriving:
    """A file on its way from a browser. The picker is given its handler once: one that is set later is not heard."""

    def __init__(self) -> None:
        self._told: Callable[[float], None] = lambda _: None
        self._whole: asyncio.Future[bool] | None = None

    def expect(self, told: Callable[[float], None]) -> asyncio.Future[bool]:
        """Becomes True when the file is there, False when it broke."""
        self._told, self._whole = told, asyncio.get_running_loop().create_future()
        return self._whole

    def hear(self, event: ft.FilePickerUploadEvent) -> None:
        if self._whole is None or self._whole.done():
            return
        if event.error:
            self._whole.set_result(False)
        elif event.progress is not None:
            self._told(event.progress)
            if event.progress >= 1:
                self._whole.set_result(True)


@ft.component
def PickFile(
    session: Session,
    take: Take,
    *,
    label: str,
    ident: str,
    icon: ft.IconData = ft.Icons.SD_CARD,
) -> ft.Control:
    """Draw the button; ``take`` is given the file and its name, and leaves the file where it is."""
    look = use_look()
    share, set_share = ft.use_state(-1.0)
    failed, set_failed = ft.use_state(initial=False)
    arriving = ft.use_memo(Arriving, [])
    picker = ft.use_memo(lambda: ft.FilePicker(on_upload=safe(arriving.hear)), [])

    async def pick() -> None:
        async with session.handset.phone.left_copies.in_use():
            await pick_and_take()

    async def pick_and_take() -> None:
        set_failed(False)
        files = await picker.pick_files(file_type=ft.FilePickerFileType.ANY)
        if not files:
            return
        file, name = files[0], Path(files[0].name).stem
        if file.path is not None:
            await _take_at(Path(file.path), name, take)
            return
        set_share(0.0)
        try:
            set_failed(not await _take_uploaded(_upload(picker, arriving, session, file, set_share), name, take))
        finally:
            set_share(-1.0)

    lines: list[ft.Control] = [secondary_button(look, label, pick, ident=ident, icon=icon, disabled=share >= 0)]
    if share >= 0:
        lines.append(progress_notice(look, look.say("map.reading_file"), done=share))
    if failed:
        lines.append(body(look, look.say("map.file_unreadable"), colour=look.palette.high.mark))
    return ft.Column(lines, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


async def _take_uploaded(upload: Awaitable[Path | None], name: str, take: Take) -> bool:
    """Whether the file came; it is taken then, and the web server's copy thrown away."""
    path = await upload
    if path is None:
        return False
    try:
        await take(path, name)
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)
    return True


async def _take_at(path: Path, name: str, take: Take) -> None:
    try:
        await take(path, name)
    finally:
        # Android and iOS hand out a copy in the app's cache: kept, a large map would lie there twice.
        if PICKED_COPIES in path.parts:
            await asyncio.to_thread(path.unlink, missing_ok=True)


async def _upload(
    picker: ft.FilePicker, arriving: Arriving, session: Session, file: ft.FilePickerFile, told: Callable[[float], None]
) -> Path | None:
    """A browser gives no path: the file comes by the web server, in pieces, into the upload folder; None when it breaks."""
    name = f"{secrets.token_hex(8)}-{Path(file.name).name[-40:]}"
    whole = arriving.expect(told)
    address = ft.context.page.get_upload_url(name, UPLOAD_FOR_S)
    await picker.upload([ft.FilePickerUploadFile(upload_url=address, id=file.id, name=file.name)])
    return session.handset.settings.uploads_folder / name if await whole else None
