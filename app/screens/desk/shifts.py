"""Shifts: who stands where now, the hand-over to the next, and who answered for a sector at any moment."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.alarm_words import late_words
from app.screens.desk.news import use_news
from app.screens.desk.picking import pick_several
from app.screens.desk.reading import Reader
from app.screens.desk.responsible import draw_question
from app.screens.parts.buttons import primary_button, secondary_button, text_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import dropdown_field, text_field
from app.screens.parts.notices import show_notice
from app.screens.parts.surfaces import card, empty_state, section_header
from app.screens.parts.words import body, small, title
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_6, Look
from app.state.desk import Desk
from app.state.desk_plan_shifts import ShiftsDesk
from app.store.queries import ShiftLine
from app.store.queries_duty import LATE_MS

_FORM_WIDTH: Final = 420
_SECTOR_PLACES: Final = ("moc", "duong_mon", "loi_mo")


@ft.component
def ShiftsTab(desk: Desk, shifts: ShiftsDesk, look: Look) -> ft.Control:
    """Draw the form at the left; at the right the question, who stands now, and the days before."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(shifts.refresh)
    running = [_running(desk, shifts, reader, line) for line in shifts.running]
    if shifts.loaded and not running:
        hint = look.say("duty.shift.none_hint")
        running = [empty_state(look, look.say("duty.shift.none"), hint, icon=ft.Icons.BADGE_OUTLINED)]
    past = [_past(reader, line) for line in shifts.lines if line.ended_ms is not None or line.withdrawn is not None]
    listed: list[ft.Control] = [
        draw_question(desk, shifts, reader),
        section_header(look, look.say("duty.shift.running")),
        *running,
        *([section_header(look, look.say("duty.shift.past")), *past] if past else []),
    ]
    columns: list[ft.Control] = [ft.Container(ft.ListView(listed, spacing=SPACE_2), expand=True)]
    if desk.means.may("shift"):
        asked, buttons = _form(desk, shifts, reader)
        taking = shifts.taking_over.subject if shifts.taking_over else ""
        form = ft.Container(ft.ListView(asked, spacing=SPACE_3), expand=True, key=f"shift-form-{taking}-{shifts.saved}")
        columns.insert(0, ft.Container(ft.Column([form, ft.Row(buttons, spacing=SPACE_2)], spacing=SPACE_3), width=_FORM_WIDTH))
    return ft.Row(columns, spacing=SPACE_6, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


# --- a shift begins -----------------------------------------------------------------------------------------------------


def _form(desk: Desk, shifts: ShiftsDesk, reader: Reader) -> tuple[list[ft.Control], list[ft.Control]]:
    """What is asked, and the buttons, which never scroll away."""
    look, before = reader.look, shifts.taking_over

    async def save() -> None:
        desk.stop_typing()
        if await shifts.save():
            show_notice(look, look.say("duty.shift.saved"), shown_s=4)

    heading = look.say("duty.shift.take_over", sector=before.sector) if before else look.say("duty.shift.begin")
    parts: list[ft.Control] = [section_header(look, heading)]
    if before is None:
        parts += _sector(desk, shifts, reader)
    else:
        told = look.say("duty.shift.hands_over", who=_who(reader, before), time=reader.moment(before.started_ms))
        parts.append(small(look, told, colour=look.palette.ink))
    parts += _people(desk, shifts, reader)
    parts.append(_places(shifts, reader))
    hours = [
        ft.Container(_typed(desk, shifts, look, "started"), expand=True),
        ft.Container(_typed(desk, shifts, look, "until"), expand=True),
    ]
    parts.append(ft.Row([*hours], spacing=SPACE_3, vertical_alignment=ft.CrossAxisAlignment.START))
    if before is not None:
        parts.append(_typed(desk, shifts, look, "note", multiline=True))
    saved = look.say("duty.shift.take" if before else "duty.shift.begin")
    buttons: list[ft.Control] = [primary_button(look, saved, save, ident="shift-save", icon=ft.Icons.HOW_TO_REG, compact=True)]
    if before is not None:
        buttons.append(text_button(look, look.say("duty.cancel"), shifts.start_anew, ident="shift-anew"))
    return parts, buttons


def _typed(desk: Desk, shifts: ShiftsDesk, look: Look, name: str, *, multiline: bool = False) -> ft.Control:
    return text_field(
        look, look.say(f"duty.shift.{name}"), lambda typed: setattr(shifts.draft, name, typed), ident=f"shift-{name}",
        initial=getattr(shifts.draft, name), missing=_missing(shifts, look, name), multiline=multiline, on_focus=desk.note_typing,
    )  # fmt: skip


def _missing(shifts: ShiftsDesk, look: Look, name: str) -> str | None:
    return look.say(f"duty.missing.{name}") if name in shifts.problems else None


def _sector(desk: Desk, shifts: ShiftsDesk, reader: Reader) -> list[ft.Control]:
    look = reader.look
    known = dict.fromkeys((*shifts.posts, *shifts.sectors))
    chips = [Choice(name, name) for name in known]

    def choose(codes: frozenset[str]) -> None:
        shifts.choose(sector=next(iter(codes), ""))

    parts: list[ft.Control] = []
    if chips:
        parts.append(choice_chips(look, chips, {shifts.draft.sector}, choose, ident="shift-known", dense=True))
    return [*parts, ft.Container(_typed(desk, shifts, look, "sector"), key=f"sector-{shifts.shape}")]


def _people(desk: Desk, shifts: ShiftsDesk, reader: Reader) -> list[ft.Control]:
    look, draft = reader.look, shifts.draft
    people = [Choice(code, one.name) for code, one in reader.names.persons.items() if not one.retired]
    chips = [choice for choice in people if choice.code != draft.responsible]
    parts: list[ft.Control] = [
        dropdown_field(
            look, look.say("duty.shift.responsible"), people, draft.responsible or None,
            lambda code: shifts.choose(responsible=code), ident="shift-responsible",
        )
    ]  # fmt: skip
    missing = _missing(shifts, look, "responsible")
    if missing:
        parts.append(small(look, missing, colour=look.palette.urgent.mark))
    together = pick_several(
        look, look.say("duty.shift.on_duty"), chips, sorted(draft.on_duty - {draft.responsible}),
        lambda codes: shifts.choose(on_duty=frozenset(codes)), ident="shift-with",
    )  # fmt: skip
    return [*parts, together]


def _places(shifts: ShiftsDesk, reader: Reader) -> ft.Control:
    look = reader.look
    places = [Choice(code, one.name) for code, one in reader.names.places.items() if one.kind in _SECTOR_PLACES]
    return pick_several(
        look, look.say("duty.shift.places"), places, sorted(shifts.draft.places),
        lambda codes: shifts.choose(places=frozenset(codes)), ident="shift-places",
    )  # fmt: skip


# --- who stands now -------------------------------------------------------------------------------------------------------


def _who(reader: Reader, line: ShiftLine) -> str:
    return reader.names.person(line.responsible) if line.responsible else reader.look.say("word.unknown")


def _running(desk: Desk, shifts: ShiftsDesk, reader: Reader, line: ShiftLine) -> ft.Control:
    look, now_ms = reader.look, desk.means.now_ms()
    over = line.until_ms is not None and now_ms > line.until_ms
    told = look.say("duty.shift.since", time=reader.short(line.started_ms, now_ms))
    if line.until_ms is not None and over:
        told += " · " + look.say("duty.shift.over", late=late_words(reader, now_ms - line.until_ms))
    elif line.until_ms is not None:
        told += " · " + look.say("duty.shift.ends", time=reader.short(line.until_ms, now_ms))
    colour = look.palette.urgent.mark if over else look.palette.ink
    top = ft.Row([title(look, line.sector, expand=True), body(look, told, strong=True, colour=colour)], spacing=SPACE_2)
    lines: list[ft.Control] = [top, body(look, f"{_who(reader, line)}{_others(reader, line)}", strong=True)]
    lines += [small(look, ", ".join(reader.names.place(place) for place in line.places))] if line.places else []
    lines.append(_confirmed(reader, line))
    if shifts.ending == line.subject:
        lines += _ending(desk, shifts, reader, line)
    elif desk.means.may("shift", line.unit):
        lines.append(_buttons(desk, shifts, reader, line))
    return ft.Container(card(look, lines, ident=f"shift-{line.subject}"), key=line.subject)


def _others(reader: Reader, line: ShiftLine) -> str:
    others = [reader.names.person(code) for code in line.on_duty if code != line.responsible]
    return f" · {', '.join(others)}" if others else ""


def _confirmed(reader: Reader, line: ShiftLine) -> ft.Control:
    """Whoever was named agrees on their own device: without that the desk alone said it."""
    look = reader.look
    by_person = {reader.names.by_writer.get(writer, writer): at_ms for writer, at_ms in line.acknowledged.items()}
    at_ms = by_person.get(line.responsible or "")
    if at_ms is None:
        return small(look, look.say("duty.shift.unconfirmed"), colour=look.palette.returned.mark, strong=True)
    said = look.say("duty.shift.confirmed", time=reader.moment(at_ms))
    return small(look, said, colour=look.palette.good.mark, strong=True)


def _buttons(desk: Desk, shifts: ShiftsDesk, reader: Reader, line: ShiftLine) -> ft.Control:
    look = reader.look

    async def confirm() -> None:
        await shifts.confirm(line)

    buttons: list[ft.Control] = [
        secondary_button(
            look, look.say("duty.shift.hand_over"), lambda: shifts.take_over(line), ident=f"shift-over-{line.subject}"
        ),
        text_button(look, look.say("duty.shift.end"), lambda: shifts.begin_ending(line), ident=f"shift-end-{line.subject}"),
    ]
    if line.responsible == desk.means.notebook.person and desk.means.notebook.writer not in line.acknowledged:
        agreed = look.say("duty.shift.confirm")
        buttons.insert(0, primary_button(look, agreed, confirm, ident=f"shift-confirm-{line.subject}", compact=True))
    return ft.Row(buttons, spacing=SPACE_2)


def _ending(desk: Desk, shifts: ShiftsDesk, reader: Reader, line: ShiftLine) -> list[ft.Control]:
    look = reader.look

    async def end() -> None:
        desk.stop_typing()
        await shifts.end(line)

    async def take_back() -> None:
        desk.stop_typing()
        await shifts.take_back(line)

    missing = look.say("duty.missing.reason") if shifts.problems & {"note", "reason"} else None
    field = text_field(
        look, look.say("duty.shift.end_note"), lambda typed: setattr(shifts.draft, "note", typed), ident="shift-end-note",
        initial=shifts.draft.note, missing=missing, on_focus=desk.note_typing,
    )  # fmt: skip
    buttons: list[ft.Control] = [
        primary_button(look, look.say("duty.shift.end_write"), end, ident="shift-end-write", compact=True),
        secondary_button(look, look.say("duty.shift.take_back"), take_back, ident="shift-take-back"),
        text_button(look, look.say("duty.cancel"), shifts.stop_ending, ident="shift-end-stop"),
    ]
    return [field, ft.Row(buttons, spacing=SPACE_2)]


def _past(reader: Reader, line: ShiftLine) -> ft.Control:
    look = reader.look
    ended = reader.moment(line.ended_ms) if line.ended_ms is not None else ""
    head = f"{reader.moment(line.started_ms)} – {ended} · {line.sector} · {_who(reader, line)}"
    told = [look.say("duty.shift.handed_to", who=reader.names.person(line.handed_to))] if line.handed_to else []
    told += [line.note] if line.note else []
    if line.end_written_ms is not None and line.ended_ms is not None and line.end_written_ms - line.ended_ms > LATE_MS:
        told.append(look.say("duty.shift.written_later", time=reader.moment(line.end_written_ms)))
    if line.withdrawn is not None:
        told = [look.say("duty.shift.withdrawn", reason=line.withdrawn)]
    parts: list[ft.Control] = [body(look, head, colour=look.palette.ink_soft if line.withdrawn else None)]
    parts += [small(look, " · ".join(told))] if told else []
    return ft.Container(ft.Column(parts, spacing=0, tight=True), key=line.subject, padding=ft.Padding.symmetric(vertical=2))
