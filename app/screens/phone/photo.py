"""One photo as large as the screen."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.surfaces import empty_state, progress_notice
from app.screens.phone.frame import screen


@ft.component
def PhotoScreen() -> ft.View:
    """Draw the photo of the address; it can be drawn closer with two fingers."""
    session, look = use_session(), use_look()
    sha256 = ft.use_route_params()["sha"]
    back = _back(ft.context.page.route)

    async def read() -> bytes:
        return await session.notebook.read_photo(sha256) or b""

    raw = use_loaded(read, sha256)
    content: ft.Control
    if raw is None:
        content = progress_notice(look, look.say("word.loading"))
    elif not raw:
        content = empty_state(look, look.say("photo.missing"), look.say("phone.photo.later"), icon=ft.Icons.IMAGE_OUTLINED)
    else:
        shown = ft.Image(
            src=raw, fit=ft.BoxFit.CONTAIN, opacity=look.palette.photo_opacity, semantics_label=look.say("phone.photo.one")
        )
        content = ft.InteractiveViewer(content=shown, min_scale=1, max_scale=6, expand=True)
    return screen(session, look, look.say("phone.photo.one"), content, back=back)


def _back(route: str | None) -> str:
    _, _, asked = (route or "").partition("back=")
    return asked or "/"
