"""Photos of a record: camera first, files where there is none, and what was taken as small pictures."""

from __future__ import annotations

import flet as ft

from app.record import PhotoForm, PhotoRefused
from app.screens.asking import use_loaded, use_look
from app.screens.parts.buttons import button_pair, secondary_button
from app.screens.parts.records import photo_thumb
from app.screens.phone.fields.asked import problem_line
from app.screens.phone.frame import go
from app.screens.tokens import SPACE_2
from app.state.draft import MOST_PHOTOS, Draft
from app.state.session import Session


def preview_of(photo: PhotoForm) -> str:
    """The hash of the small copy; of the original where there is none."""
    return next((copy.sha256 for copy in photo.copies if copy.role == "preview"), photo.sha256)


@ft.component
def PhotoRow(session: Session, draft: Draft) -> ft.Control:
    """Draw the camera as the first action, and the photos so far."""
    look = use_look()
    refused, set_refused = ft.use_state("")
    picker: ft.FilePicker = ft.use_memo(ft.FilePicker, [])
    photos = draft.content.photos

    async def pick() -> None:
        files = await picker.pick_files(with_data=True, file_type=ft.FilePickerFileType.IMAGE)
        for file in files or []:
            if file.bytes is None:
                continue
            taken = await session.drafting.take_photo(draft, bytes(file.bytes), "picked")
            set_refused(taken.reason if isinstance(taken, PhotoRefused) else "")

    full = len(photos) >= MOST_PHOTOS
    camera = look.say("phone.record.more_photo" if photos else "phone.record.camera")
    buttons = [
        secondary_button(
            look,
            camera,
            lambda: go(f"/camera/{draft.key}"),
            ident="take-photo",
            icon=ft.Icons.PHOTO_CAMERA,
            expand=True,
            disabled=full,
        ),
        secondary_button(
            look, look.say("phone.record.pick_photo"), pick, ident="pick-photo", icon=ft.Icons.IMAGE, expand=True, disabled=full
        ),
    ]
    lines: list[ft.Control] = [button_pair(look, buttons)]
    if photos:
        thumbs: list[ft.Control] = [Thumb(session, draft, number, key=photo.sha256) for number, photo in enumerate(photos)]
        lines.append(ft.Row(thumbs, wrap=True, spacing=SPACE_2, run_spacing=SPACE_2))
    if refused:
        lines.append(problem_line(look, look.say(f"phone.photo_refused.{refused}")))
    return ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def Thumb(session: Session, draft: Draft, number: int, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw one photo small; the bytes come from the sealed file."""
    look = use_look()
    photo = draft.content.photos[number] if number < len(draft.content.photos) else None
    sha256 = preview_of(photo) if photo else ""

    async def read() -> bytes | None:
        return await session.notebook.read_photo(sha256) if sha256 else None

    raw = use_loaded(read, sha256)
    name = look.say("phone.photo.number", number=number + 1)
    return photo_thumb(
        look,
        raw,
        name,
        lambda: go(f"/photo/{photo.sha256 if photo else sha256}?back=/record/{draft.key}"),
        ident=f"thumb-{number}",
    )
