"""The call for help: how far it has come, in steps that cannot be lost silently; what to read over the radio; how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import flet as ft

from app.record import CALL_KINDS, NO_ANSWER
from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import button_pair, danger_button, primary_button, secondary_button, text_button
from app.screens.parts.choices import Choice, choice_chips, stepper
from app.screens.parts.safe import Act
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, headline, small, title
from app.screens.phone.call_steps import draw_steps, state_of, tone_of
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.stages import gate_view
from app.screens.phone.unlock import UnlockScreen
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_4, Look
from app.screens.told import reason_words
from app.state.call_text import write_call
from app.state.handset import Stage
from app.state.safety import Safety, Step, step_of
from app.state.session import Session
from app.store.open_call import OpenCall
from app.texts import Texts
from journal.clock import moment
from journal.entries import Value

OUTCOMES = ("safe", "helped", "mistake")
_LOGGED_KIND = "an_toan_to"


@ft.component
def SosScreen() -> ft.View:
    """Draw the call over the tabs."""
    session = use_session()
    return OpenedCall(session, session.safety)


@ft.component
def OpenedCall(session: Session, safety: Safety) -> ft.View:
    """Draw the call on an open device. Its end is a page of its own, seen from the top: little is left of what was scrolled."""
    look = use_look()
    over = safety.call is not None and safety.call.is_over
    page = scrolled(look, [SosBody(session, safety, look)])
    page.key = "over" if over else "open"
    return screen(session, look, look.say("safety.title"), page, ident="sos-screen")


@ft.component
def LockedGate(session: Session, safety: Safety) -> ft.View:
    """Draw the keys of the PIN, or the call for help that goes on without them."""
    # Each is a component of its own: the client does not follow a view that takes the place of a component.
    return LockedCall(session, safety) if safety.in_front else UnlockScreen()


@ft.component
def LockedCall(session: Session, safety: Safety) -> ft.View:
    """Draw the call on a locked device, with the way back to the PIN."""
    look = use_look()

    def leave() -> None:
        safety.in_front = False

    back = secondary_button(look, look.say("safety.to_pin"), leave, ident="to-pin", icon=ft.Icons.LOCK_OPEN, expand=True)
    return gate_view(session, look, [SosBody(session, safety, look)], under=[ft.Row([back])])


@ft.component
def SosBody(session: Session, safety: Safety, look: Look) -> ft.Control:
    """Draw everything about the open call; without one, the way to raise it."""
    ending, set_ending = ft.use_state(initial=False)
    call = safety.call
    if call is None:
        return _column([body(look, look.say("safety.what_it_does"))])
    parts: list[ft.Control] = [_head(safety, look, call)]
    if safety.take_back_ms > 0 and not call.is_over:
        seconds = -(-safety.take_back_ms // 1000)
        mistake = look.say("safety.take_back", count=seconds)
        parts.append(_wide(secondary_button(look, mistake, _closing(safety, "mistake"), ident="sos-take-back", expand=True)))
    parts.append(draw_steps(safety, look, call))
    if call.is_over:
        return _column([*parts, primary_button(look, look.say("safety.put_away"), _put_away(safety), ident="sos-put-away")])
    if step_of(call) is Step.HERE:
        parts.append(_to_do(look))
    text = CallText(session, look, call)
    told = [_kinds(safety, look, call), _people(safety, look, call)]
    parts += [text, *told] if step_of(call) is Step.HERE else [*told, text]
    if session.stage is Stage.OPEN:
        note, logged = ft.Icons.EDIT_NOTE, look.say("safety.to_log")
        parts.append(_wide(secondary_button(look, logged, _log(session, call), ident="sos-log", icon=note, expand=True)))
    if ending:
        return _column([*parts, _ending(safety, look, lambda: set_ending(False))])
    end = danger_button(
        look, look.say("safety.end"), lambda: set_ending(True), ident="sos-end", icon=ft.Icons.FLAG_OUTLINED, expand=True
    )
    return _column([*parts, _wide(end)])


def _column(parts: Sequence[ft.Control]) -> ft.Control:
    return ft.Column(list(parts), spacing=SPACE_4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _wide(button: ft.Control) -> ft.Control:
    return ft.Row([button])


def _head(safety: Safety, look: Look, call: OpenCall) -> ft.Control:
    tone, state = tone_of(look, call), state_of(safety, call)
    icon = {
        "here": ft.Icons.HEARING_DISABLED,
        "sending": ft.Icons.CELL_TOWER,
        "received": ft.Icons.CLOUD_DONE_OUTLINED,
        "answered": ft.Icons.SUPPORT_AGENT,
        "over": ft.Icons.CHECK_CIRCLE_OUTLINE,
    }[state]
    heading = title if look.large_text else headline
    lines: list[ft.Control] = [heading(look, look.say(f"safety.head.{state}"), colour=tone.mark)]
    lines += [body(look, one) for one in _under(safety, look, call, state)]
    told = ft.Column(lines, spacing=2, tight=True, expand=True)
    row = ft.Row([ft.Icon(icon, size=40, color=tone.mark), told], spacing=SPACE_3, vertical_alignment=ft.CrossAxisAlignment.START)
    return ft.Semantics(identifier=f"sos-{state}", live_region=True, container=True, content=card(look, [row], tone=tone))


def _under(safety: Safety, look: Look, call: OpenCall, state: str) -> list[str]:
    if call.held is not None and not call.is_over:
        return [look.say("safety.held", reason=reason_words(look, call.held))]
    said: list[str] = []
    if call.raised.kind == NO_ANSWER and not call.is_over:
        said.append(look.say("safety.raised_by_timer"))
    if state == "answered":
        time = look.texts.hour(moment(call.answered_ms or 0))
        name = safety.desk_name
        key = "safety.under.answered_nameless" if name is None else "safety.under.answered"
        said.append(look.say(key, time=time, who=name or ""))
        return [*said, call.answer] if call.answer else said
    return [*said, look.say(f"safety.under.{state}", outcome=call.outcome or "")]


def _to_do(look: Look) -> ft.Control:
    steps = (("radio", ft.Icons.CELL_TOWER), ("high", ft.Icons.LANDSCAPE_OUTLINED), ("text", ft.Icons.SMS_OUTLINED))
    rows: list[ft.Control] = [title(look, look.say("safety.todo.title"))]
    rows += [
        ft.Row(
            [ft.Icon(icon, size=26, color=look.palette.ink), body(look, look.say(f"safety.todo.{code}"), expand=True)],
            spacing=SPACE_3,
        )
        for code, icon in steps
    ]
    return card(look, rows, spacing=SPACE_3)


@ft.component
def CallText(session: Session, look: Look, call: OpenCall) -> ft.Control:
    """Draw the words to read aloud, large, with the ways to send them that need no station. They are always Vietnamese."""
    launcher: ft.UrlLauncher = ft.use_memo(ft.UrlLauncher, [])
    clipboard: ft.Clipboard = ft.use_memo(ft.Clipboard, [])
    share: ft.Share = ft.use_memo(ft.Share, [])
    enrolled = session.notebook.enrolment
    name = session.who.name if session.who else enrolled.person_name
    words = write_call(Texts("vi"), call, person=name, unit=enrolled.unit_name, places=session.places)

    async def text() -> None:
        await launcher.launch_url(f"sms:?body={quote(words)}")

    async def copy() -> None:
        await clipboard.set(words)
        session.say_done("safety.copied")

    async def hand_on() -> None:
        await share.share_text(words)

    ways = [
        secondary_button(look, look.say("safety.copy"), copy, ident="sos-copy", icon=ft.Icons.CONTENT_COPY, expand=1, snug=True),
        secondary_button(look, look.say("safety.share"), hand_on, ident="sos-share", icon=ft.Icons.SHARE, expand=1, snug=True),
    ]
    sms = secondary_button(look, look.say("safety.sms"), text, ident="sos-sms", icon=ft.Icons.SMS_OUTLINED, expand=True)
    lines: list[ft.Control] = [
        small(look, look.say("safety.text_title"), strong=True),
        ft.Semantics(identifier="sos-text", content=title(look, words)),
        _wide(sms),
        button_pair(look, ways),
    ]
    return card(look, lines, spacing=SPACE_3)


def _kinds(safety: Safety, look: Look, call: OpenCall) -> ft.Control:
    choices = [Choice(code, look.say(f"safety.kind.{code}")) for code in CALL_KINDS]

    async def choose(picked: frozenset[str]) -> None:
        for code in picked:
            await safety.say_what(code)

    chips = choice_chips(look, choices, {call.raised.kind}, choose, ident="sos-kind")
    heading = ft.Semantics(header=True, content=title(look, look.say("safety.kind_title")))
    return ft.Column([heading, chips], spacing=SPACE_2, tight=True)


def _people(safety: Safety, look: Look, call: OpenCall) -> ft.Control:
    return stepper(look, look.say("safety.people"), call.raised.people, safety.say_how_many, ident="sos-people", least=1)


def _ending(safety: Safety, look: Look, go_on: Act) -> ft.Control:
    """Two presses apart from the call itself, so that no sleeve ends it."""
    rows: list[ft.Control] = [title(look, look.say("safety.end_why"))]
    for code in OUTCOMES:
        said = look.say(f"safety.outcome.{code}")
        rows.append(_wide(secondary_button(look, said, _closing(safety, code), ident=f"sos-end-{code}", expand=True)))
    rows.append(text_button(look, look.say("safety.go_on"), go_on, ident="sos-go-on"))
    return card(look, rows, spacing=SPACE_3)


def _closing(safety: Safety, code: str) -> Act:
    """The outcome is a word of the journal and so Vietnamese, whatever the screen speaks."""

    async def close() -> None:
        await safety.close(Texts("vi").say(f"safety.outcome.{code}"))

    return close


def _put_away(safety: Safety) -> Act:
    async def put_away() -> None:
        await safety.put_away()
        if safety.session.stage is Stage.OPEN:
            go("/")

    return put_away


def _log(session: Session, call: OpenCall) -> Act:
    async def begin() -> None:
        draft = session.begin_record(_LOGGED_KIND)
        raised, state = call.raised, "da_phat" if step_of(call) is Step.HERE else "da_nhan"
        values: dict[str, Value] = {"sos": state}
        known = session.handset.catalogue.kind(_LOGGED_KIND)
        asked = next((field for field in known.fields if field.code == "incident"), None) if known else None
        if asked is not None and raised.kind in {choice.code for choice in asked.choices}:
            values["incident"] = raised.kind
        if raised.people is not None:
            values |= {"people_min": raised.people, "people_max": raised.people}
        draft.change(values={**draft.content.values, **values})
        go(f"/record/{draft.key}")

    return begin
