"""The renderer of behaviour signs: what shows that somebody may need help stands apart and first, it is no suspicion."""

from __future__ import annotations

import flet as ft

from app.screens.parts.buttons import text_button
from app.screens.parts.choices import Choice, choice_chips
from app.screens.parts.surfaces import card
from app.screens.parts.words import small
from app.screens.phone.fields.asked import Asked, question
from app.screens.tokens import SPACE_2
from journal.catalogue import Indicator

FIRST_SIGNS = 4
"""Their words are long: more of them at once nobody reads."""


@ft.component
def SignsField(asked: Asked, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw the signs as chips; those of other kinds of behaviour unfold at a tap."""
    look = asked.look
    everything, show_everything = ft.use_state(initial=False)
    signs = tuple(asked.session.handset.catalogue.indicators.values())
    value = asked.value
    chosen = tuple(str(code) for code in value) if isinstance(value, (tuple, list)) else ()

    def choose_among(shown: tuple[Indicator, ...], picked: frozenset[str]) -> None:
        left = {code for code in chosen if code not in {sign.code for sign in shown}}
        asked.put(tuple(sign.code for sign in signs if sign.code in picked | left))

    def chips(shown: tuple[Indicator, ...]) -> ft.Control:
        choices = [Choice(sign.code, sign.label.text(look.texts.language)) for sign in shown]
        return choice_chips(
            look, choices, chosen, lambda picked: choose_among(shown, picked), ident=asked.ident, many=True, dense=True
        )

    helping = tuple(sign for sign in signs if sign.assistance)
    others = tuple(sign for sign in signs if not sign.assistance)
    first = others if everything else tuple(sign for n, sign in enumerate(others) if n < FIRST_SIGNS or sign.code in chosen)
    tone = look.palette.assistance
    care = [small(look, look.say("phone.field.care_signs"), strong=True, colour=tone.mark), chips(helping)]
    answers: list[ft.Control] = [
        card(look, care, tone=tone, spacing=SPACE_2),
        small(look, look.say("phone.field.other_signs"), strong=True),
        chips(first),
    ]
    if len(first) < len(others):
        more = look.say("phone.field.more_choices", count=len(others) - len(first))
        answers.append(
            text_button(
                look, more, lambda: show_everything(not everything), ident=f"{asked.ident}-more", icon=ft.Icons.EXPAND_MORE
            )
        )
    return question(asked, answers)
