"""Kinds of observation, patrol types, lists and words as data files, and the one place that reads and asks them."""

from journal.catalogue.catalogue import Catalogue
from journal.catalogue.checks import CatalogueRefused, find_forbidden_words
from journal.catalogue.folding_marks import fold_marks
from journal.catalogue.kinds import ENTRY_KEYS, Choice, Kind, KindField, Label, Language, PriorityCode, Value
from journal.catalogue.lists import BILATERAL, CareCard, CareStep, Choices, Indicator, PatrolType, Priority
from journal.catalogue.loader import load_catalogue, read_catalogue
from journal.catalogue.place_references import PlaceReference, parse_place_reference
from journal.catalogue.plates import PlateForm, PlateReading, PlateWarning, normalise_plate, plate_matches
from journal.catalogue.priorities import RANKS
from journal.catalogue.validation import FieldProblem, ProblemCode

__all__ = [
    "BILATERAL",
    "ENTRY_KEYS",
    "RANKS",
    "CareCard",
    "CareStep",
    "Catalogue",
    "CatalogueRefused",
    "Choice",
    "Choices",
    "FieldProblem",
    "Indicator",
    "Kind",
    "KindField",
    "Label",
    "Language",
    "PatrolType",
    "PlaceReference",
    "PlateForm",
    "PlateReading",
    "PlateWarning",
    "Priority",
    "PriorityCode",
    "ProblemCode",
    "Value",
    "find_forbidden_words",
    "fold_marks",
    "load_catalogue",
    "normalise_plate",
    "parse_place_reference",
    "plate_matches",
    "read_catalogue",
]
