"""The man-down timer: the question over everything else, the line that leads to it, and how it is set."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from app.screens.asking import use_look, use_session
from app.screens.parts.buttons import danger_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.press import press, primary_dress, quiet_dress
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, display, headline, small, title
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.stages import gate_view
from app.screens.tokens import HEADLINE, SEMIBOLD, SPACE_3, SPACE_4, Look
from app.state.check_in import EVERY_MIN, CheckIn
from app.state.safety import Safety
from app.state.session import Session

_OFF = "off"
_ANSWER_PAD = 110
_MINUTE_S = 60


@ft.component
def WellScreen(session: Session, safety: Safety, check_in: CheckIn) -> ft.View:
    """Ask, over whatever else was on the screen; one touch is enough, and it is the largest thing here."""
    look = use_look()
    alone = "_alone" if check_in.alone else ""
    heading = headline(look, look.say(f"safety.well.question{alone}"))
    left = look.say("safety.well.left", count=check_in.left_s)
    figure = ft.Semantics(
        identifier="well-left", live_region=True, content=(headline if look.large_text else display)(look, left)
    )
    figure_row = ft.Row([figure], wrap=True)
    said = [ft.Semantics(header=True, content=heading), figure_row, body(look, look.say("safety.well.how"))]

    async def need_help() -> None:
        await safety.call_for_help()

    # The one touch is for a cold hand in the dark: half of the screen is the button.
    dress = replace(primary_dress(look), font_size=HEADLINE, font_family=SEMIBOLD, pad_y=_ANSWER_PAD)
    answer = press(look, look.say(f"safety.well.yes{alone}"), check_in.confirm, dress, ident="well-yes", expand=True)
    yes = ft.Row([answer])
    no = danger_button(look, look.say("safety.well.need_help"), need_help, ident="well-no", icon=ft.Icons.SOS, expand=True)
    view = gate_view(
        session,
        look,
        [ft.Semantics(identifier="well-screen", content=ft.Column(said, spacing=SPACE_4, tight=True))],
        under=[yes, ft.Row([no])],
    )
    return view


@ft.component
def WatchLine(check_in: CheckIn, look: Look) -> ft.Control:
    """Draw how the timer stands; pressing it leads to where it is set. For the patrol's sheet and the settings."""
    said = _state(look, check_in)
    inside = ft.Row(
        [
            ft.Icon(ft.Icons.NOTIFICATIONS_ACTIVE if check_in.is_on else ft.Icons.NOTIFICATIONS_NONE, size=24),
            ft.Column(
                [body(look, look.say("safety.watch.title"), strong=True), small(look, said)], spacing=0, tight=True, expand=True
            ),
            ft.Icon(ft.Icons.CHEVRON_RIGHT, size=24),
        ],
        spacing=SPACE_3,
    )
    name = f"{look.say('safety.watch.title')}: {said}"
    dress = replace(quiet_dress(look), pad_y=SPACE_3)
    button = press(look, inside, lambda: go("/safety"), dress, ident="open-watch", name=name, expand=True)
    return ft.Row([button])


def _state(look: Look, check_in: CheckIn) -> str:
    if check_in.every_min is None:
        return look.say("safety.watch.off")
    return look.say("safety.watch.on_alone" if check_in.alone else "safety.watch.on", count=check_in.every_min)


@ft.component
def WatchScreen() -> ft.View:
    """Draw how often to ask, and whether somebody is alone."""
    session, look = use_session(), use_look()
    content = WatchSettings(session.safety.check_in, look)
    return screen(session, look, look.say("safety.watch.title"), scrolled(look, [content]), ident="watch-screen")


@ft.component
def WatchSettings(check_in: CheckIn, look: Look) -> ft.Control:
    """Draw the choices; each press takes effect at once."""
    choices = [Choice(_OFF, look.say("safety.watch.off"))]
    choices += [Choice(str(every), look.say("safety.watch.every", count=every)) for every in EVERY_MIN]
    chosen = _OFF if check_in.every_min is None else str(check_in.every_min)

    async def choose(picked: frozenset[str]) -> None:
        code = next(iter(picked), chosen)
        if code == _OFF:
            await check_in.stop()
        else:
            await check_in.start(int(code), alone=check_in.alone)

    async def choose_alone(picked: frozenset[str]) -> None:
        await check_in.go_alone(alone=bool(picked))

    lone = [Choice("alone", look.say("safety.watch.alone"), ft.Icons.PERSON_OUTLINED)]
    parts: list[ft.Control] = [
        body(look, look.say("safety.watch.how")),
        choice_chips(look, choices, {chosen}, choose, ident="watch"),
        choice_chips(look, lone, {"alone"} if check_in.alone else set(), choose_alone, ident="watch"),
    ]
    if check_in.is_on:
        left = look.texts.clock(check_in.left_s) if check_in.left_s >= _MINUTE_S else look.say("age.now")
        parts.append(card(look, [title(look, look.say("safety.watch.next", time=left))], ident="watch-next"))
    parts.append(small(look, look.say("safety.watch.lives")))
    return ft.Column(parts, spacing=SPACE_4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
