"""Starting a patrol: what is asked before the first step, most of it by thumb."""

from __future__ import annotations

from datetime import timedelta

import flet as ft

from app.record import NotRecorded
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button, text_button
from app.screens.parts.choices import Choice, choice_chips, stepper
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import section_header
from app.screens.parts.words import small
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import Look
from app.state.patrol_draft import MOST_OF_A_FORCE, PatrolDraft
from app.state.session import Session
from app.store.queries import OrderLine, UnitLine, order_detail, units
from app.store.queries_phone import propose_number
from app.texts.formats import VIETNAM_TIME
from journal.clock import moment

HOURS_OUT = (2, 4, 6, 8, 12)
FIRST_TYPES = 4
FIRST_FORCES = 3
"""Those that go out most; the others are a tap away."""


@ft.component
def StartPatrol() -> ft.View:
    """Draw the form; the number is proposed, the rest is chosen."""
    session, look = use_session(), use_look()
    made: ft.MutableRef[PatrolDraft] = ft.use_ref(PatrolDraft)
    draft = made.current
    year = moment(session.now_ms()).astimezone(VIETNAM_TIME).year
    number = use_answer(session, lambda views: propose_number(views, year))
    known = use_answer(session, units) or {}
    ordered = _order_in(ft.context.page.route)
    order = use_answer(session, lambda views: order_detail(views, ordered) if ordered else None)

    def take_up() -> None:
        if number and not draft.number:
            draft.number = number
        if order is not None and draft.order is None:
            _follow_order(draft, order.line)

    ft.use_effect(take_up, [number, order.line.subject if order else None])
    return screen(
        session,
        look,
        look.say("phone.start.title"),
        PatrolForm(session, draft, known),
        bottom=[StartButton(session, draft)],
        ident="start-form",
    )


def _order_in(route: str | None) -> str | None:
    _, _, asked = (route or "").partition("order=")
    return asked or None


def _follow_order(draft: PatrolDraft, order: OrderLine) -> None:
    draft.order = order.subject
    draft.type = order.patrol_type or draft.type
    draft.places = frozenset(order.places)
    draft.return_due_ms = order.ends_ms
    draft.put_plan(order.title)
    draft.notify()  # type: ignore[no-untyped-call]  # Flet left it without types


