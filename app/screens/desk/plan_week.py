"""The week as one page: a row for each unit, a column for each day, what was ordered beside what was done."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.news import use_news
from app.screens.desk.reading import Reader
from app.screens.desk.week_detail import draw_detail
from app.screens.desk.week_words import hours_of, standing_tone, standing_words, title_of
from app.screens.parts.buttons import icon_button, secondary_button
from app.screens.parts.press import Dress, press
from app.screens.parts.surfaces import empty_state
from app.screens.parts.words import body, small, title
from app.screens.tokens import HAIRLINE, RADIUS_CHIP, SPACE_1, SPACE_2, SPACE_3, Look, Tone
from app.state.desk import Desk
from app.state.desk_plan_week import DAY_MS, WEEK_DAYS, WeekDesk, subject_of
from app.store.queries import OrderLine
from app.store.queries_week import Compared
from journal.clock import moment

_UNIT_WIDTH: Final = 132
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CARRIED: Final = 4
"""Missed orders that are named; the others are counted."""


@ft.component
def WeekTab(desk: Desk, week: WeekDesk, look: Look) -> ft.Control:
    """Draw the week, and below it what was chosen in it."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(week.refresh)
    rows = [_row(desk, week, reader, unit, lines) for unit, lines in week.by_unit().items()]
    if week.loaded and not rows:
        hint = look.say("duty.week.empty_hint")
        rows = [empty_state(look, look.say("duty.week.empty"), hint, icon=ft.Icons.CALENDAR_VIEW_WEEK)]
    parts: list[ft.Control] = [_turning(week, reader), *_carried(week, reader), *_campaigns(week, reader), _heading(week, reader)]
    grid = ft.ListView(rows, spacing=0, expand=True)
    chosen = week.find_chosen()
    below = [draw_detail(desk, week, reader, chosen)] if chosen is not None else []
    return ft.Column([*parts, grid, *below], spacing=SPACE_2, expand=True)


def _turning(week: WeekDesk, reader: Reader) -> ft.Control:
    look = reader.look

    first, last = reader.moment(week.from_ms)[:10], reader.moment(week.until_ms - DAY_MS)[:10]
    back = icon_button(look, ft.Icons.CHEVRON_LEFT, look.say("duty.week.before"), lambda: week.turn(-1), ident="week-before")
    on = icon_button(look, ft.Icons.CHEVRON_RIGHT, look.say("duty.week.after"), lambda: week.turn(1), ident="week-after")
    told = title(look, look.say("duty.week.title", first=first[:5], last=last), expand=True)
    parts: list[ft.Control] = [back, on, told]
    if week.turned:
        parts.append(secondary_button(look, look.say("duty.week.now"), lambda: week.turn(0), ident="week-now"))
    now_ms = week.means.now_ms()
    standings = [one.standing(now_ms) for one in week.lines]
    ordered = sum(one.order is not None and one.order.cancelled is None for one in week.lines)
    done = sum(standing in {"done", "late", "partly", "seen"} and one.order is not None
               for standing, one in zip(standings, week.lines, strict=True))  # fmt: skip
    parts.append(body(look, look.say("duty.week.sum", ordered=ordered, done=done, missed=standings.count("missed")), strong=True))
    return ft.Row(parts, spacing=SPACE_2)


def _carried(week: WeekDesk, reader: Reader) -> list[ft.Control]:
    look, tone = reader.look, reader.look.palette.high
    if not week.missed:
        return []
    chips = [_carried_chip(week, reader, line) for line in week.missed[:_CARRIED]]
    more = len(week.missed) - _CARRIED
    words: list[ft.Control] = [small(look, look.say("duty.week.carried", count=len(week.missed)), strong=True, colour=tone.mark)]
    words += chips
    words += [small(look, look.say("duty.week.more", count=more))] if more > 0 else []
    return [ft.Row(words, spacing=SPACE_2, wrap=True)]


def _carried_chip(week: WeekDesk, reader: Reader, line: OrderLine) -> ft.Control:
    look = reader.look
    said = f"{reader.moment(line.starts_ms or line.issued_ms)[:5]} · {line.title}"
    tone = look.palette.high
    dress = Dress(tone.soft, look.palette.ink, tone.mark, HAIRLINE, RADIUS_CHIP, pad_y=6, pad_x=SPACE_2, font_size=14)
    height = None if look.large_text else look.touch
    return press(look, said, lambda: week.choose(line.subject), dress, ident=f"carried-{line.subject}", height=height)


