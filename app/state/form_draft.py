"""What the forms of a patrol's start and end share: answers in the making that are kept as every draft is."""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Self

import flet as ft

from app.state.draft import Draft, DraftContent
from journal.entries import Value


class FormDraft(ft.Observable):
    """Handlers change it and read it when they are called. What somebody chose or typed is kept at each change."""

    KEPT: ClassVar[tuple[str, ...]] = ()
    """Fields that are kept on disk; others only say how the form is drawn."""

    key: str = ""
    saving: bool = False
    is_kept: bool = True

    def set_up(self, kind: str, typed: Iterable[str]) -> None:
        """Once, when it is made: nothing is typed and nothing answered."""
        self._typed = dict.fromkeys(typed, "")
        self._on_change: Callable[[FormDraft], None] = lambda _: None
        self._kind = kind
        self._answer({})
        self._listening = self.subscribe(self._field_changed)

    def _answer(self, answers: Mapping[str, Value]) -> None:
        self.answers = Draft.of(self._kind, DraftContent(self._kind, values=dict(answers)), lambda _: self.change_quietly())

    def keep_as(self, key: str, on_change: Callable[["FormDraft"], None]) -> Self:
        """From now on each change is told."""
        self.key, self._on_change = key, on_change
        return self

    def fill(self, typed: Mapping[str, str], answers: Mapping[str, Value]) -> None:
        """As it was kept."""
        self._typed |= {name: text for name, text in typed.items() if name in self._typed}
        self._answer(answers)

    def put_text(self, name: str, text: str) -> None:
        """Typed text draws nothing anew: the field already shows it."""
        self._typed[name] = text
        self.change_quietly()

    def text(self, name: str) -> str:
        return self._typed[name]

    def change_quietly(self) -> None:
        """Something was said that the screen already shows."""
        self._on_change(self)

    def as_bytes(self) -> bytes:
        raise TypeError(f"{type(self).__name__} does not say what is kept of it")

    def _field_changed(self, _: object, name: str | None) -> None:
        if name in self.KEPT:
            self.change_quietly()
