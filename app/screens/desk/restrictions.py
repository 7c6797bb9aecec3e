"""Temporary restrictions: what holds, how long it still may, and who has been told; and the order that gives one."""

from __future__ import annotations

from typing import Final

import flet as ft

from app.screens.desk.header import use_ticking
from app.screens.desk.news import use_news
from app.screens.desk.picking import pick_several
from app.screens.desk.reading import Reader
from app.screens.desk.restriction_notices import draw_notices
from app.screens.parts.buttons import danger_button, primary_button, secondary_button, text_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.notices import show_notice
from app.screens.parts.surfaces import banner, card, empty_state, section_header
from app.screens.parts.words import body, headline, small, title
from app.screens.tokens import SPACE_2, SPACE_3, SPACE_6, Look
from app.state.desk import Desk
from app.state.desk_plan_restrictions import LENGTHS_H, RestrictionsDesk
from app.store.queries import OrderLine
from journal.restriction import read_law

_FORM_WIDTH: Final = 440
_PLACES: Final[dict[str, frozenset[str]]] = {
    "loi_mo": frozenset({"loi_mo", "duong_mon"}),
    "cua_khau_phu": frozenset({"cua_khau", "cua_khau_phu", "loi_mo", "nut_giao_thong"}),
}
"""Kinds of places at which a scope holds; the belt holds anywhere."""
_SHORT_MS: Final = 45 * 60_000


