"""What a number of the line stands on, or who was at one of its places: patrols and records, each of which opens."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.patrol.coverage import Covered
from app.reports.numbers import Measure, Number
from app.screens.desk.line_words import days_words, level_icon, level_tone
from app.screens.desk.reading import Reader
from app.screens.desk.report_list import patrol_row, record_row
from app.screens.parts.buttons import icon_button, text_button
from app.screens.parts.surfaces import section_header
from app.screens.parts.tables import pager
from app.screens.parts.words import body, small, title
from app.screens.tokens import SPACE_2, Look
from app.state.desk import Desk
from app.state.desk_line import LISTED, LineDesk, OpenedLine
from journal.clock import moment

_PATROLS: Final = Number("turns", "patrol", Measure.COUNT)
_RECORDS: Final = Number("made", "record", Measure.COUNT)


def draw_list(desk: Desk, line: LineDesk, reader: Reader, opened: OpenedLine) -> ft.Control:
    """Draw what is open, with the way to close it."""
    look = reader.look
    heading = ft.Semantics(identifier="line-heading", live_region=True, expand=True, content=title(look, opened.heading))
    top = ft.Row([heading, icon_button(look, ft.Icons.CLOSE, look.say("line.close"), line.close, ident="line-close")])
    rows = _of_number(desk, reader, opened, opened.number) if opened.number is not None else _of_place(desk, line, reader, opened)
    inside: list[ft.Control] = [top, ft.ListView(rows, expand=True, spacing=SPACE_2)]
    number = opened.number
    if number is not None and len(number.refs) > LISTED:

        async def turn(page: int) -> None:
            await line.open_number(number, opened.heading, page)

        inside.append(pager(look, opened.page, len(number.refs), turn))
    return ft.Column(inside, expand=True)


def _of_number(desk: Desk, reader: Reader, opened: OpenedLine, number: Number) -> list[ft.Control]:
    amounts = dict(number.parts)
    rows = [patrol_row(desk, reader, one, number, amounts[one.subject]) for one in opened.patrols]
    return rows + [record_row(desk, reader, one, number, amounts[one.subject]) for one in opened.records]


def _of_place(desk: Desk, line: LineDesk, reader: Reader, opened: OpenedLine) -> list[ft.Control]:
    covered, look = opened.covered, reader.look
    if covered is None:
        return []
    rows = _standing(line, reader, covered)
    for code, of, shown in (
        ("patrols", covered.turns, [patrol_row(desk, reader, one, _PATROLS, 1) for one in opened.patrols]),
        ("records", covered.records, [record_row(desk, reader, one, _RECORDS, 1) for one in opened.records]),
    ):
        if of:
            figure = small(look, look.texts.number(len(of)), strong=True)
            rows += [section_header(look, look.say(f"line.visits.{code}"), trailing=figure), *shown]
        if len(of) > LISTED:
            rows.append(_all_of(line, look, covered, code, of))
    if not covered.turns and not covered.records:
        rows.append(body(look, look.say("line.visits.none"), colour=look.palette.ink_soft))
    return rows


def _all_of(line: LineDesk, look: Look, covered: Covered, code: str, of: tuple[str, ...]) -> ft.Control:
    """The way to every visit, by pages."""
    number = Number("visits", "patrol" if code == "patrols" else "record", Measure.COUNT, of)
    heading = f"{covered.of.name}: {look.say(f'line.visits.{code}').lower()}"

    async def go() -> None:
        await line.open_number(number, heading)

    return text_button(look, look.say("line.visits.all", count=len(of)), go, ident=f"visits-{code}")


def _standing(line: LineDesk, reader: Reader, one: Covered) -> list[ft.Control]:
    """How the place stands, in words."""
    look = reader.look
    tone = level_tone(look, one.level)
    late = f"{days_words(look, one.days_since)} · {look.say('line.limit', count=one.limit_days)}"
    state = body(look, late, strong=True, colour=tone.mark, expand=True)
    told = [
        look.say("line.last_by_day", when=_when(look, one.by_day_ms)),
        look.say("line.last_by_night", when=_when(look, one.by_night_ms)),
    ]
    if one.of.length_m:
        length = reader.distance(round(one.of.length_m))
        told.append(look.say("line.walked", percent=round(100 * one.share), length=length))
    if one.units:
        told.append(look.say("line.who", units=", ".join(reader.names.unit(unit) for unit in one.units)))
    if one.forces:
        names = (reader.catalogue.label(f"lists.force.{force}", look.texts.language) for force in one.forces)
        told.append(look.say("line.forces", forces=", ".join(names)))
    check = line.told.checks.get(one.of.code) if line.told is not None else None
    if check is not None and check.last is not None:
        when = _when(look, check.last.happened_ms)
        told.append(look.say("line.check", when=when, found=reader.title(check.last), count=check.checks))
    return [ft.Row([level_icon(look, one.level, 22), state], spacing=SPACE_2), *(body(look, text) for text in told)]


def _when(look: Look, at_ms: int | None) -> str:
    return look.say("line.nobody") if at_ms is None else look.texts.moment(moment(at_ms))
