"""Renderers of counts, choices, yes and no, text, times and headings."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from app.screens.parts.buttons import secondary_button, text_button
from app.screens.parts.choices import Choice, choice_chips, direction_dial, stepper
from app.screens.parts.fields import text_field
from app.screens.parts.press import press, quiet_dress
from app.screens.parts.words import body
from app.screens.phone.fields.asked import Asked, question
from app.screens.tokens import SPACE_2, SPACE_3, padding_for
from journal.catalogue.conditions import count_of
from journal.clock import milliseconds, moment

MOST_BY_STEPPER = 100
"""Larger numbers, such as a height in metres, are typed."""
MOST_CHIPS = 9
FIRST_CHIPS = 6
LONG_TEXT = 200
YES_NO_WIDTH = 84
STEP_MS = 300_000
HOURS_OF_A_DAY = 24
HEADINGS = {"n": 0, "ne": 45, "e": 90, "se": 135, "s": 180, "sw": 225, "w": 270, "nw": 315}


def ask_count(asked: Asked) -> ft.Control:
    """A whole number: by thumb where it is small, typed where it is large."""
    field, look = asked.field, asked.look
    least, most = field.min or 0, field.max or 0
    now = asked.value if isinstance(asked.value, int) and not isinstance(asked.value, bool) else None
    if field.steps:
        choices = [Choice(str(step), _step_words(asked, step)) for step in field.steps]
        chips = choice_chips(
            look, choices, {str(now)} if now is not None else (), lambda c: _put_step(asked, c), ident=asked.ident
        )
        return question(asked, [chips])
    if most - least > MOST_BY_STEPPER and field.unit is not None:
        return _typed_number(asked, now)
    keys = stepper(look, asked.full_label, now, asked.put, ident=asked.ident, least=least, most=most)
    return question(asked, [keys], labelled=False)


def _step_words(asked: Asked, step: int) -> str:
    """Hours as people say them: 24 hours, then days."""
    look = asked.look
    if asked.field.unit != "h":
        return look.texts.number(step)
    if step <= HOURS_OF_A_DAY:
        return look.say("phone.field.hours", count=step)
    return look.say("phone.field.days", count=step // HOURS_OF_A_DAY)


def _put_step(asked: Asked, chosen: frozenset[str]) -> None:
    step = next(iter(chosen), None)
    asked.put(int(step) if step is not None else None)


def _typed_number(asked: Asked, now: int | None) -> ft.Control:
    def typed(text: str) -> None:
        figures = "".join(sign for sign in text if sign.isdigit())
        asked.draft.put(asked.code, int(figures) if figures else None, quietly=True)

    return question(
        asked,
        [
            text_field(
                asked.look,
                asked.label,
                typed,
                ident=asked.ident,
                initial="" if now is None else str(now),
                keyboard=ft.KeyboardType.NUMBER,
            )
        ],
        labelled=False,
    )


def ask_count_range(asked: Asked) -> ft.Control:
    """At least and at most; raising the one takes the other along, so that no impossible range can be made."""
    look, values = asked.look, asked.draft.content.values
    low, high = count_of(values, asked.code, upper=False), count_of(values, asked.code)
    least, most = asked.field.min or 0, asked.field.max or 0

    def put(new_low: int, new_high: int) -> None:
        kept = {code: value for code, value in asked.draft.content.values.items() if code not in asked.field.keys}
        kept[f"{asked.code}_min"], kept[f"{asked.code}_max"] = new_low, new_high
        mended = {where: why for where, why in asked.draft.problems.items() if where not in asked.field.keys}
        asked.draft.problems = mended
        asked.draft.change(values=kept)

    def put_low(count: int) -> None:
        now = count_of(asked.draft.content.values, asked.code)
        put(count, max(count, count if now is None else now))

    def put_high(count: int) -> None:
        now = count_of(asked.draft.content.values, asked.code, upper=False)
        put(min(count, count if now is None else now), count)

    fewest = stepper(
        look,
        look.say("phone.field.at_least"),
        low,
        put_low,
        ident=f"{asked.ident}-min",
        least=least,
        most=most,
    )
    largest = stepper(
        look,
        look.say("phone.field.at_most"),
        high,
        put_high,
        ident=f"{asked.ident}-max",
        least=least,
        most=most,
    )
    return question(asked, [fewest, largest])


@ft.component
def ChoiceField(asked: Asked, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw one or several answers as chips; a long list shows its first ones and the rest at a tap."""
    look = asked.look
    everything, show_everything = ft.use_state(initial=False)
    many = asked.field.type == "multi_choice"
    all_choices = asked.session.handset.catalogue.choices_of(asked.field)
    language = look.texts.language
    chosen = _chosen(asked)
    folded = len(all_choices) > MOST_CHIPS and not everything
    shown = all_choices[:FIRST_CHIPS] if folded else all_choices
    shown = (*shown, *(one for one in all_choices if one.code in chosen and one not in shown))
    choices = [Choice(one.code, one.label.text(language)) for one in shown]

    def choose(picked: frozenset[str]) -> None:
        ordered = tuple(one.code for one in all_choices if one.code in picked)
        asked.put(ordered if many else next(iter(ordered), None))

    answers = [choice_chips(look, choices, chosen, choose, ident=asked.ident, many=many)]
    if folded:
        rest = len(all_choices) - len(shown)
        more = look.say("phone.field.more_choices", count=rest)
        answers.append(
            text_button(
                look, more, lambda: show_everything(not everything), ident=f"{asked.ident}-more", icon=ft.Icons.EXPAND_MORE
            )
        )
    return question(asked, answers)


