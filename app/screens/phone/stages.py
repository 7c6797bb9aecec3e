"""Screens before the device is open: starting, waiting for the station's word, and trouble said plainly."""

from __future__ import annotations

import asyncio

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.surfaces import card, empty_state, error_notice, progress_notice
from app.screens.parts.words import body, display, headline, small
from app.screens.phone.frame import scrolled
from app.screens.tokens import Look
from app.state.session import Session

SHOW_PROGRESS_AFTER_S = 0.5


def gate_view(look: Look, controls: list[ft.Control]) -> ft.View:
    """A view without strip or tabs: nothing can be recorded or sent yet."""
    return ft.View(
        route="/", padding=0, bgcolor=look.palette.paper, controls=[ft.SafeArea(scrolled(look, controls), expand=True)]
    )


@ft.component
def StartingScreen() -> ft.View:
    """Draw nothing for half a second, then say that it takes a moment."""
    look = use_look()
    slow, set_slow = ft.use_state(initial=False)

    async def wait() -> None:
        await asyncio.sleep(SHOW_PROGRESS_AFTER_S)
        set_slow(True)

    ft.use_effect(wait, [])
    return gate_view(look, [progress_notice(look, look.say("word.loading"))] if slow else [])


@ft.component
def WaitingScreen() -> ft.View:
    """Draw the check number that the duty officer compares, large enough to be read across a table."""
    session, look = use_session(), use_look()
    number = session.handset.notebook.enrolment.check_number if session.handset.notebook else ""
    figure = ft.Semantics(
        identifier="check-number",
        label=" ".join(number),
        exclude_semantics=True,
        content=display(look, f"{number[:3]} {number[3:]}"),
    )
    return gate_view(
        look,
        [
            headline(look, look.say("phone.enrol.waiting")),
            body(look, look.say("phone.enrol.waiting_how")),
            card(look, [small(look, look.say("phone.enrol.check_number")), figure]),
            progress_notice(look, look.say("phone.enrol.waiting_now")),
            small(look, look.say("phone.enrol.waiting_safe")),
        ],
    )


@ft.component
def RefusedScreen() -> ft.View:
    """Say that the station did not let this device in."""
    look = use_look()
    return gate_view(
        look,
        [
            error_notice(
                look,
                look.say("phone.enrol.refused"),
                safe_words=look.say("phone.enrol.refused_safe"),
                to_do=look.say("phone.enrol.refused_next"),
            )
        ],
    )


@ft.component
def TroubleScreen() -> ft.View:
    """Say what is wrong with the store, what is safe, and what to do."""
    session, look = use_session(), use_look()
    return gate_view(look, [_trouble(session, look)])


def _trouble(session: Session, look: Look) -> ft.Control:
    code = session.stage.value
    if not look.texts.has(f"phone.trouble.{code}.what"):
        return empty_state(look, look.say("failure.title"), look.say("failure.next"), icon=ft.Icons.ERROR_OUTLINE)
    return error_notice(
        look,
        look.say(f"phone.trouble.{code}.what"),
        safe_words=look.say(f"phone.trouble.{code}.safe"),
        to_do=look.say(f"phone.trouble.{code}.next"),
    )
