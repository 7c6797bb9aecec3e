"""Publishes JSON Schemas of the catalogue: `python -m journal.catalogue.schema DIR`.

`catalogue.schema.json` describes the files, `kinds/<code>.schema.json` the values of one kind of observation, so that
other programs can check both without this product.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import models_json_schema

from journal.catalogue.kinds import Condition, Kind, KindField
from journal.catalogue.lists import (
    CareCardsFile,
    CatalogueFile,
    ForbiddenWordsFile,
    IndicatorsFile,
    ListsFile,
    PatrolTypesFile,
    PrioritiesFile,
)
from journal.catalogue.loader import load_catalogue

if TYPE_CHECKING:
    from journal.catalogue.catalogue import Catalogue

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILES: dict[str, type[BaseModel]] = {
    "kinds/*.json": Kind,
    "catalogue.json": CatalogueFile,
    "patrol_types.json": PatrolTypesFile,
    "enumerations.json": ListsFile,
    "indicators.json": IndicatorsFile,
    "care_cards.json": CareCardsFile,
    "priorities.json": PrioritiesFile,
    "forbidden_words.json": ForbiddenWordsFile,
}

Schema = dict[str, object]


class PublishedSchema(BaseModel):
    """One file to write: its path below the folder, and its text."""

    model_config = ConfigDict(frozen=True)

    path: str
    text: str


def describe_schemas(catalogue: Catalogue) -> tuple[PublishedSchema, ...]:
    """All schemas as texts that are the same on every run."""
    published = [_publish("catalogue.schema.json", _describe_files())]
    for kind in catalogue.kinds.values():
        published.append(_publish(f"kinds/{kind.code}.schema.json", _describe_kind(catalogue, kind)))
    return tuple(published)


def write_schemas(folder: Path, catalogue: Catalogue) -> None:
    """Write all schemas below a folder."""
    for schema in describe_schemas(catalogue):
        file = folder / schema.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(schema.text, encoding="utf-8")


def _publish(path: str, schema: Schema) -> PublishedSchema:
    return PublishedSchema(path=path, text=json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def _describe_files() -> Schema:
    refs, schema = models_json_schema([(model, "validation") for model in _FILES.values()])
    by_file = {file: refs[model, "validation"] for file, model in _FILES.items()}
    return {
        "$schema": _DIALECT,
        "title": "Catalogue files",
        "description": "One schema for each file of the catalogue.",
        "properties": by_file,
        "$defs": schema["$defs"],
    }


def _describe_kind(catalogue: Catalogue, kind: Kind) -> Schema:
    properties: Schema = {}
    every: list[Schema] = []
    for field in catalogue.fields_of(kind.code):
        for key in field.keys:
            properties[key] = _describe_value(catalogue, field)
        if (field.required or field.required_when) and field.default is None:
            every.append(_require(field))
    every += [{"anyOf": [_filled(code, kind) for code in group]} for group in kind.require_one_of]
    schema: Schema = {
        "$schema": _DIALECT,
        "$comment": f"catalogue {catalogue.version}, kind version {kind.version}",
        "title": kind.label.en,
        "description": kind.label.vi,
        "type": "object",
        "properties": properties,
        "not": {"anyOf": [{"required": [code]} for code in sorted(catalogue.forbidden.field_codes)]},
        # A newer version may add fields: they are kept, so they are allowed here too.
        "additionalProperties": True,
    }
    return schema | ({"allOf": every} if every else {})


def _require(field: KindField) -> Schema:
    asked: Schema = {"anyOf": [{"required": [key]} for key in field.keys]}
    when = (*field.shown_when, *field.required_when)
    if not when:
        return asked
    return {"if": {"allOf": [_describe_condition(condition) for condition in when]}, "then": asked}


def _filled(code: str, kind: Kind) -> Schema:
    field = kind.field(code)
    is_answer = field is not None and field.type == "bool"
    return {"required": [code]} | ({"properties": {code: {"const": True}}} if is_answer else {})


def _describe_condition(condition: Condition) -> Schema:
    holds: Schema = {"enum": list(condition.any_of)}
    if condition.above is not None:
        holds = {"type": "integer", "exclusiveMinimum": condition.above}
    return {"required": [condition.field], "properties": {condition.field: holds}}


def _describe_value(catalogue: Catalogue, field: KindField) -> Schema:
    label: Schema = {"title": field.label.en, "description": field.label.vi}
    one: Schema = {"type": "string", "maxLength": field.max_length}
    match field.type:
        case "int" | "count_range":
            return label | {"type": "integer", "minimum": field.min, "maximum": field.max}
        case "heading":
            return label | {"type": "integer", "minimum": 0, "maximum": 359}
        case "bool":
            return label | {"type": "boolean"}
        case "time":
            return label | {
                "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "format": "date-time"}],
            }
        case "choice" | "direction" | "multi_choice":
            one = {"enum": list(catalogue.choice_codes(field))}
    if field.type == "multi_choice" or field.many:
        return label | {"anyOf": [one, {"type": "array", "items": one, "maxItems": 50}]}
    return label | one


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]), load_catalogue())