def _chosen(asked: Asked) -> tuple[str, ...]:
    value = asked.value
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, (tuple, list)) else ()


def ask_yes_no(asked: Asked) -> ft.Control:
    """Yes, no, or not asked: nothing chosen is no answer."""
    look = asked.look
    chips = _yes_no_chips(asked)
    if look.large_text:
        return question(asked, [chips])
    label = body(look, asked.full_label, strong=True, expand=True)
    return question(asked, [ft.Row([label, chips], spacing=SPACE_3)], labelled=False)


def answer_yes_no(asked: Asked) -> ft.Control:
    """The two answers alone, under words that already ask."""
    return ft.Semantics(identifier=f"ask-{asked.code}", label=asked.label, container=True, content=_yes_no_chips(asked))


def _yes_no_chips(asked: Asked) -> ft.Control:
    look = asked.look
    choices = [Choice("yes", look.say("verb.yes")), Choice("no", look.say("verb.no"))]
    chosen = {True: ("yes",), False: ("no",)}.get(asked.value, ()) if isinstance(asked.value, bool) else ()

    def choose(picked: frozenset[str]) -> None:
        asked.put(None if not picked else "yes" in picked)

    width = None if look.large_text else YES_NO_WIDTH
    return choice_chips(look, choices, chosen, choose, ident=asked.ident, chip_width=width)


def ask_text(asked: Asked) -> ft.Control:
    """Typed words; never changed while they are typed."""
    value = asked.value
    return question(
        asked,
        [
            text_field(
                asked.look,
                asked.full_label,
                asked.put_quietly,
                ident=asked.ident,
                initial=value if isinstance(value, str) else "",
                multiline=asked.field.max_length > LONG_TEXT,
            )
        ],
        labelled=False,
    )


def ask_time(asked: Asked) -> ft.Control:
    """A moment, by one tap now and by steps of five minutes."""
    look, at_ms = asked.look, _read_ms(asked.value)
    if at_ms is None:
        # The hour of the press: a form may have been drawn long before.
        now = secondary_button(
            look,
            look.say("phone.care.now"),
            lambda: asked.put(asked.session.now_ms()),
            ident=asked.ident,
            icon=ft.Icons.SCHEDULE,
        )
        return question(asked, [now])

    def step(name: str, ident: str, by_ms: int) -> ft.Control:
        dress = replace(quiet_dress(look), pad_x=SPACE_3, pad_y=padding_for(look.touch))
        return press(
            look, name, lambda: asked.put((_read_ms(asked.value) or at_ms) + by_ms), dress, ident=f"{asked.ident}-{ident}"
        )

    keys = ft.Row(
        [
            step(look.say("phone.field.earlier"), "earlier", -STEP_MS),
            step(look.say("phone.field.later"), "later", STEP_MS),
            text_button(look, look.say("verb.remove"), lambda: asked.put(None), ident=f"{asked.ident}-clear"),
        ],
        spacing=SPACE_2,
        wrap=True,
        run_spacing=SPACE_2,
    )
    return question(asked, [body(look, look.texts.moment(moment(at_ms))), keys])


def _read_ms(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return milliseconds(moment(0).fromisoformat(value))
        except ValueError:
            return None
    return None


def ask_heading(asked: Asked) -> ft.Control:
    """The eight directions; degrees are what is kept."""
    value = asked.value
    chosen = next((name for name, degrees in HEADINGS.items() if degrees == value), None)

    def choose(direction: str) -> None:
        asked.put(HEADINGS.get(direction))

    return question(asked, [ft.Row([direction_dial(asked.look, chosen, choose, ident=asked.ident)])])
