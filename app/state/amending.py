"""The difference between two forms, as the changes of an amendment."""

from typing import Final

from app.record import ObservationForm
from journal.entries import Position, Value

_PLAIN: Final = (
    "happened_ms",
    "place",
    "place_text",
    "direction",
    "heading_deg",
    "priority",
    "certainty",
    "description",
    "indicators",
    "flags",
)
_PLACE_PARTS: Final = tuple(Position.model_fields)


def find_changes(before: ObservationForm, after: ObservationForm) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Changes by path (``values.people_min``, ``position.latitude_e7``, ``description``), and the paths that were cleared."""
    changes: dict[str, Value] = {}
    cleared: list[str] = []
    pairs: list[tuple[str, Value | None, Value | None]] = [(name, getattr(before, name), getattr(after, name)) for name in _PLAIN]
    codes = sorted(before.values.keys() | after.values.keys())
    pairs += [(f"values.{code}", before.values.get(code), after.values.get(code)) for code in codes]
    steps = sorted(before.care_times.keys() | after.care_times.keys())
    pairs += [(f"care_times.{step}", before.care_times.get(step), after.care_times.get(step)) for step in steps]
    if before.position != after.position:
        if after.position is None:
            cleared.append("position")
        else:
            pairs += [_place_part(part, before.position, after.position) for part in _PLACE_PARTS]
    for path, was, now in pairs:
        if was == now or (now in (None, ()) and was in (None, ())):
            continue
        if now is None or now == ():
            cleared.append(path)
        else:
            changes[path] = now
    return changes, tuple(cleared)


def _place_part(part: str, before: Position | None, after: Position) -> tuple[str, Value | None, Value | None]:
    """Another place is told as a whole: what the old one says of its doubt, height and hour is not true of the new one."""
    now = getattr(after, part)
    return f"position.{part}", getattr(before, part, None) if now is None else None, now
