"""Windows of reports and the days by which they are due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.windows import (
    Deadline,
    WindowKind,
    before,
    day_of,
    free_window,
    leaves_time,
    running,
    window_around,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
NAMED = st.sampled_from([kind for kind in WindowKind if kind is not WindowKind.FREE])


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        (WindowKind.REPORT_MONTH, date(2026, 11, 14), date(2026, 10, 15), date(2026, 11, 14)),
        (WindowKind.REPORT_MONTH, date(2026, 11, 15), date(2026, 11, 15), date(2026, 12, 14)),
        (WindowKind.CALENDAR_MONTH, date(2024, 2, 10), date(2024, 2, 1), date(2024, 2, 29)),
        (WindowKind.WEEK, date(2026, 11, 15), date(2026, 11, 9), date(2026, 11, 15)),
        (WindowKind.QUARTER, date(2026, 3, 14), date(2025, 12, 15), date(2026, 3, 14)),
        (WindowKind.QUARTER, date(2026, 3, 15), date(2026, 3, 15), date(2026, 6, 14)),
        (WindowKind.HALF_YEAR, date(2026, 6, 15), date(2026, 6, 15), date(2026, 12, 14)),
        (WindowKind.NINE_MONTHS, date(2026, 9, 1), date(2025, 12, 15), date(2026, 9, 14)),
        (WindowKind.YEAR, date(2026, 12, 14), date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_a_window_runs_from_the_15th_to_the_14th_or_as_its_kind_says(kind, day, first, last):
    window = window_around(kind, day)
    assert (window.first, window.last) == (first, last)


@given(NAMED.filter(lambda kind: kind is not WindowKind.NINE_MONTHS), DAYS)
def test_windows_of_a_kind_follow_each_other_without_gap_or_overlap(kind, day):
    window = window_around(kind, day)
    assert window.first <= day <= window.last
    assert before(window).last + timedelta(days=1) == window.first
    assert before(window).until_ms == window.from_ms
    assert day_of(window.from_ms) == window.first
    assert day_of(window.until_ms - 1) == window.last


@given(NAMED, DAYS)
def test_the_running_total_holds_the_window_and_begins_with_the_year(kind, day):
    window = window_around(kind, day)
    so_far = running(window)
    assert so_far.first <= window.first
    assert so_far.last == window.last
    assert so_far.days <= 366 + 7


def test_the_year_of_reports_begins_on_the_15th_of_december_and_that_of_calendar_months_on_new_year():
    assert running(window_around(WindowKind.REPORT_MONTH, date(2027, 1, 3))).first == date(2026, 12, 15)
    assert running(window_around(WindowKind.CALENDAR_MONTH, date(2027, 1, 3))).first == date(2027, 1, 1)


def test_a_free_window_is_compared_with_as_many_days_before_it():
    window = free_window(date(2026, 10, 15), date(2026, 11, 10))
    assert (before(window).first, before(window).last) == (date(2026, 9, 18), date(2026, 10, 14))
    with pytest.raises(ValueError, match="ends before"):
        free_window(date(2026, 11, 10), date(2026, 11, 9))


def test_before_a_day_closes_at_the_end_of_the_day_before_it_and_by_a_day_with_its_own():
    day = date(2026, 11, 12)
    assert Deadline("before", day).last_day == date(2026, 11, 11)
    assert day_of(Deadline("before", day).until_ms - 1) == date(2026, 11, 11)
    assert day_of(Deadline("by", day).until_ms - 1) == day


def test_before_a_monday_an_office_must_have_it_on_friday():
    assert Deadline("before", date(2026, 11, 16)).last_working_day == date(2026, 11, 13)
    assert Deadline("before", date(2026, 11, 15)).last_working_day == date(2026, 11, 13)


def test_between_cut_off_and_sending_lies_a_working_day():
    window = free_window(date(2026, 10, 15), date(2026, 11, 10))
    assert leaves_time(window, Deadline("before", date(2026, 11, 12)))
    assert not leaves_time(window, Deadline("before", date(2026, 11, 11)))
    assert not leaves_time(free_window(date(2026, 11, 1), date(2026, 11, 13)), Deadline("by", date(2026, 11, 15)))
