"""Beside the record: where it was, and its photos, small ones first, large on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import flet as ft

from app.screens.desk.map import Sight, Spot, desk_map
from app.screens.desk.reading import Reader
from app.screens.parts.light import dim_photo
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.words import small
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
        content = placeholder(look, ft.Icons.INSERT_DRIVE_FILE_OUTLINED, look.say("desk.photo.kept_as_is"), size)
    elif raw is None:
        content = placeholder(look, ft.Icons.IMAGE_OUTLINED, look.say("photo.missing"), size)
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
        look, placeholder(look, icon, said, size), hear, dress, ident=f"voice-{number}", name=said,
        width=size.width, height=size.height,
    )  # fmt: skip


def placeholder(look: Look, icon: ft.IconData, words: str, size: ThumbSize = AMONG) -> ft.Control:
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
