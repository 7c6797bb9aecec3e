"""The PIN pad that opens what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import flet as ft

from app.later import Later
from app.screens.asking import use_front, use_look, use_session
from app.screens.parts.buttons import button_pair, secondary_button
from app.screens.parts.pin import pin_dots, pin_pad
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import banner
from app.screens.parts.words import body, small, title
from app.screens.phone.new_pin import RecoverScreen
from app.screens.phone.people import PeopleScreen
from app.screens.phone.stages import gate_heading, gate_view, tell_trouble
from app.screens.tokens import SPACE_6, Look
from app.state.front import Front
from app.state.session import Session
from app.store.outcomes import LockedOut, WrongPin
from app.store.pin import SHORTEST_PIN

if TYPE_CHECKING:
    from app.screens.phone import capture
else:
    capture = Later("app.screens.phone.capture")

LONGEST_PIN = 12


@ft.component
def UnlockScreen() -> ft.View:
    """Draw who shares the phone, or the pad of whoever was chosen, or the way back for a forgotten PIN."""
    front = use_front()
    session = use_session()
    forgot, set_forgot = ft.use_state(initial=False)
    capturing, set_capturing = ft.use_state(initial=False)
    if front.choosing:
        return PeopleScreen()
    if capturing and session.capturing.offered:
        return capture.CaptureScreen(lambda: set_capturing(False))
    if forgot:
        return RecoverScreen(lambda: set_forgot(False))
    return PinScreen(lambda: set_forgot(True), lambda: set_capturing(True))


@ft.component
def PinScreen(on_forgot: Callable[[], object], on_capture: Callable[[], object]) -> ft.View:
    """Draw the pad; the PIN lives in a reference that is emptied at each try, and never in the tree."""
    session, look, front = use_session(), use_look(), use_front()
    typed: ft.MutableRef[str] = ft.use_ref("")
    filled, set_filled = ft.use_state(0)
    busy, set_busy = ft.use_state(initial=False)

    def digit(figure: str) -> None:
        if len(typed.current) < LONGEST_PIN:
            typed.current += figure
            set_filled(len(typed.current))

    def erase() -> None:
        typed.current = typed.current[:-1]
        set_filled(len(typed.current))

    async def submit() -> None:
        pin, typed.current = typed.current, ""
        if not pin:
            return
        set_busy(True)
        try:
            await session.unlock(pin)
        finally:
            set_busy(False)
            set_filled(0)

    ways = _other_ways(look, front, on_forgot)
    if isinstance(session.unlock_outcome, LockedOut) or session.notebook.tries_left == 0:
        return gate_view(session, look, [*_who(session, look, alone=False), _locked_out(look)], under=[ways])
    dots = pin_dots(look, filled, max(SHORTEST_PIN, filled))
    keys = pin_pad(look, digit, erase, on_submit=submit, disabled=busy, wide=True)
    centred = ft.CrossAxisAlignment.CENTER
    pad = ft.Column([dots, keys], spacing=SPACE_6, tight=True, horizontal_alignment=centred)
    # What is wrong with the last try stands right over the keys, where the eyes are.
    under = [*_said(session, look), ft.Row([pad], alignment=ft.MainAxisAlignment.CENTER), ways]
    who, beside = _who(session, look, alone=len(front.members) == 1), _capture(session, look, on_capture)
    if look.large_text:  # another row over the keys would leave no room for whose store this is
        return gate_view(session, look, [*who, *(ft.Row([one]) for one in beside)], under=under)
    return gate_view(session, look, who, under=under, beside=beside)


def _capture(session: Session, look: Look, on_capture: Act) -> list[ft.Control]:
    """What can be written without the PIN by whoever carries this phone now."""
    if not session.capturing.offered:
        return []
    return [secondary_button(look, look.say("capture.title"), on_capture, ident="capture-open", icon=ft.Icons.BOLT, snug=True)]


def _other_ways(look: Look, front: Front, on_forgot: Act) -> ft.Control:
    other, forgot = look.say("phone.unlock.other_member"), look.say("phone.forgot.open")
    return button_pair(
        look,
        [
            secondary_button(look, other, front.ask_who, ident="other-person", expand=True, snug=True),
            secondary_button(look, forgot, on_forgot, ident="forgot-pin", expand=True, snug=True),
        ],
    )


def _who(session: Session, look: Look, *, alone: bool) -> list[ft.Control]:
    notebook = session.handset.notebook
    title_words = gate_heading(look, look.say("phone.unlock.title"))
    if notebook is None:
        return [title_words]
    enrolled = notebook.enrolment
    who = ft.Column(
        [title(look, enrolled.person_name), body(look, enrolled.unit_name, colour=look.palette.ink_soft)], spacing=0, tight=True
    )
    lines: list[ft.Control] = [who, title_words, small(look, look.say("phone.unlock.why"))]
    settings = session.handset.settings
    if settings.demo and settings.demo_pin and alone:
        lines.append(banner(look, look.say("phone.unlock.demo_pin", pin=settings.demo_pin), "demo"))
    return lines


def _said(session: Session, look: Look) -> list[ft.Control]:
    outcome = session.unlock_outcome
    if isinstance(outcome, WrongPin):
        said = banner(look, look.say("phone.unlock.wrong", count=outcome.tries_left), "warning")
        return [ft.Semantics(identifier="unlock-wrong", content=said)]
    return []


def _locked_out(look: Look) -> ft.Control:
    """What is safe and what to do when the ten tries are used up: the station's key opens the store again."""
    return tell_trouble(
        look,
        look.say("phone.forgot.locked_out"),
        look.say("phone.forgot.locked_out_safe"),
        look.say("phone.forgot.locked_out_next"),
        icon=ft.Icons.LOCK_RESET,
        ident="locked-out",
    )
