"""The shape of a kind of observation: its fields, the conditions between them, its priority and its one-line title."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Language = Literal["vi", "en"]
Value = int | bool | str | tuple[str, ...]
ENTRY_KEYS = ("direction", "heading_deg", "certainty", "indicators", "flags")
"""Fields that stand on the observation itself; merge them into the values before asking the catalogue anything."""

FieldType = Literal[
    "int",
    "count_range",
    "choice",
    "multi_choice",
    "text",
    "bool",
    "place",
    "plate",
    "direction",
    "heading",
    "time",
    "ref",
]
RefersTo = Literal["marker", "trail", "place", "node", "premises", "unit", "observation", "patrol", "case", "checkpoint"]
PriorityCode = Literal["thap", "trung_binh", "cao", "khan"]

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
Words = Annotated[str, Field(min_length=1, max_length=300)]


class Frozen(BaseModel):
    """A piece of the catalogue: unchangeable once read, and refused when its file has a key nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Frozen):
    """The same words in both languages of the product."""

    vi: Words
    en: Words

    def text(self, language: Language) -> str:
        """The words in one language."""
        return self.vi if language == "vi" else self.en


class Choice(Frozen):
    """One answer of a list."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{0,39}$")]
    label: Label
    hint: Label | None = None


class Condition(Frozen):
    """True when a field has one of some values, or counts above a number; false when the field is empty."""

    field: Code
    any_of: tuple[bool | str, ...] = ()
    above: int | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Condition:
        if bool(self.any_of) == (self.above is not None):
            raise ValueError(f"condition on {self.field} needs any_of or above, and only one of them")
        return self


class PriorityRule(Frozen):
    """The priority when all conditions hold; the rules of a kind are read in order and the first that holds decides."""

    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    priority: PriorityCode


class CareTrigger(Frozen):
    """Opens a care card before the rest of the form when all conditions hold."""

    card: Code
    when: tuple[Condition, ...] = ()


class PartsOfWhole(Frozen):
    """The sum of some counts may not exceed the sum of others, e.g. minors among passengers."""

    parts: Annotated[tuple[Code, ...], Field(min_length=1)]
    whole: Annotated[tuple[Code, ...], Field(min_length=1)]


class Span(Frozen):
    """A time that ends at most some hours after it began; the first span of a kind that holds decides."""

    start: Code
    end: Code
    most_h: Annotated[int, Field(ge=1, le=720)]
    when: tuple[Condition, ...] = ()


class KindField(Frozen):
    """One question of a form.

    `enum` names a shared list, `choices` are the field's own. A `count_range` is answered by `<code>_min` and
    `<code>_max`, or by `<code>` alone for an exact count. `never_in_rules` keeps a field out of every priority, floor
    and care trigger. `power` names what a role must be allowed to do before it is asked. `required_when` asks for it only
    under conditions. `by_app` is noted by the app itself from what was answered, and asked of nobody.
    """

    code: Code
    type: FieldType
    label: Label
    hint: Label | None = None
    required: bool = False
    min: int | None = None
    max: int | None = None
    unit: Literal["m", "mm", "min", "h", "deg"] | None = None
    steps: tuple[int, ...] = ()
    enum: Code | None = None
    choices: tuple[Choice, ...] = ()
    refers_to: RefersTo | None = None
    many: bool = False
    max_length: Annotated[int, Field(ge=1, le=4000)] = 200
    default: bool | str | None = None
    shown_when: tuple[Condition, ...] = ()
    required_when: tuple[Condition, ...] = ()
    by_app: bool = False
    search: bool = False
    never_in_rules: bool = False
    power: Code | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> KindField:
        is_choice = self.type in {"choice", "multi_choice", "direction"}
        if is_choice != (bool(self.choices) or self.enum is not None) or (self.choices and self.enum):
            raise ValueError(f"field {self.code}: a choice names one list or its own choices, other types none")
        if (self.type == "ref") != (self.refers_to is not None):
            raise ValueError(f"field {self.code}: a ref says what it refers to, other types do not")
        if self.type in {"int", "count_range"} and (self.min is None or self.max is None or self.min > self.max):
            raise ValueError(f"field {self.code}: a number needs min and max, in this order")
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which its value may stand in an observation."""
        if self.type == "count_range":
            return (self.code, f"{self.code}_min", f"{self.code}_max")
        return (self.code,)


class Kind(Frozen):
    """A kind of observation: one file, no code."""

    code: Code
    version: Annotated[int, Field(ge=1)]
    label: Label
    hint: Label | None = None
    icon: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    group: Code
    usage_rank: Annotated[int, Field(ge=1)]
    assistance: bool = False
    priority: PriorityCode
    priority_rules: tuple[PriorityRule, ...] = ()
    care_cards: tuple[CareTrigger, ...] = ()
    fields: tuple[KindField, ...]
    require_one_of: tuple[tuple[Code, ...], ...] = ()
    counts: tuple[PartsOfWhole, ...] = ()
    spans: tuple[Span, ...] = ()
    summary: Label

    def field(self, code: str) -> KindField | None:
        """The field of that code, or nothing when a newer version of the kind has it."""
        return next((field for field in self.fields if field.code == code), None)
