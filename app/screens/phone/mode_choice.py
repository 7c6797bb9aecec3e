"""How closely a team is followed, for the sheet of a patrol: its modes, the hour at which the battery ends, the gaps so far."""

from __future__ import annotations

from functools import partial

import flet as ft

from app.patrol.modes import LOW_PERCENT, Mode
from app.screens.parts.buttons import secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.gaps import gap_words
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_1, SPACE_2, Look
from app.state.gauges import Gauges
from app.state.session import Session
from app.state.walk import Walk
from journal.clock import moment

SHOWN_GAPS = 3


@ft.component
def ModeChoice(session: Session, gauges: Gauges, look: Look) -> ft.Control:
    """Draw the modes with the chosen one marked. Below 15 % of the battery it proposes saving; nothing is switched by itself."""
    mode = session.tracking.mode

    async def choose(chosen: frozenset[str]) -> None:
        for code in chosen:
            await session.tracking.switch_mode(Mode(code))

    choices = [Choice(one.value, look.say(f"track.mode.{one.value}")) for one in Mode]
    inside: list[ft.Control] = [
        small(look, look.say("track.mode.title")),
        choice_chips(look, choices, {mode.value}, choose, ident="mode"),
        small(look, f"{look.say(f'track.mode.{mode.value}_hint')}. {battery_words(look, gauges)}."),
    ]
    if gauges.battery_low and mode is not Mode.SAVING:
        inside.append(body(look, look.say("track.mode.low", percent=LOW_PERCENT), colour=look.palette.urgent.mark))
        save = partial(session.tracking.switch_mode, Mode.SAVING)
        inside.append(secondary_button(look, look.say("track.mode.save"), save, ident="mode-save", icon=ft.Icons.BATTERY_SAVER))
    return ft.Semantics(identifier="mode-choice", container=True, content=ft.Column(inside, spacing=SPACE_2, tight=True))


def battery_words(look: Look, gauges: Gauges) -> str:
    """The hour at which the battery will end in this mode, and by what it is told."""
    end = gauges.battery_end
    if end is None:
        return look.say("track.mode.unknown")
    return look.say("track.mode.until" if end.measured else "track.mode.until_default", time=look.texts.hour(moment(end.at_ms)))


@ft.component
def GapLines(walk: Walk, look: Look) -> ft.Control:
    """Draw the last gaps of the track, each with its length and why; nothing when there is none."""
    lines: list[ft.Control] = []
    for gap in walk.gaps[-SHOWN_GAPS:]:
        icon = ft.Icon(ft.Icons.LOCATION_DISABLED, size=20, color=look.palette.high.mark)
        lines.append(ft.Row([icon, body(look, gap_words(look, gap), expand=True)], spacing=SPACE_2))
    return ft.Semantics(identifier="track-gaps", container=True, content=ft.Column(lines, spacing=SPACE_1, tight=True))
