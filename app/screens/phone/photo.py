"""One photo as large as the screen, and what is known about it: when, where from, how far it has come, its check code."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from app.record import PhotoForm
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import button_pair, danger_button, secondary_button
from app.screens.parts.light import dim_photo
from app.screens.parts.marks import state_chip
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import empty_state, progress_notice
from app.screens.parts.words import small
from app.screens.phone.frame import go, screen
from app.screens.phone.photos import preview_of
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4, Look
from app.screens.told import custody_of, reason_words
from app.state.draft import Draft
from app.state.session import Session
from app.store.queries_photos import PhotoDetail, photo_detail
from journal.clock import moment

DIGEST_SIGNS = 16
"""Signs of the check code that are shown: enough to compare by voice with the station's."""
NEAREST_PERCENT = 5
PICTURE_PX = 280
"""Height of a photo above large text."""


@dataclass(frozen=True)
class Shown:
    """What the viewer needs to know of a photo, recorded or in a draft."""

    sha256: str
    small: str
    large: str
    size_bytes: int
    width_px: int | None
    height_px: int | None
    taken_ms: int
    origin: str
    bearing_deg: int | None
    caption: str | None
    no_copies: str | None = None

    @classmethod
    def of_draft(cls, photo: PhotoForm) -> Shown:
        full = next((copy.sha256 for copy in photo.copies if copy.role == "full"), "")
        return cls(
            photo.sha256, preview_of(photo), full, photo.size_bytes, photo.width_px, photo.height_px, photo.taken_ms,
            photo.origin, photo.bearing_deg, photo.caption, photo.no_copies,
        )  # fmt: skip

    @classmethod
    def of_record(cls, detail: PhotoDetail) -> Shown:
        taken, line = detail.state.taken, detail.line
        return cls(
            taken.sha256, line.preview or "", line.full or "", taken.size_bytes, taken.width_px, taken.height_px, taken.taken_ms,
            taken.origin, taken.bearing_deg, taken.caption,
        )  # fmt: skip


@ft.component
def DraftPhotoScreen() -> ft.View:
    """Draw a photo of a record in the making; it can be left out again."""
    session, look = use_session(), use_look()
    params = ft.use_route_params()
    key, sha256 = params["key"], params["sha"]
    draft, back = session.drafting.find(key), f"/record/{key}"
    photo = next((one for one in draft.content.photos if one.sha256 == sha256), None) if draft else None
    if draft is None or photo is None:
        return screen(session, look, look.say("phone.photo.one"), _missing(look), back=back)
    shown = PhotoViewer(session, Shown.of_draft(photo), None, key=sha256)
    bottom = [_drop_button(session, look, draft, sha256)]
    return screen(session, look, look.say("phone.photo.one"), shown, back=back, bottom=bottom, ident="photo")


def _drop_button(session: Session, look: Look, draft: Draft, sha256: str) -> ft.Control:
    def drop() -> None:
        session.photographing.drop(draft, sha256)
        session.say_done("phone.photo.dropped")
        go(f"/record/{draft.key}")

    words = look.say("phone.photo.drop")
    return ft.Row([danger_button(look, words, drop, ident="drop-photo", icon=ft.Icons.DELETE_OUTLINE, expand=True)])


@ft.component
def PhotoScreen() -> ft.View:
    """Draw the recorded photo of the address."""
    session, look = use_session(), use_look()
    sha256 = ft.use_route_params()["sha"]
    answer = use_answer(session, lambda views: (photo_detail(views, sha256),), sha256)
    words = look.say("phone.photo.one")
    if answer is None:
        return screen(session, look, words, progress_notice(look, look.say("word.loading")), back="/log")
    detail = answer[0]
    if detail is None:
        return screen(session, look, words, _missing(look), back="/log")
    photo = Shown.of_record(detail)
    viewer = PhotoViewer(session, photo, detail, key=sha256)
    back = f"/record-of/{detail.of.subject}" if detail.of else "/log"
    return screen(session, look, words, viewer, back=back, ident="photo")


def _missing(look: Look) -> ft.Control:
    return empty_state(look, look.say("photo.missing"), look.say("phone.photo.later"), icon=ft.Icons.IMAGE_OUTLINED)


