"""The questions at the end of a patrol; the same on the phone and for a patrol that is entered on behalf."""

from __future__ import annotations

import flet as ft

from app.record.patrol import end_fields
from app.screens.asking import use_answer, use_look
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import banner, section_header
from app.screens.parts.words import body, small
from app.screens.phone.home import route_words
from app.screens.phone.start_questions import TypeQuestions
from app.screens.tokens import SPACE_3, Look
from app.state.patrol_end import EndDraft
from app.state.session import Session
from app.state.visited import find_unvisited
from app.store.queries import PatrolDetail, number_taken
from journal.catalogue import BILATERAL, Catalogue
from journal.entries import Value


@ft.component
def EndQuestions(session: Session, draft: EndDraft, detail: PatrolDetail) -> ft.Control:
    """Draw what was done, the result to confirm, and what only the leader knows."""
    look = use_look()
    number = draft.number if draft.number is not None else detail.line.number
    subject = detail.line.subject
    taken = use_answer(session, lambda views: number_taken(views, number, subject), number)
    recorded = any(not line.voided for line in detail.observations)
    own = end_fields(session.handset.catalogue, detail.line.type)
    parts = [
        *_tell_done(session, look, detail),
        *([] if recorded else _ask_nothing(look, draft)),
        _typed(look, draft, "result", multiline=True),
        *_ask_safe(look, draft),
        *(
            [section_header(look, look.say("patrol.end.type_questions")), TypeQuestions(session, draft.answers, own)]
            if own
            else []
        ),
        *_ask_weather(session, look, draft),
        _typed(look, draft, "difficulties", multiline=True),
        _typed(look, draft, "handover_note"),
        *_ask_number(look, draft, number, taken=bool(taken)),
    ]
    return ft.Column(parts, spacing=SPACE_3, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def host_words(catalogue: Catalogue, answer: Value | None) -> str | None:
    """Who hosts the next bilateral patrol, as the papers say it."""
    field = next((one for one in end_fields(catalogue, BILATERAL) if one.code == "next_host"), None)
    choice = catalogue.choice(field, answer) if field is not None and isinstance(answer, str) else None
    return choice.label.vi if choice else None


def problem_words(look: Look, draft: EndDraft, name: str) -> str | None:
    """What to mend at this field, in words."""
    code = draft.problem(name)
    if code is None:
        return None
    return look.say("word.required") if code == "missing" else look.say(f"patrol.end.{code}")


def _tell_done(session: Session, look: Look, detail: PatrolDetail) -> list[ft.Control]:
    """How far the team went, and which of the planned places it did not reach."""
    planned = detail.state.started.places_planned
    parts: list[ft.Control] = []
    if not detail.line.on_behalf:
        parts.append(body(look, look.say("phone.end.walked", km=look.texts.km(session.walk.distance_m)), strong=True))
    if not planned:
        return parts
    # The track on this phone is of whoever carries it, never of a team that is entered on behalf.
    walked = () if detail.line.on_behalf else session.walk.lines
    left = find_unvisited(planned, session.places, detail.observations, walked)
    if not left:
        return [*parts, small(look, look.say("patrol.end.all_visited", count=len(planned)), colour=look.palette.good.mark)]
    names = {place.code: place.name for place in session.places}
    told = look.say("patrol.end.unvisited", places=route_words([names.get(code, code.partition(":")[2]) for code in left]))
    return [*parts, ft.Semantics(identifier="unvisited", container=True, content=banner(look, told, "warning"))]


def _typed(look: Look, draft: EndDraft, name: str, *, multiline: bool = False) -> ft.Control:
    key = f"patrol.end.{name}" if name in {"handover_note", "nothing_note"} else f"phone.end.{name}"
    typed = text_field(
        look,
        look.say(key),
        lambda text: draft.put_text(name, text),
        ident=f"end-{name.replace('_', '-')}",
        initial=draft.text(name),
        multiline=multiline,
        missing=problem_words(look, draft, name),
    )
    # A new proposal is a new field: none is changed in place.
    typed.key = f"{name}-{draft.proposed if name == 'result' else ''}"
    return typed


def _ask_nothing(look: Look, draft: EndDraft) -> list[ft.Control]:
    told = banner(look, look.say("patrol.end.nothing_why"), "warning")
    return [told, _typed(look, draft, "nothing_note")]


def _ask_safe(look: Look, draft: EndDraft) -> list[ft.Control]:
    choices = [Choice("yes", look.say("phone.end.all_safe")), Choice("no", look.say("phone.end.not_safe"))]

    def choose(chosen: frozenset[str]) -> None:
        draft.say_safe(safe="no" not in chosen)

    chips = choice_chips(look, choices, {"yes" if draft.safe else "no"}, choose, ident="end-safe")
    note = [] if draft.safe else [_typed(look, draft, "safety_note")]
    return [section_header(look, look.say("phone.end.people")), chips, *note]


def _ask_weather(session: Session, look: Look, draft: EndDraft) -> list[ft.Control]:
    language = look.texts.language
    choices = [Choice(one.code, one.label.text(language)) for one in session.handset.catalogue.lists["weather"].choices]

    def choose(chosen: frozenset[str]) -> None:
        draft.weather = next(iter(chosen), None)

    chips = choice_chips(look, choices, {draft.weather} if draft.weather else (), choose, ident="weather", dense=True)
    return [section_header(look, look.say("phone.start.weather")), chips]


def _ask_number(look: Look, draft: EndDraft, number: str, *, taken: bool) -> list[ft.Control]:
    """The number that is said aloud from now on; two phones without a signal may have proposed the same."""
    field = text_field(look, look.say("patrol.end.number"), draft.put_number, ident="end-number", initial=number)
    if not taken:
        return [field]
    told = banner(look, look.say("patrol.end.number_same"), "warning")
    return [ft.Semantics(identifier="number-taken", container=True, content=told), field]
