"""What watching the line took: four figures, a bar for each day, a row for each unit, people by force; all open their patrols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import flet as ft

from app.reports.effort import MEASURES
from app.reports.numbers import Number, Numbers
from app.reports.report_lines import format_amount
from app.screens.desk.reading import Reader
from app.screens.parts.bars import Bar, bar_chart
from app.screens.parts.choices import Choice, choice_chips, figure_block
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import empty_state, section_header
from app.screens.parts.words import body, small, words
from app.screens.tokens import BODY, SEMIBOLD, SPACE_2, SPACE_3, SPACE_4, Look
from app.state.desk_line import LineDesk
from app.state.line_reading import LineTold

_FEW_DAYS: Final = 10
"""Of so few days each has its figure over the bar."""
_MANY_DAYS: Final = 31
_EVERY: Final = 5
"""So many days are between those that are written under the bars of a month."""
_UNIT_SHARE, _FIGURE_SHARE = 6, 3


@ft.component
def EffortPanel(line: LineDesk, reader: Reader, told: LineTold) -> ft.Control:
    """Draw the panel; the bars show one measure at a time."""
    look = reader.look
    measure, choose = ft.use_state(MEASURES[0])
    if "patrols" not in told.effort.whole:
        hint = look.say("line.effort.none_hint")
        return empty_state(look, look.say("line.effort.none"), hint, icon=ft.Icons.DIRECTIONS_WALK)
    chips = choice_chips(
        look, [Choice(code, look.say(f"line.measure.{code}")) for code in MEASURES], {measure},
        lambda codes: choose(next(iter(codes), measure)), ident="measure", dense=True,
    )  # fmt: skip
    parts: list[ft.Control] = [
        _figures(line, look, told),
        small(look, look.say("line.effort.told")),
        section_header(look, look.say("line.effort.by_day"), trailing=chips),
        bar_chart(look, _days(line, look, told, measure), ident="day", bar_width=max(6, 220 // told.window.days)),
        section_header(look, look.say("line.effort.by_unit")),
        *_units(line, reader, told),
        section_header(look, look.say("line.effort.by_force")),
        _forces(line, reader, told),
    ]
    return ft.ListView(parts, spacing=SPACE_2, expand=True)


def _opens(line: LineDesk, number: Number, heading: str) -> Callable[[], object]:
    async def go() -> None:
        await line.open_number(number, heading)

    return go


def _figures(line: LineDesk, look: Look, told: LineTold) -> ft.Control:
    blocks = []
    for code in MEASURES:
        number, label = told.effort.whole.get(code), look.say(f"line.measure.{code}")
        figure = "0" if number is None else format_amount(number, look.texts)
        block = figure_block(look, figure, label)
        if number is not None:
            heading = f"{label}: {figure}"
            block = _quiet(look, block, _opens(line, number, heading), f"effort-{code}", heading)
        blocks.append(block)
    return ft.Row(blocks, spacing=SPACE_4, wrap=True)


def _quiet(look: Look, inside: ft.Control, act: Callable[[], object], ident: str, name: str) -> ft.Control:
    dress = replace(quiet_dress(look), edge=None, fill=ft.Colors.TRANSPARENT, pad_x=SPACE_3, pad_y=SPACE_2)
    return press(look, inside, act, dress, ident=ident, name=name)


def _days(line: LineDesk, look: Look, told: LineTold, measure: str) -> list[Bar]:
    days = told.window.days
    every = 1 if days <= _FEW_DAYS else _EVERY if days <= _MANY_DAYS else 3 * _EVERY
    bars = []
    for place, (day, numbers) in enumerate(told.effort.by_day.items()):
        number = numbers.get(measure)
        figure = "" if number is None else format_amount(number, look.texts)
        name = look.say("line.effort.day_of", day=_day(day), figure=figure or "0")
        act = None if number is None else _opens(line, number, f"{look.say(f'line.measure.{measure}')} {name}")
        label = _day(day) if (days - 1 - place) % every == 0 else ""
        amount, shown = 0 if number is None else number.amount, figure if days <= _MANY_DAYS else ""
        bars.append(Bar(f"{day:%Y%m%d}", amount, shown, label, name, act, strong=True))
    return bars


def _day(day: date) -> str:
    return f"{day:%d/%m}"


def _units(line: LineDesk, reader: Reader, told: LineTold) -> list[ft.Control]:
    look = reader.look
    heads: list[ft.Control] = [ft.Container(small(look, look.say("line.effort.column.unit")), expand=_UNIT_SHARE)]
    for code in MEASURES:
        head = small(look, look.say(f"line.measure.{code}"))
        head.text_align = ft.TextAlign.END
        heads.append(ft.Container(head, expand=_FIGURE_SHARE, padding=ft.Padding.only(right=SPACE_3)))
    rows: list[ft.Control] = [ft.Row(heads, spacing=0)]
    for unit, numbers in told.effort.by_unit.items():
        name = ft.Container(body(look, reader.names.unit(unit)), expand=_UNIT_SHARE)
        cells: list[ft.Control] = [name, *(_cell(line, reader, unit, code, numbers) for code in MEASURES)]
        rows.append(ft.Row(cells, spacing=0, key=f"unit-{unit}"))
    return rows


def _cell(line: LineDesk, reader: Reader, unit: str, code: str, numbers: Numbers) -> ft.Control:
    look, number = reader.look, numbers.get(code)
    figure = "0" if number is None else format_amount(number, look.texts)
    text = words(look, figure, size=BODY, family=SEMIBOLD, colour=look.palette.primary_edge if number else look.palette.ink_soft)
    text.text_align = ft.TextAlign.END
    if number is None:
        return ft.Container(text, expand=_FIGURE_SHARE, padding=ft.Padding.only(right=SPACE_3))
    name = look.say("line.effort.of_unit", unit=reader.names.unit(unit), figure=figure)
    heading = f"{look.say(f'line.measure.{code}')} · {name}"
    key = _quiet(
        look, ft.Row([text], alignment=ft.MainAxisAlignment.END), _opens(line, number, heading), f"unit-{code}-{unit}", heading
    )
    return ft.Container(key, expand=_FIGURE_SHARE)


def _forces(line: LineDesk, reader: Reader, told: LineTold) -> ft.Control:
    look, head = reader.look, "people_turns."
    found = sorted((one for code, one in told.effort.whole.items() if code.startswith(head)), key=lambda one: -one.amount)
    bars = []
    for one in found:
        force = one.code.removeprefix(head)
        label = reader.catalogue.label(f"lists.force.{force}", look.texts.language)
        figure = format_amount(one, look.texts)
        name = look.say("line.effort.of_unit", unit=label, figure=figure)
        bars.append(Bar(force, one.amount, figure, label, name, _opens(line, one, name), strong=True))
    return bar_chart(look, bars, ident="force", height=90, bar_width=36)
