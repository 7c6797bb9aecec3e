"""Which renderer draws which type of field."""

from __future__ import annotations

import flet as ft

from app.screens.phone.fields.answers import (
    ChoiceField,
    ask_count,
    ask_count_range,
    ask_heading,
    ask_text,
    ask_time,
    ask_yes_no,
)
from app.screens.phone.fields.asked import Asked
from app.screens.phone.fields.places import PlaceField, PlacesField
from app.screens.phone.fields.plates import PlateField
from app.screens.phone.fields.references import EarlierField, UnitsField
from app.screens.phone.fields.signs import SignsField


def ask(asked: Asked) -> ft.Control:
    """The question of one field of the catalogue."""
    match asked.field.type:
        case "int":
            return ask_count(asked)
        case "count_range":
            return ask_count_range(asked)
        case "multi_choice" if asked.field.enum == "indicators":
            return SignsField(asked, key=f"signs-{asked.code}")
        case "choice" | "multi_choice" | "direction":
            return ChoiceField(asked, key=f"choice-{asked.code}")
        case "bool":
            return ask_yes_no(asked)
        case "text":
            return ask_text(asked)
        case "time":
            return ask_time(asked)
        case "heading":
            return ask_heading(asked)
        case "plate":
            return PlateField(asked, key=f"plate-{asked.code}")
        case "place" | "ref":
            return _ask_reference(asked)


def _ask_reference(asked: Asked) -> ft.Control:
    match asked.field.refers_to:
        case "unit":
            return UnitsField(asked, key=f"units-{asked.code}")
        case "observation":
            return EarlierField(asked, key=f"earlier-{asked.code}")
        case "case" | "patrol":
            return ask_text(asked)
    if asked.field.many:
        return PlacesField(asked, key=f"places-{asked.code}")
    return PlaceField(asked, key=f"place-{asked.code}")
