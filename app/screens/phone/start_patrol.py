"""Starting a patrol: what is asked before the first step, most of it by thumb, from an order already answered."""

from __future__ import annotations

import flet as ft

from app.record import NotRecorded
from app.record.patrol import start_fields
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button
from app.screens.parts.words import small
from app.screens.phone.check import ReadyLine
from app.screens.phone.fields.asked import wanting_words
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.other_people import OtherWalk
from app.screens.phone.start_questions import StartForm
from app.screens.tokens import Look
from app.state.patrol_draft import HOUR_MS, USUAL_HOURS_OUT, PatrolDraft
from app.state.session import Session
from app.store.queries import OrderDetail, PatrolLine, order_detail, patrols_page, persons
from app.store.queries_phone import propose_number
from app.texts.formats import VIETNAM_TIME
from journal.clock import moment


@ft.component
def StartPatrol() -> ft.View:
    """Draw the form; the number is proposed, an order answers most of it, the rest is chosen."""
    session, look = use_session(), use_look()
    year = moment(session.now_ms()).astimezone(VIETNAM_TIME).year
    number = use_answer(session, lambda views: propose_number(views, year))
    ordered = _order_in(ft.context.page.route)
    draft = ft.use_memo(lambda: session.patrolling.start_draft(ordered), [ordered])
    order = use_answer(session, lambda views: order_detail(views, ordered) if ordered else None)
    before = use_answer(session, lambda views: patrols_page(views, [session.who.unit] if session.who else []))
    known = use_answer(session, lambda views: persons(views, session.now_ms()))

    def take_up() -> None:
        _fill_in(session, draft, number)
        if order is not None and before is not None and known is not None and draft.order is None:
            person = known.get(session.who.person) if session.who else None
            force = person.force if person else None
            draft.follow_order(order.line, _last_own(session, before), force, session.now_ms())

    ft.use_effect(take_up, [number, order.line.subject if order else None, before is not None, known is not None])

    def look_over() -> None:
        session.run_task(session.patrolling.check)

    ft.use_effect(look_over, [])
    return screen(
        session,
        look,
        look.say("phone.start.title"),
        scrolled(
            look,
            [*_told_order(look, order), OtherWalk(), ReadyLine(session, session.patrolling.ready), StartForm(session, draft)],
        ),
        bottom=[StartButton(session, draft)],
        ident="start-form",
    )


def _order_in(route: str | None) -> str | None:
    _, _, asked = (route or "").partition("order=")
    return asked or None


def _fill_in(session: Session, draft: PatrolDraft, number: str | None) -> None:
    """What can be known without asking."""
    if number and not draft.number:
        draft.number = number
    if session.who is not None and not draft.lead_unit:
        draft.lead_unit = session.who.unit
    if draft.return_due_ms is None or draft.return_due_ms <= session.now_ms():
        draft.return_due_ms = session.now_ms() + USUAL_HOURS_OUT * HOUR_MS


def _last_own(session: Session, before: tuple[PatrolLine, ...]) -> PatrolLine | None:
    """The patrol that this leader led last: the same people mostly go again."""
    return next((line for line in before if session.who is not None and line.leader == session.who.person), None)


def _told_order(look: Look, order: OrderDetail | None) -> list[ft.Control]:
    if order is None:
        return []
    return [small(look, look.say("patrol.start.by_order", title=order.line.title), strong=True, colour=look.palette.primary_edge)]


@ft.component
def StartButton(session: Session, draft: PatrolDraft) -> ft.Control:
    """Draw the button that sets out, and over it in words what is still missing."""
    look = use_look()

    async def start() -> None:
        if draft.saving:
            return
        required = [one.code for one in start_fields(session.handset.catalogue, draft.type) if one.required]
        draft.missing, draft.too_long = draft.find_missing(required), frozenset()
        if draft.missing:
            return
        done = await session.patrolling.start(draft.as_form(), session.patrolling.ready.failed)
        if isinstance(done, NotRecorded):
            draft.tell(done.problems)
            return
        go("/patrol")

    button = primary_button(look, look.say("phone.start.go"), start, ident="patrol-go", icon=ft.Icons.DIRECTIONS_WALK)
    stretch = ft.CrossAxisAlignment.STRETCH
    return ft.Column([*missing_words(session, look, draft), button], tight=True, horizontal_alignment=stretch)


def missing_words(session: Session, look: Look, draft: PatrolDraft) -> list[ft.Control]:
    """What is still to be chosen or to be said in fewer words, by name."""
    asked = {one.code: one.label.text(look.texts.language) for one in start_fields(session.handset.catalogue, draft.type)}
    missing, too_long = (
        [asked.get(code) or look.say(f"patrol.start.{code}") for code in sorted(codes)]
        for codes in (draft.missing, draft.too_long)
    )
    said = wanting_words(look, missing, too_long)
    if not said:
        return []
    return [ft.Semantics(live_region=True, content=small(look, said, colour=look.palette.urgent.mark, strong=True))]
