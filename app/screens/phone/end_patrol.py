"""The end of a patrol: the result in one sentence that the leader confirms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.record import EndForm
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import progress_notice, section_header
from app.screens.parts.words import body
from app.screens.phone.frame import go, screen, scrolled
from app.screens.tokens import Look
from app.state.session import Session
from app.store.queries import ObservationLine, patrol_detail


@dataclass
class EndAnswers:
    """What was said so far; handlers read it when they are called."""

    result: str = ""
    difficulties: str = ""
    safe: bool = True
    safety_note: str = ""
    weather: str | None = None


@ft.component
def EndPatrol() -> ft.View:
    """Draw the last questions; the result is written already and can be changed."""
    session, look = use_session(), use_look()
    answers: ft.MutableRef[EndAnswers] = ft.use_ref(EndAnswers)
    patrol = session.patrol.subject if session.patrol else ""
    detail = use_answer(session, lambda views: patrol_detail(views, patrol))
    missing, set_missing = ft.use_state(initial=False)
    if detail is None:
        return screen(
            session, look, look.say("phone.patrol.end"), progress_notice(look, look.say("word.loading")), back="/patrol"
        )
    if not answers.current.result:
        answers.current.result = _result_so_far(session, look, detail.observations)

    async def end() -> None:
        said = answers.current
        if not said.result.strip():
            set_missing(True)
            return
        await session.patrolling.end(
            EndForm(
                result=said.result.strip(),
                difficulties=said.difficulties.strip() or None,
                safe=said.safe,
                safety_note=said.safety_note.strip() or None,
                weather=said.weather,
            )
        )
        go("/")

    return screen(
        session,
        look,
        look.say("phone.patrol.end"),
        EndQuestions(session, answers.current, missing),
        back="/patrol",
        bottom=[primary_button(look, look.say("phone.patrol.end"), end, ident="end-confirm", icon=ft.Icons.FLAG)],
        ident="end-form",
    )


def _result_so_far(session: Session, look: Look, seen: tuple[ObservationLine, ...]) -> str:
    counted = [line for line in seen if not line.voided and line.kind != "khong_phat_hien"]
    metres = look.texts.km(session.walk.distance_m)
    if not counted:
        return look.say("phone.end.nothing", km=metres)
    kinds: dict[str, int] = {}
    for line in counted:
        kinds[line.kind] = kinds.get(line.kind, 0) + 1
    label = session.handset.catalogue.label
    told = "; ".join(f"{count} {label(f'kinds.{kind}', look.texts.language).lower()}" for kind, count in kinds.items())
    return look.say("phone.end.found", km=metres, found=told)


@ft.component
def EndQuestions(session: Session, answers: EndAnswers, missing: bool) -> ft.Control:  # noqa: FBT001  a component takes what it shows
    """Draw the questions of the end."""
    look = use_look()
    version, set_version = ft.use_state(0)

    def draw_again() -> None:
        set_version(version + 1)

    return scrolled(
        look,
        [
            body(look, look.say("phone.end.walked", km=look.texts.km(session.walk.distance_m)), strong=True),
            _typed(look, answers, "result", multiline=True, missing=look.say("word.required") if missing else None),
            *_ask_safe(look, answers, draw_again),
            *_ask_weather(session, look, answers, draw_again),
            _typed(look, answers, "difficulties", multiline=True),
        ],
    )


def _typed(look: Look, answers: EndAnswers, name: str, *, multiline: bool = False, missing: str | None = None) -> ft.Control:
    return text_field(
        look,
        look.say(f"phone.end.{name}"),
        lambda text: setattr(answers, name, text),
        ident=f"end-{name.replace('_', '-')}",
        initial=getattr(answers, name),
        multiline=multiline,
        missing=missing,
    )


def _ask_safe(look: Look, answers: EndAnswers, draw_again: Callable[[], None]) -> list[ft.Control]:
    choices = [Choice("yes", look.say("phone.end.all_safe")), Choice("no", look.say("phone.end.not_safe"))]

    def choose(chosen: frozenset[str]) -> None:
        answers.safe = "no" not in chosen
        draw_again()

    chips = choice_chips(look, choices, {"yes" if answers.safe else "no"}, choose, ident="end-safe")
    note = [] if answers.safe else [_typed(look, answers, "safety_note")]
    return [section_header(look, look.say("phone.end.people")), chips, *note]


def _ask_weather(session: Session, look: Look, answers: EndAnswers, draw_again: Callable[[], None]) -> list[ft.Control]:
    language = look.texts.language
    choices = [Choice(one.code, one.label.text(language)) for one in session.handset.catalogue.lists["weather"].choices]

    def choose(chosen: frozenset[str]) -> None:
        answers.weather = next(iter(chosen), None)
        draw_again()

    chips = choice_chips(look, choices, {answers.weather} if answers.weather else (), choose, ident="weather")
    return [section_header(look, look.say("phone.start.weather")), chips]
