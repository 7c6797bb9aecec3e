"""Who was responsible for a sector at a moment: one question on one line, and the answer under it."""

from __future__ import annotations

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.buttons import primary_button
from app.screens.parts.choices import Choice
from app.screens.parts.fields import dropdown_field, text_field
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small, title
from app.screens.tokens import SPACE_1, SPACE_3
from app.state.desk import Desk
from app.state.desk_plan_shifts import ShiftsDesk
from app.store.queries import ShiftLine
from app.store.queries_duty import LATE_MS, Responsibility


def draw_question(desk: Desk, shifts: ShiftsDesk, reader: Reader) -> ft.Control:
    """Draw the question, and the answer once it was asked."""
    look = reader.look

    async def ask() -> None:
        desk.stop_typing()
        await shifts.ask_who()

    missing = look.say("duty.missing.asked") if shifts.not_understood else None
    sectors = [Choice(name, name) for name in shifts.sectors]
    row: list[ft.Control] = [
        ft.Container(
            dropdown_field(
                look, look.say("duty.who.sector"), sectors, shifts.asked_sector or None,
                lambda name: setattr(shifts, "asked_sector", name), ident="who-sector",
            ),
            expand=3,
        ),
        ft.Container(
            text_field(
                look, look.say("duty.who.at"), lambda typed: setattr(shifts, "asked_at", typed), ident="who-at",
                initial=shifts.asked_at, missing=missing, on_focus=desk.note_typing, on_submit=lambda _: desk.means.run_task(ask),
            ),
            expand=3,
        ),
        primary_button(look, look.say("duty.who.ask"), ask, ident="who-ask", compact=True),
    ]  # fmt: skip
    parts: list[ft.Control] = [
        section_header(look, look.say("duty.who.title")),
        ft.Row(row, spacing=SPACE_3, vertical_alignment=ft.CrossAxisAlignment.START),
    ]
    if shifts.answer is not None:
        parts.append(_answer(reader, shifts.answer))
    return ft.Column(parts, spacing=SPACE_1, tight=True)


def _answer(reader: Reader, found: Responsibility) -> ft.Control:
    look, names = reader.look, reader.names
    asked = look.say("duty.who.asked", sector=found.sector, time=reader.moment(found.at_ms))
    lines: list[ft.Control] = [small(look, asked)]
    if len(found.shifts) > 1:
        lines.append(body(look, look.say("duty.who.twice"), strong=True, colour=look.palette.high.mark))
    for shift in found.shifts:
        lines += _named(reader, shift)
    if not found.shifts:
        lines.append(title(look, look.say("duty.who.nobody"), colour=look.palette.urgent.mark))
        around = [("duty.who.before", found.before), ("duty.who.after", found.after)]
        for key, one in around:
            if one is not None:
                at_ms = one.started_ms if key.endswith("after") else one.ended_ms or one.started_ms
                who = names.person(one.responsible or "")
                lines.append(body(look, look.say(key, who=who, time=reader.moment(at_ms))))
    if found.teams:
        teams = ", ".join(f"{line.number} ({names.person(line.leader)})" for line in found.teams)
        lines.append(small(look, look.say("duty.who.teams", teams=teams), colour=look.palette.ink))
    return card(look, lines, ident="who-answer", spacing=2, tone=None if found.shifts else look.palette.urgent)


def _named(reader: Reader, shift: ShiftLine) -> list[ft.Control]:
    look, names = reader.look, reader.names
    others = [names.person(code) for code in shift.on_duty if code != shift.responsible]
    until = reader.moment(shift.ended_ms) if shift.ended_ms is not None else look.say("duty.who.still")
    told = [look.say("duty.who.shift", start=reader.moment(shift.started_ms), end=until)]
    told += [look.say("duty.who.with", names=", ".join(others))] if others else []
    at_ms = {names.by_writer.get(writer, writer): at for writer, at in shift.acknowledged.items()}.get(shift.responsible or "")
    told.append(look.say("duty.shift.confirmed", time=reader.moment(at_ms)) if at_ms else look.say("duty.shift.unconfirmed"))
    if shift.written_ms - shift.started_ms > LATE_MS:
        who = names.person(shift.author)
        told.append(look.say("duty.who.written_later", who=who, time=reader.moment(shift.written_ms)))
    return [title(look, names.person(shift.responsible or "")), *(body(look, line) for line in told)]