@ft.component
def StartButton(session: Session, draft: PatrolDraft) -> ft.Control:
    """Draw the button that sets out."""
    look = use_look()

    async def start() -> None:
        missing = _missing(draft)
        draft.missing = missing
        if missing or session.who is None:
            return
        done = await session.patrolling.start(draft.as_form(session.who.unit))
        if isinstance(done, NotRecorded):
            draft.missing = frozenset(problem.where for problem in done.problems)
            return
        go("/patrol")

    words: list[ft.Control] = []
    if draft.missing:
        said = look.say(
            "phone.record.missing", fields=", ".join(look.say(f"phone.start.{code}") for code in sorted(draft.missing))
        )
        words.append(ft.Semantics(live_region=True, content=small(look, said, colour=look.palette.urgent.mark, strong=True)))
    button = primary_button(look, look.say("phone.start.go"), start, ident="patrol-go", icon=ft.Icons.DIRECTIONS_WALK)
    return ft.Column([*words, button], tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _missing(draft: PatrolDraft) -> frozenset[str]:
    missing = set()
    if draft.type is None:
        missing.add("kind")
    if not any(draft.people.values()):
        missing.add("team")
    return frozenset(missing)


@ft.component
def PatrolForm(session: Session, draft: PatrolDraft, known: dict[str, UnitLine]) -> ft.Control:
    """Draw the questions."""
    look = use_look()
    return scrolled(
        look,
        [
            *_ask_type(session, look, draft),
            *_ask_people(session, look, draft),
            *_ask_transport(session, look, draft),
            *_ask_units(session, look, draft, known),
            *_ask_return(session, look, draft),
            text_field(look, look.say("phone.start.plan"), draft.put_plan, ident="patrol-plan", initial=draft.plan),
        ],
    )


def _heading(look: Look, draft: PatrolDraft, code: str, *, beside: str = "") -> ft.Control:
    words = look.say(f"phone.start.{code}")
    trailing = small(look, beside, strong=True) if beside else None
    if code in draft.missing:
        trailing = small(look, look.say("word.required"), strong=True, colour=look.palette.urgent.mark)
    return section_header(look, words, trailing=trailing)


def _ask_type(session: Session, look: Look, draft: PatrolDraft) -> list[ft.Control]:
    language = look.texts.language
    types = list(session.handset.catalogue.patrol_types.items())
    folded = not draft.all_types
    shown = [one for number, one in enumerate(types) if not folded or number < FIRST_TYPES or one[0] == draft.type]
    choices = [Choice(code, kind.label.text(language)) for code, kind in shown]

    def choose(chosen: frozenset[str]) -> None:
        draft.type = next(iter(chosen), None)
        draft.missing -= {"kind"}

    asked: list[ft.Control] = [
        _heading(look, draft, "kind", beside=look.say("phone.start.number", number=draft.number or "…")),
        choice_chips(look, choices, {draft.type} if draft.type else (), choose, ident="patrol-type", dense=True),
    ]
    if folded:
        more = look.say("phone.field.more_choices", count=len(types) - len(shown))
        asked.append(text_button(look, more, draft.show_all_types, ident="patrol-type-more", icon=ft.Icons.EXPAND_MORE))
    chosen = session.handset.catalogue.patrol_types.get(draft.type or "")
    if chosen is not None and any(one.code == "partner_unit" for one in chosen.fields):
        asked.append(
            text_field(look, look.say("phone.start.partner"), draft.put_partner, ident="partner-unit", initial=draft.partner_unit)
        )
        asked.append(
            stepper(
                look,
                look.say("phone.start.partner_people"),
                _whole(draft.answers.get("partner_people")),
                lambda count: _answer(draft, "partner_people", count),
                ident="partner-people",
                most=MOST_OF_A_FORCE,
            )
        )
    return asked


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _answer(draft: PatrolDraft, code: str, value: int) -> None:
    draft.answers = {**draft.answers, code: value}


def _ask_people(session: Session, look: Look, draft: PatrolDraft) -> list[ft.Control]:
    def set_people(force: str, count: int) -> None:
        draft.set_people(force, count)
        draft.missing -= {"team"}

    every = session.handset.catalogue.lists["force"].choices
    forces = [
        force for place, force in enumerate(every) if draft.all_forces or place < FIRST_FORCES or draft.people.get(force.code)
    ]
    steppers = [
        stepper(
            look,
            force.label.text(look.texts.language),
            draft.people.get(force.code, 0),
            lambda count, code=force.code: set_people(code, count),  # type: ignore[misc]  # bound at once
            ident=f"force-{force.code}",
            most=MOST_OF_A_FORCE,
        )
        for force in forces
    ]
    asked: list[ft.Control] = [_heading(look, draft, "team"), *steppers]
    if len(forces) < len(every):
        more = look.say("phone.start.more_forces", count=len(every) - len(forces))
        asked.append(text_button(look, more, draft.show_all_forces, ident="force-more", icon=ft.Icons.EXPAND_MORE))
    return asked


def _ask_transport(session: Session, look: Look, draft: PatrolDraft) -> list[ft.Control]:
    language = look.texts.language
    choices = [Choice(one.code, one.label.text(language)) for one in session.handset.catalogue.lists["transport"].choices]

    def choose(chosen: frozenset[str]) -> None:
        draft.transport = next(iter(chosen), None)

    chosen = {draft.transport} if draft.transport else ()
    return [_heading(look, draft, "means"), choice_chips(look, choices, chosen, choose, ident="transport", dense=True)]


def _ask_units(session: Session, look: Look, draft: PatrolDraft, known: dict[str, UnitLine]) -> list[ft.Control]:
    own = session.who.unit if session.who else ""
    choices = [
        Choice(unit.code, unit.short_name or unit.name) for unit in known.values() if unit.code != own and not unit.retired
    ]
    if not choices:
        return []

    def choose(chosen: frozenset[str]) -> None:
        draft.units = chosen

    return [_heading(look, draft, "units"), choice_chips(look, choices, draft.units, choose, ident="unit", many=True, dense=True)]


def _ask_return(session: Session, look: Look, draft: PatrolDraft) -> list[ft.Control]:
    choices = [Choice(str(hours), look.say("phone.start.hours", count=hours)) for hours in HOURS_OUT]

    def choose(chosen: frozenset[str]) -> None:
        hours = next(iter(chosen), None)
        out_ms = int(timedelta(hours=int(hours)).total_seconds() * 1000) if hours else None
        draft.return_due_ms = session.now_ms() + out_ms if out_ms else None

    ahead_h = round((draft.return_due_ms - session.now_ms()) / 3_600_000) if draft.return_due_ms else None
    said = small(look, look.texts.moment(moment(draft.return_due_ms))) if draft.return_due_ms else None
    return [
        section_header(look, look.say("phone.start.return_due"), trailing=said),
        choice_chips(look, choices, {str(ahead_h)} if ahead_h else (), choose, ident="return"),
    ]
