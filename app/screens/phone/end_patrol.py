"""The end of a patrol: the result in one sentence that the leader confirms, and the PIN that closes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from app.record import EndForm, NotRecorded
from app.record.patrol import judge_end
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button
from app.screens.parts.surfaces import progress_notice
from app.screens.phone.closing import ClosePad
from app.screens.phone.end_questions import EndQuestions, host_words
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.result import propose_result
from app.state.patrol_end import EndDraft
from app.state.session import Session
from app.store.queries import PatrolDetail, patrol_detail
from app.texts import Texts


@ft.component
def EndPatrol() -> ft.View:
    """Draw the last questions."""
    session, look = use_session(), use_look()
    patrol = session.patrol.subject if session.patrol else ""
    draft = ft.use_memo(lambda: session.patrolling.end_draft(patrol), [patrol])
    detail = use_answer(session, lambda views: patrol_detail(views, patrol), patrol)
    if detail is None:
        return screen(
            session, look, look.say("phone.patrol.end"), progress_notice(look, look.say("word.loading")), back="/patrol"
        )
    draft.take_proposal(_proposer(session, detail))

    def go_on() -> None:
        if _may_close(session, draft, detail):
            go("/patrol/close")

    return screen(
        session,
        look,
        look.say("phone.patrol.end"),
        scrolled(look, [EndQuestions(session, draft, detail)]),
        back="/patrol",
        bottom=[primary_button(look, look.say("phone.patrol.end"), go_on, ident="end-confirm", icon=ft.Icons.FLAG)],
        ident="end-form",
    )


@ft.component
def ClosePatrol() -> ft.View:
    """Draw the pad on which the leader confirms what was said."""
    session, look = use_session(), use_look()
    patrol = session.patrol
    draft = ft.use_memo(lambda: session.patrolling.end_draft(patrol.subject if patrol else ""), [patrol and patrol.subject])
    number = draft.number or (patrol.number if patrol else "")
    return screen(
        session,
        look,
        look.say("patrol.end.confirm"),
        scrolled(look, [ClosePad(session, number, _closer(session, draft))]),
        back="/patrol/end",
        ident="end-pin",
    )


def _proposer(session: Session, detail: PatrolDetail) -> Callable[[bool], str]:
    # A paper of the station: in Vietnamese, whatever language the screen speaks.
    texts = Texts("vi")

    def propose(all_safe: bool) -> str:  # noqa: FBT001  what the leader says
        return propose_result(
            texts,
            session.handset.catalogue,
            detail.observations,
            distance_m=session.walk.distance_m,
            all_safe=all_safe,
            places=session.places,
        )

    return propose


def end_form(session: Session, draft: EndDraft) -> EndForm:
    """What was said, as the recorder takes it."""
    return draft.as_form(host_words(session.handset.catalogue, draft.answers.content.values.get("next_host")))


def _may_close(session: Session, draft: EndDraft, detail: PatrolDetail) -> bool:
    """Tells what is missing before the leader is asked for the PIN; the recorder judges again."""
    recorded = sum(not line.voided for line in detail.observations)
    form = end_form(session, draft)
    draft.tell(judge_end(form, recorded=recorded, started_ms=detail.line.started_ms, now_ms=session.now_ms()))
    return not draft.problems


def _closer(session: Session, draft: EndDraft) -> Callable[[], Awaitable[None]]:
    async def close() -> None:
        patrol = session.patrol
        if patrol is None:
            go("/")
            return
        if draft.number and draft.number.strip() != patrol.number:
            await session.patrolling.renumber(draft.number.strip(), reason=Texts("vi").say("patrol.end.number_reason"))
        done = await session.patrolling.end(end_form(session, draft))
        if isinstance(done, NotRecorded):
            draft.tell(done.problems)
            go("/patrol/end")
            return
        go(f"/hand-in/{patrol.subject}")

    return close
