"""Where and at which hours something was seen: a row for each place, a column for each band of hours, darker for more."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import flet as ft

from app.reports.heat import BAND_H, BANDS, Heat, HeatRow
from app.reports.numbers import Number
from app.screens.desk.reading import Reader
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import empty_state
from app.screens.parts.tables import page_count, pager
from app.screens.parts.words import body, small, words
from app.screens.tokens import BODY, RADIUS_CHIP, ROWS_A_PAGE, SEMIBOLD, SPACE_1, SPACE_2, Look
from app.state.desk_line import LineDesk

_PLACE_SHARE, _CELL_SHARE = 5, 2
_STEPS: Final = (0.14, 0.28, 0.46)
"""How strong the fill of a cell is, from a third of the most on; its figure tells the rest."""
_NIGHT: Final = frozenset({0, 3, 18, 21})


def draw_heat(line: LineDesk, reader: Reader, heat: Heat) -> ft.Control:
    """Draw the matrix; every cell and every row opens its records."""
    look = reader.look
    if not heat.rows:
        hint = look.say("line.heat.none_hint")
        return empty_state(look, look.say("line.heat.none"), hint, icon=ft.Icons.GRID_ON)
    rows: list[ft.Control] = [small(look, look.say("line.heat.told")), _heading(look)]
    rows.append(_row(line, look, heat.every, look.say("line.heat.all"), "all", 0))
    page = min(line.page, page_count(len(heat.rows)) - 1)
    shown = heat.rows[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE]
    rows += [_row(line, look, row, *_named(look, row), heat.most) for row in shown]
    if len(heat.rows) > ROWS_A_PAGE:
        rows.append(pager(look, page, len(heat.rows), line.turn))
    return ft.Column(rows, spacing=SPACE_1, tight=True)


def _heading(look: Look) -> ft.Control:
    cells: list[ft.Control] = [ft.Container(small(look, look.say("line.heat.place"), strong=True), expand=_PLACE_SHARE)]
    for band in BANDS:
        icon = ft.Icons.DARK_MODE_OUTLINED if band in _NIGHT else ft.Icons.LIGHT_MODE_OUTLINED
        head = ft.Column(
            [ft.Icon(icon, size=16, color=look.palette.ink_soft), small(look, _band(look, band), strong=True)],
            spacing=0,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        cells.append(ft.Container(head, expand=_CELL_SHARE, alignment=ft.Alignment.CENTER))
    whole = ft.Container(small(look, look.say("line.heat.whole"), strong=True), expand=_CELL_SHARE, alignment=ft.Alignment.CENTER)
    return ft.Row([*cells, whole], spacing=SPACE_1, vertical_alignment=ft.CrossAxisAlignment.END)


def _band(look: Look, band: int) -> str:
    return look.say("line.heat.band", from_h=band, until_h=band + BAND_H)


def _named(look: Look, row: HeatRow) -> tuple[str, str]:
    return (look.say("line.heat.elsewhere"), "elsewhere") if row.of is None else (row.of.name, row.of.code)


def _row(line: LineDesk, look: Look, row: HeatRow, name: str, code: str, most: int) -> ft.Control:
    """``most`` is what the darkest cell holds; 0 draws figures alone."""
    cells: list[ft.Control] = [ft.Container(body(look, name, strong=most == 0), expand=_PLACE_SHARE)]
    for band, number in zip(BANDS, row.bands, strict=True):
        if number is None:
            cells.append(
                ft.Container(height=look.touch, expand=_CELL_SHARE, bgcolor=look.palette.sunken, border_radius=RADIUS_CHIP)
            )
            continue
        said = look.say("line.heat.cell", place=name, band=_band(look, band), count=number.amount)
        cells.append(ft.Container(_cell(line, look, number, said, f"heat-{code}-{band}", most), expand=_CELL_SHARE))
    said = look.say("line.heat.row", place=name, count=row.whole.amount)
    cells.append(ft.Container(_cell(line, look, row.whole, said, f"heat-{code}-all", 0), expand=_CELL_SHARE))
    return ft.Row(cells, spacing=SPACE_1, key=f"heat-{code}")


def _cell(line: LineDesk, look: Look, number: Number, said: str, ident: str, most: int) -> ft.Control:
    async def go() -> None:
        await line.open_number(number, said)

    tone = look.palette.high
    fill: str = ft.Colors.TRANSPARENT
    if most:
        fill = ft.Colors.with_opacity(_STEPS[min(len(_STEPS) - 1, len(_STEPS) * (number.amount - 1) // most)], tone.mark)
    dress = replace(quiet_dress(look), edge=tone.mark if most else None, fill=fill, radius=RADIUS_CHIP, pad_x=SPACE_2)
    inside = words(look, look.texts.number(number.amount), size=BODY, family=SEMIBOLD)
    key = press(
        look, ft.Row([inside], alignment=ft.MainAxisAlignment.CENTER), go, dress, ident=ident, name=said, height=look.touch
    )
    return key
