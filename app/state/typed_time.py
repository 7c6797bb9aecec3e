"""A moment as people write it on paper: an hour, or a day and an hour; always Vietnam time."""

import re
from datetime import datetime
from typing import Final

from app.texts.formats import VIETNAM_TIME
from journal.clock import milliseconds, moment

_WRITTEN: Final = re.compile(r"^(?:(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?[ ,]+)?([01]?\d|2[0-3])[:hH.]([0-5]\d)?$")


def read_moment(typed: str, now_ms: int) -> int | None:
    """The moment in ms since 1970; None for anything that is not "5:30", "5h30", "5h", "05/11 5:30" or "05/11/2026 5:30".

    An hour alone is today's, or yesterday's when today's is still to come; a day without a year is the last such day.
    """
    found = _WRITTEN.match(typed.strip())
    if found is None:
        return None
    day, month, year, hour, minute = found.groups()
    now = moment(now_ms).astimezone(VIETNAM_TIME)
    try:
        if day is None:
            at = now.replace(hour=int(hour), minute=int(minute or 0), second=0, microsecond=0)
            return milliseconds(at) if at <= now else milliseconds(at) - 86_400_000
        given = datetime(int(year or now.year), int(month), int(day), int(hour), int(minute or 0), tzinfo=VIETNAM_TIME)
        if year is None and given > now:
            given = given.replace(year=given.year - 1)
    except ValueError:
        return None
    return milliseconds(given)
