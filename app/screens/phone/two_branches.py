"""What a person is told whose device came back as an old copy of itself, or whose key writes on two devices."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.screens.asking import use_look
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, title
from app.screens.tokens import SPACE_3, Look
from app.state.gauges import Gauges
from app.store.queries import HeldLine

FORKED = "forked"
CODES = ("station_holds_more", "station_holds_another_branch")
STEPS = ("keep", "held", "duty", "anew")


@ft.component
def BranchAdvice(gauges: Gauges, held: tuple[HeldLine, ...]) -> ft.Control:
    """Draw what happened, that nothing is lost, and the way out; nothing where there is one branch."""
    look = use_look()
    why = _why(gauges.sync.problem_code, held)
    return ft.Container(height=0) if why is None else _advice(look, why)


def _why(problem_code: str | None, held: Sequence[HeldLine]) -> str | None:
    if problem_code in CODES:
        return problem_code
    return FORKED if any(line.reason == FORKED for line in held) else None


def _advice(look: Look, why: str) -> ft.Control:
    tone = look.palette.held
    heading = ft.Row(
        [ft.Icon(ft.Icons.CALL_SPLIT, color=tone.mark, size=28), title(look, look.say("carry.branches.title"), expand=True)],
        spacing=SPACE_3,
    )
    lines: list[ft.Control] = [heading, body(look, look.say(f"carry.branches.why.{why}"))]
    for number, step in enumerate(STEPS, start=1):
        told = [body(look, f"{number}.", strong=True), body(look, look.say(f"carry.branches.step.{step}"), expand=True)]
        lines.append(ft.Row(list[ft.Control](told), spacing=SPACE_3, vertical_alignment=ft.CrossAxisAlignment.START))
    return ft.Semantics(identifier="two-branches", live_region=True, content=card(look, lines, tone=tone, spacing=SPACE_3))
