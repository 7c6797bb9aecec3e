"""What watching the line took: four figures, a bar for each day, a row for each unit, people by force; all open their patrols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import flet as ft

from app.reports.effort import MEASURES, Effort
from app.reports.numbers import Number, Numbers
from app.reports.report_lines import format_amount
from app.screens.desk.reading import Reader
from app.screens.parts.bars import Bar, bar_chart
from app.screens.parts.choices import Choice, choice_chips, figure_block
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import empty_state, section_header
from app.screens.parts.words import body, small, words
from app.screens.tokens import BODY, SEMIBOLD, SPACE_2, SPACE_3, SPACE_4, SPACE_8, Look, padding_for
from app.state.desk_line import LineDesk
from app.state.line_reading import LineTold

_COUNTED: Final = frozenset({"patrols", "people_turns"})
_UNIT_SHARE, _FIGURE_SHARE = 6, 3
_ROOMY: Final = 1_000


@ft.component
def EffortPanel(line: LineDesk, reader: Reader, told: LineTold, width: float) -> ft.Control:
    """Draw the panel; the bars show one measure at a time."""
    look, effort = reader.look, told.effort
    measure, choose = ft.use_state(MEASURES[0])
    if "patrols" not in effort.whole:
        hint = look.say("line.effort.none_hint")
        return empty_state(look, look.say("line.effort.none"), hint, icon=ft.Icons.DIRECTIONS_WALK)
    chips = choice_chips(
        look, [Choice(code, look.say(f"line.measure.{code}")) for code in MEASURES], {measure},
        lambda codes: choose(next(iter(codes), measure)), ident="measure", dense=True,
    )  # fmt: skip
    when = look.say(
        "line.effort.by_day" if effort.step_days == 1 else "line.effort.by_week",
        first=_day(told.window.first), last=_day(told.window.last),
    )  # fmt: skip
    parts: list[ft.Control] = [
        _figures(line, look, told),
        small(look, look.say("line.effort.told")),
        section_header(look, when, trailing=chips),
        bar_chart(look, _steps(line, look, effort, measure), ident="day", width=width),
        *_shared_out(line, reader, told, width),
    ]
    return ft.Column(parts, spacing=SPACE_2, tight=True)


def _shared_out(line: LineDesk, reader: Reader, told: LineTold, width: float) -> list[ft.Control]:
    """By unit and by force, side by side where there is room."""
    look = reader.look
    units = [section_header(look, look.say("line.effort.by_unit")), *_units(line, reader, told)]
    force = section_header(look, look.say("line.effort.by_force"))
    if width < _ROOMY or look.large_text:
        return [*units, force, _forces(line, reader, told, width)]
    half = (width - SPACE_8) / 2
    beside = ft.Column([force, _forces(line, reader, told, half)], spacing=SPACE_2, tight=True, expand=True)
    both = ft.Row([ft.Column(units, spacing=SPACE_2, tight=True, expand=True), beside], spacing=SPACE_8)
    both.vertical_alignment = ft.CrossAxisAlignment.START
    return [both]


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
    dress = replace(quiet_dress(look), edge=None, fill=ft.Colors.TRANSPARENT, pad_x=SPACE_3, pad_y=padding_for(look.touch))
    return press(look, inside, act, dress, ident=ident, name=name)


def _steps(line: LineDesk, look: Look, effort: Effort, measure: str) -> list[Bar]:
    said = "line.effort.day_of" if effort.step_days == 1 else "line.effort.week_of"
    bars = []
    for day, numbers in effort.by_step.items():
        number = numbers.get(measure)
        name = look.say(said, day=_day(day), figure="0" if number is None else format_amount(number, look.texts))
        act = None if number is None else _opens(line, number, f"{look.say(f'line.measure.{measure}')} {name}")
        amount = 0 if number is None else number.amount
        label = str(day.day) if effort.step_days == 1 else _day(day)
        bars.append(Bar(f"{day:%Y%m%d}", amount, _figure(look, number), label, name, act, strong=number is not None))
    return bars


def _figure(look: Look, number: Number | None) -> str:
    """As short as it can be: it stands over a bar."""
    if number is None:
        return ""
    return look.texts.number(number.amount) if number.code in _COUNTED else format_amount(number, look.texts)


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


def _forces(line: LineDesk, reader: Reader, told: LineTold, width: float) -> ft.Control:
    look, head = reader.look, "people_turns."
    found = sorted((one for code, one in told.effort.whole.items() if code.startswith(head)), key=lambda one: -one.amount)
    bars = []
    for one in found:
        force = one.code.removeprefix(head)
        label = reader.catalogue.label(f"lists.force.{force}", look.texts.language)
        figure = look.texts.number(one.amount)
        name = look.say("line.effort.of_unit", unit=label, figure=figure)
        bars.append(Bar(force, one.amount, figure, label, name, _opens(line, one, name), strong=True))
    return bar_chart(look, bars, ident="force", width=width, height=110)
