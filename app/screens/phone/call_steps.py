"""The steps of a call for help, one under the other: what is done, what is going on, what is still to come."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_3, Look, Tone
from app.state.safety import Safety, Step, step_of
from app.store.open_call import OpenCall
from journal.clock import moment

_KNOWN = frozenset({"unreachable", "cut", "not_our_station"})


@dataclass(frozen=True)
class _Stage:
    """``at_ms`` is None while it has not come to it; ``told`` is what goes on meanwhile."""

    code: str
    at_ms: int | None
    told: str = ""


def is_sending(safety: Safety) -> bool:
    """Whether the first try is under way or about to begin."""
    line = safety.line
    return safety.session.handset.runner is not None and line.problem_code is None


def state_of(safety: Safety, call: OpenCall) -> str:
    """Which words tell the call: while the first try is under way it is not said that nobody hears."""
    step = step_of(call)
    return "sending" if step is Step.HERE and call.held is None and is_sending(safety) else step.value


def tone_of(look: Look, call: OpenCall) -> Tone:
    """Red until the station has it, amber until somebody answers, green from then on."""
    palette = look.palette
    tones = {Step.HERE: palette.urgent, Step.RECEIVED: palette.high, Step.ANSWERED: palette.good, Step.OVER: palette.calm}
    return tones[step_of(call)]


def draw_steps(safety: Safety, look: Look, call: OpenCall) -> ft.Control:
    """Draw the steps that this call takes; those never reached before it ended are left out."""
    rows = [_draw(look, stage, running=running) for stage, running in _stages(safety, look, call)]
    return card(look, rows, ident="sos-steps")


def _stages(safety: Safety, look: Look, call: OpenCall) -> list[tuple[_Stage, bool]]:
    received_ms = call.received_ms if call.held is None else None
    stages = [
        _Stage("saved", call.raised.raised_ms),
        _Stage("received", received_ms, _sending_words(safety, look)),
        _Stage("answered", call.answered_ms),
        _Stage("over", call.closed_ms),
    ]
    if call.is_over:
        return [(stage, False) for stage in stages if stage.at_ms is not None]
    first = next(number for number, stage in enumerate(stages) if stage.at_ms is None)
    return [(stage, number == first) for number, stage in enumerate(stages)]


def _draw(look: Look, stage: _Stage, *, running: bool) -> ft.Control:
    done = stage.at_ms is not None
    palette = look.palette
    icon, colour = (ft.Icons.CHECK_CIRCLE, palette.good.mark) if done else (ft.Icons.RADIO_BUTTON_UNCHECKED, palette.ink_soft)
    name = look.say(f"safety.step.{stage.code}")
    told = look.texts.hour(moment(stage.at_ms)) if stage.at_ms is not None else look.say("safety.step.not_yet")
    under = ""
    if running:
        icon, colour = ft.Icons.PENDING, palette.urgent.mark if stage.code == "received" else palette.high.mark
        if stage.code == "received":
            name, under = look.say("safety.step.sending"), stage.told
    words: list[ft.Control] = [body(look, name, strong=done or running, colour=None if done or running else palette.ink_soft)]
    if under:
        words.append(small(look, under))
    row = ft.Row(
        [
            ft.Icon(icon, size=24, color=colour),
            ft.Column(words, spacing=0, tight=True, expand=True),
            body(look, told, strong=done, colour=None if done else palette.ink_soft),
        ],
        spacing=SPACE_3,
    )
    label = look.say("safety.step.state", step=name, told=". ".join(one for one in (told, under) if one))
    ident = f"step-{stage.code}-{'done' if done else 'open'}"
    return ft.Semantics(identifier=ident, label=label, exclude_semantics=True, container=True, content=row)


def _sending_words(safety: Safety, look: Look) -> str:
    """How often it was tried, why the last try failed, when the next one comes."""
    line = safety.line
    if safety.session.handset.runner is None:
        return look.say("safety.problem.no_station")
    said = [look.say("safety.step.tries", count=line.tries)] if line.tries else []
    if line.problem_code is not None:
        code = line.problem_code
        key = f"safety.problem.{code}" if code in _KNOWN else "safety.problem.other"
        said.append(look.say(key, code=code))
    return " · ".join(said)
