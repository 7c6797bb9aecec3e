"""What a renderer gets: the field, the draft it fills, and how to draw; with the words for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from app.record.lengths import TOO_LONG
from app.screens.parts.words import body, small
from app.screens.tokens import SPACE_1, SPACE_2, Look
from app.state.draft import Draft
from app.state.session import Session
from journal.catalogue import KindField
from journal.catalogue.conditions import all_hold
from journal.entries import Value


@dataclass(frozen=True)
class Asked:
    """One question of one form."""

    session: Session
    look: Look
    draft: Draft
    field: KindField

    @property
    def code(self) -> str:
        return self.field.code

    @property
    def ident(self) -> str:
        return f"field-{self.field.code}"

    @property
    def label(self) -> str:
        unit = f" ({self.field.unit})" if self.field.unit in {"m", "mm"} else ""
        return f"{self.field.label.text(self.look.texts.language)}{unit}"

    @property
    def full_label(self) -> str:
        """With the sign of what is needed."""
        return f"{self.label} *" if self.is_needed else self.label

    @property
    def is_needed(self) -> bool:
        """Whether nothing can be saved without an answer."""
        when = self.field.required_when
        return self.field.required or (bool(when) and all_hold(when, self.draft.content.values))

    @property
    def hint(self) -> str:
        return self.field.hint.text(self.look.texts.language) if self.field.hint else ""

    @property
    def value(self) -> Value | None:
        return self.draft.content.values.get(self.field.code, self.field.default)

    @property
    def problem(self) -> str | None:
        """What to mend here, in words."""
        code = next((self.draft.problems[key] for key in self.field.keys if key in self.draft.problems), None)
        if code is None:
            return None
        key = f"phone.problem.{code}"
        return self.look.say(key if self.look.texts.has(key) else "phone.problem.other")

    def put(self, value: Value | None) -> None:
        self.draft.put(self.field.code, value)

    def put_quietly(self, text: str) -> None:
        """While it is typed: nothing is drawn anew, and the text is the draft's at once."""
        self.draft.put(self.field.code, text, quietly=True)


def wanting_words(look: Look, missing: Sequence[str], too_long: Sequence[str]) -> str:
    """Said over the button: which fields want an answer, and which a shorter one; empty when none does."""
    told = [look.say("phone.record.missing", fields=", ".join(missing))] if missing else []
    told += [look.say("phone.record.too_long", fields=", ".join(too_long))] if too_long else []
    return " · ".join(told)


def too_long_words(look: Look, draft: Draft, where: str) -> str | None:
    """Of words that every kind asks for: that they are too long."""
    return look.say("phone.problem.too_long") if draft.problems.get(where) == TOO_LONG else None


def problem_line(look: Look, problem: str) -> ft.Control:
    """Says beside the field what is missing."""
    mark = look.palette.urgent.mark
    line = ft.Row(
        [ft.Icon(ft.Icons.ERROR_OUTLINE, size=18, color=mark), small(look, problem, colour=mark, strong=True, expand=True)],
        spacing=SPACE_1,
    )
    return ft.Semantics(live_region=True, content=line)


def question(asked: Asked, answers: Sequence[ft.Control], *, labelled: bool = True) -> ft.Control:
    """The label, the hint, the answers, and what is missing."""
    look = asked.look
    lines: list[ft.Control] = []
    if labelled:
        lines.append(body(look, asked.full_label, strong=True))
    hint = [small(look, asked.hint)] if asked.hint else []
    # Where the answer bears the label itself, the hint follows it: nobody reads a hint before its question.
    problem = [problem_line(look, asked.problem)] if asked.problem else []
    lines += [*problem, *hint, *answers] if labelled else [*answers, *problem, *hint]
    column = ft.Column(lines, spacing=SPACE_2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    key = ft.ScrollKey(f"ask-{asked.code}")  # type: ignore[call-arg]  # its dataclass decorator hides the value from mypy
    return ft.Semantics(identifier=f"ask-{asked.code}", container=True, content=column, key=key)
