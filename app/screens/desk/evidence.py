"""Beside the record: where it was, and its photos, small ones first, large on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import flet as ft

from app.screens.desk.map import Sight, Spot, desk_map
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import icon_button, secondary_button
from app.screens.parts.light import dim_photo
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.safe import safe
from app.screens.parts.surfaces import progress_notice
from app.screens.parts.words import small, title
from app.screens.tokens import RADIUS_CHIP, SPACE_2, SPACE_3, SPACE_4, Look
from app.state.desk import Desk
from app.state.desk_voice import VoiceDesk
from app.store.queries import ObservationLine, PhotoLine
from app.store.queries_desk import DrawnTrack


@dataclass(frozen=True)
class ThumbSize:
    """Logical pixels of a small photo."""

    width: int
    height: int


ALONE: Final = ThumbSize(372, 240)
AMONG: Final = ThumbSize(224, 168)
"""One photo is the evidence and gets the width of its column; several are looked through."""


def spot_of(reader: Reader, line: ObservationLine) -> Spot | None:
    """The record as a shape on the map; None when nobody determined where it was."""
    if line.latitude_e7 is None or line.longitude_e7 is None:
        return None
    return Spot(line.subject, line.latitude_e7 / 1e7, line.longitude_e7 / 1e7, reader.priority(line), reader.title(line))


def spots_of(reader: Reader, lines: tuple[ObservationLine, ...]) -> tuple[Spot, ...]:
    """Every record that has a place."""
    return tuple(spot for spot in (spot_of(reader, line) for line in lines) if spot is not None)


def review_sight(reader: Reader, desk: Desk) -> Sight:
    """The page of the inbox on the map, centred on the open record, with the track of its patrol and its own line."""
    review = desk.review
    spots = spots_of(reader, review.lines)
    opened = review.opened
    if opened is None:
        return Sight("none", spots, fit=tuple((spot.latitude, spot.longitude) for spot in spots))
    chosen = spot_of(reader, opened.detail.line)
    others = tuple(spot for spot in spots if spot.subject != opened.detail.line.subject)
    tracks: tuple[DrawnTrack, ...] = opened.tracks
    if chosen is None:
        return Sight(opened.detail.line.subject, others, tracks, fit=tuple((s.latitude, s.longitude) for s in others))
    return Sight(chosen.subject, (chosen, *others), tracks, chosen.subject, (chosen.latitude, chosen.longitude))


def draw_evidence(desk: Desk, reader: Reader, look_at: Callable[[int], object]) -> ft.Control:
    """Draw the map over the photos of the open record."""
    look, opened = reader.look, desk.review.opened
    parts: list[ft.Control] = [desk_map(look, review_sight(reader, desk), desk.means.ground, desk.review.open)]
    photos = opened.detail.photos if opened else ()
    if photos:
        parts.append(_photo_strip(desk, reader, photos, look_at))
    elif opened is not None:
        parts.append(small(look, look.say("desk.review.no_photos")))
    return ft.Container(ft.Column(parts, spacing=SPACE_3, expand=True), padding=SPACE_4, expand=True)


def _photo_strip(desk: Desk, reader: Reader, photos: tuple[PhotoLine, ...], look_at: Callable[[int], object]) -> ft.Control:
    size = ALONE if len(photos) == 1 else AMONG
    thumbs = [
        _thumb(desk, reader, photo, number, look_at, size)
        if photo.length_ms is None
        else VoiceThumb(reader.look, desk.voices, photo, number, size, key=photo.subject)
        for number, photo in enumerate(photos)
    ]
    return ft.Row(thumbs, spacing=SPACE_2, scroll=ft.ScrollMode.AUTO, key=f"photos-{desk.review.selected}")


def _thumb(
    desk: Desk, reader: Reader, photo: PhotoLine, number: int, look_at: Callable[[int], object], size: ThumbSize
) -> ft.Control:
    look = reader.look
    name = photo.caption or look.say("desk.photo.taken", time=reader.moment(photo.taken_ms))
    raw = desk.review.photos.get(photo.preview) if photo.preview else None
    content: ft.Control
    if photo.preview is None:
        content = _placeholder(look, ft.Icons.INSERT_DRIVE_FILE_OUTLINED, look.say("desk.photo.kept_as_is"), size)
    elif raw is None:
        content = _placeholder(look, ft.Icons.IMAGE_OUTLINED, look.say("photo.missing"), size)
    else:
        content = dim_photo(look, ft.Image(
            src=raw, width=size.width, height=size.height, fit=ft.BoxFit.COVER, border_radius=RADIUS_CHIP,
            exclude_from_semantics=True, gapless_playback=True,
        ))  # fmt: skip
    dress = quiet_dress(look)
    dress = type(dress)(dress.fill, dress.ink, look.palette.line, radius=RADIUS_CHIP, pad_x=0)
    return press(
        look, content, lambda: look_at(number), dress, ident=f"photo-{number}", name=look.say("photo.open", name=name),
        width=size.width, height=size.height,
    )  # fmt: skip


@ft.component
def VoiceThumb(
    look: Look, voices: VoiceDesk, voice: PhotoLine, number: int, size: ThumbSize, key: ft.KeyValue | None = None
) -> ft.Control:
    """Draw a voice note among the photos: press to hear it."""
    playing = voices.played == voice.sha256
    minutes, seconds = divmod((voice.length_ms or 0) // 1000, 60)
    said = f"{look.say('voice.hush' if playing else 'voice.play')} · {minutes}:{seconds:02d}"
    if voices.missing == voice.sha256:
        said = look.say("voice.later")

    async def hear() -> None:
        await voices.press(voice.sha256, voice.length_ms or 0)

    icon = ft.Icons.STOP_CIRCLE_OUTLINED if playing else ft.Icons.PLAY_CIRCLE_OUTLINED
    dress = replace(quiet_dress(look), edge=look.palette.line, radius=RADIUS_CHIP, pad_x=0)
    return press(
        look, _placeholder(look, icon, said, size), hear, dress, ident=f"voice-{number}", name=said,
        width=size.width, height=size.height,
    )  # fmt: skip


def _placeholder(look: Look, icon: ft.IconData, words: str, size: ThumbSize = AMONG) -> ft.Control:
    told = small(look, words)
    told.text_align = ft.TextAlign.CENTER
    return ft.Container(
        ft.Column(
            [ft.Icon(icon, color=look.palette.ink_soft, size=32), told],
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=SPACE_2,
        ),
        width=size.width,
        height=size.height,
        padding=SPACE_2,
        bgcolor=look.palette.sunken,
        border_radius=RADIUS_CHIP,
    )


@dataclass(frozen=True)
class LargePhoto:
    """The photo in the viewer: its place among the record's, and its bytes once they are here."""

    number: int
    raw: bytes | None = None
    missing: bool = False


