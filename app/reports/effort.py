"""What watching the line took in a window: the numbers of its patrols, in all, by unit and by day."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from app.reports.numbers import Numbers, count_numbers
from app.reports.windows import DAY, Window, day_of
from app.store.queries import Counted, CountedPatrol

MEASURES: Final = ("patrols", "people_turns", "patrol_time", "distance")
"""What is told of each unit and each day, in this order; ``people_turns.FORCE`` is told of all."""
WEEK_DAYS, MOST_DAYS = 7, 31
"""More bars than days of a month are no chart."""
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Effort:
    """``by_unit`` is by the code of the leading unit, who did most first.

    ``by_step`` has every step of the window by its first day: days, or weeks (``step_days`` 7) of a window longer than a month.
    """

    whole: Numbers
    by_unit: Mapping[str, Numbers]
    by_step: Mapping[date, Numbers]
    step_days: int


def count_effort(patrols: Sequence[CountedPatrol], window: Window) -> Effort:
    """The effort of the patrols that set out in the window; others are left out."""
    inside = [one for one in patrols if window.from_ms <= one.started_ms < window.until_ms]

    def count(some: Sequence[CountedPatrol]) -> Numbers:
        return count_numbers(Counted(tuple(some), (), ()), window.from_ms, window.until_ms)

    units = _grouped(inside, lambda one: one.lead_unit)
    step = WEEK_DAYS if window.days > MOST_DAYS else 1
    first_of = {window.first + number * DAY: window.first + number // step * step * DAY for number in range(window.days)}
    steps = _grouped(inside, lambda one: first_of[day_of(one.started_ms)])
    most_first = sorted(units, key=lambda unit: (-len(units[unit]), unit))
    return Effort(
        count(inside),
        {unit: count(units[unit]) for unit in most_first},
        {first: count(steps.get(first, ())) for first in dict.fromkeys(first_of.values())},
        step,
    )


def _grouped(patrols: Sequence[CountedPatrol], key: Callable[[CountedPatrol], K]) -> dict[K, list[CountedPatrol]]:
    groups: dict[K, list[CountedPatrol]] = defaultdict(list)
    for one in patrols:
        groups[key(one)].append(one)
    return dict(groups)
