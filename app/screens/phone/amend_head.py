"""The head of a correction: the commander's question, the reason, and what will read differently."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_answer, use_look
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import card, section_header
from app.screens.parts.words import body, small
from app.screens.phone.told_fields import told_values
from app.screens.tokens import SPACE_1, Look
from app.state.draft import Draft, as_form
from app.state.session import Session
from app.store.queries import observation_detail
from journal.clock import moment
from journal.verdicts import RETURNED


def amend_head(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    """What stands above the questions while a record is corrected."""
    return [CommandersQuestion(session, draft), _ask_reason(look, draft), *_differences(session, look, draft)]


@ft.component
def CommandersQuestion(session: Session, draft: Draft) -> ft.Control:
    """Draw what the commander asked, if the record was returned."""
    look = use_look()
    subject = draft.content.amends or ""
    found = use_answer(session, lambda views: (observation_detail(views, subject),), subject)
    line = found[0].line if found and found[0] else None
    if line is None or line.status != RETURNED or not line.review_reason:
        return ft.Container(height=0)
    tone = look.palette.returned
    asked = [
        small(look, look.say("phone.amend.asked"), strong=True, colour=tone.mark),
        body(look, line.review_reason, strong=True),
    ]
    return ft.Semantics(identifier="amend-question", container=True, content=card(look, asked, tone=tone, spacing=SPACE_1))


def _ask_reason(look: Look, draft: Draft) -> ft.Control:
    problem = draft.problems.get("reason")
    words = None if problem is None else look.say(f"phone.problem.reason_{problem}")
    return text_field(
        look,
        f"{look.say('phone.record.amend_reason')} *",
        lambda text: draft.change_quietly(reason=text),
        ident="amend-reason",
        initial=draft.content.reason,
        missing=words,
        multiline=True,
    )


def _differences(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    """Each answer that changed, before and now."""
    catalogue = session.handset.catalogue
    was = dict(told_values(session, look, as_form(catalogue, draft.first)))
    now = dict(told_values(session, look, as_form(catalogue, draft.content)))
    for told, at_ms in ((was, draft.first.happened_ms), (now, draft.content.happened_ms)):
        if at_ms is not None:
            told[look.say("phone.record.time")] = look.texts.moment(moment(at_ms))
    changed = [label for label in (*was, *(one for one in now if one not in was)) if was.get(label) != now.get(label)]
    if not changed:
        return []
    rows: list[ft.Control] = []
    for label in changed:
        before = was.get(label) or look.say("phone.amend.emptied")
        after = now.get(label) or look.say("phone.amend.emptied")
        rows.append(small(look, label, strong=True))
        rows.append(body(look, f"{look.say('phone.amend.was')}: {before}"))
        rows.append(body(look, f"{look.say('phone.amend.is')}: {after}", strong=True))
    shown = card(look, rows, ident="amend-differences", spacing=SPACE_1)
    return [section_header(look, look.say("phone.amend.now")), shown]
