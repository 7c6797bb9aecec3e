"""How numbers, distances, sizes, times and ages are written, in Vietnamese and in English."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Final, Literal

Language = Literal["vi", "en"]

# Asia/Ho_Chi_Minh has had no other offset since 1975, and phones may lack a time-zone database.
VIETNAM_TIME: Final = timezone(timedelta(hours=7))

_KIB: Final = 1024
_FIRST_TWO_DIGIT_COUNT: Final = 10


def _swap_marks(text: str, language: Language) -> str:
    if language == "en":
        return text
    return text.translate(str.maketrans(",.", ".,"))


def format_number(value: float, language: Language = "vi", *, decimals: int = 0) -> str:
    """Write a number: 1.234.567,89 in Vietnamese, 1,234,567.89 in English."""
    return _swap_marks(f"{value:,.{decimals}f}", language)


def format_km(distance_m: float, language: Language = "vi") -> str:
    """Write a distance given in metres as kilometres with one decimal: 1.234,5."""
    return format_number(distance_m / 1000, language, decimals=1)


def format_size(size_bytes: int, language: Language = "vi") -> str:
    """Write a size: 812 B, 46,2 KB, 1,3 MB (steps of 1024)."""
    size = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if size < _KIB:
            return f"{format_number(size, language, decimals=0 if unit == 'B' else 1)} {unit}"
        size /= _KIB
    return f"{format_number(size, language, decimals=1)} GB"


def format_count(count: int, language: Language = "vi") -> str:
    """Write a count as papers want it: a leading zero under ten (02, 15)."""
    return f"{count:02d}" if 0 <= count < _FIRST_TWO_DIGIT_COUNT else format_number(count, language)


def _in_vietnam(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown: pass an aware datetime")
    return at.astimezone(VIETNAM_TIME)


def format_datetime(at: datetime) -> str:
    """Write an aware datetime as dd/MM/yyyy HH:mm, Vietnam time; raises ValueError for a naive one."""
    return _in_vietnam(at).strftime("%d/%m/%Y %H:%M")


def format_date(at: datetime) -> str:
    """Write the day of an aware datetime as dd/MM/yyyy, Vietnam time."""
    return _in_vietnam(at).strftime("%d/%m/%Y")


def format_time(at: datetime) -> str:
    """Write the hour of an aware datetime as HH:mm, Vietnam time."""
    return _in_vietnam(at).strftime("%H:%M")


def format_clock(duration_s: float) -> str:
    """Write a running time as H:MM:SS; a negative duration (past its limit) gets a minus sign."""
    seconds = int(abs(duration_s))
    sign = "-" if duration_s < 0 and seconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
