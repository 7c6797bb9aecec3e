"""After how many days each sort of stretch and place is overdue: a commander's choice, kept among the settings of the vault."""

import json
import logging
from collections.abc import Mapping
from typing import Final

from app.patrol.coverage import LEAST_LIMIT_DAYS, MOST_LIMIT_DAYS, USUAL_LIMITS
from app.patrol.line_places import Watch

log = logging.getLogger(__name__)
KEY: Final = "line-limits"


def read_limits(raw: bytes | None) -> Mapping[Watch, int]:
    """What was kept; the usual for each sort of which nothing was, or nothing that can be read."""
    try:
        kept = json.loads(raw) if raw is not None else {}
    except ValueError:
        log.warning("the limits of the line cannot be read; the usual ones hold")
        kept = {}
    told = kept if isinstance(kept, dict) else {}
    return {sort: _within(told.get(sort.value), usual) for sort, usual in USUAL_LIMITS.items()}


def limits_as_bytes(limits: Mapping[Watch, int]) -> bytes:
    return json.dumps({sort.value: days for sort, days in limits.items()}).encode()


def bound_days(days: int) -> int:
    return min(MOST_LIMIT_DAYS, max(LEAST_LIMIT_DAYS, days))


def _within(days: object, usual: int) -> int:
    return bound_days(days) if isinstance(days, int) else usual
