"""Every stretch and place of the line with its days, by day and by night, how much was walked and by whom; the worst on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import flet as ft

from app.patrol.coverage import Covered
from app.screens.desk.line_words import days_figure, days_words, level_icon, level_tone, when_words, whole_name
from app.screens.desk.reading import Reader
from app.screens.parts.surfaces import card
from app.screens.parts.tables import TableColumn, page_count, pager, table_header, table_row
from app.screens.parts.words import body, small, words
from app.screens.tokens import BODY, RADIUS_CARD, ROWS_A_PAGE, SEMIBOLD, SPACE_2, Look, hairline
from app.state.desk_line import LineDesk
from app.state.line_reading import LineTold

_SHARES: Final = (("place", 11), ("days", 4), ("by_day", 4), ("by_night", 4), ("share", 5), ("who", 7))

_NAMED: Final = 2
"""Forces that a row names; the place's own page names them all."""


def draw_table(line: LineDesk, reader: Reader, told: LineTold) -> ft.Control:
    """Draw the rows, fifty a page; pressing one opens its visits. In large text each place is a card of lines instead."""
    look = reader.look
    page = min(line.page, page_count(len(told.covered)) - 1)
    shown = told.covered[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE][: line.rows]
    turning = [pager(look, page, len(told.covered), line.turn)] if len(told.covered) > ROWS_A_PAGE else []
    if look.large_text:
        return ft.Column([*(_card(line, look, one) for one in shown), *turning], spacing=SPACE_2, tight=True)
    columns = tuple(TableColumn(code, look.say(f"line.column.{code}"), share=share, sortable=False) for code, share in _SHARES)
    rows = [_row(line, reader, columns, one) for one in shown]
    table = ft.Container(
        ft.Column([table_header(look, columns, None, lambda _: None), *rows], spacing=0, tight=True),
        border=hairline(look),
        border_radius=RADIUS_CARD,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    return ft.Column([table, *turning], spacing=SPACE_2, tight=True)


def _row(line: LineDesk, reader: Reader, columns: Sequence[TableColumn], one: Covered) -> ft.Control:
    look = reader.look
    tone = level_tone(look, one.level)
    name = ft.Column(
        [body(look, one.of.name, strong=True), small(look, look.say(f"line.sort.{one.of.sort.value}"))], spacing=0, tight=True
    )
    days = ft.Row(
        [
            level_icon(look, one.level),
            words(look, days_figure(look, one.days_since), size=BODY, family=SEMIBOLD, colour=tone.mark),
            small(look, f"/ {one.limit_days}"),
        ],
        spacing=6,
        tight=True,
    )
    cells: list[str | ft.Control] = [
        name,
        days,
        when_words(look, one.by_day_ms),
        when_words(look, one.by_night_ms),
        _share(look, one),
        small(look, _forces(reader, one), colour=look.palette.ink),
    ]

    async def go() -> None:
        await line.open_place(one.of.code)

    row = table_row(
        look, columns, cells, act=go, ident=f"line-{one.of.code}", name=whole_name(look, one), selected=_is_open(line, one)
    )
    return ft.Container(row, key=one.of.code)


def _is_open(line: LineDesk, one: Covered) -> bool:
    opened = line.opened
    return opened is not None and opened.covered is not None and opened.covered.of.code == one.of.code


def _share(look: Look, one: Covered) -> ft.Control:
    """Of a stretch a bar with its per cent; a place is not walked in part."""
    if one.of.length_m == 0:
        return small(look, "–")
    percent = round(100 * one.share)
    bar = ft.ProgressBar(
        value=one.share, color=look.palette.primary_edge, bgcolor=look.palette.line, bar_height=6, border_radius=3, expand=True
    )
    return ft.Row([ft.Container(bar, width=48), small(look, look.say("line.share", percent=percent), colour=look.palette.ink)],
                  spacing=SPACE_2, tight=True)  # fmt: skip


def _forces(reader: Reader, one: Covered) -> str:
    language = reader.look.texts.language
    said = [reader.catalogue.label(f"lists.force.{force}", language) for force in one.forces]
    said = said or [reader.names.unit(unit) for unit in one.units]
    more = f" +{len(said) - _NAMED}" if len(said) > _NAMED else ""
    return f"{', '.join(said[:_NAMED])}{more}" if said else "–"


def _card(line: LineDesk, look: Look, one: Covered) -> ft.Control:
    tone = level_tone(look, one.level)

    async def go() -> None:
        await line.open_place(one.of.code)

    state = body(look, days_words(look, one.days_since), strong=True, colour=tone.mark, expand=True)
    inside: list[ft.Control] = [
        body(look, one.of.name, strong=True),
        ft.Row([level_icon(look, one.level), state], spacing=SPACE_2),
        small(look, look.say("line.day_told", when=when_words(look, one.by_day_ms))),
        small(look, look.say("line.night_told", when=when_words(look, one.by_night_ms))),
    ]
    made = card(look, inside, act=go, name=whole_name(look, one), ident=f"line-{one.of.code}")
    return ft.Container(made, key=one.of.code)
