"""The camera, filling the screen: several photos in a row, each on disk before it is shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft
import flet_camera as fc

from app.device.left_copies import LeftCopies
from app.record import PhotoRefused
from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import icon_button, text_button
from app.screens.parts.light import dim_photo
from app.screens.parts.press import Dress, press
from app.screens.parts.records import photo_thumb
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import banner, error_notice, progress_notice
from app.screens.parts.words import body, small
from app.screens.phone.fields.asked import problem_line
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.photos import preview_of
from app.screens.phone.room import RoomForPhotos
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_4, TOUCH_PRIMARY, Look
from app.state.draft import MOST_PHOTOS, Draft
from app.state.handset import Stage
from app.state.photographing import PHOTO_BYTES
from app.state.session import Session
from app.store.space import KEPT_FOR_TEXT_BYTES, Space

log = logging.getLogger(__name__)

OPENING_TRIES = 6
AGAIN_AFTER_S = 0.3


@ft.component
def CameraScreen() -> ft.View:
    """Draw the viewfinder with its shutter; or why there is none, and what to do instead."""
    session, look = use_session(), use_look()
    key = ft.use_route_params()["key"]
    draft = session.drafting.find(key)
    name, back = look.say("phone.record.camera"), f"/record/{key}"

    def ask_reason() -> None:
        if draft is not None and session.photographing.needs_reason(draft):
            go(f"/photo-reason/{key}?then=camera")

    ft.use_effect(ask_reason, [key])
    if draft is None or session.photographing.needs_reason(draft):
        return screen(session, look, name, progress_notice(look, look.say("phone.camera.getting_ready")), back=back)
    if session.photographing.space() in {Space.TEXT_ONLY, Space.ENDING}:
        return screen(session, look, name, scrolled(look, _no_room(session, look)), back=back)
    if not session.visible:
        # The system takes the camera from an app out of sight: it is let go here, and opened anew when the page is back.
        return screen(session, look, name, progress_notice(look, look.say("phone.camera.resting")), back=back)
    finder = Viewfinder(session, draft, lambda: go(back), key=f"viewfinder-{key}")
    return screen(session, look, name, finder, back=back, ident="camera")


def _no_room(session: Session, look: Look) -> list[ft.Control]:
    notice = error_notice(
        look,
        look.say("phone.camera.no_room", size=look.texts.size(session.photographing.free_bytes() or 0)),
        safe_words=look.say("phone.camera.no_room_safe"),
        to_do=look.say("phone.camera.no_room_next"),
        ident="camera-no-room",
    )
    return [notice, RoomForPhotos(session, session.photographing.freeing)]


def low_room(session: Session, look: Look) -> list[ft.Control]:
    """Said before the room ends: how much is left and for how many photos."""
    free_bytes = session.photographing.free_bytes()
    if free_bytes is None or session.photographing.space() is not Space.LOW:
        return []
    count = max(1, (free_bytes - KEPT_FOR_TEXT_BYTES) // PHOTO_BYTES)
    return [banner(look, look.say("phone.camera.low_room", size=look.texts.size(free_bytes), count=count), "warning")]


@dataclass(frozen=True)
class Shooting:
    """An open camera: how it stands, and what can be done with it."""

    camera: fc.Camera
    state: str
    """``opening``, ``ready`` or ``none``."""
    pressed: bool
    saving: int
    """Photos that are taken and not yet kept."""
    refused: str
    torch: bool
    take: Act
    light: Act
    taken: Callable[[], Awaitable[None]]
    """Returns when no photo is being taken any more: who leaves before that would leave it behind."""


class Lens:
    """The camera that stands on the page now: a control drawn anew takes over from the one before. One photo at a time."""

    def __init__(self) -> None:
        self.camera = fc.Camera()
        self._one_at_a_time = asyncio.Lock()

    async def open(self) -> None:
        """The camera at the back, where there is one, at the size at which plates and faces of markers can be read.

        A fix that comes meanwhile draws the screen anew, and the control that was asked is gone: the one there now is asked.
        """
        for turn in range(OPENING_TRIES):
            try:
                found = await self.camera.get_available_cameras()
                back = next((one for one in found if one.lens_direction == fc.CameraLensDirection.BACK), None)
                await self.camera.initialize(back or found[0], fc.ResolutionPreset.MAX, enable_audio=False)
            except RuntimeError:
                if turn == OPENING_TRIES - 1:
                    raise
                await asyncio.sleep(AGAIN_AFTER_S)
            else:
                return

    async def take(self) -> bytes:
        """A photo; opens the camera again when the client, laying the page out anew, has let it go since."""
        async with self._one_at_a_time:
            try:
                return bytes(await self.camera.take_picture())
            except RuntimeError:
                await self.open()
                return bytes(await self.camera.take_picture())

    async def rest(self) -> None:
        """Returns when no photo is being taken."""
        async with self._one_at_a_time:
            return

    async def forget_shots(self, copies: LeftCopies) -> None:
        """The files that the system's camera wrote go; the photo that is taken meanwhile would lose its own."""
        async with self._one_at_a_time:
            await copies.sweep_shots()


