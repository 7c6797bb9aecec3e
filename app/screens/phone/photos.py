"""Photos of a record: camera first, files where there is none, and what was taken as small pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import flet as ft

from app.record import PhotoForm, PhotoRefused
from app.screens.asking import use_loaded, use_look
from app.screens.parts.buttons import button_pair, secondary_button
from app.screens.parts.records import photo_thumb
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import card, progress_notice, section_header
from app.screens.parts.words import body, small
from app.screens.phone.fields.asked import problem_line
from app.screens.phone.frame import go
from app.screens.phone.room import RoomForPhotos
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.state.draft import MOST_PHOTOS, Draft
from app.state.session import Session
from app.store.space import Space
from journal.clock import moment

if TYPE_CHECKING:
    from app.store.queries import PhotoLine


def preview_of(photo: PhotoForm) -> str:
    """The hash of the small copy; empty where there is none: an original without copies is not drawn."""
    return next((copy.sha256 for copy in photo.copies if copy.role == "preview"), "")


@ft.component
def PhotoRow(session: Session, draft: Draft) -> ft.Control:
    """Draw the camera as the first action, what there is room for, and the photos so far."""
    look = use_look()
    refused, set_refused = ft.use_state("")
    left, set_left = ft.use_state(0)
    picker: ft.FilePicker = ft.use_memo(ft.FilePicker, [])
    photographing = session.photographing

    async def pick() -> None:
        if photographing.needs_reason(draft):
            go(f"/photo-reason/{draft.key}?then=form")
            return
        answers = []
        async with session.handset.phone.left_copies.in_use():
            sources = await pick_photos(picker, web=bool(ft.context.page.web), many=True)
            try:
                for number, source in enumerate(sources):
                    set_left(len(sources) - number)
                    answers.append(await photographing.take(draft, source, "picked"))
            finally:
                set_left(0)
        set_refused(next((one.reason for one in answers if isinstance(one, PhotoRefused)), ""))

    lines: list[ft.Control] = _ask_for_reason(session, look, draft)
    lines += [_buttons(session, look, draft, pick), *_say_room(session, look)]
    photos = draft.content.photos
    if photos:
        thumbs: list[ft.Control] = [Thumb(session, draft, number, key=photo.sha256) for number, photo in enumerate(photos)]
        lines.append(ft.Row(thumbs, wrap=True, spacing=SPACE_2, run_spacing=SPACE_2))
    if left:
        lines.append(progress_notice(look, look.say("phone.camera.saving", count=left)))
    lines += [line for photo in photos for line in _say_of(look, photo)]
    if refused:
        lines.append(problem_line(look, look.say(f"phone.photo_refused.{refused}")))
    return ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


async def pick_photos(picker: ft.FilePicker, *, web: bool, many: bool) -> list[bytes | Path]:
    """What was picked. A phone hands over a path: the file is read in pieces, and one that is too large is not read at all."""
    files = await picker.pick_files(with_data=web, allow_multiple=many, file_type=ft.FilePickerFileType.IMAGE) or []
    return [Path(file.path) if file.path and not web else bytes(file.bytes or b"") for file in files]


def _buttons(session: Session, look: Look, draft: Draft, pick: Act) -> ft.Control:
    full = len(draft.content.photos) >= MOST_PHOTOS or session.photographing.space() in {Space.TEXT_ONLY, Space.ENDING}
    words = look.say("phone.record.more_photo" if draft.content.photos else "phone.record.camera")
    asks = session.photographing.needs_reason(draft)
    where = f"/photo-reason/{draft.key}?then=camera" if asks else f"/camera/{draft.key}"
    camera = secondary_button(
        look, words, lambda: go(where), ident="take-photo", icon=ft.Icons.PHOTO_CAMERA, expand=True, disabled=full
    )
    files = secondary_button(
        look, look.say("phone.record.pick_photo"), pick, ident="pick-photo", icon=ft.Icons.IMAGE, expand=True, disabled=full
    )
    return button_pair(look, [camera, files])


def _say_room(session: Session, look: Look) -> list[ft.Control]:
    if session.photographing.space() not in {Space.TEXT_ONLY, Space.ENDING}:
        return []
    size = look.texts.size(session.photographing.free_bytes() or 0)
    words = f"{look.say('phone.camera.no_room', size=size)} {look.say('phone.camera.no_room_safe')}"
    return [problem_line(look, words), RoomForPhotos(session, session.photographing.freeing)]


def _ask_for_reason(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    """Photos were there before anybody said who is in the record."""
    if not draft.content.photos or not session.photographing.needs_reason(draft):
        return []
    give = secondary_button(
        look,
        look.say("phone.photo_reason.give"),
        lambda: go(f"/photo-reason/{draft.key}?then=form"),
        ident="give-photo-reason",
        icon=ft.Icons.EDIT_NOTE,
    )
    asked = [body(look, look.say("phone.photo_reason.missing"), strong=True), give]
    return [card(look, asked, tone=look.palette.assistance, ident="photo-reason-missing", spacing=SPACE_3)]


def _say_of(look: Look, photo: PhotoForm) -> list[ft.Control]:
    """What is unusual about one photo."""
    told: list[ft.Control] = []
    if photo.no_copies is not None:
        told.append(small(look, look.say(f"phone.no_copies.{photo.no_copies}")))
    if photo.exif_ms is not None:
        told.append(small(look, look.say("phone.photo.clock_differs", time=look.texts.moment(moment(photo.exif_ms)))))
    return told


@ft.component
def Thumb(session: Session, draft: Draft, number: int, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw one photo small; the bytes come from the sealed file."""
    look = use_look()
    photo = draft.content.photos[number] if number < len(draft.content.photos) else None
    sha256 = preview_of(photo) if photo else ""

    async def read() -> bytes | None:
        return await session.photographing.read(sha256) if sha256 else None

    raw = use_loaded(read, sha256)
    name = look.say("phone.photo.number", number=number + 1)
    where = f"/draft-photo/{draft.key}/{photo.sha256}" if photo else f"/record/{draft.key}"
    absent = look.say("phone.photo.kept_as_is") if photo is not None and photo.no_copies else None
    return photo_thumb(look, raw, name, lambda: go(where), ident=f"thumb-{number}", absent=absent)


def stored_photos(session: Session, look: Look, photos: tuple[PhotoLine, ...]) -> list[ft.Control]:
    """Photos of a record, small; those of others come from the station while one looks."""
    if not photos:
        return []
    thumbs: list[ft.Control] = [StoredThumb(session, photo, number, key=photo.subject) for number, photo in enumerate(photos)]
    return [
        section_header(look, look.say("photo.count", count=len(photos))),
        ft.Row(thumbs, wrap=True, spacing=SPACE_2, run_spacing=SPACE_2),
    ]


@ft.component
def StoredThumb(session: Session, photo: PhotoLine, number: int, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw one recorded photo small."""
    look = use_look()
    found: ft.MutableRef[bool] = ft.use_ref(initial_value=False)

    async def read() -> bytes | None:
        raw = await session.photographing.fetch(photo.preview) if photo.preview else None
        found.current = raw is not None
        return raw

    # An entry arrives before the photo that it names: asked again with each news, until it is here.
    raw = use_loaded(read, photo.preview, 0 if found.current else session.revision)
    name = look.say("phone.photo.number", number=number + 1)
    absent = None if photo.preview else look.say("phone.photo.kept_as_is")
    return photo_thumb(look, raw, name, lambda: go(f"/photo/{photo.sha256}"), ident=f"thumb-{number}", absent=absent)
