"""Handing the own work to a phone nearby: which one, its code, and how it ended."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.asking import use_loaded, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import banner, card, progress_notice, section_header
from app.screens.parts.words import body, small
from app.screens.phone.carry import nothing_waits, photo_choice, plan_words
from app.screens.phone.frame import screen, scrolled
from app.screens.tokens import SPACE_3, Look
from app.state.carry_page import CODE_DIGITS, CarryPage, OnItsWay, read_where
from app.state.session import Session
from app.sync.bundle import Photos, Plan
from app.sync.giving import Given, NotGiven, Where


class _Typed:
    """What is typed; read when the button is pressed."""

    def __init__(self) -> None:
        self.address = ""
        self.code = ""


@ft.component
def CarryGive() -> ft.View:
    """Draw the page of who needs to send."""
    session, look = use_session(), use_look()
    return screen(
        session, look, look.say("carry.give.title"), GivePage(session, session.carrying), back="/send", ident="carry-give-screen"
    )


@ft.component
def GivePage(session: Session, carrying: CarryPage) -> ft.Control:
    look = use_look()
    typed = ft.use_memo(_Typed, [])
    chosen, choose = ft.use_state(Photos.SMALL)
    picked, pick = ft.use_state("")
    wrong, say_wrong = ft.use_state("")
    plan = use_loaded(lambda: carrying.plan(chosen), session.revision, chosen)
    ft.use_effect(carrying.look_around, [], carrying.forget_outcome)

    async def give() -> None:
        near = next((one for one in carrying.near if one.writer == picked), None)
        read = (Where(near.hosts, near.port, near.writer), "") if near is not None else read_where(typed.address)
        code = "".join(typed.code.split()) or (read[1] if read is not None else "")
        say_wrong("carry.give.address_wrong" if read is None else "" if _is_code(code) else "carry.give.code_wrong")
        if read is not None and _is_code(code):
            await carrying.give(read[0], code, chosen)

    controls: list[ft.Control] = [body(look, look.say("carry.give.how"))]
    if carrying.outcome is not None:
        controls.append(_outcome(look, carrying, carrying.outcome))
    controls += _who(look, carrying, picked, pick, typed)
    if wrong:
        controls.append(banner(look, look.say(wrong), "warning"))
    if carrying.going is not None:
        controls.append(_going(look, carrying.going))
    else:
        words = look.say("carry.give.do")
        controls.append(primary_button(look, words, give, ident="give", icon=ft.Icons.SEND_TO_MOBILE))
    controls += _what(look, plan, chosen, choose)
    controls.append(small(look, look.say("carry.still_here")))
    return scrolled(look, controls)


def _is_code(code: str) -> bool:
    return len(code) == CODE_DIGITS and code.isascii() and code.isdigit()


def _who(look: Look, carrying: CarryPage, picked: str, pick: Callable[[str], object], typed: _Typed) -> list[ft.Control]:
    """The phones that were heard, or the address of one; and its code."""

    def change(codes: frozenset[str]) -> None:
        pick(next(iter(codes), ""))

    def type_address(text: str) -> None:
        typed.address = text

    def type_code(text: str) -> None:
        typed.code = text

    lines: list[ft.Control] = [section_header(look, look.say("carry.give.near"))]
    known = [one for one in carrying.near if carrying.name_of(one.writer) is not None]
    if known:
        choices = [Choice(one.writer, carrying.name_of(one.writer) or one.writer) for one in known]
        lines.append(choice_chips(look, choices, {picked}, change, ident="near"))
    elif not carrying.looking:
        lines.append(small(look, look.say("carry.give.nobody")))
    if carrying.looking:
        lines.append(progress_notice(look, look.say("carry.give.looking")))
    else:
        again = secondary_button(
            look, look.say("carry.give.look"), carrying.look_around, ident="look-around", icon=ft.Icons.WIFI_FIND, expand=True
        )
        lines.append(ft.Row([again]))
    if not picked:
        label, hint = look.say("carry.give.address"), look.say("carry.give.address_hint")
        lines.append(text_field(look, label, type_address, ident="give-address", initial=typed.address, hint=hint, private=True))
    number = ft.KeyboardType.NUMBER
    lines.append(
        text_field(
            look, look.say("carry.give.code"), type_code, ident="give-code", initial=typed.code, keyboard=number, private=True
        )
    )
    return lines


def _what(look: Look, plan: Plan | None, chosen: Photos, choose: Callable[[Photos], object]) -> list[ft.Control]:
    if plan is None:
        return []
    if plan.is_empty:
        return [nothing_waits(look)]
    return [*photo_choice(look, chosen, choose), plan_words(look, plan)]


def _going(look: Look, going: OnItsWay) -> ft.Control:
    if not going.size_bytes:
        return progress_notice(look, look.say("carry.give.meeting"))
    told = look.say("carry.give.going", sent=look.texts.size(going.sent_bytes), size=look.texts.size(going.size_bytes))
    return progress_notice(look, told, done=going.sent_bytes / going.size_bytes)


def _outcome(look: Look, carrying: CarryPage, outcome: Given | NotGiven) -> ft.Control:
    given = outcome.given if isinstance(outcome, NotGiven) else outcome
    lines: list[ft.Control] = []
    tone, icon = look.palette.good, ft.Icons.BACKPACK_OUTLINED
    if isinstance(outcome, NotGiven):
        tone, icon = look.palette.high, ft.Icons.ERROR_OUTLINE
        key = f"carry.give.failed.{outcome.why}"
        lines.append(body(look, look.say(key if look.texts.has(key) else "carry.give.failed.other"), strong=True))
    if given is not None and given.bundles:
        name = carrying.name_of(given.carrier) or look.say("carry.take.unknown", writer=given.carrier[:4])
        lines.append(body(look, look.say("carry.give.done", name=name, size=look.texts.size(given.size_bytes)), strong=True))
        lines.append(small(look, look.say("carry.give.not_received")))
    if given is not None and given.told:
        lines.append(body(look, look.say("carry.give.told", count=given.told)))
    if not lines:
        lines.append(body(look, look.say("carry.give.nothing_more")))
    told = ft.Row(
        [ft.Icon(icon, color=tone.mark, size=24), ft.Column(lines, spacing=2, tight=True, expand=True)], spacing=SPACE_3
    )
    return ft.Semantics(identifier="give-outcome", live_region=True, content=card(look, [told], tone=tone))
