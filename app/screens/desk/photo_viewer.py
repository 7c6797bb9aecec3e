"""One photo as large as the window allows: zoomed and moved by hand or by keys, with its hash and the way that it came."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

import flet as ft

from app.screens.desk.evidence import placeholder
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import icon_button, secondary_button
from app.screens.parts.light import dim_photo
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import progress_notice, section_header
from app.screens.parts.words import small, title
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4, Look
from app.screens.told import reason_words
from app.state.desk import Desk
from app.store.queries import CustodyLine, PhotoLine, custody_lines

NEARER: Final = 1.5
_BESIDE: Final = 300
_ROOM: Final = 160
"""Pixels of the window that the viewer leaves around itself."""


@dataclass(frozen=True)
class LargePhoto:
    """The photo in the viewer: its place among the record's, its bytes once they are here, and the entries about it."""

    number: int
    raw: bytes | None = None
    missing: bool = False
    digest: str | None = None
    """Hash of the file that is shown, once its bytes were found to have it."""
    chain: tuple[CustodyLine, ...] = ()


Show = Callable[[LargePhoto | None], object]


def use_large() -> tuple[LargePhoto | None, Show]:
    """The photo that is large now, and how to change that."""
    state: tuple[LargePhoto | None, Callable[[LargePhoto | None], None]] = ft.use_state(None)
    return state


def pictures_of(desk: Desk) -> tuple[PhotoLine, ...]:
    """Photos of the open record, without its voice notes, which come last among them."""
    opened = desk.review.opened
    return tuple(photo for photo in opened.detail.photos if photo.length_ms is None) if opened is not None else ()


async def enlarge(desk: Desk, number: int, show: Show) -> None:
    """Opens the viewer with what is here, then with the large copy once it has come and was found whole."""
    pictures = pictures_of(desk)
    if not 0 <= number < len(pictures):
        return
    photo = pictures[number]
    chain = await desk.means.notebook.ask(lambda views: custody_lines(views, photo.subject))
    large = LargePhoto(number, chain=chain)
    if photo.preview is None:  # kept as it came: nobody's decoder is tried on it
        show(large)
        return
    here = desk.review.photos.get(photo.preview)
    show(replace(large, raw=here))
    for digest in (photo.full, photo.sha256):
        raw = await desk.means.fetch_photo(digest) if digest else None
        if raw is not None:
            whole = await asyncio.to_thread(lambda held: hashlib.sha256(held).hexdigest(), raw) == digest
            show(replace(large, raw=raw, digest=digest if whole else None))
            return
    show(replace(large, raw=here, missing=here is None))


async def press_key(
    key: str,
    large: LargePhoto,
    view: ft.Ref[ft.InteractiveViewer],
    go: Callable[[int], Awaitable[object]],
    close: Callable[[], object],
) -> None:
    """Arrows go on, plus and minus zoom, 0 shows all of it, Escape closes."""
    if key in _STEPS:
        await go(large.number + _STEPS[key])
    elif key == "Escape":
        close()
    elif view.current is None:
        return
    elif key in _ZOOMS:
        await view.current.zoom(_ZOOMS[key])
    elif key in {"0", "Numpad 0"}:
        await view.current.reset()


_STEPS: Final = {"Arrow Right": 1, "Arrow Left": -1, "J": 1, "K": -1}
_ZOOMS: Final = {"+": NEARER, "=": NEARER, "Numpad Add": NEARER, "-": 1 / NEARER, "Numpad Subtract": 1 / NEARER}


