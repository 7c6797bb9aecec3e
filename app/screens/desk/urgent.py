"""What is urgent: the clock that runs is read from two metres; what somebody has taken up is one line."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.alarms import AlarmCards
from app.screens.desk.header import use_ticking
from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.desk.teams import count_of, one_line
from app.screens.parts.buttons import secondary_button
from app.screens.parts.marks import priority_shape
from app.screens.parts.press import Dress, press
from app.screens.parts.surfaces import empty_state, section_header
from app.screens.parts.words import body, headline, small, title
from app.screens.tokens import HAIRLINE, RADIUS_CARD, SPACE_1, SPACE_2, SPACE_3, Look, hairline
from app.state.desk import Desk
from app.state.desk_now import NowDesk, Urgent

_PAD: Final = 8
_LARGE: Final = 3
"""With their clock in large figures; the others are one line each, so that little of this column scrolls."""
_A_DAY_S: Final = 86_400


def draw_urgent(desk: Desk, now: NowDesk, reader: Reader) -> ft.Control:
    """Draw calls for help and alarms, then records of the two highest ranks that wait for a verdict."""
    look = reader.look
    count = len(now.urgent) + len(desk.alarms.lines)
    parts: list[ft.Control] = [section_header(look, look.say("desk.now.urgent"), trailing=count_of(look, count))]
    parts.append(AlarmCards(desk, desk.alarms, look))
    open_ones = [one for one in now.urgent if not one.acknowledged and not one.by_shift]
    large = open_ones[: max(1, _LARGE - len(desk.alarms.lines))]
    parts += [_urgent_card(desk, now, reader, one) for one in large]
    parts += [_urgent_row(desk, reader, one) for one in now.urgent if one not in large]
    if now.loaded and not count:
        hint = look.say("desk.now.no_urgent_hint")
        parts.append(empty_state(look, look.say("desk.now.no_urgent"), hint, icon=ft.Icons.CHECK_CIRCLE_OUTLINE))
    return ft.Column(parts, spacing=SPACE_2, scroll=ft.ScrollMode.AUTO, expand=True)


def _urgent_card(desk: Desk, now: NowDesk, reader: Reader, one: Urgent) -> ft.Control:
    look, line = reader.look, one.line
    priority = reader.priority(line)

    async def go() -> None:
        await show_record(desk, line.subject)

    async def acknowledge() -> None:
        await now.acknowledge(line)

    shape = ft.Container(priority_shape(look, priority), width=24, alignment=ft.Alignment.CENTER)
    heading = one_line(title(look, reader.title(line), expand=True))
    where = f"{reader.place(line)} · {reader.names.unit(line.unit)}"
    heading.tooltip = f"{reader.title(line)}\n{where}"
    buttons: list[ft.Control] = [secondary_button(look, look.say("verb.open"), go, ident=f"urgent-open-{line.subject}")]
    if not one.acknowledged:
        seen = look.say("desk.now.acknowledge")
        buttons.insert(0, secondary_button(look, seen, acknowledge, ident=f"urgent-ack-{line.subject}"))
    lines: list[ft.Control] = [
        ft.Row([shape, heading], spacing=SPACE_2),
        one_line(body(look, where)),
        RunningClock(look, desk, line.happened_ms, one.due_ms, stopped=one.acknowledged, large=True, key=f"clock-{line.subject}"),
        ft.Container(ft.Row(buttons, spacing=SPACE_2, wrap=look.large_text), padding=ft.Padding.only(top=SPACE_1)),
    ]
    box = ft.Container(
        ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=ft.Padding.symmetric(horizontal=SPACE_3, vertical=_PAD),
        bgcolor=look.palette.surface,
        border=hairline(look, look.priority_tone(priority).mark),
        border_radius=RADIUS_CARD,
    )
    return ft.Semantics(identifier=f"urgent-{line.subject}", content=box, key=line.subject)


def _urgent_row(desk: Desk, reader: Reader, one: Urgent) -> ft.Control:
    look, line = reader.look, one.line
    priority = reader.priority(line)

    async def go() -> None:
        await show_record(desk, line.subject)

    shape = ft.Container(priority_shape(look, priority), width=24, alignment=ft.Alignment.CENTER)
    said = reader.title(line)
    clock = RunningClock(look, desk, line.happened_ms, one.due_ms, stopped=one.acknowledged, key=f"clock-{line.subject}")
    told: list[ft.Control] = [one_line(body(look, said, strong=True))]
    if one.by_shift:
        late = desk.means.now_ms() > one.due_ms
        due = look.say("duty.now.shift_end", time=reader.short(one.due_ms, desk.means.now_ms()))
        told.append(small(look, due, strong=True, colour=look.palette.urgent.mark if late else look.palette.medium.mark))
    else:
        told.append(clock)
    inside = ft.Row([shape, ft.Column(told, spacing=0, tight=True, expand=True)], spacing=SPACE_2)
    dress = Dress(look.palette.surface, look.palette.ink, look.palette.line, HAIRLINE, RADIUS_CARD, pad_y=SPACE_1, pad_x=SPACE_3)
    name = f"{said}. {reader.place(line)}. {reader.names.unit(line.unit)}"
    pressed = press(look, inside, go, dress, ident=f"urgent-open-{line.subject}", name=name, expand=True)
    return ft.Row([pressed], key=line.subject)


@ft.component
def RunningClock(
    look: Look, desk: Desk, since_ms: int, due_ms: int, *, stopped: bool, large: bool = False, key: str = ""
) -> ft.Control:
    """Draw how long ago it happened, and how long the desk still has to acknowledge it."""
    now_ms = use_ticking(desk.means.now_ms)
    past = look.texts.age((now_ms - since_ms) / 1000)
    if stopped:
        return one_line(small(look, f"{past} · {look.say('desk.now.acknowledged')}", colour=look.palette.good.mark))
    left_s = (due_ms - now_ms) / 1000
    late = left_s < 0
    tone = look.palette.urgent if late else look.palette.high
    far = abs(left_s) >= _A_DAY_S
    left = look.say("desk.now.days", count=int(abs(left_s) / _A_DAY_S)) if far else look.texts.clock(abs(left_s))
    said = look.say("desk.now.late" if late else "desk.now.left", time=left)
    if large and look.large_text:  # words of two sizes do not fit beside each other
        return ft.Column([headline(look, said, colour=tone.mark), one_line(body(look, past))], spacing=0, tight=True)
    if large:
        return ft.Row([headline(look, said, colour=tone.mark), one_line(body(look, f"· {past}", expand=True))], spacing=SPACE_2)
    since = one_line(small(look, f"· {past}", expand=True))
    return ft.Row([small(look, said, colour=tone.mark, strong=True), since], spacing=SPACE_1)
