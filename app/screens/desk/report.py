"""Reports: the numbers of a window at the left; at the right the paper, or the records behind the number that was pressed."""

from __future__ import annotations

from datetime import date
from typing import Final

import flet as ft

from app.reports.report_lines import format_amount
from app.reports.windows import Window, WindowKind
from app.screens.desk.news import use_news
from app.screens.desk.page import draw_page
from app.screens.desk.reading import Reader
from app.screens.desk.report_list import NumberList
from app.screens.desk.report_numbers import number_table
from app.screens.desk.report_paper import OtherPapersPanel, PaperPanel, WritingPanel
from app.screens.desk.report_sending import SendingPanel
from app.screens.parts.buttons import icon_button
from app.screens.parts.choices import Choice, choice_chips, figure_block
from app.screens.parts.fields import dropdown_field, text_field
from app.screens.parts.words import body
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6, Look
from app.state.desk import Desk
from app.state.desk_papers import PapersDesk
from app.state.desk_report import ReportDesk, Reported

ALL_UNITS: Final = "all"
PANELS: Final = ("paper", "writing", "sending", "others")
LARGE_FIGURES: Final = ("patrols", "people_turns", "patrol_time", "distance", "records")
_MENU_WIDTH, _LARGE_MENU_WIDTH = 250, 420
_DAY_WIDTH: Final = 170
_LEFT, _RIGHT = 11, 9
_HALF_HEIGHT: Final = 780
_FADED: Final = 0.4
"""So numbers of another window are shown until those of the chosen one are counted."""


@ft.component
def ReportRoom(desk: Desk, report: ReportDesk, papers: PapersDesk, look: Look) -> ft.Control:
    """Draw the numbers of the chosen window and unit, and beside them what is open."""
    reader = Reader(look, desk.means.catalogue, desk.names)

    async def refresh() -> None:
        await report.refresh()
        await papers.refresh()

    use_news(refresh)
    ft.use_effect(papers.refresh, [report.told])
    parts: list[ft.Control] = [_choices(desk, report, reader)]
    if report.told is not None:
        beside = NumberList(desk, report, papers, reader) if report.opened is not None else Beside(desk, papers, reader)
        halves = _side_by_side(look, _left(report, reader, report.told), beside)
        parts.append(ft.Container(halves, expand=True, opacity=_FADED if report.is_behind else 1))
    return draw_page(look, look.say("desk.report.title"), "", parts)


def _side_by_side(look: Look, left: ft.Control, beside: ft.Control) -> ft.Control:
    """The two halves; in large text one above the other, each as high as a window, or no column of numbers keeps its words."""
    if look.large_text:
        halves: list[ft.Control] = [ft.Container(half, height=_HALF_HEIGHT) for half in (left, beside)]
        return ft.Column(halves, spacing=SPACE_6, scroll=ft.ScrollMode.AUTO, expand=True)
    return ft.Row(
        [ft.Container(left, expand=_LEFT), ft.Container(beside, expand=_RIGHT)],
        spacing=SPACE_6,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def Beside(desk: Desk, papers: PapersDesk, reader: Reader) -> ft.Control:
    """Draw what stands beside the numbers while no list is open: the paper, its text, its way out, or the other papers."""
    look = reader.look
    panel, open_panel = ft.use_state(PANELS[0])
    panels = [Choice(code, look.say(f"desk.report.panel.{code}")) for code in PANELS]
    chips = choice_chips(look, panels, {panel}, lambda codes: open_panel(next(iter(codes), panel)), ident="panel", dense=True)
    match panel:
        case "writing":
            shown: ft.Control = WritingPanel(desk, papers, look)
        case "sending":
            shown = SendingPanel(desk, papers, reader)
        case "others":
            shown = OtherPapersPanel(desk, papers, look)
        case _:
            shown = PaperPanel(papers, look)
    return ft.Column([chips, ft.Container(shown, expand=True)], spacing=SPACE_3, expand=True)


def _choices(desk: Desk, report: ReportDesk, reader: Reader) -> ft.Control:
    look = reader.look
    window = report.shown_window()
    kinds = [Choice(kind.value, look.say(f"desk.report.window.{kind.value}")) for kind in WindowKind]
    units = [Choice(ALL_UNITS, look.say("word.all")), *(Choice(code, one.name) for code, one in reader.names.units.items())]

    async def choose_kind(code: str) -> None:
        await report.choose_kind(WindowKind(code))

    async def choose_unit(code: str) -> None:
        await report.choose_unit("" if code == ALL_UNITS else code)

    days = [_day(desk, report, look, "first", window.first), _day(desk, report, look, "last", window.last)]
    kind = dropdown_field(look, look.say("desk.report.period"), kinds, window.kind.value, choose_kind, ident="window-kind")
    unit = dropdown_field(look, look.say("desk.filter.unit"), units, report.unit or ALL_UNITS, choose_unit, ident="report-unit")
    menu_width = _LARGE_MENU_WIDTH if look.large_text else _MENU_WIDTH
    return ft.Row(
        [
            ft.Container(kind, width=menu_width),
            _steps(report, look, window),
            *(days if window.kind is WindowKind.FREE else []),
            ft.Container(unit, width=menu_width),
        ],
        spacing=SPACE_4,
        wrap=True,
        run_spacing=SPACE_2,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _steps(report: ReportDesk, look: Look, window: Window) -> ft.Control:
    """The days of the window, with the way to the one before and the one after."""
    span = look.say("desk.report.span", first=f"{window.first:%d/%m/%Y}", last=f"{window.last:%d/%m/%Y}")
    return ft.Row(
        [
            icon_button(
                look, ft.Icons.CHEVRON_LEFT, look.say("desk.report.earlier"), lambda: report.step(-1), ident="window-before"
            ),
            ft.Semantics(identifier="window-span", live_region=True, content=body(look, span, strong=True)),
            icon_button(
                look, ft.Icons.CHEVRON_RIGHT, look.say("desk.report.later"), lambda: report.step(1), ident="window-after"
            ),
        ],
        spacing=SPACE_2,
        tight=True,
    )


@ft.component
def DayField(desk: Desk, report: ReportDesk, look: Look, end: str, shown: str, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw a day that is typed: a thematic report ends at a cut-off of its own. News leaves it as it was typed."""
    typed: ft.MutableRef[str] = ft.use_ref(lambda: shown)

    def keep(text: str) -> None:
        typed.current = text

    async def leave(text: str) -> None:
        await report.type_day(end, text)

    field = text_field(
        look, look.say(f"desk.report.day.{end}"), keep, ident=f"window-{end}", initial=typed.current, on_leave=leave,
        on_submit=leave, on_focus=desk.note_typing,
    )  # fmt: skip
    return ft.Container(field, width=_DAY_WIDTH * (2 if look.large_text else 1))


def _day(desk: Desk, report: ReportDesk, look: Look, end: str, day: date) -> ft.Control:
    shown = f"{day:%d/%m/%Y}"
    return DayField(desk, report, look, end, shown, key=f"day-{end}-{shown}")


def _left(report: ReportDesk, reader: Reader, told: Reported) -> ft.Control:
    return ft.Column([_large(reader.look, told), number_table(report, reader, told)], spacing=SPACE_3, expand=True)


def _large(look: Look, told: Reported) -> ft.Control:
    figures = [
        figure_block(
            look, format_amount(told.now[code], look.texts) if code in told.now else "0", look.say(f"desk.report.{code}")
        )
        for code in LARGE_FIGURES
    ]
    return ft.Row([*figures], spacing=40, wrap=True)
