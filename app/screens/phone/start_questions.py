"""The questions of a patrol that begins: type, team, means, route, return, units; the same on the phone and at the desk."""

from __future__ import annotations

import flet as ft

from app.record.patrol import PARTNER, start_fields
from app.screens.asking import use_answer, use_look
from app.screens.parts.buttons import text_button
from app.screens.parts.choices import Choice, choice_chips, stepper
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import body, small
from app.screens.phone.fields.asked import Asked
from app.screens.phone.fields.drawing import ask
from app.screens.phone.route_choice import PeopleChoice, RouteChoice
from app.screens.tokens import Look
from app.state.draft import Draft
from app.state.patrol_draft import HOUR_MS, MOST_OF_A_FORCE, PatrolDraft
from app.state.session import Session
from app.store.queries import UnitLine, units
from journal.catalogue import KindField
from journal.clock import moment

HOURS_OUT = (2, 4, 6, 8, 12, 24)
FIRST_TYPES = 4
FIRST_FORCES = 3
"""Those that go out most; the others are a tap away."""


@ft.component
def StartForm(session: Session, draft: PatrolDraft) -> ft.Control:
    """Draw the questions; what most patrols leave as it is lies folded at the end."""
    look = use_look()
    known = use_answer(session, units) or {}
    parts = [
        *_ask_type(session, look, draft),
        *_ask_people(session, look, draft),
        *_ask_transport(session, look, draft),
        section_header(look, look.say("patrol.start.route")),
        RouteChoice(session, draft),
        *([] if draft.on_behalf else _ask_return(session, look, draft)),
        *_ask_lead(session, look, draft, known),
        *_ask_units(look, draft, known),
        *_ask_more(look, draft),
    ]
    return ft.Column(parts, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def TypeQuestions(session: Session, answers: Draft, fields: tuple[KindField, ...]) -> ft.Control:
    """Draw what the catalogue asks of a type of patrol, as it asks of a record."""
    look = use_look()
    asked = [ask(Asked(session, look, answers, one)) for one in fields]
    return ft.Column(asked, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def heading(look: Look, draft: PatrolDraft, code: str, *, beside: str = "") -> ft.Control:
    """The name of a question, with what is known beside it, or in red that it needs an answer."""
    trailing = small(look, beside, strong=True) if beside else None
    if code in draft.missing:
        trailing = small(look, look.say("word.required"), strong=True, colour=look.palette.urgent.mark)
    return section_header(look, look.say(f"patrol.start.{code}"), trailing=trailing)


def typed_words(look: Look, draft: PatrolDraft, name: str) -> str | None:
    """What a typed answer still needs, in words."""
    if name in draft.too_long:
        return look.say("phone.problem.too_long")
    return look.say("word.required") if name in draft.missing else None


def _more(look: Look, draft: PatrolDraft, part: str, words: str, ident: str) -> ft.Control:
    return text_button(look, words, lambda: draft.unfold(part), ident=ident, icon=ft.Icons.EXPAND_MORE)


def _ask_type(session: Session, look: Look, draft: PatrolDraft) -> list[ft.Control]:
    language = look.texts.language
    types = list(session.handset.catalogue.patrol_types.items())
    folded = "types" not in draft.unfolded
    shown = [one for number, one in enumerate(types) if not folded or number < FIRST_TYPES or one[0] == draft.type]
    choices = [Choice(code, kind.label.text(language)) for code, kind in shown]

    def choose(chosen: frozenset[str]) -> None:
        draft.type = next(iter(chosen), None)
        draft.missing -= {"kind"}

    number = look.say("phone.start.number", number=draft.number or "…")
    asked: list[ft.Control] = [
        heading(look, draft, "kind", beside=number),
        choice_chips(look, choices, {draft.type} if draft.type else (), choose, ident="patrol-type", dense=True),
    ]
    if folded:
        more = look.say("phone.field.more_choices", count=len(types) - len(shown))
        asked.append(_more(look, draft, "types", more, "patrol-type-more"))
    fields = start_fields(session.handset.catalogue, draft.type)
    if any(one.code == "partner_unit" for one in fields):
        asked += _ask_partner(look, draft)
    own = tuple(one for one in fields if one.code not in PARTNER)
    return [*asked, TypeQuestions(session, draft.answers, own)] if own else asked


def _ask_partner(look: Look, draft: PatrolDraft) -> list[ft.Control]:
    unit = text_field(
        look,
        f"{look.say('phone.start.partner')} *",
        lambda text: draft.put_text("partner_unit", text),
        ident="partner-unit",
        initial=draft.text("partner_unit"),
        missing=typed_words(look, draft, "partner_unit"),
    )
    return [unit, PartnerPeople(draft, draft.answers)]


@ft.component
def PartnerPeople(draft: PatrolDraft, answers: Draft) -> ft.Control:
    """Draw how many come from the other side."""
    look = use_look()
    label = look.say("phone.start.partner_people")
    return stepper(look, label, draft.partner_people, draft.set_partner_people, ident="partner-people", most=MOST_OF_A_FORCE)


def _ask_people(session: Session, look: Look, draft: PatrolDraft) -> list[ft.Control]:
    every = session.handset.catalogue.lists["force"].choices
    unfolded = "forces" in draft.unfolded
    forces = [force for place, force in enumerate(every) if unfolded or place < FIRST_FORCES or draft.people.get(force.code)]
    steppers = [
        stepper(
            look,
            force.label.text(look.texts.language),
            draft.people.get(force.code, 0),
            lambda count, code=force.code: draft.set_people(code, count),  # type: ignore[misc]  # bound at once
            ident=f"force-{force.code}",
            most=MOST_OF_A_FORCE,
        )
        for force in forces
    ]
    total = sum(draft.people.values())
    beside = look.texts.people(total) if total else ""
    asked: list[ft.Control] = [heading(look, draft, "team", beside=beside), *steppers]
    if len(forces) < len(every):
        more = look.say("phone.start.more_forces", count=len(every) - len(forces))
        asked.append(_more(look, draft, "forces", more, "force-more"))
    return [*asked, PeopleChoice(session, draft)]


def _ask_transport(session: Session, look: Look, draft: PatrolDraft) -> list[ft.Control]:
    language = look.texts.language
    choices = [Choice(one.code, one.label.text(language)) for one in session.handset.catalogue.lists["transport"].choices]

    def choose(chosen: frozenset[str]) -> None:
        draft.transport = next(iter(chosen), None)

    chosen = {draft.transport} if draft.transport else ()
    return [heading(look, draft, "means"), choice_chips(look, choices, chosen, choose, ident="transport", dense=True)]


def _unit_choices(known: dict[str, UnitLine]) -> list[Choice]:
    return [Choice(unit.code, unit.short_name or unit.name) for unit in known.values() if not unit.retired]


def _ask_lead(session: Session, look: Look, draft: PatrolDraft, known: dict[str, UnitLine]) -> list[ft.Control]:
    unit = known.get(draft.lead_unit)
    name = unit.name if unit else session.who.unit_name if session.who and session.who.unit == draft.lead_unit else ""
    if "lead" not in draft.unfolded:
        change = text_button(look, look.say("patrol.start.change"), lambda: draft.unfold("lead"), ident="lead-change")
        line = ft.Row([body(look, name, strong=True, expand=True), change])
        return [heading(look, draft, "lead"), line]

    def choose(chosen: frozenset[str]) -> None:
        draft.lead_unit = next(iter(chosen), draft.lead_unit)

    chips = choice_chips(look, _unit_choices(known), {draft.lead_unit}, choose, ident="lead", dense=True)
    return [heading(look, draft, "lead"), chips]


def _ask_units(look: Look, draft: PatrolDraft, known: dict[str, UnitLine]) -> list[ft.Control]:
    choices = [choice for choice in _unit_choices(known) if choice.code != draft.lead_unit]
    if not choices:
        return []

    def choose(chosen: frozenset[str]) -> None:
        draft.units = chosen

    return [heading(look, draft, "units"), choice_chips(look, choices, draft.units, choose, ident="unit", many=True, dense=True)]


def _ask_return(session: Session, look: Look, draft: PatrolDraft) -> list[ft.Control]:
    choices = [Choice(str(hours), look.say("phone.start.hours", count=hours)) for hours in HOURS_OUT]
    now_ms = session.now_ms()

    def choose(chosen: frozenset[str]) -> None:
        hours = next(iter(chosen), None)
        if hours is not None:
            draft.return_due_ms = session.now_ms() + int(hours) * HOUR_MS
            draft.missing -= {"return_due"}

    ahead_h = round((draft.return_due_ms - now_ms) / HOUR_MS) if draft.return_due_ms else None
    said = look.texts.moment(moment(draft.return_due_ms)) if draft.return_due_ms else ""
    return [
        heading(look, draft, "return_due", beside=said),
        choice_chips(look, choices, {str(ahead_h)} if ahead_h else (), choose, ident="return", dense=True),
    ]


def _ask_more(look: Look, draft: PatrolDraft) -> list[ft.Control]:
    plan = text_field(
        look,
        look.say("phone.start.plan"),
        lambda text: draft.put_text("plan", text),
        ident="patrol-plan",
        initial=draft.text("plan"),
        missing=typed_words(look, draft, "plan"),
    )
    if "more" not in draft.unfolded and not (draft.missing | draft.too_long) & {"number", "campaign"}:
        return [plan, _more(look, draft, "more", look.say("patrol.start.more"), "start-more")]
    campaign = text_field(
        look,
        look.say("patrol.start.campaign"),
        lambda text: draft.put_text("campaign", text),
        ident="patrol-campaign",
        initial=draft.text("campaign"),
        missing=typed_words(look, draft, "campaign"),
    )
    number = text_field(
        look,
        look.say("patrol.start.number"),
        draft.put_number,
        ident="patrol-number",
        initial=draft.number,
        missing=typed_words(look, draft, "number"),
    )
    return [plan, campaign, number]
