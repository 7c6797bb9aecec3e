"""How predictable patrols have become, in sentences; under them the hours and the days of the week on which they set out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import flet as ft

from app.patrol.habits import FEWEST_TO_TELL, WIDEST_H, Habits, Verdict
from app.screens.desk.reading import Reader
from app.screens.parts.bars import Bar, bar_chart
from app.screens.parts.buttons import text_button
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, headline, small
from app.screens.tokens import RADIUS_CARD, SPACE_2, SPACE_3, SPACE_4, Look, Tone
from app.state.desk_line import LineDesk, LineTab

_ENOUGH_FOR_DAYS: Final = 7
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ICONS: Final = {
    Verdict.TOO_FEW: ft.Icons.HOURGLASS_EMPTY,
    Verdict.EASY: ft.Icons.VISIBILITY,
    Verdict.FAIR: ft.Icons.VISIBILITY_OUTLINED,
    Verdict.HARD: ft.Icons.SHIELD_OUTLINED,
}


def draw_habits(line: LineDesk, reader: Reader, habits: Habits, width: float) -> ft.Control:
    """Draw the verdict with its reasons, each with its patrols, and the two charts."""
    look = reader.look
    parts: list[ft.Control] = [_verdict(line, look, habits)]
    if habits.turns:
        parts += [
            section_header(look, look.say("line.habits.hours")),
            bar_chart(look, _hours(line, look, habits), ident="hour", width=width),
            section_header(look, look.say("line.habits.weekdays")),
            bar_chart(look, _weekdays(line, look, habits), ident="weekday", width=width, height=110),
        ]
    return ft.Column(parts, spacing=SPACE_2, tight=True)


def _tone(look: Look, verdict: Verdict) -> Tone:
    palette = look.palette
    return {
        Verdict.TOO_FEW: palette.calm, Verdict.EASY: palette.urgent, Verdict.FAIR: palette.high, Verdict.HARD: palette.good,
    }[verdict]  # fmt: skip


def draw_verdict_short(line: LineDesk, look: Look, habits: Habits) -> ft.Control:
    """The verdict with its first reason, as a door to the rest."""
    tone = _tone(look, habits.verdict)
    said = look.say(f"line.habits.verdict.{habits.verdict.value}")
    told = f"{look.say('line.habits.told')}: {said.lower()}"
    inside = ft.Row(
        [
            ft.Icon(_ICONS[habits.verdict], size=24, color=tone.mark),
            ft.Column(
                [
                    body(look, told, strong=True, colour=tone.mark),
                    small(look, _hours_said(look, habits), colour=look.palette.ink),
                ],
                spacing=0,
                tight=True,
                expand=True,
            ),
            ft.Icon(ft.Icons.CHEVRON_RIGHT, size=24, color=tone.mark),
        ],
        spacing=SPACE_3,
    )
    return card(look, [inside], act=lambda: line.open_tab(LineTab.HABITS), name=told, ident="to-habits", tone=tone)


def _hours_said(look: Look, habits: Habits) -> str:
    total, band = len(habits.turns), habits.busiest
    if not habits.can_be_told:
        return look.say("line.habits.too_few", count=total, fewest=FEWEST_TO_TELL)
    if band is None:
        return look.say("line.habits.spread", hours=WIDEST_H)
    known = "line.habits.busiest" if habits.is_known_by_hour else "line.habits.busy"
    return look.say(known, count=len(band.turns), total=total, from_h=band.from_h, until_h=band.until_h)


def _verdict(line: LineDesk, look: Look, habits: Habits) -> ft.Control:
    tone = _tone(look, habits.verdict)
    said = look.say(f"line.habits.verdict.{habits.verdict.value}")
    top = ft.Row(
        [ft.Icon(_ICONS[habits.verdict], size=32, color=tone.mark), headline(look, said, colour=tone.mark, expand=True)],
        spacing=SPACE_3,
    )
    return ft.Container(
        ft.Column([top, *_reasons(line, look, habits)], spacing=SPACE_2, tight=True),
        padding=SPACE_4,
        bgcolor=tone.soft,
        border_radius=RADIUS_CARD,
    )


def _reasons(line: LineDesk, look: Look, habits: Habits) -> list[ft.Control]:
    said, total, band = _hours_said(look, habits), len(habits.turns), habits.busiest
    if not habits.can_be_told:
        return [body(look, said)]
    parts = [body(look, said) if band is None else _reason(line, look, said, band.turns, "busiest")]
    if total >= _ENOUGH_FOR_DAYS:
        parts.append(body(look, _days_said(look, habits)))
    if habits.repeats:
        said = look.say("line.habits.repeats", count=len(habits.repeats), total=len(habits.compared))
        parts.append(_reason(line, look, said, habits.repeats, "repeats"))
    else:
        parts.append(body(look, look.say("line.habits.no_repeats" if habits.compared else "line.habits.not_compared")))
    return parts


def _days_said(look: Look, habits: Habits) -> str:
    empty = [look.say(f"line.weekday.{day}") for day in habits.empty_weekdays]
    return look.say("line.habits.empty_days", days=", ".join(empty)) if empty else look.say("line.habits.all_days")


def _reason(line: LineDesk, look: Look, said: str, turns: tuple[str, ...], ident: str) -> ft.Control:
    see = text_button(look, look.say("line.habits.see", count=len(turns)), _opens(line, turns, said), ident=f"see-{ident}")
    if look.large_text:
        return ft.Column([body(look, said), see], spacing=0, tight=True)
    return ft.Row([body(look, said, expand=True), see], spacing=SPACE_3)


def _opens(line: LineDesk, turns: tuple[str, ...], heading: str) -> Callable[[], object]:
    async def go() -> None:
        await line.open_turns(turns, heading)

    return go


def _hours(line: LineDesk, look: Look, habits: Habits) -> list[Bar]:
    band = habits.busiest
    in_band = set() if band is None else {(band.from_h + step) % len(habits.hours) for step in range(band.width_h)}
    bars = []
    for hour, turns in enumerate(habits.hours):
        name = look.say("line.habits.hour_of", hour=hour, count=len(turns))
        bars.append(_bar(line, look, f"{hour}", turns, f"{hour}", name, strong=hour in in_band))
    return bars


def _weekdays(line: LineDesk, look: Look, habits: Habits) -> list[Bar]:
    bars = []
    for day, turns in enumerate(habits.weekdays):
        name = look.say("line.habits.weekday_of", day=look.say(f"line.weekday.{day}"), count=len(turns))
        bars.append(_bar(line, look, f"{day}", turns, look.say(f"duty.day.{_DAYS[day]}"), name, strong=True))
    return bars


def _bar(line: LineDesk, look: Look, code: str, turns: Sequence[str], label: str, name: str, *, strong: bool) -> Bar:
    figure = look.texts.number(len(turns)) if turns else ""
    act = _opens(line, tuple(turns), name) if turns else None
    return Bar(code, len(turns), figure, label, name, act, strong=strong)
