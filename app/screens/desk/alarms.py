"""Calls for help and alarms: a line over every room while nobody has answered, and a card with what can be done."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.alarm_words import OF_RESTRICTIONS, alarm_facts, alarm_title, is_team_back
from app.screens.desk.header import use_ticking
from app.screens.desk.page import show_record
from app.screens.desk.reading import Reader
from app.screens.parts.buttons import primary_button, secondary_button, text_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.words import body, small, title
from app.screens.tokens import RADIUS_CARD, SPACE_2, SPACE_3, SPACE_4, Look, Tone, hairline
from app.state.desk import Desk
from app.state.desk_alarms import AlarmsDesk
from app.store.queries import AlarmLine
from app.texts import Texts

_BARS: Final = 2
"""More than two lines over a room would leave no room; the others are counted."""
_TICK_S: Final = 5.0


def _tone(look: Look, line: AlarmLine) -> Tone:
    return look.palette.urgent if line.answered_ms is None else look.palette.high


@ft.component
def AlarmBars(desk: Desk, alarms: AlarmsDesk, look: Look) -> ft.Control:
    """Draw what nobody has answered, over every room; answered calls stay there until they are closed."""
    now_ms = use_ticking(desk.means.now_ms, _TICK_S)
    reader = Reader(look, desk.means.catalogue, desk.names)
    told = [line for line in alarms.lines if line.answered_ms is None or line.sos]
    if not told:
        return ft.Container(height=0)
    bars = [_bar(desk, alarms, reader, line, now_ms) for line in told[:_BARS]]
    if len(told) > _BARS:
        more = small(look, look.say("safety.desk.more", count=len(told) - _BARS), strong=True)
        bars.append(ft.Container(more, padding=ft.Padding.symmetric(horizontal=SPACE_4, vertical=2)))
    return ft.Semantics(identifier="alarm-bars", live_region=True, container=True, content=ft.Column(bars, spacing=0, tight=True))


def _bar(desk: Desk, alarms: AlarmsDesk, reader: Reader, line: AlarmLine, now_ms: int) -> ft.Control:
    look, tone = reader.look, _tone(reader.look, line)

    async def answer() -> None:
        await alarms.answer(line)

    def show() -> None:
        desk.stop_typing()
        ft.context.page.navigate("/")

    what = look.say("safety.desk.call" if line.sos else "safety.desk.alarm")
    age = look.texts.age((now_ms - line.raised_ms) / 1000)
    facts = " · ".join([*alarm_facts(reader, alarms, line, now_ms), age])
    words = ft.Column(
        [title(look, f"{what} · {alarm_title(reader, alarms, line)}", colour=tone.mark), body(look, facts)],
        spacing=0,
        tight=True,
        expand=True,
    )
    buttons: list[ft.Control] = [secondary_button(look, look.say("safety.desk.show"), show, ident=f"bar-show-{line.subject}")]
    if line.answered_ms is None:
        heard = look.say("safety.desk.answer")
        buttons.insert(0, primary_button(look, heard, answer, ident=f"bar-answer-{line.subject}", compact=True))
    else:
        buttons.insert(0, small(look, _answered(reader, line, now_ms), strong=True, colour=tone.mark))
    icon = ft.Icon(ft.Icons.SOS if line.sos else ft.Icons.ALARM, size=36, color=tone.mark)
    box = ft.Container(
        ft.Row([icon, words, *buttons], spacing=SPACE_3),
        padding=ft.Padding.symmetric(horizontal=SPACE_4, vertical=SPACE_2),
        bgcolor=tone.soft,
        border=ft.Border.only(bottom=ft.BorderSide(2, tone.mark)),
    )
    return ft.Semantics(identifier=f"alarm-bar-{line.subject}", container=True, content=box, key=line.subject)


def _answered(reader: Reader, line: AlarmLine, now_ms: int) -> str:
    who = reader.names.person(line.answered_by or "")
    return reader.look.say("safety.desk.answered", who=who, time=reader.short(line.answered_ms or 0, now_ms))


@ft.component
def AlarmCards(desk: Desk, alarms: AlarmsDesk, look: Look) -> ft.Control:
    """Draw every call and alarm that lasts, calls first, each with what can be done about it."""
    now_ms = use_ticking(desk.means.now_ms, _TICK_S)
    reader = Reader(look, desk.means.catalogue, desk.names)
    cards = [_card(desk, alarms, reader, line, now_ms) for line in alarms.lines]
    return ft.Column(cards, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _card(desk: Desk, alarms: AlarmsDesk, reader: Reader, line: AlarmLine, now_ms: int) -> ft.Control:
    look, tone = reader.look, _tone(reader.look, line)
    if is_team_back(alarms, line):
        tone = look.palette.good
    what = look.say("safety.desk.call" if line.sos else "safety.desk.alarm")
    icon = ft.Icon(ft.Icons.SOS if line.sos else ft.Icons.ALARM, size=24, color=tone.mark)
    since = small(look, look.texts.age((now_ms - line.raised_ms) / 1000))
    lines: list[ft.Control] = [
        ft.Row([icon, small(look, what, strong=True, colour=tone.mark, expand=True), since], spacing=SPACE_2),
        body(look, alarm_title(reader, alarms, line), strong=True),
        *(small(look, fact, colour=look.palette.ink) for fact in alarm_facts(reader, alarms, line, now_ms)),
    ]
    if line.answered_ms is not None:
        said = _answered(reader, line, now_ms)
        lines.append(small(look, f"{said}: {line.answer}" if line.answer else said, strong=True))
    if alarms.closing == line.subject:
        lines += _closing_form(desk, alarms, reader, line)
    else:
        lines += _what_can_be_done(desk, alarms, reader, line)
    box = ft.Container(
        ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=SPACE_3,
        bgcolor=tone.soft,
        border=hairline(look, tone.mark),
        border_radius=RADIUS_CARD,
    )
    return ft.Semantics(identifier=f"alarm-{line.subject}", container=True, content=box, key=line.subject)


def _what_can_be_done(desk: Desk, alarms: AlarmsDesk, reader: Reader, line: AlarmLine) -> list[ft.Control]:
    look = reader.look

    async def answer() -> None:
        desk.stop_typing()
        await alarms.answer(line)

    async def open_record() -> None:
        if line.kind in OF_RESTRICTIONS:
            desk.plan.show("restrictions")
            ft.context.page.navigate("/plan")
            return
        await show_record(desk, line.about or "")

    def begin() -> None:
        back = is_team_back(alarms, line)
        alarms.begin_closing(line, Texts("vi").say("safety.desk.outcome.back") if back else "")

    parts: list[ft.Control] = []
    if line.answered_ms is None and line.sos:
        label = look.say("safety.desk.answer_note")
        ident = f"alarm-note-{line.subject}"
        parts.append(text_field(look, label, alarms.write_note, ident=ident, initial=alarms.note, on_focus=desk.note_typing))
    buttons: list[ft.Control] = []
    if line.answered_ms is None:
        heard = look.say("safety.desk.answer")
        buttons.append(primary_button(look, heard, answer, ident=f"alarm-answer-{line.subject}", compact=True))
    if not line.sos and line.about and alarms.patrol_of(line) is None:
        opened = look.say("safety.desk.open_record")
        buttons.append(secondary_button(look, opened, open_record, ident=f"alarm-open-{line.subject}"))
    buttons.append(secondary_button(look, look.say("safety.desk.close"), begin, ident=f"alarm-close-{line.subject}"))
    return [*parts, ft.Row(buttons, spacing=SPACE_2, wrap=True, run_spacing=SPACE_2)]


def _closing_form(desk: Desk, alarms: AlarmsDesk, reader: Reader, line: AlarmLine) -> list[ft.Control]:
    """Words of the journal, and so proposed in Vietnamese whatever the screen speaks."""
    look, vietnamese = reader.look, Texts("vi")
    proposed = ("helped", "contact", "mistake") if line.sos else ("back", "contact", "mistake")
    words = {code: vietnamese.say(f"safety.desk.outcome.{code}") for code in proposed}
    chosen = {code for code, said in words.items() if said == alarms.outcome}

    def propose(codes: frozenset[str]) -> None:
        alarms.begin_closing(line, next((words[code] for code in codes), ""))

    async def write() -> None:
        desk.stop_typing()
        await alarms.close(line)

    key = f"outcome-{alarms.proposals}"
    missing = look.say("safety.desk.missing") if alarms.outcome_missing else ""
    field = text_field(
        look,
        look.say("safety.desk.close_title"),
        alarms.write_outcome,
        ident=f"alarm-outcome-{line.subject}",
        initial=alarms.outcome,
        multiline=True,
        missing=missing,
        on_focus=desk.note_typing,
    )
    chips = choice_chips(look, [Choice(code, said) for code, said in words.items()], chosen, propose, ident="outcome", dense=True)
    done = look.say("safety.desk.close_write")
    buttons: list[ft.Control] = [
        primary_button(look, done, write, ident=f"alarm-write-{line.subject}", compact=True),
        text_button(look, look.say("safety.desk.cancel"), alarms.stop_closing, ident=f"alarm-later-{line.subject}"),
    ]
    # A proposed outcome replaces what stands in the field: another key draws it anew.
    return [chips, ft.Container(field, key=key), ft.Row(buttons, spacing=SPACE_2, wrap=True)]
