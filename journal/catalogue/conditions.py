"""Whether a condition of the catalogue holds for the values of an observation; an empty field fulfils none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from journal.catalogue.kinds import Condition, Value

Values = Mapping[str, Value]


def count_of(values: Mapping[str, object], code: str, *, upper: bool = True) -> int | None:
    """The upper or lower end of a count, whether it was given exactly or as a range."""
    ends = (f"{code}_max", f"{code}_min") if upper else (f"{code}_min", f"{code}_max")
    for key in (*ends, code):
        value = values.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def holds(condition: Condition, values: Mapping[str, object]) -> bool:
    """One condition. Values of another type than expected fulfil nothing and raise nothing."""
    if condition.above is not None:
        count = count_of(values, condition.field)
        return count is not None and count > condition.above
    value = values.get(condition.field)
    if isinstance(value, bool):
        return any(wanted is value for wanted in condition.any_of)
    if isinstance(value, str):
        return value in condition.any_of
    if isinstance(value, (tuple, list)):
        return any(isinstance(part, str) and part in condition.any_of for part in value)
    return False


def all_hold(conditions: Iterable[Condition], values: Mapping[str, object]) -> bool:
    """All conditions; true when there are none."""
    return all(holds(condition, values) for condition in conditions)


def any_holds(conditions: Iterable[Condition], values: Mapping[str, object]) -> bool:
    """At least one condition; false when there are none."""
    return any(holds(condition, values) for condition in conditions)
