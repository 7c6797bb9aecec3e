"""Before the PIN: that nothing was found, or a note with photos. Writes, and shows nothing that was recorded."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.record import NotRecorded, PhotoRefused, Problem
from app.record.lengths import TOO_LONG
from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import button_pair, primary_button, secondary_button, text_button
from app.screens.parts.fields import text_field
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small
from app.screens.phone.camera import Viewfinder
from app.screens.phone.fields.asked import problem_line
from app.screens.phone.photos import pick_photos
from app.screens.phone.stages import gate_heading, gate_view
from app.screens.tokens import SPACE_2, SPACE_3, Look
from app.state.capturing import Capturing
from app.state.draft import Draft
from app.state.gauges import Gauges
from app.state.session import Session


@ft.component
def CaptureScreen(on_back: Callable[[], object]) -> ft.View:
    """Draw what can be written before the PIN, or the camera for it."""
    session = use_session()
    shooting, set_shooting = ft.use_state(initial=False)
    ft.use_effect(session.capturing.begin, [])
    draft = session.capturing.draft
    if shooting and draft is not None:
        return CaptureCamera(draft, lambda: set_shooting(False))
    return CapturePage(session.capturing, lambda: set_shooting(True), on_back)


@ft.component
def CapturePage(capturing: Capturing, on_camera: Callable[[], object], on_back: Callable[[], object]) -> ft.View:
    """Draw the one tap and the note; the way back to the keys stands at the thumb."""
    session, look = use_session(), use_look()
    notebook = session.handset.notebook
    name = notebook.enrolment.person_name if notebook else ""
    nothing = primary_button(
        look, look.say("phone.home.nothing"), capturing.nothing_found, ident="capture-nothing", icon=ft.Icons.TASK_ALT
    )
    controls: list[ft.Control] = [
        gate_heading(look, look.say("capture.title")),
        *(_saved(look, capturing) or [small(look, look.say("capture.how", name=name))]),
        Whereabouts(session, session.gauges),
        nothing,
    ]
    if capturing.draft is not None:
        controls.append(NoteForm(capturing, capturing.draft, on_camera, key=f"{capturing.draft.key}-{capturing.saved}"))
    back = secondary_button(look, look.say("safety.to_pin"), on_back, ident="capture-back", icon=ft.Icons.LOCK_OPEN, expand=True)
    return gate_view(session, look, controls, under=[ft.Row([back])])


@ft.component
def Whereabouts(session: Session, gauges: Gauges) -> ft.Control:
    """Draw whether a position goes with it, and the patrol that is under way."""
    look = use_look()
    fresh = session.fresh_fix()
    words = look.say("capture.nowhere")
    if fresh:
        known = fresh.accuracy_mm is not None
        metres = look.texts.number((fresh.accuracy_mm or 0) / 1000) if known else look.say("strip.unknown_metres")
        words = look.say("capture.here", metres=metres)
    tone = look.palette.good if fresh else look.palette.high
    icon = ft.Icons.MY_LOCATION if fresh else ft.Icons.LOCATION_DISABLED
    lines: list[ft.Control] = [_line(look, icon, words, tone.mark)]
    if session.walk.patrol is not None:
        lines.append(_line(look, ft.Icons.DIRECTIONS_WALK, look.say("capture.on_patrol"), look.palette.moving.mark))
    return ft.Column(lines, spacing=SPACE_2, tight=True)


def _line(look: Look, icon: ft.IconData, words: str, colour: str) -> ft.Control:
    return ft.Row([ft.Icon(icon, size=20, color=colour), small(look, words, colour=colour, expand=True)], spacing=SPACE_2)


def _saved(look: Look, capturing: Capturing) -> list[ft.Control]:
    """That it is on this device, how many there are, and the way back of the last; never what it says."""
    if capturing.saved <= 0:
        return []
    tone = look.palette.good
    told = ft.Column(
        [
            body(look, look.say("capture.saved"), strong=True, colour=tone.mark),
            small(look, look.say("capture.saved_count", count=capturing.saved)),
        ],
        spacing=0,
        tight=True,
        expand=True,
    )
    row: list[ft.Control] = [ft.Icon(ft.Icons.CHECK_CIRCLE, size=28, color=tone.mark), told]
    if capturing.can_undo:
        row.append(text_button(look, look.say("verb.undo"), capturing.undo, ident="capture-undo"))
    shown = card(look, [ft.Row(row, spacing=SPACE_3)])
    return [ft.Semantics(identifier="capture-saved", live_region=True, container=True, content=shown)]


@ft.component
def NoteForm(capturing: Capturing, draft: Draft, on_camera: Callable[[], object], key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the note, its photos as a count, and the button that saves it."""
    session, look = use_session(), use_look()
    missing, tell_missing = ft.use_state("")
    refused, set_refused = ft.use_state("")
    picker: ft.FilePicker = ft.use_memo(ft.FilePicker, [])

    async def pick() -> None:
        async with session.handset.phone.left_copies.in_use():
            picked = await pick_photos(picker, web=bool(ft.context.page.web), many=False)
            taken = [await capturing.take_photo(source, "picked") for source in picked]
        set_refused(next((one.reason for one in taken if isinstance(one, PhotoRefused)), ""))

    async def save() -> None:
        done = await capturing.save_note()
        too_long = isinstance(done, NotRecorded) and Problem("text", TOO_LONG) in done.problems
        tell_missing("phone.problem.too_long" if too_long else "capture.note_missing" if isinstance(done, NotRecorded) else "")

    lines: list[ft.Control] = [_note_field(look, capturing, draft, missing), _photo_buttons(look, on_camera, pick)]
    if draft.content.photos:
        lines.append(small(look, look.say("capture.photos", count=len(draft.content.photos)), strong=True))
    if refused:
        lines.append(problem_line(look, look.say(f"phone.photo_refused.{refused}")))
    button = secondary_button(look, look.say("capture.save"), save, ident="capture-save", icon=ft.Icons.SAVE, expand=True)
    lines.append(ft.Row([button]))
    return ft.Column(lines, spacing=SPACE_3, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _note_field(look: Look, capturing: Capturing, draft: Draft, missing: str) -> ft.Control:
    text = draft.content.values.get("text")
    return text_field(
        look,
        look.say("capture.note"),
        capturing.type_note,
        ident="capture-note",
        initial=text if isinstance(text, str) else "",
        multiline=True,
        private=True,
        missing=look.say(missing) if missing else None,
    )


def _photo_buttons(look: Look, on_camera: Act, pick: Act) -> ft.Control:
    say, icons = look.say, ft.Icons
    camera = secondary_button(
        look, say("phone.record.camera"), on_camera, ident="capture-camera", icon=icons.PHOTO_CAMERA, expand=True, snug=True
    )
    files = secondary_button(
        look, say("phone.record.pick_photo"), pick, ident="capture-pick", icon=icons.IMAGE, expand=True, snug=True
    )
    return button_pair(look, [camera, files])


@ft.component
def CaptureCamera(draft: Draft, on_done: Callable[[], object]) -> ft.View:
    """Draw the camera of the note over the whole page."""
    session, look = use_session(), use_look()
    finder = Viewfinder(session, draft, on_done, key=f"capture-{draft.key}")
    return ft.View(route="/", padding=0, bgcolor=look.palette.paper, controls=[ft.SafeArea(finder, expand=True)])
