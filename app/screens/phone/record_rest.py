"""What every form asks at its end: words, how urgent, when, and who else may see it."""

from __future__ import annotations

import flet as ft

from app.screens.asking import use_look
from app.screens.parts.buttons import secondary_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.fields import text_field
from app.screens.parts.surfaces import banner, section_header
from app.screens.parts.words import small
from app.screens.phone.fields.asked import problem_line, too_long_words
from app.screens.phone.fields.references import short_name, use_units
from app.screens.tokens import SPACE_2, Look
from app.state.draft import Draft
from app.state.draft_check import least_priority, lift_priority
from app.state.session import Session
from journal.catalogue import RANKS
from journal.clock import moment

STEPS_MS = {"hour_earlier": -3_600_000, "earlier": -300_000, "later": 300_000}
"""How far one tap moves the time."""


def ask_rest(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    """The questions that every kind has, after its own."""
    words = text_field(
        look,
        look.say("phone.field.description"),
        lambda text: draft.change_quietly(description=text),
        ident="field-description",
        initial=draft.content.description or "",
        multiline=True,
        missing=too_long_words(look, draft, "description"),
    )
    words.key = ft.ScrollKey("ask-description")  # type: ignore[call-arg]  # its dataclass decorator hides the value from mypy
    asked: list[ft.Control] = [
        words,
        banner(look, look.say("banner.secrets"), "warning"),
        *_ask_priority(session, look, draft),
        *_ask_time(session, look, draft),
    ]
    if not draft.content.amends:
        asked.append(ShareField(session, draft))
    return asked


def _ask_priority(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    catalogue, content = session.handset.catalogue, draft.content
    auto = catalogue.priority_for(content.kind, content.values)
    language = look.texts.language
    least = least_priority(catalogue, content.kind, content.values)
    offered = RANKS[RANKS.index(least) :]
    choices = [Choice(code, one.label.text(language)) for code, one in catalogue.priorities.items() if code in offered]

    def choose(picked: frozenset[str]) -> None:
        code = next(iter(picked), None)
        draft.change(priority=None if code == auto else code)

    said = look.say("phone.field.priority_auto", priority=catalogue.label(f"priorities.{auto}", language))
    return [
        section_header(look, look.say("phone.field.priority"), trailing=small(look, said)),
        choice_chips(look, choices, {lift_priority(content.priority or auto, least)}, choose, ident="field-priority"),
    ]


def _ask_time(session: Session, look: Look, draft: Draft) -> list[ft.Control]:
    at_ms = draft.content.happened_ms
    if at_ms is None:
        return []

    def choose(picked: frozenset[str]) -> None:
        step = next(iter(picked), "now")
        now_ms = draft.content.happened_ms or session.now_ms()
        draft.change(happened_ms=session.now_ms() if step == "now" else now_ms + STEPS_MS[step], hour_confirmed=False)
        draft.mend("happened_ms")

    choices = [Choice(code, look.say(f"phone.field.{code}")) for code in STEPS_MS]
    choices.append(Choice("now", look.say("phone.field.now")))
    told = small(look, look.texts.moment(moment(at_ms)), strong=True, colour=look.palette.ink)
    lines: list[ft.Control] = [
        section_header(look, look.say("phone.record.time"), trailing=told),
        *_doubt(look, draft),
        choice_chips(look, choices, (), choose, ident="field-happened"),
    ]
    column = ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    key = ft.ScrollKey("ask-happened_ms")  # type: ignore[call-arg]  # its dataclass decorator hides the value from mypy
    return [ft.Semantics(identifier="ask-happened_ms", container=True, content=column, key=key)]


def _doubt(look: Look, draft: Draft) -> list[ft.Control]:
    """What is odd about the hour; one that is only unlikely is confirmed with a tap."""
    problem = draft.problems.get("happened_ms")
    if problem is None:
        return []
    lines: list[ft.Control] = [problem_line(look, look.say(f"phone.problem.{problem}"))]
    if problem == "confirm_hour":

        def confirm() -> None:
            draft.mend("happened_ms")
            draft.change(hour_confirmed=True)

        lines.append(
            secondary_button(look, look.say("phone.field.hour_is_right"), confirm, ident="confirm-hour", icon=ft.Icons.CHECK)
        )
    return lines


@ft.component
def ShareField(session: Session, draft: Draft) -> ft.Control:
    """Draw the other units; those that are chosen may read this record as soon as it is at the station."""
    look = use_look()
    own = session.who.unit if session.who else ""
    others = [unit for unit in use_units(session) if unit.code != own]

    def choose(picked: frozenset[str]) -> None:
        draft.change(share_with=tuple(unit.code for unit in others if unit.code in picked))

    if not others:
        return ft.Container(height=0)
    choices = [Choice(unit.code, short_name(unit)) for unit in others]
    lines: list[ft.Control] = [
        section_header(look, look.say("phone.field.share_with")),
        small(look, look.say("phone.field.share_hint")),
        choice_chips(look, choices, draft.content.share_with, choose, ident="share", many=True, dense=True),
    ]
    return ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
