"""Reports: the figures of a period; pressing one shows the records that it counts."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.desk.news import use_news
from app.screens.desk.page import draw_page, show_records
from app.screens.desk.reading import PRIORITIES, Reader
from app.screens.parts.choices import Choice, choice_chips, figure_block
from app.screens.parts.fields import dropdown_field
from app.screens.parts.marks import priority_shape
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small, words
from app.screens.tokens import BODY, SEMIBOLD, SPACE_2, SPACE_3, SPACE_4, Look, padding_for
from app.state.desk import Desk
from app.state.desk_report import PERIODS, ReportDesk
from app.store.queries import ObservationFilter, Totals
from journal.clock import moment

ALL_UNITS = "all"


@ft.component
def ReportRoom(desk: Desk, report: ReportDesk, look: Look) -> ft.Control:
    """Draw the figures of the chosen period and unit."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(report.refresh)
    parts: list[ft.Control] = [_choices(report, reader)]
    if report.figures is not None:
        parts.append(_figures(desk, report, reader, report.figures))
    return draw_page(look, look.say("desk.report.title"), _told(report, look), parts)


def _told(report: ReportDesk, look: Look) -> str:
    span = report.span()
    first, last = look.texts.day(moment(span.from_ms)), look.texts.day(moment(span.until_ms - 1))
    return look.say("desk.report.span", first=first, last=last)


def _choices(report: ReportDesk, reader: Reader) -> ft.Control:
    look = reader.look
    periods = [Choice(code, look.say(f"desk.report.{code}")) for code in PERIODS]
    units = [Choice(ALL_UNITS, look.say("word.all")), *(Choice(code, one.name) for code, one in reader.names.units.items())]

    async def choose(codes: frozenset[str]) -> None:
        await report.choose_period(next(iter(codes), report.period))

    async def choose_unit(code: str) -> None:
        await report.choose_unit("" if code == ALL_UNITS else code)

    menu = dropdown_field(look, look.say("desk.filter.unit"), units, report.unit or ALL_UNITS, choose_unit, ident="report-unit")
    return ft.Row(
        [choice_chips(look, periods, {report.period}, choose, ident="period"), ft.Container(menu, width=340)],
        spacing=SPACE_4,
        wrap=True,
        run_spacing=SPACE_2,
    )


def _figures(desk: Desk, report: ReportDesk, reader: Reader, figures: Totals) -> ft.Control:
    look = reader.look
    say = look.say
    forces = [_plain(look, _force(reader, code), count) for code, count in figures.turns_by_force.items()]
    cases = [_plain(look, code, count) for code, count in sorted(figures.cases.items())]
    beside = [_group(look, say("desk.report.by_force"), forces), _group(look, say("desk.report.by_case"), cases)]
    groups = ft.Row(
        [
            _group(look, say("desk.report.by_kind"), _by_kind(desk, report, reader, figures), share=3),
            _group(look, say("desk.report.by_priority"), _by_priority(desk, report, reader, figures), share=2),
            ft.Column(beside, expand=2, spacing=SPACE_3),
        ],
        spacing=SPACE_4,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.ListView([_large(look, figures), groups], expand=True, spacing=SPACE_4)


def _large(look: Look, figures: Totals) -> ft.Control:
    say, number = look.say, look.texts.number
    return ft.Row(
        [
            figure_block(look, number(figures.patrols), say("desk.report.patrols")),
            figure_block(look, number(figures.people_turns_own), say("desk.report.people_turns")),
            figure_block(look, number(figures.hours, decimals=1), say("desk.report.hours")),
            figure_block(look, number(figures.distance_m / 1000, decimals=1), say("desk.report.km")),
            figure_block(look, number(figures.observations), say("desk.report.observations")),
        ],
        spacing=48,
        wrap=True,
    )


def _leads(desk: Desk, chosen: ObservationFilter) -> Callable[[], object]:
    return lambda: show_records(desk, chosen)


def _by_kind(desk: Desk, report: ReportDesk, reader: Reader, figures: Totals) -> list[ft.Control]:
    most_first = sorted(figures.by_kind.items(), key=lambda one: (-one[1], one[0]))
    return [
        _line(reader.look, reader.kind(code), count, _leads(desk, report.behind(kind=code)), f"report-kind-{code}",
              reader.kind_icon(code))
        for code, count in most_first
    ]  # fmt: skip


def _by_priority(desk: Desk, report: ReportDesk, reader: Reader, figures: Totals) -> list[ft.Control]:
    look = reader.look
    return [
        _line(look, reader.priority_word(code), figures.by_priority[code], _leads(desk, report.behind(priority=code)),
              f"report-priority-{code}", priority_shape(look, PRIORITIES[code]))
        for code in PRIORITIES if figures.by_priority.get(code)
    ]  # fmt: skip


def _force(reader: Reader, code: str) -> str:
    return reader.catalogue.label(f"lists.force.{code}", reader.look.texts.language)


def _group(look: Look, heading: str, lines: list[ft.Control], *, share: int | None = None) -> ft.Control:
    nothing = [small(look, look.say("desk.report.nothing"))]
    inside = card(look, [section_header(look, heading), *(lines or nothing)], spacing=2)
    return ft.Container(inside, expand=share)


def _plain(look: Look, label: str, count: int) -> ft.Control:
    figure = words(look, look.texts.number(count), size=BODY, family=SEMIBOLD)
    return ft.Container(ft.Row([body(look, label, expand=True), figure]), padding=ft.Padding.symmetric(vertical=SPACE_2))


def _line(
    look: Look, label: str, count: int, act: Callable[[], object], ident: str, icon: ft.IconData | ft.Control
) -> ft.Control:
    """A figure that leads to its records."""
    drawn = icon if isinstance(icon, ft.Control) else ft.Icon(icon, size=20, color=look.palette.ink_soft)
    figure = words(look, look.texts.number(count), size=BODY, family=SEMIBOLD, colour=look.palette.primary_edge)
    chevron = ft.Icon(ft.Icons.CHEVRON_RIGHT, size=20, color=look.palette.ink_soft)
    inside = ft.Row([ft.Container(drawn, width=28), body(look, label, expand=True), figure, chevron], spacing=SPACE_2)
    dress = quiet_dress(look)
    plain = type(dress)(ft.Colors.TRANSPARENT, dress.ink, None, radius=8, pad_y=padding_for(look.touch), pad_x=SPACE_2)
    told = look.say("desk.report.see_of", what=label, count=count)
    return ft.Row([press(look, inside, act, plain, ident=ident, name=told, expand=True)])