def viewer(
    reader: Reader, photos: tuple[PhotoLine, ...], large: LargePhoto, go: Callable[[int], object], close: Callable[[], object],
    width: float, height: float,
) -> ft.AlertDialog:  # fmt: skip
    """Draw one photo as large as the window allows; it can be zoomed with the wheel."""
    look, photo = reader.look, photos[large.number]
    digest = small(look, look.say("desk.photo.digest", digest=photo.sha256))
    digest.selectable = True
    shown = ft.Container(_large(look, photo, large), expand=True, alignment=ft.Alignment.CENTER)
    inside = ft.Column(
        [shown, _viewer_bar(reader, photo, large.number, len(photos), go, close), digest],
        spacing=SPACE_2, width=min(1200.0, width - 160), height=min(860.0, height - 160),
    )  # fmt: skip
    return ft.AlertDialog(
        title=title(look, photo.caption) if photo.caption else None,
        content=ft.Semantics(identifier="photo-viewer", content=inside),
        content_padding=SPACE_4,
        inset_padding=SPACE_4,
        on_dismiss=safe(close),
    )


def _large(look: Look, photo: PhotoLine, large: LargePhoto) -> ft.Control:
    if photo.preview is None:
        return _placeholder(look, ft.Icons.INSERT_DRIVE_FILE_OUTLINED, look.say("desk.photo.kept_as_is"))
    if large.raw is not None:
        image = dim_photo(look, ft.Image(src=large.raw, fit=ft.BoxFit.CONTAIN, gapless_playback=True))
        return ft.InteractiveViewer(image, max_scale=8, key=f"large-{photo.sha256}", expand=True)
    if large.missing:
        return _placeholder(look, ft.Icons.CLOUD_OFF_OUTLINED, look.say("desk.photo.not_here"))
    return progress_notice(look, look.say("word.loading"))


def _viewer_bar(
    reader: Reader, photo: PhotoLine, number: int, count: int, go: Callable[[int], object], close: Callable[[], object]
) -> ft.Control:
    look = reader.look
    taken = look.say("desk.photo.taken", time=reader.moment(photo.taken_ms))
    told = f"{taken} · {reader.names.person(photo.author)} · {look.texts.size(photo.size_bytes)}"

    def step(icon: ft.IconData, words: str, to: int, ident: str) -> ft.Control:
        return icon_button(look, icon, words, lambda: go(to), ident=ident, disabled=not 0 <= to < count)

    return ft.Row(
        [
            step(ft.Icons.CHEVRON_LEFT, look.say("desk.photo.previous"), number - 1, "photo-previous"),
            small(look, f"{number + 1} / {count}", strong=True),
            step(ft.Icons.CHEVRON_RIGHT, look.say("desk.photo.next"), number + 1, "photo-next"),
            small(look, told, expand=True),
            secondary_button(look, look.say("verb.close"), close, ident="photo-close"),
        ],
        spacing=SPACE_2,
    )
