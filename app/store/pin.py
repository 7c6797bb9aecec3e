"""Which PINs are too easy to guess in ten tries."""

from datetime import date
from itertools import pairwise

from app.store.outcomes import PinWeakness

SHORTEST_PIN = 6
_FIRST_BIRTH_YEAR, _LAST_BIRTH_YEAR = 1930, 2039


def judge_pin(pin: str, *, dates_allowed: bool = False) -> PinWeakness | None:
    """Why this PIN is refused; None when it may be used. Letters are welcome, a PIN of digits needs six or more."""
    if len(pin) < SHORTEST_PIN:
        return PinWeakness.TOO_SHORT
    if len(set(pin)) == 1:
        return PinWeakness.ONE_DIGIT
    if pin.isdecimal() and _climbs(pin):
        return PinWeakness.STAIRS
    if _repeats(pin):
        return PinWeakness.REPEATED
    if not dates_allowed and pin.isdecimal() and _is_date(pin):
        return PinWeakness.DATE
    return None


def _climbs(pin: str) -> bool:
    """Each digit is one more, or one less, than the one before; 9 goes on to 0."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})


def _repeats(pin: str) -> bool:
    """One short piece over and over: 121212, 123123."""
    return any(len(pin) % size == 0 and pin[:size] * (len(pin) // size) == pin for size in (2, 3))


def _is_date(pin: str) -> bool:
    """ddmmyy, yymmdd, ddmmyyyy or yyyymmdd of a year that people now serving were born or married in."""
    if len(pin) == len("ddmmyy"):
        readings = [(century + int(pin[4:]), pin[2:4], pin[:2]) for century in (1900, 2000)]
        readings += [(century + int(pin[:2]), pin[2:4], pin[4:]) for century in (1900, 2000)]
    elif len(pin) == len("ddmmyyyy"):
        readings = [(int(pin[4:]), pin[2:4], pin[:2]), (int(pin[:4]), pin[4:6], pin[6:])]
    else:
        return False
    return any(
        _FIRST_BIRTH_YEAR <= year <= _LAST_BIRTH_YEAR and _exists(year, int(month), int(day)) for year, month, day in readings
    )


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