def use_shooting(session: Session, draft: Draft) -> Shooting:
    """Opens the camera of this component. A second photo can be taken while the first is still being kept."""
    lens: Lens = ft.use_memo(Lens, [])
    lens.camera = fc.Camera(expand=True, preview_enabled=True)
    state, set_state = ft.use_state("opening")
    pressed, set_pressed = ft.use_state(initial=False)
    saving, set_saving = ft.use_state(0)
    refused, set_refused = ft.use_state("")
    torch, set_torch = ft.use_state(initial=False)

    async def begin() -> None:
        try:
            await lens.open()
        except Exception:
            log.exception("no camera")
            set_state("none")
            return
        session.photographing.compass.wake()
        set_state("ready")

    async def take() -> None:
        set_pressed(True)
        try:
            raw = await lens.take()
        finally:
            set_pressed(False)
        set_saving(lambda count: count + 1)
        try:
            taken = await session.photographing.take(draft, raw, "camera")
        finally:
            set_saving(lambda count: count - 1)
            await lens.forget_shots(session.handset.phone.left_copies)
        set_refused(taken.reason if isinstance(taken, PhotoRefused) else "")

    async def light() -> None:
        await lens.camera.set_flash_mode(fc.FlashMode.OFF if torch else fc.FlashMode.TORCH)
        set_torch(not torch)

    ft.use_effect(begin, [], cleanup=session.photographing.compass.rest)
    return Shooting(lens.camera, state, pressed, saving, refused, torch, take, light, lens.rest)


