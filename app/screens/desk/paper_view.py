"""A paper on the screen: the same blocks as on the page, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import flet as ft

from app.reports.issuing import WORDS
from app.reports.paper import (
    MOTTO,
    Addressed,
    Block,
    Ending,
    Facts,
    Grid,
    Heading,
    Letterhead,
    NewPage,
    NoticeCard,
    Paper,
    Paragraph,
    Signatures,
    Title,
)
from app.screens.tokens import SPACE_2, SPACE_3

PAPER_FONTS: Final = {
    "Tinos": "fonts/Tinos-Regular.ttf",
    "Tinos-Bold": "fonts/Tinos-Bold.ttf",
    "Tinos-Italic": "fonts/Tinos-Italic.ttf",
}
"""Loaded when a paper is first looked at."""
_INK, _SHEET, _LINE = "#1A1A1A", "#FFFFFF", "#8A8A8A"
"""A sheet of paper is white at night too: it shows what will be printed."""
_CENTRE: Final = ft.TextAlign.CENTER


def draw_paper(paper: Paper) -> ft.Control:
    """Draw the sheet; it scrolls by itself."""
    blocks = [control for block in paper.blocks for control in _DRAWN[type(block)](block)]
    sheet = ft.Container(
        ft.Column(blocks, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=_SHEET,
        padding=ft.Padding.symmetric(horizontal=36, vertical=32),
        border=ft.Border.all(1, _LINE),
    )
    scrolled = ft.Column([sheet], scroll=ft.ScrollMode.AUTO, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Semantics(identifier="paper", label=paper.title, container=True, expand=True, content=scrolled)


def _say(text: str, *, size: int = 15, font: str = "Tinos", align: ft.TextAlign = ft.TextAlign.START) -> ft.Text:
    return ft.Text(text, style=ft.TextStyle(size=size, font_family=font, color=_INK, height=1.3), text_align=align)


def _rule(width: int) -> ft.Control:
    return ft.Row([ft.Container(width=width, height=1, bgcolor=_INK)], alignment=ft.MainAxisAlignment.CENTER)


def _beside(cells: Sequence[Sequence[ft.Control]], shares: Sequence[int]) -> ft.Control:
    columns = [
        ft.Container(
            ft.Column(list(cell), spacing=2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH), expand=share
        )
        for cell, share in zip(cells, shares, strict=True)
    ]
    return ft.Row([*columns], spacing=SPACE_3, vertical_alignment=ft.CrossAxisAlignment.START)


def _letterhead(block: Letterhead) -> list[ft.Control]:
    left: list[ft.Control] = [_say(block.superior.upper(), size=13, align=_CENTRE)] if block.superior else []
    left += [_say(block.issuer.upper(), size=13, font="Tinos-Bold", align=_CENTRE), _rule(70)]
    if block.number:
        left.append(_say(block.number, align=_CENTRE))
    right = [
        _say(WORDS.say(MOTTO[0]), size=13, font="Tinos-Bold", align=_CENTRE),
        _say(WORDS.say(MOTTO[1]), font="Tinos-Bold", align=_CENTRE),
        _rule(150),
        _say(block.place_date, font="Tinos-Italic", align=_CENTRE),
    ]
    return [_beside([left, right], [9, 12]), ft.Container(height=SPACE_2)]


def _title(block: Title) -> list[ft.Control]:
    lines: list[ft.Control] = [_say(block.name.upper(), size=16, font="Tinos-Bold", align=_CENTRE)]
    if block.about:
        lines += [_say(block.about, size=16, font="Tinos-Bold", align=_CENTRE), _rule(110)]
    return lines


def _addressed(block: Addressed) -> list[ft.Control]:
    return [_say(f"{block.lead} {'; '.join(block.to)}", align=_CENTRE)]


def _heading(block: Heading) -> list[ft.Control]:
    return [_say(block.text, font="Tinos-Bold")]


def _paragraph(block: Paragraph) -> list[ft.Control]:
    if block.style in {"note", "centred"}:
        return [_say(block.text, size=14, font="Tinos-Italic", align=_CENTRE if block.style == "centred" else ft.TextAlign.START)]
    return [_say(block.text, align=ft.TextAlign.JUSTIFY)]


def _grid(block: Grid) -> list[ft.Control]:
    rows = [_row(block, block.head, font="Tinos-Bold", fill="#EDEDED")]
    for number, told in enumerate(block.rows):
        rows.append(_section(told[0]) if number in block.sections else _row(block, told))
    return [ft.Container(ft.Column(rows, spacing=0, tight=True), border=ft.Border.all(1, _LINE))]


def _cell(text: str, share: int, *, figure: bool, font: str) -> ft.Control:
    inside = _say(text, size=14, font=font, align=_CENTRE if figure else ft.TextAlign.START)
    return ft.Container(inside, expand=share, padding=ft.Padding.symmetric(horizontal=6, vertical=3))


def _row(block: Grid, told: Sequence[str], *, font: str = "Tinos", fill: str = _SHEET) -> ft.Control:
    cells = [
        _cell(text, share, figure=at in block.figures or font != "Tinos", font=font)
        for at, (text, share) in enumerate(zip(told, block.shares, strict=True))
    ]
    return ft.Container(ft.Row(cells, spacing=0), bgcolor=fill, border=ft.Border.only(bottom=ft.BorderSide(1, _LINE)))


def _section(told: str) -> ft.Control:
    inside = _cell(told, 1, figure=False, font="Tinos-Bold")
    return ft.Container(ft.Row([inside]), border=ft.Border.only(bottom=ft.BorderSide(1, _LINE)))


def _facts(block: Facts) -> list[ft.Control]:
    return [_beside([[_say(label, font="Tinos-Bold")], [_say(value)]], [3, 7]) for label, value in block.lines]


def _ending(block: Ending) -> list[ft.Control]:
    left = [_say(block.recipients_head, size=14, font="Tinos-Bold"), *(_say(one, size=14) for one in block.recipients)]
    right = [_say(one.upper(), font="Tinos-Bold", align=_CENTRE) for one in block.authority]
    right.append(_say(block.hint, size=14, font="Tinos-Italic", align=_CENTRE))
    return [ft.Container(height=SPACE_2), _beside([left, right], [1, 1]), ft.Container(height=56)]


def _signatures(block: Signatures) -> list[ft.Control]:
    cells = [
        [_say(who.upper(), font="Tinos-Bold", align=_CENTRE), _say(hint, size=14, font="Tinos-Italic", align=_CENTRE)]
        for who, hint in block.places
    ]
    return [_beside(cells, [1] * len(cells)), ft.Container(height=56)]


def _card(block: NoticeCard) -> list[ft.Control]:
    lines = [_say(block.heading.upper(), size=20, font="Tinos-Bold", align=_CENTRE)]
    lines += [_say(f"●  {one}", size=16) for one in block.lines]
    lines += [_say(block.where, size=16, font="Tinos-Bold"), _say(block.warning, size=16, font="Tinos-Italic")]
    code = ft.Image(src=block.qr, width=110, height=110, exclude_from_semantics=True)
    inside = ft.Row([ft.Column([*lines], tight=True, expand=True), code], spacing=SPACE_3)
    return [ft.Container(inside, border=ft.Border.all(2, _INK), padding=SPACE_3)]


def _new_page(_block: NewPage) -> list[ft.Control]:
    return [ft.Divider(height=24, color=_LINE)]


_DRAWN: Final[dict[type[Block], Callable[..., list[ft.Control]]]] = {
    Letterhead: _letterhead,
    Title: _title,
    Addressed: _addressed,
    Heading: _heading,
    Paragraph: _paragraph,
    Grid: _grid,
    Facts: _facts,
    Ending: _ending,
    Signatures: _signatures,
    NoticeCard: _card,
    NewPage: _new_page,
}
