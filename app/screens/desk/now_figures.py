"""The figures over the first room, and under its map who stands where, what is restricted, and whose the unreviewed is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from app.screens.desk.header import use_ticking
from app.screens.desk.reading import Reader
from app.screens.desk.teams import one_line
from app.screens.parts.press import Dress, press
from app.screens.parts.words import body, display, small
from app.screens.tokens import HAIRLINE, RADIUS_CARD, SPACE_1, SPACE_3, SPACE_4, Look, Tone, hairline
from app.state.desk import Desk
from app.state.desk_alarms import AlarmsDesk
from app.state.desk_now import NowDesk

_TICK_S: Final = 5.0
_LINES: Final = 4
"""More than these are counted: nothing of this room scrolls away."""


@ft.component
def NowFigures(desk: Desk, now: NowDesk, alarms: AlarmsDesk, look: Look) -> ft.Control:
    """Draw five figures; what is not nought and should be is red."""
    now_ms = use_ticking(desk.means.now_ms, _TICK_S)
    palette = look.palette
    calls = sum(line.sos for line in alarms.lines)
    late, overdue = len(now.late(now_ms)), len(now.overdue(now_ms))
    waiting = sum(one.count for one in now.unreviewed)

    def to_review() -> None:
        ft.context.page.navigate("/review")

    tiles = [
        _figure(look, "out", len(now.out), palette.moving if now.out else None),
        _figure(look, "late", late, palette.urgent if late else None),
        _figure(look, "calls", calls, palette.urgent if calls else None),
        _figure(look, "overdue", overdue, palette.urgent if overdue else None, to_review),
        _figure(look, "review", waiting, palette.medium if waiting else None, to_review),
    ]
    return ft.Row([*tiles], spacing=SPACE_3)


def _figure(look: Look, code: str, count: int, tone: Tone | None, act: Callable[[], None] | None = None) -> ft.Control:
    label, said = look.say(f"duty.now.{code}"), look.texts.number(count)
    colour, edge = (tone.mark, tone.mark) if tone else (look.palette.ink_soft, look.palette.line)
    fill = tone.soft if tone else look.palette.surface
    words_ = body(look, label, strong=True, colour=look.palette.ink)
    words_.expand = True
    inside = ft.Row([display(look, said, colour=colour), words_], spacing=SPACE_3)
    ident, name = f"now-{code}", f"{label}: {said}"
    if act is not None:
        dress = Dress(fill, look.palette.ink, edge, HAIRLINE, RADIUS_CARD, pad_y=SPACE_1, pad_x=SPACE_4)
        return ft.Container(ft.Row([press(look, inside, act, dress, ident=ident, name=name, expand=True)]), expand=True)
    padding = ft.Padding.symmetric(horizontal=SPACE_4, vertical=SPACE_1)
    box = ft.Container(inside, padding=padding, bgcolor=fill, border=hairline(look, edge), border_radius=RADIUS_CARD)
    return ft.Semantics(identifier=ident, label=name, exclude_semantics=True, container=True, expand=True, content=box)


def draw_standing(desk: Desk, now: NowDesk, reader: Reader) -> ft.Control:
    """Draw who answers where, what is restricted until when, and what waits for whose verdict, side by side."""
    look = reader.look
    blocks = [_block(look, "duty", _duty(desk, now, reader), "duty.now.nobody")]
    if now.restrictions:
        blocks.append(_block(look, "restrictions", _restricted(desk, now, reader), ""))
    blocks.append(_block(look, "unreviewed", _unreviewed(desk, now, reader), "duty.now.none_waiting"))
    return ft.Row([*blocks], spacing=SPACE_3, vertical_alignment=ft.CrossAxisAlignment.START)


def _block(look: Look, code: str, lines: list[ft.Control], nothing: str) -> ft.Control:
    shown = lines[:_LINES]
    if len(lines) > _LINES:
        shown.append(small(look, look.say("duty.now.more", count=len(lines) - _LINES)))
    if not lines:
        shown = [body(look, look.say(nothing), colour=look.palette.ink_soft)]
    heading = ft.Semantics(header=True, content=small(look, look.say(f"duty.now.{code}"), strong=True))
    column = ft.Column([heading, *shown], spacing=SPACE_1, tight=True)
    return ft.Semantics(identifier=f"now-{code}", container=True, expand=True, content=column)


def _pair(look: Look, what: str, told: str, *, colour: str | None = None) -> ft.Control:
    first, second = one_line(body(look, what, strong=True)), one_line(small(look, told, colour=colour or look.palette.ink))
    return ft.Column([first, second], spacing=0, tight=True)


def _duty(desk: Desk, now: NowDesk, reader: Reader) -> list[ft.Control]:
    look, now_ms = reader.look, desk.means.now_ms()
    lines: list[ft.Control] = []
    for shift in now.running:
        over = shift.until_ms is not None and now_ms > shift.until_ms
        told = [look.say("duty.shift.ends", time=reader.short(shift.until_ms, now_ms))] if shift.until_ms is not None else []
        told.append(reader.names.person(shift.responsible or ""))
        lines.append(_pair(look, shift.sector, " · ".join(told), colour=look.palette.urgent.mark if over else None))
    return lines


def _restricted(desk: Desk, now: NowDesk, reader: Reader) -> list[ft.Control]:
    look, now_ms = reader.look, desk.means.now_ms()
    colour = look.palette.high.mark
    return [
        _pair(look, line.title, look.say("duty.shift.ends", time=reader.short(line.ends_ms or 0, now_ms)), colour=colour)
        for line in now.restrictions
    ]


def _unreviewed(desk: Desk, now: NowDesk, reader: Reader) -> list[ft.Control]:
    look, now_ms = reader.look, desk.means.now_ms()
    lines: list[ft.Control] = []
    for one in now.unreviewed:
        who = ", ".join(reader.names.person(code) for code in one.commanders) or look.say("word.unknown")
        age = look.texts.age((now_ms - one.oldest_ms) / 1000)
        what = f"{reader.names.unit(one.unit)}: {look.texts.number(one.count)}"
        lines.append(_pair(look, what, look.say("duty.now.waits_for", who=who, age=age)))
    return lines
