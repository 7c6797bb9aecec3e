"""Leaving a phone: what the station still lacks is counted, and only when that is nothing does the vault go."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import danger_button
from app.screens.parts.fields import text_field
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import banner, card, progress_notice
from app.screens.parts.words import body
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import SPACE_2, Look
from app.state.own_vault import StillOut
from app.store.leaving import Left, Remains
from app.store.outcomes import LockedOut, WrongPin


@ft.component
def LeaveScreen() -> ft.View:
    """Draw what keeps the vault here, or the PIN that lets it go."""
    session, look = use_session(), use_look()
    remains = use_loaded(session.own_vault.remains, session.revision)
    pin: ft.MutableRef[str] = ft.use_ref("")
    said, set_said = ft.use_state("")
    busy, set_busy = ft.use_state(initial=False)

    async def leave() -> None:
        typed, pin.current = pin.current, ""
        set_said("")
        set_busy(True)
        try:
            outcome = await session.own_vault.leave(typed)
        finally:
            set_busy(False)
        match outcome:
            case Left():
                go("/")
            case WrongPin(left):
                set_said(look.say("phone.unlock.wrong", count=left))
            case LockedOut():
                go("/")
                await session.lock()
            case StillOut() | Remains():
                set_said(look.say("phone.leave.stays"))

    controls: list[ft.Control] = [body(look, look.say("phone.leave.how"))]
    if said:
        controls.append(banner(look, said, "warning"))
    kept = _why_kept(look, remains, out=session.patrol is not None) if remains is not None else []
    bottom: list[ft.Control] = []
    if kept:
        controls.append(_kept_card(look, kept))
    elif remains is not None:
        controls += _asked(look, remains, pin)
        bottom.append(progress_notice(look, look.say("word.loading")) if busy else _leave_button(look, leave))
    title = look.say("phone.leave.title")
    return screen(session, look, title, scrolled(look, controls), back="/settings", bottom=bottom, ident="leave-screen")


def _asked(look: Look, remains: Remains, pin: ft.MutableRef[str]) -> list[ft.Control]:
    """That all is there, what goes with the vault, and the PIN."""
    told: list[ft.Control] = [body(look, look.say("phone.leave.ready"), strong=True, colour=look.palette.good.mark)]
    if remains.loose_photos:
        told.append(banner(look, look.say("phone.leave.loose", count=remains.loose_photos), "warning"))

    def type_pin(text: str) -> None:
        pin.current = text

    words, number = look.say("phone.leave.pin"), ft.KeyboardType.NUMBER
    told.append(text_field(look, words, type_pin, ident="leave-pin", initial=pin.current, keyboard=number, password=True))
    return told


def _leave_button(look: Look, leave: Act) -> ft.Control:
    words = look.say("phone.leave.do")
    return ft.Row([danger_button(look, words, leave, ident="leave", icon=ft.Icons.PERSON_REMOVE_OUTLINED, expand=True)])


def _why_kept(look: Look, remains: Remains, *, out: bool) -> list[str]:
    counted = {
        "entries": remains.entries,
        "photos": remains.photos,
        "drafts": remains.drafts,
    }
    why = [look.say(f"phone.leave.{name}", count=count) for name, count in counted.items() if count]
    if out:
        why.insert(0, look.say("phone.leave.patrol"))
    elif remains.fixes:
        why.append(look.say("phone.leave.fixes"))
    return why


def _kept_card(look: Look, why: list[str]) -> ft.Control:
    tone = look.palette.high
    heading = ft.Row(
        [
            ft.Icon(ft.Icons.INVENTORY_2_OUTLINED, color=tone.mark, size=28),
            body(look, look.say("phone.leave.stays"), strong=True, expand=True),
        ],
        spacing=SPACE_2,
    )
    lines = [
        ft.Row([ft.Icon(ft.Icons.CIRCLE, size=8, color=tone.mark), body(look, line, expand=True)], spacing=SPACE_2)
        for line in why
    ]
    return card(look, [heading, *lines], tone=tone, ident="leave-stays")