def photo_viewer(
    desk: Desk, reader: Reader, large: LargePhoto | None, view: ft.Ref[ft.InteractiveViewer], go: Callable[[int], object],
    close: Callable[[], object],
) -> ft.AlertDialog | None:  # fmt: skip
    """Draw the photo with its bar, and its way beside it; nothing while none is large."""
    pictures = pictures_of(desk)
    if large is None or large.number >= len(pictures):
        return None
    look, photo, page = reader.look, pictures[large.number], ft.context.page
    width, height = min(1320.0, (page.width or 1280) - _ROOM), min(860.0, (page.height or 800) - _ROOM)
    shown = ft.Container(_shown(look, photo, large, view), expand=True, alignment=ft.Alignment.CENTER)
    inside = ft.Column(
        [
            ft.Row(
                [shown, ft.Container(_way(reader, photo, large), width=_BESIDE)],
                spacing=SPACE_4, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            _bar(look, large.number, len(pictures), view, go, close),
        ],
        spacing=SPACE_2, width=width, height=height,
    )  # fmt: skip
    return ft.AlertDialog(
        title=title(look, photo.caption) if photo.caption else None,
        content=ft.Semantics(identifier="photo-viewer", content=inside),
        content_padding=SPACE_4,
        inset_padding=SPACE_4,
        on_dismiss=safe(close),
    )


def _shown(look: Look, photo: PhotoLine, large: LargePhoto, view: ft.Ref[ft.InteractiveViewer]) -> ft.Control:
    if photo.preview is None:
        return placeholder(look, ft.Icons.INSERT_DRIVE_FILE_OUTLINED, look.say("desk.photo.kept_as_is"))
    if large.raw is not None:
        image = dim_photo(look, ft.Image(src=large.raw, fit=ft.BoxFit.CONTAIN, gapless_playback=True))
        return ft.InteractiveViewer(image, max_scale=8, ref=view, key=f"large-{photo.sha256}", expand=True)
    if large.missing:
        return placeholder(look, ft.Icons.CLOUD_OFF_OUTLINED, look.say("desk.photo.not_here"))
    return progress_notice(look, look.say("word.loading"))


def _way(reader: Reader, photo: PhotoLine, large: LargePhoto) -> ft.Control:
    """Taken, saved and signed, received with a receipt; then the hash, and whether what is shown has one that was signed."""
    look, who = reader.look, reader.names.person(photo.author)
    origin = look.say("photo_way.picked" if photo.origin == "picked" else "photo_way.taken")
    steps = [_step(look, ft.Icons.PHOTO_CAMERA_OUTLINED, origin, f"{reader.moment(photo.taken_ms)} · {who}")]
    first = next((line for line in large.chain if line.fact == "photo_taken"), None)
    if first is not None:
        steps.append(_step(look, ft.Icons.EDIT_NOTE, look.say("photo_way.saved"), reader.moment(first.order_ms)))
        steps.append(_received(reader, first))
    copies = [line for line in large.chain if line.fact == "rendition_made"]
    if copies:
        told = look.say("photo_way.copies", count=len(copies))
        steps.append(_step(look, ft.Icons.FILTER_NONE, told, reader.moment(copies[-1].order_ms)))
    size = look.texts.size(photo.size_bytes)
    parts: list[ft.Control] = [section_header(look, look.say("photo_way.heading")), *steps]
    parts += [
        section_header(look, look.say("photo_way.hash")),
        _hash(look, look.say("photo_way.original", size=size), photo.sha256),
    ]
    if large.digest is not None:
        parts.append(_matches(look, original=large.digest == photo.sha256))
        if large.digest != photo.sha256:
            parts.append(_hash(look, look.say("photo_way.copy"), large.digest))
    return ft.Semantics(identifier="photo-way", content=ft.ListView(parts, spacing=SPACE_2, expand=True))


def _received(reader: Reader, first: CustodyLine) -> ft.Control:
    look = reader.look
    if first.custody == "held":
        why = look.say("state.held_because", reason=reason_words(look, first.held_reason))
        return _step(look, ft.Icons.PAUSE_CIRCLE_OUTLINED, why, "")
    if first.received_ms is None:
        return _step(look, ft.Icons.SCHEDULE, look.say("photo_way.not_received"), "")
    return _step(look, ft.Icons.RECEIPT_LONG_OUTLINED, look.say("photo_way.received"), reader.moment(first.received_ms))


def _step(look: Look, icon: ft.IconData, what: str, detail: str) -> ft.Control:
    lines: list[ft.Control] = [small(look, what, strong=True, colour=look.palette.ink)]
    if detail:
        lines.append(small(look, detail))
    told = ft.Column(lines, spacing=0, tight=True, expand=True)
    row: list[ft.Control] = [ft.Icon(icon, size=20, color=look.palette.ink_soft), told]
    return ft.Row(row, spacing=SPACE_3, vertical_alignment=ft.CrossAxisAlignment.START)


def _hash(look: Look, what: str, digest: str) -> ft.Control:
    words = small(look, digest)
    words.selectable = True
    return ft.Column([small(look, what, strong=True, colour=look.palette.ink), words], spacing=0, tight=True)


def _matches(look: Look, *, original: bool) -> ft.Control:
    colour = look.palette.good.mark
    said = look.say("photo_way.original_matches" if original else "photo_way.copy_matches")
    icon = ft.Icon(ft.Icons.VERIFIED_OUTLINED, size=20, color=colour)
    return ft.Row([icon, small(look, said, strong=True, colour=colour, expand=True)], spacing=SPACE_1)


def _bar(
    look: Look,
    number: int,
    count: int,
    view: ft.Ref[ft.InteractiveViewer],
    go: Callable[[int], object],
    close: Callable[[], object],
) -> ft.Control:
    async def zoom(factor: float) -> None:
        if view.current is not None:
            await view.current.zoom(factor)

    async def show_all() -> None:
        if view.current is not None:
            await view.current.reset()

    def step(icon: ft.IconData, words: str, to: int, ident: str) -> ft.Control:
        return icon_button(look, icon, words, lambda: go(to), ident=ident, disabled=not 0 <= to < count)

    return ft.Row(
        [
            step(ft.Icons.CHEVRON_LEFT, look.say("desk.photo.previous"), number - 1, "photo-previous"),
            small(look, f"{number + 1} / {count}", strong=True),
            step(ft.Icons.CHEVRON_RIGHT, look.say("desk.photo.next"), number + 1, "photo-next"),
            icon_button(look, ft.Icons.ZOOM_IN, look.say("photo_way.nearer"), lambda: zoom(NEARER), ident="photo-nearer"),
            icon_button(look, ft.Icons.ZOOM_OUT, look.say("photo_way.farther"), lambda: zoom(1 / NEARER), ident="photo-farther"),
            icon_button(look, ft.Icons.FIT_SCREEN, look.say("photo_way.all"), show_all, ident="photo-all"),
            small(look, look.say("photo_way.keys"), expand=True),
            secondary_button(look, look.say("verb.close"), close, ident="photo-close"),
        ],
        spacing=SPACE_2,
    )