@ft.component
def PhotoViewer(session: Session, photo: Shown, detail: PhotoDetail | None, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the small copy at once and the large one when it is here; two fingers bring it closer."""
    look = use_look()
    raw, set_raw = ft.use_state(b"")
    wanted, set_wanted = ft.use_state(photo.large)
    percent, set_percent = ft.use_state(-1)
    failed, set_failed = ft.use_state(initial=False)

    async def load() -> None:
        set_failed(False)
        set_percent(0)
        held = await session.photographing.read(photo.small) if photo.small and not raw else None
        if held:
            set_raw(held)

        def told(done: int, whole: int) -> None:
            set_percent(done * 100 // whole // NEAREST_PERCENT * NEAREST_PERCENT if whole else 0)

        large = await session.photographing.fetch(wanted, told) if wanted else None
        if large:
            set_raw(large)
        set_percent(-1)
        set_failed(bool(wanted) and not large)

    ft.use_effect(load, [wanted])
    lines: list[ft.Control] = [_picture(look, photo, raw)]
    if percent >= 0 and wanted:
        lines.append(_padded(progress_notice(look, look.say("phone.photo.getting"), done=percent / 100 if percent else None)))
    if failed:
        lines.append(_padded(small(look, look.say("phone.photo.not_now"), strong=True, colour=look.palette.high.mark)))
    original = wanted == photo.sha256
    shown_bytes = len(raw) if raw and not original else 0
    lines.append(_facts(look, photo, detail, shown_bytes))
    if photo.small and detail is not None:
        lines.append(_padded(_actions(look, photo, lambda: set_wanted(photo.sha256), original=original)))
    return _page(look, lines)


def _page(look: Look, lines: list[ft.Control]) -> ft.Control:
    page = ft.Column(lines, spacing=SPACE_2, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    if look.large_text:
        # Large words would leave nothing of the photo: it keeps its height, and the page scrolls.
        picture, *told = lines
        page.scroll, page.controls = ft.ScrollMode.AUTO, [ft.Row([picture], height=PICTURE_PX), *told]
    return page


def _picture(look: Look, photo: Shown, raw: bytes) -> ft.Control:
    if not photo.small:
        why = look.say(f"phone.no_copies.{photo.no_copies}") if photo.no_copies else look.say("phone.no_copies.other_type")
        return ft.Container(
            empty_state(look, look.say("phone.photo.kept_as_is"), why, icon=ft.Icons.INSERT_DRIVE_FILE_OUTLINED), expand=True
        )
    if not raw:
        return ft.Container(progress_notice(look, look.say("word.loading")), expand=True, padding=SPACE_4)
    image = ft.Image(src=raw, fit=ft.BoxFit.CONTAIN, semantics_label=look.say("phone.photo.one"), gapless_playback=True)
    return ft.InteractiveViewer(content=dim_photo(look, image), min_scale=1, max_scale=8, expand=True)


def _facts(look: Look, photo: Shown, detail: PhotoDetail | None, shown_bytes: int) -> ft.Control:
    said = "phone.photo.taken" if photo.origin == "camera" else "phone.photo.picked"
    lines: list[ft.Control] = [small(look, look.say(said, time=look.texts.moment(moment(photo.taken_ms))), strong=True)]
    if photo.caption:
        lines.append(small(look, photo.caption, colour=look.palette.ink))
    if photo.bearing_deg is not None:
        lines.append(small(look, look.say("phone.photo.bearing", degrees=photo.bearing_deg)))
    lines.append(small(look, _sizes(look, photo, shown_bytes)))
    digest = small(look, look.say("phone.photo.digest", digest=photo.sha256[:DIGEST_SIGNS]))
    digest.selectable = True
    lines.append(digest)
    if detail is not None:
        lines.append(_custody(look, detail))
    return _padded(ft.Column(lines, spacing=SPACE_1, tight=True))


def _sizes(look: Look, photo: Shown, shown_bytes: int) -> str:
    size = look.texts.size(photo.size_bytes)
    if photo.width_px and photo.height_px:
        told = look.say("phone.photo.original_pixels", size=size, width=str(photo.width_px), height=str(photo.height_px))
    else:
        told = look.say("phone.photo.original_size", size=size)
    return f"{told} · {look.say('phone.photo.shown_size', size=look.texts.size(shown_bytes))}" if shown_bytes else told


def _custody(look: Look, detail: PhotoDetail) -> ft.Control:
    received = moment(detail.line.received_ms) if detail.line.received_ms is not None else None
    reason = reason_words(look, detail.line.held_reason)
    return ft.Row([state_chip(look, custody_of(detail.line.custody, ""), received_at=received, reason=reason)], wrap=True)


def _actions(look: Look, photo: Shown, show_original: Act, *, original: bool) -> ft.Control:
    share = secondary_button(
        look, look.say("phone.photo.share"), lambda: go(f"/share-photo/{photo.sha256}"), ident="share-photo",
        icon=ft.Icons.BLUR_ON, expand=True, snug=True,
    )  # fmt: skip
    closer = secondary_button(
        look, look.say("phone.photo.show_original"), show_original, ident="show-original", expand=True, disabled=original,
        icon=ft.Icons.HIGH_QUALITY, snug=True,
    )  # fmt: skip
    return button_pair(look, [share, closer])


def _padded(control: ft.Control) -> ft.Control:
    return ft.Container(control, padding=ft.Padding.only(left=SPACE_4, right=SPACE_4, bottom=SPACE_3))