@ft.component
def RestrictionsTab(desk: Desk, restrictions: RestrictionsDesk, look: Look) -> ft.Control:
    """Draw the form for who may order, and every order of the last month, those in force ahead."""
    reader = Reader(look, desk.means.catalogue, desk.names)
    use_news(restrictions.refresh)
    now_ms = desk.means.now_ms()
    ordered = sorted(restrictions.lines, key=lambda line: not line.holds_at(now_ms))
    listed: list[ft.Control] = [_card(desk, restrictions, reader, line) for line in ordered]
    if restrictions.loaded and not listed:
        hint = look.say("duty.restriction.none_hint")
        listed = [empty_state(look, look.say("duty.restriction.none"), hint, icon=ft.Icons.DO_NOT_DISTURB_ON_OUTLINED)]
    columns: list[ft.Control] = [ft.Container(ft.ListView(listed, spacing=SPACE_3), expand=True)]
    if desk.means.may("order", desk.means.notebook.unit):
        asked, button = _form(desk, restrictions, reader)
        form = ft.Container(ft.ListView(asked, spacing=SPACE_3), expand=True, key=f"restriction-form-{restrictions.given}")
        columns.insert(0, ft.Container(ft.Column([form, ft.Row([button])], spacing=SPACE_3), width=_FORM_WIDTH))
    return ft.Row(columns, spacing=SPACE_6, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


# --- the order ------------------------------------------------------------------------------------------------------------


def _form(desk: Desk, restrictions: RestrictionsDesk, reader: Reader) -> tuple[list[ft.Control], ft.Control]:
    """What is asked, and the button, which never scrolls away."""
    look, draft, law = reader.look, restrictions.draft, read_law()
    language = look.texts.language

    async def give() -> None:
        desk.stop_typing()
        if await restrictions.give():
            show_notice(look, look.say("duty.restriction.given"), shown_s=4)

    scopes = [Choice(one.code, one.label.text(language)) for one in law.scopes]
    grounds = [Choice(one.code, one.label.text(language)) for one in law.grounds]
    lengths = [Choice(str(hours), look.say("duty.restriction.hours", count=hours)) for hours in LENGTHS_H]
    allowed = [choice for choice in lengths if int(choice.code) <= restrictions.longest_h]

    parts: list[ft.Control] = [
        section_header(look, look.say("duty.restriction.new")),
        choice_chips(look, scopes, {draft.scope}, lambda codes: restrictions.choose(scope=next(iter(codes), draft.scope)),
                     ident="restriction-scope", dense=True),
        small(look, look.say("duty.restriction.law", hours=restrictions.longest_h, source=law.source.text(language))),
        _typed(desk, restrictions, look, "title"),
        _label(look, "ground"),
        choice_chips(look, grounds, {draft.ground}, lambda codes: restrictions.choose(ground=next(iter(codes), "")),
                     ident="restriction-ground", dense=True),
        *_lacks(restrictions, look, "ground"),
        pick_several(look, look.say("duty.restriction.places"), _places(reader, draft.scope), sorted(draft.places),
                     lambda codes: restrictions.choose(places=frozenset(codes)), ident="restriction-places"),
        _typed(desk, restrictions, look, "measures", multiline=True),
        _typed(desk, restrictions, look, "started"),
        _label(look, "lasts"),
        choice_chips(look, allowed, {str(draft.lasts_h)}, lambda codes: restrictions.choose(lasts_h=int(next(iter(codes), "1"))),
                     ident="restriction-lasts", dense=True),
        pick_several(look, look.say("duty.restriction.units"), _other_units(desk, reader), sorted(draft.with_units),
                     lambda codes: restrictions.choose(with_units=frozenset(codes)), ident="restriction-units"),
        *_higher(desk, restrictions, reader),
    ]  # fmt: skip
    given = look.say("duty.restriction.give")
    return parts, primary_button(look, given, give, ident="restriction-give", icon=ft.Icons.GAVEL, compact=True)


def _other_units(desk: Desk, reader: Reader) -> list[Choice]:
    own = desk.means.notebook.unit
    known = reader.names.units.items()
    return [Choice(code, one.short_name or one.name) for code, one in known if not one.retired and code != own]


def _label(look: Look, key: str) -> ft.Control:
    return small(look, look.say(f"duty.restriction.{key}"), strong=True)


def _places(reader: Reader, scope: str) -> list[Choice]:
    return [Choice(code, one.name) for code, one in reader.names.places.items() if _fits(scope, one.kind)]


def _fits(scope: str, kind: str) -> bool:
    return kind in _PLACES.get(scope, {kind})


def _higher(desk: Desk, restrictions: RestrictionsDesk, reader: Reader) -> list[ft.Control]:
    """What goes on from an earlier order needs the decision of a higher level."""
    look, before = reader.look, restrictions.goes_on_from()
    if before is None:
        return []
    told = look.say("duty.restriction.goes_on", title=before.title, end=reader.moment(before.ends_ms or 0))
    return [banner(look, told, "warning"), _typed(desk, restrictions, look, "decided_by")]


def _typed(desk: Desk, restrictions: RestrictionsDesk, look: Look, name: str, *, multiline: bool = False) -> ft.Control:
    draft = restrictions.draft
    missing = look.say(f"duty.missing.{name}") if name in restrictions.problems else None
    return text_field(
        look, look.say(f"duty.restriction.{name}"), lambda typed: setattr(draft, name, typed), ident=f"restriction-{name}",
        initial=getattr(draft, name), missing=missing, multiline=multiline, on_focus=desk.note_typing,
    )  # fmt: skip


def _lacks(restrictions: RestrictionsDesk, look: Look, name: str) -> list[ft.Control]:
    if name not in restrictions.problems:
        return []
    return [small(look, look.say(f"duty.missing.{name}"), colour=look.palette.urgent.mark)]


# --- what holds -------------------------------------------------------------------------------------------------------------


def _card(desk: Desk, restrictions: RestrictionsDesk, reader: Reader, line: OrderLine) -> ft.Control:
    look, held = reader.look, line.restriction
    language, law = look.texts.language, read_law()
    scope = law.scope(held.scope) if held else None
    ground = next((one for one in law.grounds if held is not None and one.code == held.ground), None)
    facts = [scope.label.text(language) if scope else "", ground.label.text(language) if ground else ""]
    facts += [reader.names.place(place) for place in line.places]
    hours = f"{reader.moment(line.starts_ms or 0)} – {reader.moment(line.ends_ms or 0)}"
    lines: list[ft.Control] = [
        ft.Row([title(look, line.title, expand=True), TimeLeft(desk, line, look, key=f"left-{line.subject}")], spacing=SPACE_3),
        body(look, " · ".join(fact for fact in facts if fact)),
        body(look, f"{hours} · {law.source.text(language)}"),
    ]
    if held is not None and held.measures:
        lines.append(body(look, held.measures))
    if held is not None and held.decided_by:
        lines.append(small(look, look.say("duty.restriction.decided", by=held.decided_by), colour=look.palette.ink, strong=True))
    if line.cancelled is not None:
        time = reader.moment(line.cancelled_ms or 0)
        lines.append(small(look, look.say("duty.restriction.lifted", reason=line.cancelled, time=time), colour=look.palette.ink))
    lines += draw_notices(desk, restrictions, reader, line)
    lines += _lifting(desk, restrictions, reader, line)
    return ft.Container(card(look, lines, ident=f"restriction-{line.subject}"), key=line.subject)


@ft.component
def TimeLeft(desk: Desk, line: OrderLine, look: Look, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw how long the law still lets it hold; it ends by itself."""
    now_ms = use_ticking(desk.means.now_ms)
    if not line.holds_at(now_ms):
        return body(look, look.say("duty.restriction.over"), strong=True, colour=look.palette.ink_soft)
    left_ms = (line.ends_ms or 0) - now_ms
    tone = look.palette.urgent if left_ms < _SHORT_MS else look.palette.high
    return headline(look, look.texts.clock(left_ms / 1000), colour=tone.mark)


def _lifting(desk: Desk, restrictions: RestrictionsDesk, reader: Reader, line: OrderLine) -> list[ft.Control]:
    look = reader.look
    if not line.holds_at(desk.means.now_ms()) or not desk.means.may("order", line.unit):
        return []
    if restrictions.lifting != line.subject:
        lift = look.say("duty.restriction.lift")
        ident = f"restriction-lift-{line.subject}"
        return [ft.Row([secondary_button(look, lift, lambda: restrictions.begin_lifting(line), ident=ident)])]

    async def write() -> None:
        desk.stop_typing()
        await restrictions.lift(line)

    missing = look.say("duty.missing.reason") if "reason" in restrictions.problems else None
    label = look.say("duty.restriction.lift_reason")
    field = text_field(
        look, label, restrictions.write_reason, ident="restriction-reason", missing=missing, on_focus=desk.note_typing
    )
    buttons: list[ft.Control] = [
        danger_button(look, look.say("duty.restriction.lift"), write, ident="restriction-lift-write"),
        text_button(look, look.say("duty.cancel"), restrictions.stop, ident="restriction-stop"),
    ]
    return [field, ft.Row(buttons, spacing=SPACE_2)]
