"""The periods that reports speak of, and the days by which they are due. Days are days of Vietnam.

Reporting months run from the 15th to the 14th and reporting years from 15/12 to 14/12 (Decree 09/2019/ND-CP, Article 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Literal

from app.texts.formats import VIETNAM_TIME
from journal.clock import milliseconds, moment

DAY: Final = timedelta(days=1)
CUT_DAY: Final = 15
LAST_MONTH: Final = 12
SATURDAY: Final = 5


class WindowKind(StrEnum):
    """How the days of a window were chosen."""

    REPORT_MONTH = "report_month"
    CALENDAR_MONTH = "calendar_month"
    WEEK = "week"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    FREE = "free"


MONTHS_OF: Final = {
    WindowKind.REPORT_MONTH: 1,
    WindowKind.QUARTER: 3,
    WindowKind.HALF_YEAR: 6,
    WindowKind.NINE_MONTHS: 9,
    WindowKind.YEAR: 12,
}


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days, both ends included."""

    kind: WindowKind
    first: date
    last: date

    @property
    def from_ms(self) -> int:
        return start_of(self.first)

    @property
    def until_ms(self) -> int:
        """Exclusive: what happens at 23:59 of the last day is in."""
        return start_of(self.last + DAY)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def start_of(day: date) -> int:
    """Midnight in Vietnam, in ms."""
    return milliseconds(datetime.combine(day, time(), VIETNAM_TIME))


def day_of(at_ms: int) -> date:
    """The day in Vietnam at that time."""
    return moment(at_ms).astimezone(VIETNAM_TIME).date()


def window_around(kind: WindowKind, day: date) -> Window:
    """The window of this kind in which the day lies. A free one cannot be found so: raises ValueError."""
    match kind:
        case WindowKind.FREE:
            raise ValueError("a free window has its own days")
        case WindowKind.WEEK:
            monday = day - day.weekday() * DAY
            return Window(kind, monday, monday + 6 * DAY)
        case WindowKind.CALENDAR_MONTH:
            first = day.replace(day=1)
            return Window(kind, first, _months_on(first, 1) - DAY)
    months = MONTHS_OF[kind]
    if kind is WindowKind.NINE_MONTHS:
        first = year_began(day)
        return Window(kind, first, _months_on(first, months) - DAY)
    first = year_began(day)
    while _months_on(first, months) <= day:
        first = _months_on(first, months)
    return Window(kind, first, _months_on(first, months) - DAY)


def free_window(first: date, last: date) -> Window:
    """Raises ValueError when it ends before it begins."""
    if last < first:
        raise ValueError("a period ends before it begins")
    return Window(WindowKind.FREE, first, last)


def before(window: Window) -> Window:
    """The window to compare with: the one of its kind just before; of nine months those a year before; of a free one as many
    days."""
    match window.kind:
        case WindowKind.FREE:
            return Window(WindowKind.FREE, window.first - window.days * DAY, window.first - DAY)
        case WindowKind.NINE_MONTHS:
            first = _months_on(window.first, -12)
            return Window(window.kind, first, _months_on(first, 9) - DAY)
    return window_around(window.kind, window.first - DAY)


def running(window: Window) -> Window:
    """From the beginning of the year to the end of the window: 1/1 for calendar months, 15/12 for all others."""
    if window.kind is WindowKind.CALENDAR_MONTH:
        return Window(WindowKind.FREE, window.last.replace(month=1, day=1), window.last)
    return Window(WindowKind.FREE, min(window.first, year_began(window.last)), window.last)


def year_began(day: date) -> date:
    """The 15/12 on or before the day."""
    began = date(day.year, LAST_MONTH, CUT_DAY)
    return began if began <= day else date(day.year - 1, LAST_MONTH, CUT_DAY)


def _months_on(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return day.replace(year=count // 12, month=count % 12 + 1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """``before`` a day closes with the end of the day before it ("trước ngày"); ``by`` a day with its own end."""

    mode: Literal["before", "by"]
    day: date

    @property
    def last_day(self) -> date:
        return self.day - DAY if self.mode == "before" else self.day

    @property
    def until_ms(self) -> int:
        """Exclusive: sent at 23:59 of the last day is in time."""
        return start_of(self.last_day + DAY)

    @property
    def last_working_day(self) -> date:
        """The last day that is no Saturday or Sunday: an office receives nothing on the others. Knows no public holidays."""
        day = self.last_day
        while not is_working(day):
            day -= DAY
        return day


def is_working(day: date) -> bool:
    return day.weekday() < SATURDAY


def leaves_time(window: Window, due: Deadline) -> bool:
    """Whether at least one working day lies between the cut-off and the last moment to send."""
    day = window.last + DAY
    while day <= due.last_day:
        if is_working(day):
            return True
        day += DAY
    return False
