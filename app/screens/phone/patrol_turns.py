"""What changes a patrol under way: a pause with its reason, other means, a later return, the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import flet as ft

from app.screens.asking import use_look
from app.screens.parts.buttons import button_pair, secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.hold import hold_button
from app.screens.parts.surfaces import section_header
from app.screens.phone.frame import go
from app.screens.phone.safety import WatchLine
from app.screens.tokens import SPACE_3, Look
from app.state.patrol_draft import HOUR_MS
from app.state.session import Session
from app.state.walk import Walk
from app.texts import Texts

PAUSES: Final = ("rest", "meal", "weather", "order", "case", "other")
LATER_H: Final = (1, 2, 4)
Asking = Literal["", "pause", "leg", "extend"]


@ft.component
def PatrolTurns(session: Session, walk: Walk) -> ft.Control:
    """Draw the turns; a press on one that needs a word unfolds its answers under it."""
    look = use_look()
    nothing: Asking = ""
    asking, ask = ft.use_state(nothing)

    def toggle(which: Asking) -> Callable[[], None]:
        return lambda: ask("" if asking == which else which)

    first, second = _turn_buttons(session, look, walk, toggle)
    answers: dict[Asking, Callable[[], list[ft.Control]]] = {
        "pause": lambda: _ask_pause(session, look, lambda: ask("")),
        "leg": lambda: _ask_leg(session, look, lambda: ask("")),
        "extend": lambda: _ask_extend(session, look, lambda: ask("")),
    }
    asked = answers[asking]() if asking in answers else []
    end = hold_button(look, look.say("phone.patrol.end"), lambda: go("/patrol/end"), ident="end-patrol", icon=ft.Icons.FLAG)
    watch = WatchLine(session.safety.check_in, look)
    lines = [first, *asked, second, watch, end] if asking == "pause" else [first, second, *asked, watch, end]
    return ft.Column(lines, spacing=SPACE_3, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _turn_buttons(
    session: Session, look: Look, walk: Walk, toggle: Callable[[Asking], Callable[[], None]]
) -> tuple[ft.Control, ft.Control]:
    pause = secondary_button(
        look,
        look.say("phone.patrol.resume" if walk.paused else "phone.patrol.pause"),
        session.patrolling.resume if walk.paused else toggle("pause"),
        ident="resume" if walk.paused else "pause",
        icon=ft.Icons.PLAY_ARROW if walk.paused else ft.Icons.PAUSE,
        expand=True,
        snug=True,
    )
    pause.key = "resume" if walk.paused else "pause"  # an identifier is not changed in place on the web

    def turn(words: str, act: Callable[[], object], ident: str, icon: ft.IconData) -> ft.Control:
        return secondary_button(look, look.say(words), act, ident=ident, icon=icon, expand=True, snug=True)

    home = turn("phone.nav.today", lambda: go("/"), "to-today", ft.Icons.TODAY_OUTLINED)
    leg = turn("patrol.leg.button", toggle("leg"), "new-leg", ft.Icons.SWAP_HORIZ)
    later = turn("patrol.extend.button", toggle("extend"), "extend", ft.Icons.MORE_TIME)
    return button_pair(look, [pause, home]), button_pair(look, [leg, later])


def _ask_pause(session: Session, look: Look, done: Callable[[], None]) -> list[ft.Control]:
    choices = [Choice(code, look.say(f"patrol.pause.{code}")) for code in PAUSES]

    async def choose(chosen: frozenset[str]) -> None:
        code = next(iter(chosen), "other")
        done()
        # What stands in the journal is in the language of its papers.
        await session.patrolling.pause(reason=None if code == "other" else Texts("vi").say(f"patrol.pause.{code}"))

    chips = choice_chips(look, choices, (), choose, ident="pause-reason", dense=True)
    return [section_header(look, look.say("patrol.pause.why")), chips]


def _ask_leg(session: Session, look: Look, done: Callable[[], None]) -> list[ft.Control]:
    language = look.texts.language
    choices = [Choice(one.code, one.label.text(language)) for one in session.handset.catalogue.lists["transport"].choices]

    async def choose(chosen: frozenset[str]) -> None:
        done()
        for code in chosen:
            await session.patrolling.start_leg(code)

    chips = choice_chips(look, choices, (), choose, ident="leg", dense=True)
    return [section_header(look, look.say("patrol.leg.which")), chips]


def _ask_extend(session: Session, look: Look, done: Callable[[], None]) -> list[ft.Control]:
    choices = [Choice(str(hours), look.say("patrol.extend.by", count=hours)) for hours in LATER_H]

    async def choose(chosen: frozenset[str]) -> None:
        done()
        due_ms = session.patrol.return_due_ms if session.patrol else None
        for hours in chosen:
            from_ms = max(due_ms or 0, session.now_ms())
            await session.patrolling.extend(from_ms + int(hours) * HOUR_MS, reason=Texts("vi").say("patrol.extend.reason"))

    chips = choice_chips(look, choices, (), choose, ident="extend-by", dense=True)
    return [section_header(look, look.say("patrol.extend.how_long")), chips]
