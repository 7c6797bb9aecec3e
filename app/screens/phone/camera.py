"""The camera, filling the screen; what it takes is on disk before it is shown."""

from __future__ import annotations

import logging

import flet as ft
import flet_camera as fc

from app.record import PhotoRefused
from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import primary_button
from app.screens.parts.surfaces import error_notice, progress_notice
from app.screens.phone.fields.asked import problem_line
from app.screens.phone.frame import go, screen
from app.screens.tokens import SPACE_4, Look

log = logging.getLogger(__name__)


@ft.component
def CameraScreen() -> ft.View:
    """Draw the viewfinder and one large button."""
    session, look = use_session(), use_look()
    key = ft.use_route_params()["key"]
    camera: fc.Camera = ft.use_memo(lambda: fc.Camera(expand=True, preview_enabled=True), [])
    ready, set_ready = ft.use_state(initial=False)
    broken, set_broken = ft.use_state(initial=False)
    busy, set_busy = ft.use_state(initial=False)
    refused, set_refused = ft.use_state("")

    async def begin() -> None:
        try:
            await _open(camera)
        except Exception:
            log.exception("no camera")
            set_broken(True)
            return
        set_ready(True)

    async def take() -> None:
        if (draft := session.drafting.find(key)) is None:
            return
        set_busy(True)
        try:
            taken = await session.drafting.take_photo(draft, bytes(await camera.take_picture()), "camera")
        finally:
            set_busy(False)
        if isinstance(taken, PhotoRefused):
            set_refused(taken.reason)
        else:
            go(f"/record/{key}")

    ft.use_effect(begin, [])
    name, back = look.say("phone.record.camera"), f"/record/{key}"
    if broken:
        return screen(session, look, name, _no_camera(look), back=back)
    bottom: list[ft.Control] = [problem_line(look, look.say(f"phone.photo_refused.{refused}"))] if refused else []
    shutter = primary_button(look, look.say("phone.camera.take"), take, ident="shutter", icon=ft.Icons.PHOTO_CAMERA)
    bottom.append(shutter if ready and not busy else progress_notice(look, look.say("phone.camera.getting_ready")))
    return screen(session, look, name, camera, back=back, bottom=bottom)


def _no_camera(look: Look) -> ft.Control:
    notice = error_notice(
        look,
        look.say("phone.camera.none"),
        safe_words=look.say("phone.record.draft_safe"),
        to_do=look.say("phone.camera.pick_instead"),
        ident="camera-none",
    )
    return ft.Container(notice, padding=SPACE_4)


async def _open(camera: fc.Camera) -> None:
    """The camera at the back, where there is one."""
    found = await camera.get_available_cameras()
    back = next((one for one in found if one.lens_direction == fc.CameraLensDirection.BACK), None)
    await camera.initialize(back or found[0], fc.ResolutionPreset.HIGH, enable_audio=False)
