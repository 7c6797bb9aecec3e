"""Care before questions: what to do for people, with times filled by one tap."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import flet as ft

from app.screens.parts.buttons import secondary_button
from app.screens.parts.press import chosen_dress, press, quiet_dress
from app.screens.parts.surfaces import card
from app.screens.parts.words import body, small, title
from app.screens.phone.fields.answers import answer_yes_no
from app.screens.phone.fields.asked import Asked
from app.screens.tokens import SPACE_2, SPACE_3, Look, padding_for
from app.screens.told import icon_named
from app.state.draft import Draft
from app.state.session import Session
from journal.catalogue import CareCard, CareStep
from journal.clock import moment


def care_cards_of(session: Session, draft: Draft) -> tuple[CareCard, ...]:
    """The cards that what was filled in so far calls for."""
    return session.handset.catalogue.care_cards_for(draft.content.kind, draft.content.values)


def draw_care(
    session: Session, look: Look, draft: Draft, cards: Sequence[CareCard], go_on: Callable[[], Awaitable[None]]
) -> list[ft.Control]:
    """The cards, and under the last of them the way on to the questions."""
    if not cards:
        return []
    said = look.say("phone.care.continue")
    onward = secondary_button(look, said, go_on, ident="care-continue", icon=ft.Icons.ARROW_DOWNWARD)
    return [*(_draw_card(session, look, draft, one) for one in cards), onward]


def _draw_card(session: Session, look: Look, draft: Draft, care: CareCard) -> ft.Control:
    tone = look.palette.assistance
    heading = ft.Row(
        [
            ft.Icon(icon_named(care.icon), color=tone.mark, size=28),
            title(look, care.label.text(look.texts.language), colour=tone.mark, expand=True),
        ],
        spacing=SPACE_3,
    )
    lines: list[ft.Control] = [heading, small(look, look.say("phone.care.why"), colour=look.palette.ink)]
    lines += [_step(session, look, draft, step, number) for number, step in enumerate(care.steps, 1)]
    shown = card(look, lines, tone=tone, ident=f"care-{care.code}", spacing=SPACE_3)
    shown.key = ft.ScrollKey(f"care-{care.code}")  # type: ignore[call-arg]  # its dataclass decorator hides the value from mypy
    return shown


def _step(session: Session, look: Look, draft: Draft, step: CareStep, number: int) -> ft.Control:
    words = body(look, f"{number}. {step.label.text(look.texts.language)}", expand=True)
    question = _question_of(session, look, draft, step)
    if question is not None:
        return ft.Column([ft.Row([words]), question, *_time_button(session, look, draft, step)], spacing=SPACE_2, tight=True)
    return ft.Column([ft.Row([words]), *_time_button(session, look, draft, step)], spacing=SPACE_2, tight=True)


def _question_of(session: Session, look: Look, draft: Draft, step: CareStep) -> ft.Control | None:
    """The yes or no of a step, where this kind asks it."""
    kind = session.handset.catalogue.kind(draft.content.kind)
    field = kind.field(step.asks) if kind is not None and step.asks is not None else None
    return answer_yes_no(Asked(session, look, draft, field)) if field is not None else None


def _time_button(session: Session, look: Look, draft: Draft, step: CareStep) -> list[ft.Control]:
    if not step.takes_time:
        return []
    noted_ms = draft.content.care_times.get(step.code)

    def note() -> None:
        times = dict(draft.content.care_times)
        if step.code in times:
            del times[step.code]
        else:
            times[step.code] = session.now_ms()
        draft.change(care_times=times)

    what = step.label.text(look.texts.language)
    if noted_ms is None:
        said, name = look.say("phone.care.now"), look.say("phone.care.now_for", what=what)
    else:
        time = look.texts.hour(moment(noted_ms))
        said, name = look.say("phone.care.noted", time=time), look.say("phone.care.noted_for", what=what, time=time)
    dress = quiet_dress(look) if noted_ms is None else chosen_dress(look)
    return [
        press(
            look,
            said,
            note,
            replace(dress, pad_y=padding_for(look.touch)),
            ident=f"care-{step.code}",
            name=name,
            icon=ft.Icons.SCHEDULE if noted_ms is None else ft.Icons.CHECK,
        )
    ]
