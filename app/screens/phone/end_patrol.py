"""The end of a patrol: the result in one sentence that the leader confirms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import flet as ft

from app.record import EndForm
from app.screens.asking import use_answer, use_look, use_session
from app.screens.parts.buttons import primary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import progress_notice, section_header
from app.screens.parts.words import body
from app.screens.phone.frame import go, screen, scrolled
from app.screens.phone.result import propose_result
from app.screens.tokens import Look
from app.state.session import Session
from app.store.queries import patrol_detail


@dataclass
class EndAnswers:
    """What was said so far; handlers read it when they are called."""

    result: str = ""
    proposed: str = ""
    """What the records say; it follows them until the leader writes something else."""
    difficulties: str = ""
    safe: bool = True
    safety_note: str = ""
    weather: str | None = None
    _propose: Callable[[bool], str] = field(default=lambda _: "", init=False)

    def take_proposal(self, propose: Callable[[bool], str]) -> None:
        """Writes the proposal, unless the leader has changed it."""
        if self.result == self.proposed:
            self.result = self.proposed = propose(self.safe)
        self._propose = propose

    def as_form(self) -> EndForm:
        return EndForm(
            result=self.result.strip(),
            difficulties=self.difficulties.strip() or None,
            safe=self.safe,
            safety_note=self.safety_note.strip() or None,
            weather=self.weather,
        )

    def say_safe(self, *, safe: bool) -> None:
        self.safe = safe
        self.take_proposal(self._propose)


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

    def propose(all_safe: bool) -> str:  # noqa: FBT001  what the leader says
        walked_m = session.walk.distance_m
        return propose_result(look.texts, session.handset.catalogue, detail.observations, distance_m=walked_m, all_safe=all_safe)

    answers.current.take_proposal(propose)

    async def end() -> None:
        said = answers.current
        if not said.result.strip():
            set_missing(True)
            return
        await session.patrolling.end(said.as_form())
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
    typed = text_field(
        look,
        look.say(f"phone.end.{name}"),
        lambda text: setattr(answers, name, text),
        ident=f"end-{name.replace('_', '-')}",
        initial=getattr(answers, name),
        multiline=multiline,
        missing=missing,
    )
    typed.key = (
        f"{name}-{answers.proposed if name == 'result' else ''}"  # a new proposal is a new field: none is changed in place
    )
    return typed


def _ask_safe(look: Look, answers: EndAnswers, draw_again: Callable[[], None]) -> list[ft.Control]:
    choices = [Choice("yes", look.say("phone.end.all_safe")), Choice("no", look.say("phone.end.not_safe"))]

    def choose(chosen: frozenset[str]) -> None:
        answers.say_safe(safe="no" not in chosen)
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
