"""The PIN pad that opens what was recorded."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.pin import pin_dots, pin_pad
from app.screens.parts.surfaces import banner, error_notice
from app.screens.parts.words import body, headline, small
from app.screens.phone.stages import gate_view
from app.screens.tokens import SPACE_4, Look
from app.state.session import Session
from app.store.outcomes import LockedOut, WrongPin
from app.store.pin import SHORTEST_PIN

LONGEST_PIN = 12


@ft.component
def UnlockScreen() -> ft.View:
    """Draw the pad; the PIN lives in a reference that is emptied at each try, and never in the tree."""
    session, look = use_session(), use_look()
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

    pad = pin_pad(look, digit, erase, on_submit=submit, disabled=busy)
    centred = ft.Column(
        [pin_dots(look, filled, max(SHORTEST_PIN, filled)), pad],
        spacing=SPACE_4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return gate_view(look, [*_who(session, look), *_said(session, look), centred, small(look, look.say("phone.unlock.why"))])


def _who(session: Session, look: Look) -> list[ft.Control]:
    notebook = session.handset.notebook
    heading: list[ft.Control] = [headline(look, look.say("phone.unlock.title"))]
    if notebook is None:
        return heading
    enrolled = notebook.enrolment
    heading.append(body(look, look.say("phone.unlock.who", name=enrolled.person_name, unit=enrolled.unit_name)))
    settings = session.handset.settings
    if settings.demo and settings.demo_pin:
        heading.append(banner(look, look.say("phone.unlock.demo_pin", pin=settings.demo_pin), "demo"))
    return heading


def _said(session: Session, look: Look) -> list[ft.Control]:
    outcome = session.unlock_outcome
    if isinstance(outcome, WrongPin):
        said = banner(look, look.say("phone.unlock.wrong", count=outcome.tries_left), "warning")
        return [ft.Semantics(identifier="unlock-wrong", content=said)]
    if isinstance(outcome, LockedOut):
        return [
            error_notice(
                look,
                look.say("phone.unlock.locked_out"),
                safe_words=look.say("phone.unlock.locked_out_safe"),
                to_do=look.say("phone.unlock.locked_out_next"),
                ident="locked-out",
            )
        ]
    return []
