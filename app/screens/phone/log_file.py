"""The log of an ended patrol as a file that leaves the phone."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_look
from app.screens.parts.buttons import secondary_button
from app.screens.parts.surfaces import card, progress_notice
from app.screens.parts.words import small
from app.screens.tokens import SPACE_3
from app.state.patrol_papers import make_patrol_log
from app.state.session import Session


@ft.component
def LogFile(session: Session, subject: str) -> ft.Control:
    """Draw the way to the patrol's log as a file, which needs no station: saved on this device or shared from it."""
    look = use_look()
    picker: ft.FilePicker = ft.use_memo(ft.FilePicker, [])
    sharer: ft.Share = ft.use_memo(ft.Share, [])
    making, set_making = ft.use_state(initial=False)
    web = bool(ft.context.page.web)

    async def make() -> None:
        set_making(True)
        try:
            made = await make_patrol_log(session, subject)
            if made is None:
                return
            if web:
                await picker.save_file(file_name=made.name, src_bytes=made.raw)
            else:
                async with session.handset.phone.left_copies.in_use():
                    await sharer.share_files([ft.ShareFile.from_bytes(made.raw, mime_type="application/pdf", name=made.name)])
        finally:
            set_making(False)

    if making:
        return progress_notice(look, look.say("phone.log_file.making"))
    words, icon = look.say("phone.log_file.make"), ft.Icons.PICTURE_AS_PDF_OUTLINED
    button = secondary_button(look, words, make, ident="patrol-log-file", icon=icon, expand=True)
    lines: list[ft.Control] = [small(look, look.say("phone.log_file.how"), colour=look.palette.ink), ft.Row([button])]
    return card(look, lines, spacing=SPACE_3)
