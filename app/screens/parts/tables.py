"""Pieces of a desk table: header with sorting, rows of 44, a pager of 50 rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import flet as ft

from app.screens.parts.buttons import icon_button
from app.screens.parts.press import named, press, quiet_dress
from app.screens.parts.safe import Act
from app.screens.parts.words import small
from app.screens.tokens import (
    HAIRLINE,
    REGULAR,
    ROW_DESK,
    ROWS_A_PAGE,
    SEMIBOLD,
    SMALL,
    SPACE_2,
    SPACE_4,
    Look,
    padding_for,
)


@dataclass(frozen=True)
class TableColumn:
    """One column: its code, its heading, its share of the width, and whether it holds figures (right-aligned)."""

    code: str
    heading: str
    share: int = 1
    figures: bool = False
    sortable: bool = True


@dataclass(frozen=True)
class Sorting:
    """Which column the rows follow, and whether from the least."""

    code: str
    ascending: bool = True

    def pressed(self, code: str) -> Sorting:
        """Give the sorting after the heading of `code` was pressed."""
        return Sorting(code, not self.ascending if code == self.code else True)


def _heading(look: Look, column: TableColumn) -> ft.Text:
    shown = small(look, column.heading, strong=True, colour=look.palette.ink_soft)
    shown.text_align = ft.TextAlign.END if column.figures else ft.TextAlign.START
    return shown


def _heading_key(look: Look, column: TableColumn, sorting: Sorting | None, on_sort: Callable[[Sorting], object]) -> ft.Control:
    follows = sorting is not None and sorting.code == column.code
    name = look.say("table.sort", column=column.heading)
    arrow: list[ft.Control] = []
    if sorting is not None and follows:
        key = "table.sorted_up" if sorting.ascending else "table.sorted_down"
        name = look.say(key, column=column.heading)
        icon = ft.Icons.ARROW_UPWARD if sorting.ascending else ft.Icons.ARROW_DOWNWARD
        arrow = [ft.Icon(icon, size=16, color=look.palette.primary_edge)]
    text = _heading(look, column)
    text.expand, text.expand_loose = True, True
    content = ft.Row(
        [text, *arrow],
        spacing=4,
        alignment=ft.MainAxisAlignment.END if column.figures else ft.MainAxisAlignment.START,
    )
    dress = replace(
        quiet_dress(look),
        edge=None,
        radius=0,
        fill=ft.Colors.TRANSPARENT,
        pad_x=SPACE_2,
        pad_y=padding_for(ROW_DESK, SMALL),
    )
    following = sorting.pressed(column.code) if sorting else Sorting(column.code)
    return press(look, content, lambda: on_sort(following), dress, ident=f"sort-{column.code}", name=name, expand=True)


def table_header(
    look: Look, columns: Sequence[TableColumn], sorting: Sorting | None, on_sort: Callable[[Sorting], object]
) -> ft.Control:
    """Draw the fixed header; pressing a heading sorts by it, pressing again turns the order round."""
    cells: list[ft.Control] = []
    for column in columns:
        if column.sortable:
            inside = _heading_key(look, column, sorting, on_sort)
            cells.append(ft.Container(ft.Row([inside]), expand=column.share))
        else:
            plain = _heading(look, column)
            around = ft.Padding.symmetric(horizontal=SPACE_2, vertical=padding_for(ROW_DESK, SMALL))
            cells.append(ft.Container(plain, expand=column.share, padding=around))
    return ft.Container(
        ft.Row(cells, spacing=0, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        bgcolor=look.palette.sunken,
        border=ft.Border.only(bottom=ft.BorderSide(HAIRLINE, look.palette.line_strong)),
    )


def table_row(
    look: Look,
    columns: Sequence[TableColumn],
    cells: Sequence[str | ft.Control],
    *,
    act: Act | None = None,
    ident: str | None = None,
    name: str | None = None,
    selected: bool = False,
) -> ft.Control:
    """Draw one row, 44 high or as high as its words need; with `act` the row can be pressed, and `name` says what that does."""
    shown: list[ft.Control] = []
    for column, cell in zip(columns, cells, strict=True):
        inside: ft.Control = cell if isinstance(cell, ft.Control) else small(look, cell, colour=look.palette.ink)
        above = 0
        if isinstance(inside, ft.Text):
            inside.text_align = ft.TextAlign.END if column.figures else ft.TextAlign.START
            above = padding_for(ROW_DESK, SMALL)
        end = ft.Alignment.CENTER_RIGHT if column.figures else ft.Alignment.CENTER_LEFT
        shown.append(
            ft.Container(
                inside, expand=column.share, padding=ft.Padding.symmetric(horizontal=SPACE_2, vertical=above), alignment=end
            )
        )
    content = ft.Row(shown, spacing=0)
    line = ft.Border.only(bottom=ft.BorderSide(HAIRLINE, look.palette.line))
    fill = look.palette.primary_soft if selected else look.palette.surface
    if act is None:
        box = ft.Container(content, bgcolor=fill, border=line)
        return named(box, ident)
    dress = replace(quiet_dress(look), edge=None, radius=0, fill=fill, pad_x=0, font_family=REGULAR)
    row = press(look, content, act, dress, ident=ident, name=name, selected=selected, expand=True)
    return ft.Container(ft.Row([row], spacing=0), border=line)


def page_count(total: int) -> int:
    """Give how many pages of 50 rows there are, at least one."""
    return max(1, -(-total // ROWS_A_PAGE))


def pager(look: Look, page: int, total: int, on_page: Callable[[int], object]) -> ft.Control:
    """Draw which rows are shown and the way to the page before and after; pages count from 0."""
    pages = page_count(total)
    first, last = min(total, page * ROWS_A_PAGE + 1), min(total, (page + 1) * ROWS_A_PAGE)
    told = look.say("table.range", first=first, last=last, total=total) if total else look.say("table.empty")
    figure = ft.Text(
        look.say("table.page", page=page + 1, pages=pages),
        style=ft.TextStyle(size=SMALL, font_family=SEMIBOLD, color=look.palette.ink),
    )
    return ft.Row(
        [
            small(look, told),
            ft.Row(
                [
                    icon_button(
                        look,
                        ft.Icons.CHEVRON_LEFT,
                        look.say("table.previous"),
                        lambda: on_page(page - 1),
                        ident="page-previous",
                        disabled=page <= 0,
                    ),
                    figure,
                    icon_button(
                        look,
                        ft.Icons.CHEVRON_RIGHT,
                        look.say("table.next"),
                        lambda: on_page(page + 1),
                        ident="page-next",
                        disabled=page >= pages - 1,
                    ),
                ],
                spacing=SPACE_2,
                tight=True,
            ),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=True,
        spacing=SPACE_4,
    )
