"""Things that happen only when held: ending a patrol, calling for help."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

import flet as ft

from app.screens.parts.safe import Act, safe
from app.screens.parts.words import body, small
from app.screens.tokens import HOLD_S, RADIUS_CONTROL, SPACE_3, SPACE_4, TOUCH_PRIMARY, Look, padding_for

_STEPS = 15
_BEAT_EVERY = 3
Draw = Callable[[float], ft.Control]


class _Grip:
    """One hold at a time: counts up, tells how far it is, and acts at the end."""

    def __init__(self, tell: Callable[[float], None], beat: Callable[[], object] | None) -> None:
        self._tell = tell
        self._beat = beat
        self._task: asyncio.Task[None] | None = None

    def begin(self, hold_s: float, act: Act) -> None:
        self.let_go()
        self._task = asyncio.create_task(self._count(hold_s, act))

    def let_go(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self._tell(0.0)

    async def _count(self, hold_s: float, act: Act) -> None:
        # By the clock, not by the steps: on a slow phone drawing the steps takes time of its own.
        loop = asyncio.get_running_loop()
        began_s, step = loop.time(), 0
        while (held := (loop.time() - began_s) / hold_s) < 1:
            self._tell(held)
            if self._beat is not None and step % _BEAT_EVERY == 0:
                self._beat()
            step += 1
            await asyncio.sleep(hold_s / _STEPS)
        # From here letting go no longer takes anything back.
        self._task = None
        self._tell(0.0)
        await safe(act)()


@ft.component
def Hold(
    look: Look,
    draw: Draw,
    act: Act,
    name: str,
    ident: str,
    hold_s: float = HOLD_S,
    beat: Callable[[], object] | None = None,
    key: ft.KeyValue | None = None,
) -> ft.Control:
    """Draw something with `draw(progress 0..1)` and do `act` once it was held for `hold_s` seconds.

    `beat` is called again and again meanwhile, for the hand to feel.
    A screen reader's long press does it at once: that gesture is deliberate by itself.
    """
    progress, set_progress = ft.use_state(0.0)
    grip = ft.use_memo(lambda: _Grip(set_progress, beat), [])
    ft.use_effect(lambda: None, [], cleanup=grip.let_go)
    let_go = safe(grip.let_go)
    return ft.Semantics(
        identifier=ident,
        label=name,
        hint_text=look.say("hold.hint", seconds=look.texts.number(hold_s, decimals=1)),
        button=True,
        exclude_semantics=True,
        on_long_press=safe(act),
        content=ft.GestureDetector(
            content=draw(progress),
            on_long_press_down=safe(lambda: grip.begin(hold_s, act)),
            on_long_press_cancel=let_go,
            on_long_press_end=let_go,
        ),
    )


def hold_button(
    look: Look, label: str, act: Act, *, ident: str, icon: ft.IconData | None = None, hold_s: float = HOLD_S
) -> ft.Control:
    """Draw a wide button that acts after being held, filling up meanwhile."""
    tone = look.palette.urgent

    def draw(progress: float) -> ft.Control:
        held = progress > 0
        seconds = look.texts.number(hold_s, decimals=1)
        # The same lines before and while it is held: nothing may move away under the finger.
        lines: list[ft.Control] = [
            body(look, look.say("hold.keep") if held else label, colour=tone.mark, strong=True),
            small(look, look.say("hold.hint", seconds=seconds)),
            ft.ProgressBar(value=progress, color=tone.mark, bgcolor=look.palette.line, bar_height=6, border_radius=3),
        ]
        inside: list[ft.Control] = [ft.Column(lines, spacing=2, tight=True, expand=True)]
        if icon is not None:
            inside.insert(0, ft.Icon(icon, color=tone.mark, size=28))
        return ft.Container(
            ft.Row(inside, spacing=SPACE_3),
            padding=ft.Padding.symmetric(horizontal=SPACE_4, vertical=padding_for(TOUCH_PRIMARY) // 2),
            bgcolor=tone.soft if held else look.palette.surface,
            border=ft.Border.all(2 if held else 1, tone.mark),
            border_radius=RADIUS_CONTROL,
        )

    return Hold(look, draw, act, label, ident, hold_s)


def sos_pill(look: Look, act: Act, *, beat: Callable[[], object] | None = None, hold_s: float = HOLD_S) -> ft.Control:
    """Draw the shield with its words, for a screen that has no strip."""
    tone = look.palette.urgent

    def draw(progress: float) -> ft.Control:
        held = progress > 0
        label = look.say("hold.keep") if held else look.say("hold.sos")
        line: list[ft.Control] = [_shield(look, progress), body(look, label, colour=tone.mark, strong=True)]
        return ft.Container(
            ft.Row(line, spacing=0, tight=True),
            padding=ft.Padding.only(right=SPACE_4),
            bgcolor=tone.soft if held else look.palette.surface,
            border=ft.Border.all(2 if held else 1, tone.mark),
            border_radius=RADIUS_CONTROL,
        )

    return Hold(look, draw, act, look.say("hold.sos"), "sos-shield", hold_s, beat)


def sos_shield(
    look: Look,
    act: Act,
    *,
    ident: str = "sos-shield",
    hold_s: float = HOLD_S,
    beat: Callable[[], object] | None = None,
) -> ft.Control:
    """Draw the shield of the strip; holding it calls for help."""
    return Hold(look, lambda progress: _shield(look, progress), act, look.say("hold.sos"), ident, hold_s, beat)


def _shield(look: Look, progress: float) -> ft.Control:
    tone = look.palette.urgent
    shield = ft.Icon(ft.Icons.SHIELD if progress else ft.Icons.SHIELD_OUTLINED, color=tone.mark, size=28)
    ring = ft.ProgressRing(
        value=progress, color=tone.mark, stroke_width=4, width=44, height=44, visible=not math.isclose(progress, 0)
    )
    ground = ft.Container(width=44, height=44, border_radius=22, bgcolor=tone.soft, border=ft.Border.all(1, tone.mark))
    return ft.Container(
        ft.Stack([ground, ring, shield], alignment=ft.Alignment.CENTER),
        width=look.touch,
        height=look.touch,
        alignment=ft.Alignment.CENTER,
        bgcolor=ft.Colors.TRANSPARENT,
    )
