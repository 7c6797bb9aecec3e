"""What was done in a case: the results so far, and the form of the next one."""

from __future__ import annotations

import flet as ft

from app.screens.desk.reading import Reader
from app.screens.parts.buttons import primary_button, secondary_button
from app.screens.parts.choices import Choice
from app.screens.parts.fields import dropdown_field, text_field
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_2
from app.state.desk import Desk
from app.state.desk_cases import CasesDesk
from app.store.queries_cases import CaseBoard
from journal.entries import CaseDisposed


def draw_results(desk: Desk, cases: CasesDesk, reader: Reader, board: CaseBoard) -> list[ft.Control]:
    """Draw the results, and the way to add one for who may."""
    look = reader.look
    parts: list[ft.Control] = [section_header(look, look.say("desk.case.result"))]
    parts += [
        ft.Container(_done(reader, one.disposed), padding=ft.Padding.only(bottom=SPACE_2))
        for one in board.detail.state.dispositions
    ]
    if not cases.may_change():
        return parts
    if cases.disposing:
        return [*parts, _form(desk, cases, reader)]
    add = secondary_button(look, look.say("cases.result.add"), cases.begin_result, ident="result-add", icon=ft.Icons.ADD)
    return [*parts, ft.Row([add])]


def _done(reader: Reader, done: CaseDisposed) -> ft.Control:
    look = reader.look
    what = reader.catalogue.label(f"lists.disposition.{done.disposition}", look.texts.language)
    said = [reader.moment(done.done_ms), reader.names.unit(done.unit)]
    if done.people is not None:
        said.append(look.texts.people(done.people))
    if done.amount_dong:
        said.append(look.say("cases.result.dong", amount=look.texts.number(done.amount_dong)))
    if done.document:
        said.append(done.document)
    return card(look, [body(look, what, strong=True), small(look, " · ".join(said))], spacing=2)


def _form(desk: Desk, cases: CasesDesk, reader: Reader) -> ft.Control:
    look, form, language = reader.look, cases.form, reader.look.texts.language
    results = [Choice(one.code, one.label.text(language)) for one in reader.catalogue.lists["disposition"].choices]
    units = [Choice(code, unit.name) for code, unit in reader.names.units.items() if not unit.retired]

    def choose(name: str, code: str) -> None:
        setattr(form, name, code)

    def typed(name: str) -> ft.Control:
        missing = look.say(f"cases.result.missing_{name}") if name in cases.missing else None
        return text_field(
            look, look.say(f"cases.result.{name}"), lambda text: choose(name, text), ident=f"result-{name}", missing=missing,
            on_focus=desk.note_typing,
        )  # fmt: skip

    parts: list[ft.Control] = [
        dropdown_field(
            look, look.say("cases.result.what"), results, form.disposition or None, lambda code: choose("disposition", code),
            ident="result-what",
        ),
        dropdown_field(
            look, look.say("cases.result.unit"), units, form.unit or None, lambda code: choose("unit", code),
            ident="result-unit",
        ),
        typed("document"),
        typed("people"),
        typed("amount_dong"),
    ]  # fmt: skip
    if "disposition" in cases.missing:
        parts.insert(1, small(look, look.say("cases.result.missing_what"), colour=look.palette.urgent.mark))
    buttons: list[ft.Control] = [
        secondary_button(look, look.say("verb.cancel"), cases.drop_result, ident="result-cancel"),
        primary_button(look, look.say("cases.result.write"), cases.dispose, ident="result-write", compact=True),
    ]
    return ft.Column([*parts, ft.Row(buttons, spacing=SPACE_2)], spacing=SPACE_2, tight=True)
