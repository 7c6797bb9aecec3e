"""A new PIN typed twice: for who knows the old one, and for who lets the station's recovery key open the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import progress_notice
from app.screens.parts.words import body, small
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.stages import gate_heading, gate_view
from app.screens.tokens import Look
from app.store.outcomes import LockedOut, Unlocked, WeakPin, WrongPin, WrongRecoveryKey
from app.store.pin import judge_pin

Tried = TypeVar("Tried")


@dataclass
class PinForm:
    """What was typed so far; handlers read it when they are called, and a try that ends well empties it."""

    proof: str = ""
    """The old PIN, or the station's recovery key."""
    pin: str = ""
    again: str = ""

    def find_missing(self, look: Look, proof_missing: str) -> dict[str, str]:
        """What to mend, in words, by field."""
        missing: dict[str, str] = {}
        if not self.proof.strip():
            missing["proof"] = look.say(proof_missing)
        weakness = judge_pin(self.pin)
        if weakness is not None:
            missing["pin"] = look.say(f"phone.weak_pin.{weakness.value}")
        elif self.pin != self.again:
            missing["again"] = look.say("phone.enrol.pins_differ")
        return missing


def _fields(look: Look, form: PinForm, missing: dict[str, str], proof_words: str, *, digits: bool) -> list[ft.Control]:
    def field(name: str, words: str, *, number: bool) -> ft.Control:
        return text_field(
            look,
            words,
            lambda text: setattr(form, name, text),
            ident=f"pin-{name}",
            initial=getattr(form, name),
            missing=missing.get(name),
            keyboard=ft.KeyboardType.NUMBER if number else ft.KeyboardType.VISIBLE_PASSWORD,
            password=number,
        )

    return [
        field("proof", proof_words, number=digits),
        field("pin", look.say("phone.pin.new"), number=True),
        small(look, look.say("phone.enrol.pin_how")),
        field("again", look.say("phone.pin.again"), number=True),
    ]


@dataclass(frozen=True)
class Trying:
    """A form for a new PIN, and how its try stands."""

    form: PinForm
    missing: dict[str, str]
    busy: bool
    try_it: Callable[[], Awaitable[None]]


def use_trying(
    look: Look, proof_missing: str, attempt: Callable[[str, str], Awaitable[Tried]], judge: Callable[[Tried], dict[str, str]]
) -> Trying:
    """What was typed is tried once it is whole; ``judge`` acts on the outcome and says what to mend, in words, by field."""
    form: ft.MutableRef[PinForm] = ft.use_ref(PinForm)
    missing, set_missing = ft.use_state(dict[str, str]())
    busy, set_busy = ft.use_state(initial=False)

    async def try_it() -> None:
        typed = form.current
        found = typed.find_missing(look, proof_missing)
        set_missing(found)
        if found:
            return
        set_busy(True)
        try:
            outcome = await attempt(typed.proof, typed.pin)
        finally:
            set_busy(False)
        mend = judge(outcome)
        if not mend:
            form.current = PinForm()
        set_missing(mend)

    return Trying(form.current, missing, busy, try_it)


def _mend_pin(look: Look, why: WeakPin) -> dict[str, str]:
    return {"pin": look.say(f"phone.weak_pin.{why.why.value}")}


@ft.component
def ChangePinScreen() -> ft.View:
    """Draw the old PIN and the new one twice."""
    session, look = use_session(), use_look()

    def judge(outcome: Unlocked | WrongPin | LockedOut | WeakPin) -> dict[str, str]:
        match outcome:
            case Unlocked():
                session.say_done("phone.pin.done")
                go("/settings")
            case WrongPin(left):
                return {"proof": look.say("phone.pin.wrong", count=left)}
            case WeakPin():
                return _mend_pin(look, outcome)
            case LockedOut():
                go("/")
                session.unlock_outcome = outcome
        return {}

    async def change(old: str, pin: str) -> Unlocked | WrongPin | LockedOut | WeakPin:
        outcome = await session.own_vault.change_pin(old, pin)
        if isinstance(outcome, LockedOut):
            await session.lock()
        return outcome

    trying = use_trying(look, "phone.pin.old_missing", change, judge)
    controls: list[ft.Control] = [body(look, look.say("phone.pin.how"))]
    controls += _fields(look, trying.form, trying.missing, look.say("phone.pin.old"), digits=True)
    button = primary_button(look, look.say("phone.pin.do"), trying.try_it, ident="pin-change", icon=ft.Icons.PASSWORD)
    bottom = [progress_notice(look, look.say("word.loading")) if trying.busy else button]
    words = look.say("phone.pin.title")
    return screen(session, look, words, scrolled(look, controls), back="/settings", bottom=bottom, ident="change-pin")


@ft.component
def RecoverScreen(on_back: Callable[[], object]) -> ft.View:
    """Draw what opens a store whose PIN is forgotten: the station's key and a new PIN."""
    session, look = use_session(), use_look()

    def judge(outcome: Unlocked | WrongRecoveryKey | WeakPin) -> dict[str, str]:
        match outcome:
            case Unlocked():
                session.unlock_outcome = None
                return {}
            case WrongRecoveryKey():
                return {"proof": look.say("phone.forgot.wrong_key")}
            case WeakPin():
                return _mend_pin(look, outcome)

    trying = use_trying(look, "phone.forgot.key_missing", session.own_vault.recover, judge)
    controls: list[ft.Control] = [
        gate_heading(look, look.say("phone.forgot.title")),
        body(look, look.say("phone.forgot.how"), colour=look.palette.ink_soft),
        *_fields(look, trying.form, trying.missing, look.say("phone.forgot.key"), digits=False),
    ]
    busy: list[ft.Control] = [progress_notice(look, look.say("phone.forgot.working"))]
    under = busy if trying.busy else _ways(look, trying.try_it, on_back)
    return gate_view(session, look, controls, under=under)


def _ways(look: Look, recover: Act, on_back: Act) -> list[ft.Control]:
    return [
        primary_button(look, look.say("phone.forgot.do"), recover, ident="recover", icon=ft.Icons.LOCK_OPEN),
        ft.Row([secondary_button(look, look.say("verb.back"), on_back, ident="recover-back", expand=True)]),
    ]
