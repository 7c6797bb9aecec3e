"""What the catalogue knows besides kinds: patrol types, shared lists, signs, care cards, priorities, words not to use."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from journal.catalogue.kinds import Choice, Code, Condition, Frozen, KindField, Label, PriorityCode


class Choices(Frozen):
    """A list that several fields share."""

    code: Code
    label: Label
    choices: Annotated[tuple[Choice, ...], Field(min_length=1)]

    def choice(self, code: str) -> Choice | None:
        """The choice of that code, or nothing when a newer version of the list has it."""
        return next((choice for choice in self.choices if choice.code == code), None)


BILATERAL: Final = "song_phuong"
"""The type of a patrol that is walked with the other side, and has papers and questions of its own."""


class PatrolType(Frozen):
    """A type of patrol. `listed_ahead` is false for one that must never be published before it happens.

    `fields` are asked when it starts, `end_fields` when it ends.
    """

    code: Code
    label: Label
    icon: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    listed_ahead: bool = True
    moving: bool = True
    fields: tuple[KindField, ...] = ()
    end_fields: tuple[KindField, ...] = ()


class Indicator(Frozen):
    """A behaviour that was seen; `assistance` marks a sign that a person may need help, which is no suspicion."""

    code: Annotated[str, Field(pattern=r"^I\d{2}$")]
    label: Label
    assistance: bool = False


class CareStep(Frozen):
    """One step of a care card; `takes_time` steps get their time by one tap, `asks` names a yes or no."""

    code: Code
    label: Label
    takes_time: bool = False
    asks: Code | None = None


class CareCard(Frozen):
    """What to do for people before anything is asked of them."""

    code: Code
    label: Label
    icon: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    steps: Annotated[tuple[CareStep, ...], Field(min_length=1)]


class PriorityFloor(Frozen):
    """No observation is ranked below `at_least` when all of `when` hold and none of `unless` does."""

    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    unless: tuple[Condition, ...] = ()
    at_least: PriorityCode


class Priority(Frozen):
    """A rank with its clock: minutes until somebody must have acknowledged, or the moment by which."""

    code: PriorityCode
    label: Label
    icon: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    acknowledge_within_min: Annotated[int, Field(ge=1)]
    clock: Literal["minutes", "end_of_shift", "daily"]
    sounds: bool = False


class ForbiddenWords(Frozen):
    """A group of words about who people are. `everywhere` groups may stand in no label, the rest in no sign or rule."""

    code: Code
    label: Label
    everywhere: bool = False
    vi: tuple[str, ...]
    en: tuple[str, ...]


class PatrolTypesFile(Frozen):
    """patrol_types.json."""

    patrol_types: tuple[PatrolType, ...]


class ListsFile(Frozen):
    """enumerations.json."""

    lists: tuple[Choices, ...]


class IndicatorsFile(Frozen):
    """indicators.json; fields ask them as the list `indicators`."""

    label: Label
    indicators: tuple[Indicator, ...]


class CareCardsFile(Frozen):
    """care_cards.json; `triggers` are those of every kind."""

    care_cards: tuple[CareCard, ...]
    triggers: tuple[SharedCareTrigger, ...] = ()


class SharedCareTrigger(Frozen):
    """Opens a care card in any kind when all of `when` hold and none of `unless` does."""

    card: Code
    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    unless: tuple[Condition, ...] = ()


class PrioritiesFile(Frozen):
    """priorities.json, lowest rank first."""

    priorities: tuple[Priority, ...]
    floors: tuple[PriorityFloor, ...]
    assistance_at_least: PriorityCode


class ForbiddenWordsFile(Frozen):
    """forbidden_words.json; a word ending in `*` also matches its longer forms."""

    groups: tuple[ForbiddenWords, ...]
    field_codes: tuple[str, ...]


class CatalogueFile(Frozen):
    """catalogue.json: the version, the groups of kinds and the fields that every kind has."""

    version: Annotated[str, Field(pattern=r"^\d{4}\.\d{1,3}$")]
    groups: tuple[Choice, ...]
    shared_fields: tuple[KindField, ...]


CareCardsFile.model_rebuild()