def _campaigns(week: WeekDesk, reader: Reader) -> list[ft.Control]:
    look = reader.look
    tone = look.palette.assistance
    return [
        ft.Container(
            ft.Row(
                [
                    ft.Icon(ft.Icons.CAMPAIGN_OUTLINED, size=18, color=tone.mark),
                    small(look, f"{line.title} · {_days(reader, line)}", strong=True, colour=tone.mark, expand=True),
                ],
                spacing=SPACE_2,
            ),
            bgcolor=tone.soft,
            border_radius=RADIUS_CHIP,
            padding=ft.Padding.symmetric(horizontal=SPACE_3, vertical=SPACE_1),
        )
        for line in week.campaigns
    ]


def _days(reader: Reader, line: OrderLine) -> str:
    first, last = line.starts_ms or line.issued_ms, (line.ends_ms or line.issued_ms) - 1
    return f"{reader.moment(first)[:10]} – {reader.moment(last)[:10]}"


def _heading(week: WeekDesk, reader: Reader) -> ft.Control:
    look = reader.look
    today = (week.means.now_ms() - week.from_ms) // DAY_MS
    cells: list[ft.Control] = [ft.Container(width=_UNIT_WIDTH)]
    for day in range(WEEK_DAYS):
        date = look.texts.day(moment(week.from_ms + day * DAY_MS))[:5]
        is_today = day == today
        colour = look.palette.primary_edge if is_today else look.palette.ink_soft
        said = f"{look.say(f'duty.day.{_DAYS[day]}')} {date}"
        cells.append(
            ft.Container(small(look, said, strong=True, colour=colour), expand=True, padding=ft.Padding.only(left=SPACE_2))
        )
    return ft.Row(cells, spacing=SPACE_1)


def _row(desk: Desk, week: WeekDesk, reader: Reader, unit: str, lines: tuple[Compared, ...]) -> ft.Control:
    look = reader.look
    by_day: list[list[ft.Control]] = [[] for _ in range(WEEK_DAYS)]
    for one in lines:
        by_day[min(WEEK_DAYS - 1, max(0, week.day_of(one)))].append(_cell(desk, week, reader, one))
    today = (week.means.now_ms() - week.from_ms) // DAY_MS
    cells: list[ft.Control] = [
        ft.Container(body(look, reader.names.unit(unit), strong=True), width=_UNIT_WIDTH, padding=ft.Padding.only(top=SPACE_2))
    ]
    for day, inside in enumerate(by_day):
        column = ft.Column(inside, spacing=SPACE_1, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        fill = look.palette.primary_soft if day == today else look.palette.sunken
        cells.append(ft.Container(column, expand=True, padding=SPACE_1, bgcolor=fill, border_radius=RADIUS_CHIP))
    line = ft.Row(cells, spacing=SPACE_1, vertical_alignment=ft.CrossAxisAlignment.STRETCH, intrinsic_height=True)
    return ft.Container(line, padding=ft.Padding.symmetric(vertical=2), key=f"week-{unit}")


def _cell(desk: Desk, week: WeekDesk, reader: Reader, one: Compared) -> ft.Control:
    look, now_ms = reader.look, desk.means.now_ms()
    subject = subject_of(one)
    tone: Tone = standing_tone(look, one, now_ms)
    chosen = week.chosen == subject
    hours, said = hours_of(reader, one), standing_words(look, one, now_ms)
    heading = body(look, title_of(reader, one), strong=True)
    heading.size, heading.max_lines, heading.overflow = 14, 2, ft.TextOverflow.ELLIPSIS
    lines: list[ft.Control] = [small(look, hours), heading, small(look, said, strong=True, colour=tone.mark)]
    dress = Dress(
        look.palette.surface, look.palette.ink, look.palette.primary_edge if chosen else tone.mark,
        2 if chosen else HAIRLINE, RADIUS_CHIP, pad_y=6, pad_x=6,
    )  # fmt: skip
    name = ". ".join([title_of(reader, one), hours, said])
    inside = ft.Column(lines, spacing=0, tight=True)
    pressed = press(
        look, inside, lambda: week.choose(None if chosen else subject), dress, ident=f"week-{subject}", name=name, expand=True
    )
    return ft.Row([pressed], key=subject)
