"""Screens before the device is open: starting, waiting for the station's word, and trouble said plainly."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import flet as ft

from app.screens.asking import use_front, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.surfaces import card, empty_state, progress_notice
from app.screens.parts.text_scale import text_scale_probe
from app.screens.parts.words import body, display, headline, small, title
from app.screens.phone.frame import scrolled
from app.screens.phone.sos_bar import LockedNeed
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6, SPACE_8, Look
from app.state.front import Front
from app.state.handset import Stage
from app.state.session import Session

SHOW_PROGRESS_AFTER_S = 0.5


def gate_view(
    session: Session,
    look: Look,
    controls: Sequence[ft.Control],
    *,
    under: Sequence[ft.Control] = (),
    beside: Sequence[ft.Control] = (),
) -> ft.View:
    """A view without strip or tabs. What is pressed stands `under`, at the thumb, or `beside` the way to call for help."""

    def scaled(scale: float) -> None:
        session.text_scale = scale

    page: list[ft.Control] = [text_scale_probe(scaled), scrolled(look, [_brand(look), *controls], spacing=SPACE_4)]
    page.append(ft.Container(LockedNeed(session, session.safety, look, beside), padding=ft.Padding.only(bottom=SPACE_2)))
    if under:
        low = ft.Column(list(under), spacing=SPACE_3, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        page.append(ft.Container(low, padding=ft.Padding.only(left=look.margin, right=look.margin, top=SPACE_2, bottom=SPACE_6)))
    inside = ft.Column(page, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.View(route="/", padding=0, bgcolor=look.palette.paper, controls=[ft.SafeArea(inside, expand=True)])


def gate_heading(look: Look, words: str) -> ft.Text:
    """Large, unless the person reads so large that it would leave no room for what follows."""
    return title(look, words) if look.large_text else headline(look, words)


def _brand(look: Look) -> ft.Control:
    colour = look.palette.primary_edge
    name = body(look, look.say("app.name"), strong=True, colour=colour)
    return ft.Row([ft.Icon(ft.Icons.SHIELD_OUTLINED, size=24, color=colour), name], spacing=SPACE_2)


def tell_trouble(look: Look, happened: str, safe_words: str, to_do: str, *, icon: ft.IconData, ident: str) -> ft.Control:
    """What happened in large words, then what is safe, then what to do."""
    palette = look.palette

    def step(mark: ft.IconData, colour: str, heading: str, said: str) -> ft.Control:
        told = ft.Column([small(look, heading, strong=True, colour=colour), body(look, said)], spacing=0, tight=True, expand=True)
        row = ft.Row(
            [ft.Icon(mark, size=28, color=colour), told], spacing=SPACE_3, vertical_alignment=ft.CrossAxisAlignment.START
        )
        return card(look, [row])

    large = ft.Container(ft.Icon(icon, size=56, color=palette.urgent.mark), padding=ft.Padding.only(top=SPACE_8))
    lines: list[ft.Control] = [
        ft.Row([large]),
        gate_heading(look, happened),
        step(ft.Icons.CHECK_CIRCLE, palette.good.mark, look.say("failure.still_safe"), safe_words),
        step(ft.Icons.ARROW_CIRCLE_RIGHT, palette.primary_edge, look.say("failure.to_do"), to_do),
    ]
    column = ft.Column(lines, spacing=SPACE_4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Semantics(identifier=ident, live_region=True, container=True, content=column)


@ft.component
def StartingScreen() -> ft.View:
    """Draw nothing for half a second, then say that it takes a moment."""
    session, look = use_session(), use_look()
    slow, set_slow = ft.use_state(initial=False)

    async def wait() -> None:
        await asyncio.sleep(SHOW_PROGRESS_AFTER_S)
        set_slow(True)

    ft.use_effect(wait, [])
    return gate_view(session, look, [progress_notice(look, look.say("word.loading"))] if slow else [])


@ft.component
def WaitingScreen() -> ft.View:
    """Draw the check number that the duty officer compares, large enough to be read across a table."""
    session, look, front = use_session(), use_look(), use_front()
    number = session.handset.notebook.enrolment.check_number if session.handset.notebook else ""
    figure = ft.Semantics(
        identifier="check-number",
        label=" ".join(number),
        exclude_semantics=True,
        content=(headline if look.large_text else display)(look, f"{number[:3]} {number[3:]}"),
    )
    figures = ft.Column(
        [small(look, look.say("phone.enrol.check_number"), strong=True), figure],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    number_card = card(look, [ft.Row([figures], alignment=ft.MainAxisAlignment.CENTER)])
    return gate_view(
        session,
        look,
        [gate_heading(look, look.say("phone.enrol.waiting")), number_card, body(look, look.say("phone.enrol.waiting_how"))],
        under=[
            progress_notice(look, look.say("phone.enrol.waiting_now")),
            small(look, look.say("phone.enrol.waiting_safe")),
            _other_person(look, front),
        ],
    )


@ft.component
def RefusedScreen() -> ft.View:
    """Say that the station did not let this device in."""
    session, look, front = use_session(), use_look(), use_front()

    async def remove() -> None:
        await front.phone.let_leave(session.handset)

    told = tell_trouble(
        look,
        look.say("phone.enrol.refused"),
        look.say("phone.enrol.refused_safe"),
        look.say("phone.enrol.refused_next"),
        icon=ft.Icons.PHONELINK_ERASE,
        ident="refused",
    )
    words = look.say("phone.leave.refused")
    away = secondary_button(look, words, remove, ident="remove-refused", icon=ft.Icons.PERSON_REMOVE_OUTLINED, expand=True)
    return gate_view(session, look, [told], under=[ft.Row([away]), _other_person(look, front)])


def _other_person(look: Look, front: Front) -> ft.Control:
    words = look.say("phone.unlock.other_member")
    return ft.Row([secondary_button(look, words, front.ask_who, ident="other-person", icon=ft.Icons.GROUP_OUTLINED, expand=True)])


TROUBLE_ICONS = {
    Stage.SET_ASIDE: ft.Icons.INVENTORY_2_OUTLINED,
    Stage.BUSY: ft.Icons.TAB_UNSELECTED,
    Stage.UPDATE_FIRST: ft.Icons.SYSTEM_UPDATE,
    Stage.SECRET_LOST: ft.Icons.KEY_OFF,
}


@ft.component
def TroubleScreen() -> ft.View:
    """Say what is wrong with the store, what is safe, and what to do."""
    session, look = use_session(), use_look()
    under = []
    if session.stage is Stage.BUSY:
        under.append(primary_button(look, look.say("verb.retry"), session.try_again, ident="retry", icon=ft.Icons.REFRESH))
    return gate_view(session, look, [_trouble(session, look)], under=under)


def _trouble(session: Session, look: Look) -> ft.Control:
    code = session.stage.value
    if not look.texts.has(f"phone.trouble.{code}.what"):
        return empty_state(look, look.say("failure.title"), look.say("failure.next"), icon=ft.Icons.ERROR_OUTLINE)
    return tell_trouble(
        look,
        look.say(f"phone.trouble.{code}.what"),
        look.say(f"phone.trouble.{code}.safe"),
        look.say(f"phone.trouble.{code}.next"),
        icon=TROUBLE_ICONS.get(session.stage, ft.Icons.ERROR_OUTLINE),
        ident="error-notice",
    )
