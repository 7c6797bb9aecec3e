"""Times and distances between the records of a case, in words."""

from __future__ import annotations

from typing import Final

from app.screens.desk.reading import Reader
from app.store.queries_cases import Leg

_MINUTE_MS: Final = 60_000
_HOUR_MIN, _DAY_MIN = 60, 1_440


def leg_words(reader: Reader, leg: Leg) -> str:
    """Such as "49 phút, cách 5,8 km"."""
    lasted = lasted_words(reader, leg.lasted_ms)
    if leg.metres is None:
        return reader.look.say("cases.leg_time", time=lasted)
    return reader.look.say("cases.leg", time=lasted, distance=reader.distance(leg.metres))


def lasted_words(reader: Reader, lasted_ms: int) -> str:
    """Such as "49 phút" or "1 ngày 3 giờ"."""
    minutes = lasted_ms // _MINUTE_MS
    if minutes >= _DAY_MIN:
        return reader.look.say("cases.days", days=minutes // _DAY_MIN, hours=minutes % _DAY_MIN // _HOUR_MIN)
    if minutes >= _HOUR_MIN:
        return reader.look.say("cases.hours", hours=minutes // _HOUR_MIN, minutes=minutes % _HOUR_MIN)
    return reader.look.say("cases.minutes", minutes=minutes)
