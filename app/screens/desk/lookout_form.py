"""The form of a lookout: a plate, why, who asks, for how long, and which units' phones shall know it."""

from __future__ import annotations

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.buttons import primary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import dropdown_field, text_field
from app.screens.parts.notices import show_notice
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import small
from app.screens.tokens import SPACE_3, Look
from app.state.desk import Desk
from app.state.desk_vehicles import DAYS, REASONS, VehiclesDesk


def draw_lookout_form(desk: Desk, vehicles: VehiclesDesk, reader: Reader) -> ft.Control:
    """Draw the form; it says what phones will know."""
    look, say = reader.look, reader.look.say

    async def give() -> None:
        if await vehicles.look_out():
            show_notice(look, say("wanted.desk.given"), shown_s=4)

    parts: list[ft.Control] = [
        section_header(look, say("wanted.desk.new")),
        small(look, say("wanted.desk.never_persons")),
        _plate(desk, vehicles, look),
        section_header(look, say("wanted.desk.reason")),
        *_reason(vehicles, look),
        section_header(look, say("wanted.desk.asked")),
        _issuer(desk, vehicles, reader),
        section_header(look, say("wanted.desk.how_long")),
        _days(vehicles, look),
        section_header(look, say("wanted.desk.for_units")),
        _units(vehicles, reader, desk.means.notebook.unit),
        small(look, say("wanted.desk.what_phones_know")),
    ]
    below: list[ft.Control] = [ft.ListView(parts, spacing=SPACE_3, expand=True, key=f"lookout-form-{vehicles.given}")]
    if "too_many" in vehicles.missing:
        below.append(small(look, say("wanted.desk.too_many"), colour=look.palette.urgent.mark, strong=True))
    below.append(primary_button(look, say("wanted.desk.give"), give, ident="lookout-give", icon=ft.Icons.SEARCH))
    return ft.Column(below, spacing=SPACE_3, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _plate(desk: Desk, vehicles: VehiclesDesk, look: Look) -> ft.Control:
    form = vehicles.form
    return text_field(
        look, look.say("wanted.desk.plate"), lambda text: setattr(form, "plate", text), ident="lookout-plate", initial=form.plate,
        missing=look.say("wanted.desk.missing_plate") if "plate" in vehicles.missing else None, on_focus=desk.note_typing,
        capitalization=ft.TextCapitalization.CHARACTERS,
    )  # fmt: skip


def _issuer(desk: Desk, vehicles: VehiclesDesk, reader: Reader) -> ft.Control:
    look, form = reader.look, vehicles.form
    units = [Choice(code, unit.name) for code, unit in reader.names.units.items() if not unit.retired]
    chosen = form.issuer or desk.means.notebook.unit
    return dropdown_field(
        look, look.say("wanted.desk.issuer"), units, chosen, lambda code: setattr(form, "issuer", code), ident="lookout-issuer"
    )


def sentence(words: str) -> str:
    """With a capital, where words that end a sentence elsewhere stand alone."""
    return words[:1].upper() + words[1:]


def _reason(vehicles: VehiclesDesk, look: Look) -> list[ft.Control]:
    reasons = [Choice(code, sentence(look.say(f"wanted.reason.{code}"))) for code in REASONS]

    def choose(codes: frozenset[str]) -> None:
        vehicles.choose(reason=next(iter(codes), ""))

    chips = choice_chips(look, reasons, {vehicles.form.reason}, choose, ident="lookout-reason", dense=True)
    missing = (
        [small(look, look.say("wanted.desk.missing_reason"), colour=look.palette.urgent.mark)]
        if "reason" in vehicles.missing
        else []
    )
    return [chips, *missing]


def _days(vehicles: VehiclesDesk, look: Look) -> ft.Control:
    days = [Choice(str(count), look.say("wanted.desk.days", count=count)) for count in DAYS]

    def choose(codes: frozenset[str]) -> None:
        vehicles.choose(days=int(next(iter(codes), str(vehicles.form.days))))

    return choice_chips(look, days, {str(vehicles.form.days)}, choose, ident="lookout-days", dense=True)


def _units(vehicles: VehiclesDesk, reader: Reader, own: str) -> ft.Control:
    """Other units; the own one knows it in any case."""
    others = [
        Choice(code, reader.names.unit(code)) for code, unit in reader.names.units.items() if not unit.retired and code != own
    ]

    def choose(codes: frozenset[str]) -> None:
        vehicles.choose(for_units=tuple(sorted(codes)))

    return choice_chips(reader.look, others, set(vehicles.form.for_units), choose, ident="lookout-for", many=True, dense=True)
