"""One order of the week: what was asked at the left, what was done at the right, and what can be done about it."""

from __future__ import annotations

import flet as ft

from app.screens.desk.page import course_button, show_records
from app.screens.desk.reading import Reader
from app.screens.desk.week_words import hours_of, standing_tone, standing_words, title_of
from app.screens.parts.buttons import icon_button, primary_button, secondary_button, text_button
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small, title
from app.screens.tokens import SPACE_1, SPACE_2, SPACE_6
from app.state.desk import Desk
from app.state.desk_plan_week import WeekDesk
from app.store.queries import ObservationFilter, OrderLine, PatrolLine
from app.store.queries_week import Compared

_HEIGHT = 268


def draw_detail(desk: Desk, week: WeekDesk, reader: Reader, one: Compared) -> ft.Control:
    """Draw both sides; the buttons stand under them."""
    look, now_ms = reader.look, desk.means.now_ms()
    tone = standing_tone(look, one, now_ms)
    close = icon_button(look, ft.Icons.CLOSE, look.say("verb.close"), lambda: week.choose(None), ident="week-close")
    heading = ft.Row(
        [
            title(look, title_of(reader, one), expand=True),
            body(look, standing_words(look, one, now_ms), strong=True, colour=tone.mark),
            close,
        ],
        spacing=SPACE_2,
    )
    sides = ft.Row(
        [
            ft.Column(_ordered(reader, one), spacing=SPACE_1, expand=True, scroll=ft.ScrollMode.AUTO),
            ft.Column(_done(desk, reader, one), spacing=SPACE_1, expand=True, scroll=ft.ScrollMode.AUTO),
        ],
        spacing=SPACE_6,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    inside = [heading, sides, *_actions(desk, week, reader, one)]
    return ft.Container(card(look, inside, ident="week-detail"), height=_HEIGHT)


def _ordered(reader: Reader, one: Compared) -> list[ft.Control]:
    look, order = reader.look, one.order
    parts: list[ft.Control] = [small(look, look.say("duty.week.ordered"), strong=True)]
    if order is None:
        return [*parts, body(look, look.say("duty.week.nobody_ordered"))]
    date = reader.moment(order.starts_ms or order.issued_ms)[:10]
    parts.append(body(look, f"{date} · {hours_of(reader, one)}"))
    parts += [body(look, line) for line in order_lines(reader, order)]
    if order.text:
        parts.append(small(look, order.text, colour=look.palette.ink))
    seen = ", ".join(f"{reader.names.person(who)} {reader.moment(at_ms)}" for who, at_ms in order.acknowledged.items())
    if order.cancelled is not None:
        parts.append(small(look, look.say("desk.plan.cancelled", reason=order.cancelled), colour=look.palette.held.mark))
    elif seen:
        parts.append(small(look, look.say("desk.plan.seen_by", names=seen), colour=look.palette.good.mark, strong=True))
    else:
        parts.append(small(look, look.say("desk.plan.not_seen"), colour=look.palette.returned.mark, strong=True))
    return parts


def order_lines(reader: Reader, order: OrderLine) -> list[str]:
    """Who leads and who goes along, the campaign, the partner of a bilateral patrol."""
    say, names = reader.look.say, reader.names
    said = [say("duty.order.lead", unit=names.unit(order.to_unit))]
    if order.with_units:
        said[0] += " · " + say("duty.order.along", units=", ".join(names.unit(code) for code in order.with_units))
    if order.to_persons:
        said.append(say("duty.order.team", who=", ".join(names.person(code) for code in order.to_persons)))
    if order.campaign:
        said.append(say("duty.order.campaign", name=order.campaign))
    if order.partner_unit:
        said.append(say(f"duty.order.host.{'ban' if order.partner_host == 'ban' else 'ta'}", unit=order.partner_unit))
    return said


def _done(desk: Desk, reader: Reader, one: Compared) -> list[ft.Control]:
    look = reader.look
    parts: list[ft.Control] = [small(look, look.say("duty.week.walked"), strong=True)]
    parts += [_patrol(desk, reader, line) for line in one.patrols] or [body(look, look.say("duty.week.not_walked"))]
    if one.order is not None and one.order.places:
        marks = [_place(reader, place, reached=place in one.reached) for place in one.order.places]
        parts.append(ft.Row(marks, spacing=SPACE_2, wrap=True, run_spacing=SPACE_1))
    return parts


def _patrol(desk: Desk, reader: Reader, line: PatrolLine) -> ft.Control:
    look, now_ms = reader.look, desk.means.now_ms()
    ended = reader.short(line.ended_ms, now_ms) if line.ended_ms is not None else look.say("duty.week.still_out")
    told = [f"{reader.short(line.started_ms, now_ms)} – {ended}", look.texts.people(line.people)]
    told += [look.texts.km(line.distance_m)] if line.distance_m else []

    async def show() -> None:
        await show_records(desk, ObservationFilter(patrol=line.subject))

    lines: list[ft.Control] = [body(look, f"{line.number} · {' · '.join(told)}", strong=True)]
    if line.result:
        lines.append(small(look, line.result, colour=look.palette.ink))
    link = text_button(look, look.say("duty.week.records"), show, ident=f"week-records-{line.number}")
    course = course_button(desk, look, line.subject, f"week-course-{line.number}")
    return ft.Row([ft.Column(lines, spacing=0, tight=True, expand=True), link, course], spacing=SPACE_2)


def _place(reader: Reader, place: str, *, reached: bool) -> ft.Control:
    look = reader.look
    tone = look.palette.good if reached else look.palette.high
    icon = ft.Icon(ft.Icons.CHECK if reached else ft.Icons.REMOVE, size=18, color=tone.mark)
    name = reader.names.place(place)
    said = look.say("duty.week.reached" if reached else "duty.week.unreached", name=name)
    row = ft.Row([icon, small(look, name, strong=True, colour=tone.mark)], spacing=2, tight=True)
    return ft.Semantics(label=said, exclude_semantics=True, content=row)


def _actions(desk: Desk, week: WeekDesk, reader: Reader, one: Compared) -> list[ft.Control]:
    look, order = reader.look, one.order
    if order is None or not desk.means.may("order", order.unit):
        return []
    if week.cancelling:
        return [_cancelling(desk, week, reader, order)]
    repeat = secondary_button(look, look.say("duty.week.repeat"), lambda: desk.plan.repeat(order), ident="week-repeat")
    buttons: list[ft.Control] = [repeat]
    if order.cancelled is None and not one.patrols:
        buttons.append(secondary_button(look, look.say("duty.week.cancel"), week.begin_cancelling, ident="week-cancel"))
    return [ft.Row(buttons, spacing=SPACE_2)]


def _cancelling(desk: Desk, week: WeekDesk, reader: Reader, order: OrderLine) -> ft.Control:
    look = reader.look

    async def cancel() -> None:
        desk.stop_typing()
        await week.cancel(order)

    missing = look.say("duty.missing.reason") if week.reason_missing else None
    label = look.say("duty.week.cancel_reason")
    field = text_field(look, label, week.write_reason, ident="week-cancel-reason", missing=missing, on_focus=desk.note_typing)
    done = primary_button(look, look.say("duty.week.cancel"), cancel, ident="week-cancel-write", compact=True)
    return ft.Row([ft.Container(field, expand=True), done], spacing=SPACE_2)
