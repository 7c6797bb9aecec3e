"""An observation in the making: what was filled in so far, kept on every change, and what is still missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import flet as ft
from pydantic import TypeAdapter, ValidationError

from app.record import ObservationForm, PhotoForm, VoiceForm
from journal.catalogue import ENTRY_KEYS, Catalogue, KindField
from journal.catalogue.conditions import all_hold
from journal.entries import Position, Value
from journal.track.fixes import Fix

Where = Literal["fix", "map", "typed", "place", "none"]
MOST_PHOTOS: Final = 8


@dataclass(frozen=True)
class DraftContent:
    """What a draft holds; this is what is sealed and kept."""

    kind: str
    values: dict[str, Value] = field(default_factory=dict)
    """By code of the catalogue, those of every observation (direction, flags) among them."""
    happened_ms: int | None = None
    where: Where = "fix"
    """How the position is known; ``none`` is said on purpose: not determined."""
    position: Position | None = None
    reporter: Fix | None = None
    place: str | None = None
    place_text: str | None = None
    priority: str | None = None
    description: str | None = None
    share_with: tuple[str, ...] = ()
    patrol: str | None = None
    care_times: dict[str, int] = field(default_factory=dict)
    photos: tuple[PhotoForm, ...] = ()
    voices: tuple[VoiceForm, ...] = ()
    source_box: str | None = None
    """Who told it: only ever kept sealed."""
    begun_ms: int = 0
    quick: bool = False
    on_behalf: bool = False
    """Written down by the desk for a patrol without a phone."""
    amends: str | None = None
    """The subject that this corrects; None for a new observation."""
    saw: str | None = None
    """The version that its author saw."""
    reason: str = ""
    hour_confirmed: bool = False
    """Whether somebody said that an unlikely hour is right."""


_ADAPTER: Final = TypeAdapter(DraftContent)


class DraftUnreadable(Exception):
    """Bytes of another version of drafts."""


@dataclass(eq=False)
class Draft(ft.Observable):
    """Handlers change it and read it when they are called, never what a screen captured."""

    key: str
    problems: Mapping[str, str] = field(default_factory=dict)
    """What to mend, by field; filled when somebody tried to save."""
    saving: bool = False
    is_kept: bool = True
    """False while the device could not keep the last change, such as on a full disk; it is tried again at the next one."""

    def __post_init__(self) -> None:
        self._content = DraftContent("")
        self._before = self._content
        self._on_change: Callable[[Draft], None] = lambda _: None

    @classmethod
    def of(cls, key: str, content: DraftContent, on_change: Callable[["Draft"], None]) -> "Draft":
        draft = cls(key)
        draft._content = draft._before = content
        draft._on_change = on_change
        return draft

    @property
    def content(self) -> DraftContent:
        return self._content

    @property
    def first(self) -> DraftContent:
        """As it was when it was opened."""
        return self._before

    def change(self, **changes: Any) -> None:
        """New content; the screen is drawn again and the draft kept."""
        self.change_quietly(**changes)
        self.notify()  # type: ignore[no-untyped-call]  # Flet left it without types

    def change_quietly(self, **changes: Any) -> None:
        """For text while it is typed: the field on the screen already shows it."""
        self._content = replace(self._content, **changes)
        self._on_change(self)

    def move(self, where: Where, position: Position | None, reporter: Fix | None = None) -> None:
        """Says anew where it happened. A place that was typed as the position goes: the record would name where it was not."""
        place = None if self._content.where == "typed" else self._content.place
        self.change(where=where, position=position, reporter=reporter or self._content.reporter, place=place)

    def put(self, code: str, value: Value | None, *, quietly: bool = False) -> None:
        """Sets or clears one field of the catalogue."""
        values = {known: kept for known, kept in self._content.values.items() if known != code}
        if value is not None and value not in ("", ()):
            values[code] = value
        if code in self.problems:
            self.problems = {where: problem for where, problem in self.problems.items() if where != code}
        if quietly:
            self.change_quietly(values=values)
        else:
            self.change(values=values)

    def mend(self, where: str) -> None:
        """What was wrong there has been put right."""
        self.problems = {code: problem for code, problem in self.problems.items() if code != where}

    def as_bytes(self) -> bytes:
        return _ADAPTER.dump_json(self._content)

    @classmethod
    def from_bytes(cls, key: str, raw: bytes, on_change: Callable[["Draft"], None]) -> "Draft":
        """Raises :class:`DraftUnreadable`."""
        try:
            return cls.of(key, _ADAPTER.validate_json(raw), on_change)
        except ValidationError:
            raise DraftUnreadable(key) from None  # what went before says what was typed


def shown_fields(catalogue: Catalogue, content: DraftContent) -> tuple[KindField, ...]:
    """The fields that are asked now; what hangs on an answer appears with it."""
    fields = catalogue.fields_of(content.kind)
    return tuple(one for one in fields if not one.by_app and all_hold(one.shown_when, content.values))


def asked_values(catalogue: Catalogue, content: DraftContent) -> dict[str, Value]:
    """The answers to what is asked: an answer whose question went away is not recorded. Several that were typed are parted."""
    shown = shown_fields(catalogue, content)
    asked = {key for one in shown for key in one.keys}
    answers = {code: value for code, value in content.values.items() if code in asked}
    for one in shown:
        typed = answers.get(one.code)
        if one.many and isinstance(typed, str):
            answers[one.code] = split_typed(typed)
    return answers


def split_typed(text: str) -> tuple[str, ...]:
    """What was typed with commas, one by one."""
    return tuple(dict.fromkeys(part for piece in text.split(",") if (part := piece.strip())))


def as_form(catalogue: Catalogue, content: DraftContent) -> ObservationForm:
    """The form that the recorder checks and writes."""
    values = asked_values(catalogue, content)
    heading = values.get("heading_deg")
    return ObservationForm(
        kind=content.kind,
        values={code: value for code, value in values.items() if code not in ENTRY_KEYS},
        happened_ms=content.happened_ms,
        position=content.position if content.where != "none" else None,
        reporter_fix=content.reporter,
        place=content.place,
        place_text=content.place_text or None,
        direction=_text(values.get("direction")),
        heading_deg=heading if isinstance(heading, int) else None,
        priority=content.priority,
        certainty=_text(values.get("certainty")),
        description=content.description or None,
        indicators=_texts(values.get("indicators")),
        flags=_texts(values.get("flags")),
        share_with=content.share_with,
        patrol=content.patrol,
        care_times=content.care_times,
        photos=content.photos,
        voices=content.voices,
        on_behalf=content.on_behalf,
        source_box=content.source_box,
    )


def _text(value: Value | None) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()
