"""After how many days each sort of stretch and place is overdue: a commander's word, the same at all desks that it is for."""

from collections.abc import Mapping

from app.patrol.coverage import LEAST_LIMIT_DAYS, MOST_LIMIT_DAYS, USUAL_LIMITS
from app.patrol.line_places import Watch


def limits_of(days: Mapping[str, int]) -> Mapping[Watch, int]:
    """What was said, within what a desk lets a commander say; the usual for each sort of which nothing was."""
    return {sort: bound_days(days.get(sort.value, usual)) for sort, usual in USUAL_LIMITS.items()}


def bound_days(days: int) -> int:
    return min(MOST_LIMIT_DAYS, max(LEAST_LIMIT_DAYS, days))
