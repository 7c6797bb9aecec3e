"""The copy to hand on: cover faces and plates with a finger, stamp it, hand it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.record import Area
from app.screens.asking import use_answer, use_loaded, use_look, use_session
from app.screens.parts.buttons import button_pair, primary_button, secondary_button
from app.screens.parts.light import dim_photo
from app.screens.parts.press import named
from app.screens.parts.safe import Act, safe
from app.screens.parts.surfaces import empty_state, progress_notice
from app.screens.parts.words import body, small
from app.screens.phone.fields.asked import problem_line
from app.screens.phone.frame import go, screen
from app.screens.tokens import SPACE_2, SPACE_4, Look
from app.screens.told import accuracy_words, near_words, place_words
from app.state.session import Session
from app.store.queries_photos import PhotoDetail, photo_detail
from journal.clock import moment

BESIDE_THE_PICTURE_PX = 420
"""What strip, heading, words and buttons take of a screen's height."""
LEAST_HEIGHT_PX = 160
SHARE_BESIDE_LARGE_TEXT = 0.25
"""Of the screen's height, for the picture: the words scroll under it, where a finger covers nothing."""
LEAST_STROKE_PX = 6
"""A tap covers nothing; a stroke does."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """Size of the picture on the screen, in logical pixels."""

    width: float
    height: float

    @classmethod
    def fit(cls, pixels: tuple[int, int], room_width: float, room_height: float) -> Frame:
        """The largest of this shape that fits."""
        scale = min(room_width / max(1, pixels[0]), max(LEAST_HEIGHT_PX, room_height) / max(1, pixels[1]))
        return cls(pixels[0] * scale, pixels[1] * scale)

    def part(self, at: ft.Offset) -> Point:
        """A place on the screen as a part of width and height."""
        return at.x / self.width, at.y / self.height


@ft.component
def SharePhotoScreen() -> ft.View:
    """Draw the photo of the address for covering; once the copy is made, what to do with it."""
    session, look = use_session(), use_look()
    sha256 = ft.use_route_params()["sha"]
    answer = use_answer(session, lambda views: (photo_detail(views, sha256),), sha256)
    name, back = look.say("phone.share.title"), f"/photo/{sha256}"
    if answer is None:
        return screen(session, look, name, progress_notice(look, look.say("word.loading")), back=back)
    detail = answer[0]
    if detail is None or not detail.line.full:
        gone = empty_state(look, look.say("photo.missing"), look.say("phone.share.unreadable"), icon=ft.Icons.IMAGE_OUTLINED)
        return screen(session, look, name, gone, back=back)
    return screen(session, look, name, Sharing(session, detail, key=sha256), back=back, ident="share-screen")


@ft.component
def Sharing(session: Session, detail: PhotoDetail, key: ft.KeyValue | None = None) -> ft.Control:
    """Keep what is covered; make the copy; show it with its stamp."""
    look = use_look()
    nothing: tuple[Area, ...] = ()
    covered: ft.MutableRef[tuple[Area, ...]] = ft.use_ref(nothing)
    areas, set_areas = ft.use_state(nothing)
    made, set_made = ft.use_state(b"")
    step, set_step = ft.use_state("")
    full = detail.line.full or ""

    async def load() -> bytes:
        return await session.photographing.fetch(full) or b""

    raw = use_loaded(load, full)

    def keep(changed: tuple[Area, ...]) -> None:
        covered.current = changed
        set_areas(changed)

    async def make() -> None:
        set_step("making")
        # What is covered when the finger presses, not what was when this was drawn: nothing covered may slip through.
        lines = stamp_lines(session, look, detail)
        copy = await session.photographing.share(detail.line.subject, raw or b"", covered.current, lines)
        set_made(copy or b"")
        set_step("" if copy else "no_room")

    if raw is None:
        return progress_notice(look, look.say("phone.photo.getting"))
    if not raw:
        return empty_state(look, look.say("photo.missing"), look.say("phone.photo.not_now"), icon=ft.Icons.IMAGE_OUTLINED)
    if made:
        return Made(session, detail, made, lambda: set_made(b""))
    size = detail.state.renditions["full"].made
    height = ft.context.page.height or 800
    room_height = height * SHARE_BESIDE_LARGE_TEXT if look.large_text else height - BESIDE_THE_PICTURE_PX
    frame = Frame.fit((size.width_px, size.height_px), session.width - 2 * SPACE_4, room_height)
    picture = Covering(look, raw, frame, areas, lambda area: keep((*covered.current, area)))
    foot = _covered(look, areas, lambda: keep(covered.current[:-1]))
    return _cover_page(look, picture, foot, make, step)


def _cover_page(look: Look, picture: ft.Control, foot: ft.Control, make: Act, step: str) -> ft.Control:
    """``step`` is ``making``, ``no_room`` or nothing yet."""
    lines = [foot]
    if step == "no_room":
        lines.append(problem_line(look, look.say("phone.share.no_room")))
    if step == "making":
        lines.append(progress_notice(look, look.say("phone.share.making")))
    else:
        lines.append(primary_button(look, look.say("phone.share.make"), make, ident="make-shared", icon=ft.Icons.BLUR_ON))
    return _page(look, [body(look, look.say("phone.share.how"))], picture, lines)


def _covered(look: Look, areas: tuple[Area, ...], undo: Callable[[], object]) -> ft.Control:
    said = look.say("phone.share.covered", count=len(areas)) if areas else look.say("phone.share.nothing_covered")
    counted = ft.Semantics(identifier="covered-count", live_region=True, content=small(look, said, strong=True))
    if look.large_text and not areas:  # the room of a button that can do nothing belongs to the one that makes the copy
        return counted
    button = secondary_button(
        look, look.say("phone.share.undo"), undo, ident="uncover", icon=ft.Icons.UNDO, disabled=not areas, snug=True
    )
    return ft.Row([counted, button], alignment=ft.MainAxisAlignment.SPACE_BETWEEN, wrap=True)


@ft.component
def Covering(look: Look, raw: bytes, frame: Frame, areas: tuple[Area, ...], cover: Callable[[Area], object]) -> ft.Control:
    """Draw the photo with its covered areas; a finger that is dragged covers one more."""
    image = ft.use_memo(
        lambda: ft.Image(src=raw, width=frame.width, height=frame.height, fit=ft.BoxFit.FILL, exclude_from_semantics=True),
        [len(raw), frame.width, frame.height],
    )
    began: ft.MutableRef[Point | None] = ft.use_ref(None)
    latest: ft.MutableRef[Point | None] = ft.use_ref(None)
    nobody: Area | None = None
    drawn, set_drawn = ft.use_state(nobody)

    def down(event: ft.DragDownEvent[ft.GestureDetector]) -> None:
        began.current = latest.current = frame.part(event.local_position)

    def move(event: ft.DragUpdateEvent[ft.GestureDetector]) -> None:
        if began.current is not None:
            latest.current = frame.part(event.local_position)
            set_drawn(Area.between(began.current, latest.current))

    def up() -> None:
        if began.current is not None and latest.current is not None:
            area = Area.between(began.current, latest.current)
            if min((area.right - area.left) * frame.width, (area.bottom - area.top) * frame.height) >= LEAST_STROKE_PX:
                cover(area)
        began.current = latest.current = None
        set_drawn(nobody)

    covers = [_cover(look, frame, area, look.say("phone.share.area", number=n)) for n, area in enumerate(areas, 1)]
    if drawn is not None:
        covers.append(_cover(look, frame, drawn, "", open_edge=True))
    picture = ft.Stack([image, *covers], width=frame.width, height=frame.height, clip_behavior=ft.ClipBehavior.HARD_EDGE)
    fingers = ft.GestureDetector(
        content=picture, drag_interval=30, on_pan_down=safe(down), on_pan_update=safe(move), on_pan_end=safe(up),
        mouse_cursor=ft.MouseCursor.PRECISE,
    )  # fmt: skip
    told = ft.Semantics(label=look.say("phone.share.picture"), content=fingers)
    return named(told, "cover-picture")


def _cover(look: Look, frame: Frame, area: Area, name: str, *, open_edge: bool = False) -> ft.Control:
    fill = ft.Colors.with_opacity(0.45, look.palette.ink) if open_edge else ft.Colors.with_opacity(0.92, look.palette.ink)
    box = ft.Container(
        left=area.left * frame.width, top=area.top * frame.height,
        width=(area.right - area.left) * frame.width, height=(area.bottom - area.top) * frame.height,
        bgcolor=fill, border=ft.Border.all(2, look.palette.surface), border_radius=4,
    )  # fmt: skip
    if name:
        box.content = ft.Semantics(label=name, content=ft.Container())
    return box


@ft.component
def Made(session: Session, detail: PhotoDetail, copy: bytes, again: Callable[[], object]) -> ft.Control:
    """Draw the copy as others will see it, with the way out of this device."""
    look = use_look()
    picker: ft.FilePicker = ft.use_memo(ft.FilePicker, [])
    sharer: ft.Share = ft.use_memo(ft.Share, [])
    web = bool(ft.context.page.web)
    file_name = look.say("phone.share.file", number=detail.line.sha256[:8])

    async def hand_over() -> None:
        if web:
            await picker.save_file(file_name=file_name, src_bytes=copy)
        else:
            async with session.handset.phone.left_copies.in_use():
                await sharer.share_files([ft.ShareFile.from_bytes(copy, mime_type="image/jpeg", name=file_name)])

    words = look.say("phone.share.save" if web else "phone.share.send")
    icon = ft.Icons.DOWNLOAD if web else ft.Icons.SHARE
    image = dim_photo(look, ft.Image(src=copy, fit=ft.BoxFit.CONTAIN, semantics_label=words))
    made = look.say("phone.share.made", size=look.texts.size(len(copy)))
    height = LEAST_HEIGHT_PX if look.large_text else None
    viewer = ft.InteractiveViewer(content=image, min_scale=1, max_scale=6, height=height)
    return _page(look, [], viewer, [
        ft.Semantics(identifier="shared-made", live_region=True, content=body(look, made, strong=True)),
        small(look, look.say("phone.share.clean")),
        button_pair(look, [
            secondary_button(look, look.say("phone.share.again"), again, ident="cover-again", icon=ft.Icons.UNDO, expand=True),
            secondary_button(look, look.say("verb.close"), lambda: go(f"/photo/{detail.line.sha256}"), ident="share-close",
                             expand=True),
        ]),
        primary_button(look, words, hand_over, ident="hand-over", icon=icon),
    ])  # fmt: skip


def _page(look: Look, above: list[ft.Control], picture: ft.Control, under: list[ft.Control]) -> ft.Control:
    """The picture between its words; over them where large text leaves no room for both."""
    framed = ft.Container(picture, alignment=ft.Alignment.CENTER, expand=not look.large_text)
    lines = [*above, framed, *under]
    if look.large_text:
        lines = [framed, _column([*above, *under], scroll=ft.ScrollMode.AUTO)]
    return ft.Container(_column(lines), padding=SPACE_4, expand=True)


def _column(lines: list[ft.Control], *, scroll: ft.ScrollMode | None = None) -> ft.Column:
    stretched = ft.CrossAxisAlignment.STRETCH
    return ft.Column(lines, spacing=SPACE_2, expand=True, scroll=scroll, horizontal_alignment=stretched)


def stamp_lines(session: Session, look: Look, detail: PhotoDetail) -> tuple[str, ...]:
    """When; where as marker and coordinates with their accuracy; whose, and which record."""
    taken, record = detail.state.taken, detail.of
    lines = [look.texts.moment(moment(taken.taken_ms))]
    at = taken.position
    if at is not None:
        near = near_words(look, at.latitude_e7, at.longitude_e7, session.places)
        accuracy = f" ({accuracy_words(look, at.accuracy_mm)})" if at.accuracy_mm is not None else ""
        lines += [f"{near}{accuracy}", f"WGS84 {_degrees(look, at.latitude_e7)}  {_degrees(look, at.longitude_e7)}"]
    elif record is not None:
        lines.append(place_words(look, record, session.places))
    unit = session.who.unit_name if session.who is not None else ""
    number = look.say("phone.share.record", number=detail.line.of)
    return (*lines, f"{unit} · {number}" if unit else number)


def _degrees(look: Look, value_e7: int) -> str:
    return look.texts.number(value_e7 / 1e7, decimals=5)
