"""Joining a station: the code, a PIN typed twice, a name for the device."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from app.screens.asking import use_front, use_look, use_session
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import error_notice, progress_notice
from app.screens.parts.words import body, small
from app.screens.phone.stages import gate_heading, gate_view
from app.screens.tokens import SPACE_1, Look
from app.state.front import Front
from app.state.handset import JoinFailed
from app.state.session import Session
from app.store.outcomes import WeakPin
from app.store.pin import judge_pin


@dataclass
class JoinForm:
    """What was typed so far; handlers read it when they are called."""

    code: str = ""
    pin: str = ""
    again: str = ""
    device_name: str = ""

    def find_missing(self, look: Look) -> dict[str, str]:
        """What to mend, in words, by field."""
        missing: dict[str, str] = {}
        if not self.code.strip():
            missing["code"] = look.say("phone.enrol.code_missing")
        weakness = judge_pin(self.pin)
        if weakness is not None:
            missing["pin"] = look.say(f"phone.weak_pin.{weakness.value}")
        elif self.pin != self.again:
            missing["again"] = look.say("phone.enrol.pins_differ")
        return missing


@ft.component
def JoinScreen() -> ft.View:
    """Draw the form, and what the station or the PIN's judge said to it."""
    session, look, front = use_session(), use_look(), use_front()
    form: ft.MutableRef[JoinForm] = ft.use_ref(lambda: JoinForm(device_name=session.handset.settings.device_name))
    missing, set_missing = ft.use_state(dict[str, str]())
    failed, set_failed = ft.use_state("")
    busy, set_busy = ft.use_state(initial=False)

    async def join() -> None:
        typed = form.current
        found = typed.find_missing(look)
        set_missing(found)
        if found:
            return
        set_busy(True)
        try:
            outcome = await session.join(typed.code, typed.pin, typed.device_name)
        finally:
            set_busy(False)
        if isinstance(outcome, JoinFailed):
            set_failed(outcome.code)
        elif isinstance(outcome, WeakPin):
            set_missing({"pin": look.say(f"phone.weak_pin.{outcome.why.value}")})

    controls: list[ft.Control] = [
        gate_heading(look, look.say("phone.enrol.title")),
        body(look, look.say("phone.enrol.how"), colour=look.palette.ink_soft),
    ]
    if failed and not busy:
        controls.append(_why_not(look, failed))
    controls += [*_fields(look, form.current, missing), _language_button(session, look)]
    under = (
        progress_notice(look, look.say("phone.enrol.joining"))
        if busy
        else primary_button(look, look.say("phone.enrol.join"), join, ident="join", icon=ft.Icons.LINK)
    )
    return gate_view(session, look, controls, under=[under, *([] if busy else _way_back(look, front))])


def _way_back(look: Look, front: Front) -> list[ft.Control]:
    """Where others share the phone, nobody has to join."""
    if not front.members:
        return []
    return [ft.Row([secondary_button(look, look.say("verb.back"), front.phone.stop_joining, ident="join-back", expand=True)])]


def _why_not(look: Look, failed: str) -> ft.Control:
    return error_notice(
        look,
        look.say(f"phone.join_failed.{failed}"),
        safe_words=look.say("phone.enrol.nothing_kept"),
        to_do=look.say(f"phone.join_next.{failed}"),
        ident="join-failed",
    )


def _fields(look: Look, form: JoinForm, missing: dict[str, str]) -> list[ft.Control]:
    def pin_field(name: str, key: str) -> ft.Control:
        return text_field(
            look,
            look.say(key),
            lambda text: setattr(form, name, text),
            ident=f"join-{name}",
            initial=getattr(form, name),
            missing=missing.get(name),
            keyboard=ft.KeyboardType.NUMBER,
            password=True,
        )

    return [
        text_field(
            look,
            look.say("phone.enrol.code"),
            lambda text: setattr(form, "code", text),
            ident="join-code",
            initial=form.code,
            hint="TT1.",
            missing=missing.get("code"),
        ),
        ft.Column(
            [pin_field("pin", "phone.enrol.choose_pin"), small(look, look.say("phone.enrol.pin_how"))],
            spacing=SPACE_1,
            tight=True,
        ),
        pin_field("again", "phone.enrol.repeat_pin"),
        text_field(
            look,
            look.say("phone.enrol.device_name"),
            lambda text: setattr(form, "device_name", text),
            ident="join-device",
            initial=form.device_name,
        ),
    ]


def _language_button(session: Session, look: Look) -> ft.Control:
    other = "en" if session.language == "vi" else "vi"
    return secondary_button(
        look, look.say(f"language.{other}"), session.switch_language, ident="switch-language", icon=ft.Icons.TRANSLATE
    )