@ft.component
def Viewfinder(session: Session, draft: Draft, on_done: Callable[[], object], key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the open camera over its shutter. While the device is locked, photos are counted and not shown."""
    look = use_look()
    shooting = use_shooting(session, draft)
    if shooting.state == "none":
        return ft.Container(_no_camera(look), padding=SPACE_4)
    told: list[ft.Control] = [small(look, look.say("phone.camera.framing"), strong=True), *low_room(session, look)]
    if shooting.refused:
        told.append(problem_line(look, look.say(f"phone.photo_refused.{shooting.refused}")))
    if shooting.saving:
        told.append(progress_notice(look, look.say("phone.camera.saving", count=shooting.saving)))
    elif shooting.state == "opening":
        told.append(progress_notice(look, look.say("phone.camera.getting_ready")))
    lines = [*told, _controls(session, look, draft, shooting, on_done)]
    foot = ft.Container(
        ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=ft.Padding.symmetric(horizontal=SPACE_4, vertical=SPACE_3),
        bgcolor=look.palette.surface,
    )
    through = ft.Container(shooting.camera, alignment=ft.Alignment.CENTER, bgcolor=ft.Colors.BLACK)
    seen = [dim_photo(look, through), _lamp(look, shooting)]
    view = ft.Stack(seen, expand=True, fit=ft.StackFit.EXPAND)
    return ft.Column([view, foot], spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _lamp(look: Look, shooting: Shooting) -> ft.Control:
    lamp = icon_button(
        look,
        ft.Icons.FLASHLIGHT_OFF if shooting.torch else ft.Icons.FLASHLIGHT_ON,
        look.say("phone.camera.torch_off" if shooting.torch else "phone.camera.torch_on"),
        shooting.light,
        ident="torch",
        disabled=shooting.state != "ready",
    )
    round_ground = ft.Container(lamp, bgcolor=look.palette.surface, border_radius=look.touch // 2)
    return ft.Container(
        ft.Row([round_ground], alignment=ft.MainAxisAlignment.END), alignment=ft.Alignment.TOP_RIGHT, padding=SPACE_3
    )


def _controls(session: Session, look: Look, draft: Draft, shooting: Shooting, on_done: Callable[[], object]) -> ft.Control:
    """Last photo, shutter, done: each in its third, the shutter in the middle under the thumb."""
    photos = draft.content.photos
    waits = shooting.state != "ready" or shooting.pressed or len(photos) + shooting.saving >= MOST_PHOTOS
    shutter = press(
        look,
        ft.Icon(ft.Icons.PHOTO_CAMERA, size=36),
        shooting.take,
        Dress(look.palette.primary, look.palette.on_primary, look.palette.primary_edge, 3, TOUCH_PRIMARY // 2, pad_x=0),
        ident="shutter",
        name=look.say("phone.camera.take"),
        disabled=waits,
        width=TOUCH_PRIMARY,
        height=TOUCH_PRIMARY,
    )
    last: ft.Control = ft.Container(width=TOUCH_PRIMARY)
    if photos and session.stage is Stage.LOCKED:
        last = body(look, f"{len(photos)}/{MOST_PHOTOS}", strong=True)
    elif photos:
        last = LastShot(session, draft, len(photos), key=photos[-1].sha256)

    async def leave() -> None:
        await shooting.taken()
        on_done()

    done = text_button(look, look.say("phone.camera.done"), leave, ident="camera-done")
    thirds = [
        ft.Container(last, alignment=ft.Alignment.CENTER_LEFT, expand=True),
        shutter,
        ft.Container(done, alignment=ft.Alignment.CENTER_RIGHT, expand=True),
    ]
    return ft.Row(thirds, alignment=ft.MainAxisAlignment.SPACE_BETWEEN)


@ft.component
def LastShot(session: Session, draft: Draft, count: int, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the photo that was kept last, and how many there are."""
    look = use_look()
    photo = draft.content.photos[-1] if draft.content.photos else None
    sha256 = preview_of(photo) if photo else ""

    async def read() -> bytes | None:
        return await session.photographing.read(sha256) if sha256 else None

    raw = use_loaded(read, sha256)
    where = f"/draft-photo/{draft.key}/{photo.sha256 if photo else sha256}"
    name = look.say("phone.camera.last", count=count, most=MOST_PHOTOS)
    absent = look.say("phone.photo.kept_as_is") if photo is not None and photo.no_copies else None
    thumb = photo_thumb(look, raw, name, lambda: go(where), ident="last-shot", size=TOUCH_PRIMARY, absent=absent)
    if look.large_text:  # no room beside the shutter; a screen reader is told the count all the same
        return thumb
    return ft.Row([thumb, small(look, f"{count}/{MOST_PHOTOS}")], spacing=SPACE_2, tight=True)


def _no_camera(look: Look) -> ft.Control:
    return error_notice(
        look,
        look.say("phone.camera.none"),
        safe_words=look.say("phone.record.draft_safe"),
        to_do=look.say("phone.camera.pick_instead"),
        ident="camera-none",
    )
