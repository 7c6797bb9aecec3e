"""Orders: give one to a unit and to those that go along, and see who has read those that were given."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.screens.desk.joint_order import draw_joint
from app.screens.desk.news import use_news
from app.screens.desk.reading import Reader
from app.screens.desk.week_detail import order_lines
from app.screens.parts.buttons import primary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import dropdown_field, text_field
from app.screens.parts.notices import show_notice
from app.screens.parts.surfaces import card, empty_state, section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_6, Look
from app.state.desk import Desk
from app.state.desk_plan import KINDS, PlanDesk
from app.store.queries import OrderLine
from app.store.queries.desk import CAMPAIGN
from journal.clock import moment

_FORM_WIDTH = 480
_DAY_MS = 86_400_000
_DAYS = 7
"""A week ahead: beyond it a plan is no order yet."""


@ft.component
def OrdersTab(desk: Desk, plan: PlanDesk, look: Look) -> ft.Control:
    """Draw the orders that this unit gave, and the form of a new one for who may give orders."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(plan.refresh)
    columns: list[ft.Control] = [ft.Container(_orders(plan, reader), expand=True)]
    if desk.means.may("order", desk.means.notebook.unit):
        columns.insert(0, ft.Container(_form(desk, plan, reader), width=_FORM_WIDTH))
    return ft.Row(columns, spacing=SPACE_6, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def _form(desk: Desk, plan: PlanDesk, reader: Reader) -> ft.Control:
    look = reader.look
    say = look.say

    async def issue() -> None:
        if await plan.issue():
            show_notice(look, say("desk.plan.issued_notice"), shown_s=4)

    campaign = plan.form.kind == CAMPAIGN
    asked = ("ends_on",) if campaign else ("starts", "ends")
    hours = [ft.Container(_typed(desk, plan, look, name), expand=True) for name in asked]
    parts: list[ft.Control] = [
        section_header(look, say("desk.plan.new_order")),
        *_whom(plan, reader),
        *draw_joint(desk, plan, reader),
        _typed(desk, plan, look, "title"),
        _typed(desk, plan, look, "text", multiline=True),
        section_header(look, say("duty.order.from_day" if campaign else "desk.plan.when")),
        _days(desk, plan, look),
        ft.Container(ft.Row([*hours], spacing=SPACE_3), padding=ft.Padding.only(top=SPACE_2)),
    ]
    given = primary_button(look, say("desk.plan.new_order"), issue, ident="order-issue", icon=ft.Icons.SEND, compact=True)
    inside = ft.Container(ft.ListView(parts, spacing=SPACE_3), expand=True, key=f"order-form-{plan.issued}")
    return ft.Column([inside, ft.Row([given])], spacing=SPACE_3)


def _missing(plan: PlanDesk, look: Look, name: str) -> str | None:
    if name not in plan.missing:
        return None
    return look.say("duty.missing.ends_on" if name == "ends_on" else f"desk.plan.missing_{name}")


def _typed(desk: Desk, plan: PlanDesk, look: Look, name: str, *, multiline: bool = False) -> ft.Control:
    label = look.say("duty.order.ends_on" if name == "ends_on" else f"desk.plan.{name}")
    return text_field(
        look, label, lambda typed: setattr(plan.form, name, typed), ident=f"order-{name}",
        initial=getattr(plan.form, name), missing=_missing(plan, look, name), multiline=multiline, on_focus=desk.note_typing,
    )  # fmt: skip


def _whom(plan: PlanDesk, reader: Reader) -> list[ft.Control]:
    look, form = reader.look, plan.form
    units = [Choice(code, unit.name) for code, unit in reader.names.units.items() if not unit.retired]
    kinds = [Choice(code, look.say(f"desk.order_kind.{code}")) for code in KINDS]

    def choose_unit(code: str) -> None:
        plan.choose(to_unit=code, to_person="")

    parts: list[ft.Control] = [
        choice_chips(look, kinds, {form.kind}, lambda codes: plan.choose(kind=next(iter(codes), form.kind)), ident="order-kind"),
        dropdown_field(look, look.say("desk.plan.to_unit"), units, form.to_unit or None, choose_unit, ident="order-unit"),
    ]
    missing = _missing(plan, look, "to_unit")
    if missing:
        parts.append(small(look, missing, colour=look.palette.urgent.mark))
    return [*parts, _types(plan, reader)] if form.kind == "tuan_tra" else parts


def _days(desk: Desk, plan: PlanDesk, look: Look) -> ft.Control:
    days = [Choice(str(day), look.texts.day(moment(desk.means.now_ms() + day * _DAY_MS))[:5]) for day in range(_DAYS)]
    choose: Callable[[frozenset[str]], None] = lambda codes: plan.choose(day=int(next(iter(codes), "0")))  # noqa: E731  one line
    return choice_chips(look, days, {str(plan.form.day)}, choose, ident="order-day")


def _types(plan: PlanDesk, reader: Reader) -> ft.Control:
    look = reader.look
    types = [Choice(code, one.label.text(look.texts.language)) for code, one in reader.catalogue.patrol_types.items()]

    def choose(code: str) -> None:
        plan.choose(patrol_type=code)

    return dropdown_field(look, look.say("desk.plan.type"), types, plan.form.patrol_type or None, choose, ident="order-type")


def _orders(plan: PlanDesk, reader: Reader) -> ft.Control:
    look = reader.look
    if plan.loaded and not plan.orders:
        hint = look.say("desk.plan.empty_hint")
        return empty_state(look, look.say("desk.plan.empty"), hint, icon=ft.Icons.ASSIGNMENT_OUTLINED)
    cards = [_order(reader, line) for line in plan.orders]
    return ft.ListView([section_header(look, look.say("desk.plan.given")), *cards], spacing=SPACE_2)


def _order(reader: Reader, line: OrderLine) -> ft.Control:
    look = reader.look
    lines: list[ft.Control] = [
        body(look, line.title, strong=True),
        small(look, order_time(reader, line), colour=look.palette.ink),
        *(small(look, one, colour=look.palette.ink) for one in order_lines(reader, line)),
    ]
    if line.text:
        lines.append(body(look, line.text))
    if line.cancelled is not None:
        lines.append(small(look, look.say("desk.plan.cancelled", reason=line.cancelled), colour=look.palette.held.mark))
    elif line.acknowledged:
        seen = ", ".join(f"{reader.names.person(who)} {reader.moment(at)}" for who, at in line.acknowledged.items())
        lines.append(small(look, look.say("desk.plan.seen_by", names=seen), colour=look.palette.good.mark, strong=True))
    else:
        lines.append(small(look, look.say("desk.plan.not_seen"), colour=look.palette.returned.mark, strong=True))
    return ft.Container(card(look, lines, spacing=2, ident=f"order-{line.subject}"), key=line.subject)


def order_time(reader: Reader, line: OrderLine) -> str:
    """From when until when, or when it was given."""
    if line.starts_ms is None:
        return reader.moment(line.issued_ms)
    ends = f" – {reader.hour(line.ends_ms)}" if line.ends_ms is not None else ""
    return f"{reader.moment(line.starts_ms)}{ends}"
