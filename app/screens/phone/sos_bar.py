"""What every screen of the phone has for need: the shield that is held, and the line that leads to the open call."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from app.screens.parts.hold import sos_pill, sos_shield
from app.screens.parts.press import Dress, press
from app.screens.parts.words import body
from app.screens.phone.call_steps import state_of, tone_of
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_4, Look
from app.state.handset import Stage
from app.state.safety import Safety
from app.state.session import Session

SOS_PATH = "/sos"


def caller(session: Session) -> Callable[[], object]:
    """What holding the shield does: the call is on disk before any screen shows it."""

    async def call() -> None:
        await session.safety.call_for_help()
        if session.stage is not Stage.LOCKED:
            ft.context.page.navigate(SOS_PATH)

    return call


def beater(session: Session) -> Callable[[], object]:
    """What the hand feels while it holds."""
    return lambda: session.run_task(session.safety.haptics.beat)


def draw_shield(session: Session, look: Look) -> ft.Control:
    """Draw the shield for screens without a strip."""
    return sos_shield(look, caller(session), beat=beater(session))


@ft.component
def LockedNeed(session: Session, safety: Safety, look: Look, beside: Sequence[ft.Control] = ()) -> ft.Control:
    """Draw, over the keys of the PIN, the way to call for help with what stands `beside` it, or to the call that is open."""
    if session.stage is not Stage.LOCKED or not safety.may_call:
        return ft.Container(height=0)
    if safety.call is not None:
        return SosBar(session, safety, look)
    pill = sos_pill(look, caller(session), beat=beater(session))
    middle = ft.MainAxisAlignment.CENTER
    return ft.Row([pill, *beside], alignment=middle, spacing=SPACE_3, run_spacing=SPACE_2, wrap=True)


@ft.component
def SosBar(session: Session, safety: Safety, look: Look) -> ft.Control:
    """Draw the line that leads to the open call from every screen; nothing while there is none."""
    call = safety.call
    shown = safety.in_front if session.stage is Stage.LOCKED else ft.context.page.route == SOS_PATH
    if call is None or shown:
        return ft.Container(height=0)
    tone = tone_of(look, call)
    said = look.say(f"safety.bar.{state_of(safety, call)}")
    line: list[ft.Control] = [
        ft.Icon(ft.Icons.SOS, size=26, color=tone.mark),
        body(look, said, colour=tone.mark, strong=True, expand=True),
        ft.Icon(ft.Icons.CHEVRON_RIGHT, size=24, color=tone.mark),
    ]
    dress = Dress(tone.soft, tone.mark, tone.mark, 1, 0, pad_y=SPACE_4, pad_x=SPACE_4)

    def show() -> None:
        if session.stage is Stage.LOCKED:
            safety.in_front = True
        else:
            ft.context.page.navigate(SOS_PATH)

    bar = press(look, ft.Row(line, spacing=SPACE_3), show, dress, ident="sos-bar", name=said, expand=True)
    return ft.Semantics(live_region=True, content=ft.Row([bar], spacing=0))
