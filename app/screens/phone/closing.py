"""The pad on which the leader confirms that the patrol is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from app.screens.asking import use_look
from app.screens.parts.pin import pin_dots, pin_pad
from app.screens.parts.surfaces import banner
from app.screens.parts.words import body
from app.screens.tokens import SPACE_4, SPACE_6, Look
from app.state.session import Session
from app.store.outcomes import LockedOut, Unlocked, WrongPin
from app.store.pin import SHORTEST_PIN

LONGEST_PIN = 12


@ft.component
def ClosePad(session: Session, number: str, close: Callable[[], Awaitable[None]]) -> ft.Control:
    """Draw the pad; the PIN lives in a reference that is emptied at each try, and never in the tree."""
    look = use_look()
    typed: ft.MutableRef[str] = ft.use_ref("")
    filled, set_filled = ft.use_state(0)
    busy, set_busy = ft.use_state(initial=False)
    nothing: WrongPin | LockedOut | None = None
    outcome, tell = ft.use_state(nothing)

    def digit(figure: str) -> None:
        if len(typed.current) < LONGEST_PIN:
            typed.current += figure
            set_filled(len(typed.current))

    def erase() -> None:
        typed.current = typed.current[:-1]
        set_filled(len(typed.current))

    async def submit() -> None:
        pin, typed.current = typed.current, ""
        if not pin or busy:
            return
        set_busy(True)
        try:
            tried = await session.patrolling.confirm(pin)
            if isinstance(tried, Unlocked):
                await close()
            else:
                tell(tried)
        finally:
            set_busy(False)
            set_filled(0)

    said = _said(session, look, number, outcome)
    if isinstance(outcome, LockedOut):
        return ft.Column(said, spacing=SPACE_4)
    dots = pin_dots(look, filled, max(SHORTEST_PIN, filled))
    keys = pin_pad(look, digit, erase, on_submit=submit, disabled=busy, wide=True)
    pad = ft.Column([dots, keys], spacing=SPACE_6, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER)
    return ft.Column([*said, ft.Row([pad], alignment=ft.MainAxisAlignment.CENTER)], spacing=SPACE_4)


def _said(session: Session, look: Look, number: str, outcome: WrongPin | LockedOut | None) -> list[ft.Control]:
    """What the PIN is for, and what the last try came to."""
    said: list[ft.Control] = [body(look, look.say("patrol.end.pin_why", number=number))]
    if isinstance(outcome, LockedOut):
        return [*said, banner(look, look.say("patrol.end.pin_out"), "urgent")]
    if isinstance(outcome, WrongPin):
        said.append(banner(look, look.say("patrol.end.pin_wrong", count=outcome.tries_left), "warning"))
    settings = session.handset.settings
    if settings.demo and settings.demo_pin:
        said.append(banner(look, look.say("phone.unlock.demo_pin", pin=settings.demo_pin), "demo"))
    return said
