"""What an order says beyond one unit and its hours: who goes along, which team, the route, the campaign, the partner."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.picking import pick_several
from app.screens.desk.reading import Reader
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import dropdown_field, text_field
from app.screens.parts.words import small
from app.screens.tokens import Look
from app.state.desk import Desk
from app.state.desk_plan import PlanDesk
from journal.catalogue import BILATERAL

_ROUTE: Final = ("moc", "duong_mon", "loi_mo", "nut_giao_thong", "chot")


def draw_joint(desk: Desk, plan: PlanDesk, reader: Reader) -> list[ft.Control]:
    """Draw the parts that this kind of order has."""
    look, form = reader.look, plan.form
    units = [Choice(code, one.short_name or one.name) for code, one in reader.names.units.items() if not one.retired]
    along = [choice for choice in units if choice.code != form.to_unit]
    parts: list[ft.Control] = [
        pick_several(
            look, look.say("duty.order.with_units"), along, sorted(form.with_units),
            lambda codes: plan.choose(with_units=frozenset(codes)), ident="order-with",
        ),
    ]  # fmt: skip
    if form.kind == "cao_diem":
        return parts
    parts += _team(plan, reader)
    parts += _route(plan, reader)
    if plan.campaigns:
        campaigns = [Choice(name, name) for name in plan.campaigns]
        parts += [
            _label(look, "in_campaign"),
            choice_chips(
                look, campaigns, {form.campaign}, lambda codes: plan.choose(campaign=next(iter(codes - {form.campaign}), "")),
                ident="order-campaign", dense=True,
            ),
        ]  # fmt: skip
    if form.kind == "tuan_tra" and form.patrol_type == BILATERAL:
        parts += _partner(desk, plan, look)
    return parts


def _label(look: Look, key: str) -> ft.Control:
    return small(look, look.say(f"duty.order.{key}"), strong=True)


def _team(plan: PlanDesk, reader: Reader) -> list[ft.Control]:
    """Who leads the team; nobody chosen means the whole unit."""
    look = reader.look
    leaders = [
        Choice(code, one.name)
        for code, one in reader.names.persons.items()
        if not one.retired and one.home_unit == plan.form.to_unit
    ]
    if not leaders:
        return []
    everybody = Choice("", look.say("duty.order.whole_unit"))
    return [
        dropdown_field(
            look, look.say("duty.order.to_person"), [everybody, *leaders], plan.form.to_person,
            lambda code: plan.choose(to_person=code), ident="order-person",
        )
    ]  # fmt: skip


def _route(plan: PlanDesk, reader: Reader) -> list[ft.Control]:
    look, form = reader.look, plan.form
    places = [Choice(code, one.name) for code, one in reader.names.places.items() if one.kind in _ROUTE]

    picked = pick_several(
        look, look.say("duty.order.route"), places, form.places, lambda codes: plan.choose(places=codes), ident="order-places"
    )
    return [picked]


def _partner(desk: Desk, plan: PlanDesk, look: Look) -> list[ft.Control]:
    form = plan.form
    hosts = [Choice(code, look.say(f"duty.order.hosts.{code}")) for code in ("ta", "ban")]
    missing = look.say("duty.missing.partner_unit") if "partner_unit" in plan.missing else None
    return [
        text_field(
            look, look.say("duty.order.partner_unit"), lambda typed: setattr(form, "partner_unit", typed), ident="order-partner",
            initial=form.partner_unit, missing=missing, on_focus=desk.note_typing,
        ),
        choice_chips(
            look, hosts, {form.partner_host}, lambda codes: plan.choose(partner_host=next(iter(codes), form.partner_host)),
            ident="order-host", dense=True,
        ),
    ]  # fmt: skip
