"""Reads the catalogue's files, from a folder or from inside a zip, and refuses what does not hold together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from journal.catalogue.catalogue import Catalogue
from journal.catalogue.checks import CatalogueRefused, check_catalogue
from journal.catalogue.kinds import Choice, Frozen, Kind
from journal.catalogue.lists import (
    CareCardsFile,
    CatalogueFile,
    Choices,
    ForbiddenWordsFile,
    IndicatorsFile,
    ListsFile,
    PatrolTypesFile,
    PrioritiesFile,
)

_FileShape = TypeVar("_FileShape", bound=Frozen)
_Coded = TypeVar("_Coded")


@cache
def load_catalogue() -> Catalogue:
    """The catalogue that ships with this version, read once. Raises `CatalogueRefused` naming file and reason."""
    return read_catalogue(files("journal.catalogue"))


def read_catalogue(folder: Traversable) -> Catalogue:
    """Read and check a catalogue from any folder. Raises `CatalogueRefused` naming file and reason."""
    head = _read(folder / "catalogue.json", CatalogueFile)
    priorities = _read(folder / "priorities.json", PrioritiesFile)
    care = _read(folder / "care_cards.json", CareCardsFile)
    signs = _read(folder / "indicators.json", IndicatorsFile)
    patrol_types = _read(folder / "patrol_types.json", PatrolTypesFile).patrol_types
    catalogue = Catalogue(
        version=head.version,
        groups=_by_code("catalogue.json", head.groups),
        shared_fields=head.shared_fields,
        kinds=_by_code("kinds", _read_kinds(folder / "kinds")),
        patrol_types=_by_code("patrol_types.json", patrol_types),
        lists=_by_code("enumerations.json", (*_read(folder / "enumerations.json", ListsFile).lists, _as_list(signs))),
        indicators=_by_code("indicators.json", signs.indicators),
        care_cards=_by_code("care_cards.json", care.care_cards),
        care_triggers=care.triggers,
        priorities=_by_code("priorities.json", priorities.priorities),
        floors=priorities.floors,
        assistance_at_least=priorities.assistance_at_least,
        forbidden=_read(folder / "forbidden_words.json", ForbiddenWordsFile),
    )
    check_catalogue(catalogue)
    return catalogue


def _as_list(signs: IndicatorsFile) -> Choices:
    choices = tuple(Choice(code=sign.code, label=sign.label) for sign in signs.indicators)
    return Choices(code="indicators", label=signs.label, choices=choices)


def _read_kinds(folder: Traversable) -> list[Kind]:
    kinds = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".json"):
            continue
        kind = _read(file, Kind)
        if file.name != f"{kind.code}.json":
            raise CatalogueRefused(f"kinds/{file.name}", f"the file of kind {kind.code} must bear its name")
        kinds.append(kind)
    return sorted(kinds, key=lambda kind: kind.usage_rank)


def _read(file: Traversable, shape: type[_FileShape]) -> _FileShape:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise CatalogueRefused(file.name, str(problem)) from problem
    try:
        return shape.model_validate_json(text)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise CatalogueRefused(file.name, f"{where}: {first['msg']}") from problem


def _by_code(file: str, things: Iterable[_Coded]) -> MappingProxyType[str, _Coded]:
    known: dict[str, _Coded] = {}
    for thing in things:
        code = str(getattr(thing, "code"))  # noqa: B009  (each file's models have a code; a protocol would not be frozen)
        if code in known:
            raise CatalogueRefused(file, f"code {code} stands twice")
        known[code] = thing
    return MappingProxyType(known)
