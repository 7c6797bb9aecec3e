"""The demo's photos: plain landscapes of what a patrol writes down, drawn anew from a subject and a seed; no people."""

import json
from collections.abc import Callable
from enum import StrEnum

from demo.drawn_night import draw_ambulance, draw_lodging, draw_night_stream, draw_raft
from demo.drawn_paint import Canvas, develop, new_canvas
from demo.drawn_scenes import (
    draw_cracked_marker,
    draw_fence,
    draw_footprints,
    draw_hut,
    draw_landslide,
    draw_marker,
    draw_new_trail,
)
from demo.drawn_sheet import HERE


class Subject(StrEnum):
    """What can be drawn."""

    MARKER = "marker"
    LANDSLIDE = "landslide"
    FOOTPRINTS = "footprints"
    RAFT = "raft"
    NIGHT_STREAM = "night_stream"
    AMBULANCE = "ambulance"
    LODGING = "lodging"
    CRACKED_MARKER = "cracked_marker"
    FENCE = "fence"
    HUT = "hut"
    NEW_TRAIL = "new_trail"


DRAWN: dict[Subject, Callable[[Canvas, dict[str, str]], None]] = {
    Subject.MARKER: draw_marker,
    Subject.LANDSLIDE: draw_landslide,
    Subject.FOOTPRINTS: draw_footprints,
    Subject.RAFT: draw_raft,
    Subject.NIGHT_STREAM: draw_night_stream,
    Subject.AMBULANCE: draw_ambulance,
    Subject.LODGING: draw_lodging,
    Subject.CRACKED_MARKER: draw_cracked_marker,
    Subject.FENCE: draw_fence,
    Subject.HUT: draw_hut,
    Subject.NEW_TRAIL: draw_new_trail,
}
AT_NIGHT = frozenset({Subject.RAFT, Subject.NIGHT_STREAM, Subject.AMBULANCE, Subject.LODGING})


def draw_photo(subject: str, seed: int, number: str = "") -> bytes:
    """A JPEG of 1280 x 960 with the demo stamp; the same arguments give the same bytes.

    `subject` is a value of Subject; `number` stands on a marker, such as "904(1)". Raises ValueError for another subject.
    """
    chosen = Subject(subject)
    words: dict[str, str] = json.loads((HERE / "texts.json").read_text("utf-8"))["photo"]
    canvas = new_canvas(seed)
    DRAWN[chosen](canvas, words | {"number": number or words["number"]})
    return develop(canvas, words["stamp"], night=chosen in AT_NIGHT)
