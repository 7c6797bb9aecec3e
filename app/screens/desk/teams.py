"""Teams out and teams back: who is out is read from two metres, and eight of them are seen at once."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.alarm_words import late_words
from app.screens.desk.map import track_colours
from app.screens.desk.page import course_button
from app.screens.desk.patrol_told import number_clash
from app.screens.desk.reading import Reader
from app.screens.parts.gaps import gap_words
from app.screens.parts.press import Dress, press
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import small, title, words
from app.screens.tokens import BODY, HAIRLINE, MEDIUM, RADIUS_CARD, SEMIBOLD, SPACE_1, SPACE_2, SPACE_3, Look, Tone
from app.state.desk import Desk
from app.state.desk_now import NowDesk
from app.store.queries import ObservationFilter, PatrolLine

_PAD: Final = 10
_TIGHT_PAD: Final = 4
_ROOMY: Final = 4
"""With more teams out, what they do is told by the name of their card alone."""


def one_line(text: ft.Text) -> ft.Text:
    """Keep words on one line; what does not fit ends in dots and is told whole by the name of what holds it."""
    text.max_lines, text.overflow, text.no_wrap = 1, ft.TextOverflow.ELLIPSIS, True
    return text


def count_of(look: Look, count: int) -> ft.Control:
    """Draw how many there are, at the end of a heading."""
    return words(look, look.texts.number(count), size=BODY, family=SEMIBOLD)


def draw_teams(desk: Desk, now: NowDesk, reader: Reader) -> ft.Control:
    """Draw who is out, then who came back lately in the colours of their tracks."""
    look = reader.look
    out = [_team(desk, now, reader, line, None) for line in now.out]
    parts: list[ft.Control] = [section_header(look, look.say("desk.now.teams"), trailing=count_of(look, len(now.out)))]
    parts += out or [small(look, look.say("desk.now.no_teams"))]
    colours = track_colours(look)
    back = [
        _team(desk, now, reader, line, colours[number % len(colours)])
        for number, line in enumerate(now.latest)
        if line.ended_ms is not None
    ]
    if back:
        parts += [section_header(look, look.say("desk.now.back")), *back]
    return ft.Column(parts, spacing=SPACE_2, scroll=ft.ScrollMode.AUTO, expand=True)


def _team(desk: Desk, now: NowDesk, reader: Reader, line: PatrolLine, colour: str | None) -> ft.Control:
    look = reader.look
    bar = (
        ft.Container(width=14, height=4, bgcolor=colour, border_radius=2)
        if colour
        else ft.Icon(ft.Icons.DIRECTIONS_WALK, size=18, color=look.palette.primary_edge)
    )
    plan = line.plan or reader.catalogue.label(f"patrol_types.{line.type}", look.texts.language)
    when, tone = _when(desk, reader, line)
    behalf = [look.say("patrol.behalf.mark")] if line.on_behalf else []
    under = " · ".join([*behalf, reader.names.unit(line.lead_unit), *_so_far(desk, reader, line)])
    crowded = line.ended_ms is None and len(now.out) > _ROOMY
    lines = _lines(look, line, bar, (plan, when, under), tone, crowded=crowded)
    lost = now.lost.get(line.subject)
    said = [look.say("patrol.told.shared")] if line.number_shared else []
    said += [gap_words(look, lost)] if lost is not None else []
    lines += [number_clash(look)] if line.number_shared else []
    lines += [_lost(look, gap_words(look, lost))] if lost is not None else []

    async def look_at() -> None:
        await desk.review.narrow(ObservationFilter(patrol=line.subject))
        ft.context.page.navigate("/review")

    inside = ft.Column(lines, spacing=0, tight=True, tooltip=f"{plan}\n{under}")
    palette = look.palette
    late = tone is palette.urgent
    fill, edge = (palette.urgent.soft, palette.urgent.mark) if late else (palette.surface, palette.line)
    dress = Dress(fill, palette.ink, edge, HAIRLINE, RADIUS_CARD, pad_y=_TIGHT_PAD if crowded else _PAD, pad_x=SPACE_3)
    name = ". ".join([line.number, plan, when, under, *said])
    card = press(look, inside, look_at, dress, ident=f"team-{line.number}", name=name, expand=True)
    return ft.Row([card, course_button(desk, look, line.subject, f"team-course-{line.number}")], spacing=0, key=line.subject)


def _lines(
    look: Look, line: PatrolLine, bar: ft.Control, said: tuple[str, str, str], tone: Tone | None, *, crowded: bool
) -> list[ft.Control]:
    """Number and hour of return, what they do, and who and when the last word was; larger while the team is out."""
    plan, when, under = said
    colour = tone.mark if tone else None
    if line.ended_ms is not None:
        hour = small(look, when, colour=colour)
        top = ft.Row([bar, one_line(small(look, line.number, strong=True, expand=True)), hour], spacing=SPACE_2)
        return [top, one_line(words(look, plan, family=MEDIUM)), one_line(small(look, under))]
    number, hour = one_line(title(look, line.number, expand=True)), title(look, when, colour=colour)
    top = ft.Row([bar, number, hour], spacing=SPACE_2)
    plans = [] if crowded else [one_line(words(look, plan, family=MEDIUM))]
    return [top, *plans, one_line(words(look, under))]


def _lost(look: Look, told: str) -> ft.Control:
    """The longest stretch of which nobody knows the way, and why: as many lines as that takes."""
    colour = look.palette.high.mark
    icon = ft.Icon(ft.Icons.LOCATION_DISABLED, size=16, color=colour)
    return ft.Row([icon, small(look, told, colour=colour, expand=True)], spacing=SPACE_1)


def _when(desk: Desk, reader: Reader, line: PatrolLine) -> tuple[str, Tone | None]:
    """When the team came back, or when it should; in red once it is late."""
    look, now_ms = reader.look, desk.means.now_ms()
    if line.ended_ms is not None:
        return reader.short(line.ended_ms, now_ms), None
    if line.return_due_ms is None:
        return "", None
    late = now_ms > line.return_due_ms
    if late:
        return look.say("safety.desk.overdue", late=late_words(reader, now_ms - line.return_due_ms)), look.palette.urgent
    return look.say("desk.now.return_due", time=reader.hour(line.return_due_ms)), look.palette.calm


def _so_far(desk: Desk, reader: Reader, line: PatrolLine) -> list[str]:
    look = reader.look
    if line.ended_ms is None:
        return [look.say("desk.now.last_word", age=look.texts.age((desk.means.now_ms() - line.last_ms) / 1000))]
    said = [look.texts.people(line.people)]
    return [*said, look.texts.km(line.distance_m)] if line.distance_m else said
