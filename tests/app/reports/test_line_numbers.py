"""Effort and heat: every number is the sum of its list, and what is counted by unit, step or place is all there is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.patrol.coverage import Made
from app.patrol.line_places import Registered, watch_line
from app.reports.effort import count_effort
from app.reports.heat import BANDS, heat_of, tells_of_something
from app.reports.windows import free_window
from app.store.queries import CountedPatrol

FIRST = date(2026, 10, 20)
WATCHED = {one.code: one for one in watch_line([Registered("place:CHOT", "Chốt", "chot", (20.9, 103.8))])}
HOUR_MS = 3_600_000
times = st.integers(free_window(FIRST, FIRST).from_ms - 40 * HOUR_MS, free_window(FIRST, FIRST).from_ms + 90 * 24 * HOUR_MS)


def patrol(name: int, started_ms: int, unit: str) -> CountedPatrol:
    return CountedPatrol(f"p.{name}", "chot", started_ms, started_ms + HOUR_MS, 1_500, {"bp": 3, "dan_quan": 2}, 0, unit)


@pytest.mark.parametrize("days", [7, 28, 84])
@given(starts=st.lists(times, max_size=6))
def test_units_and_steps_share_out_the_whole_effort(starts, days):
    window = free_window(FIRST, FIRST + timedelta(days=days - 1))
    patrols = [patrol(number, started_ms, "DON" if number % 3 else "CAX") for number, started_ms in enumerate(starts)]
    effort = count_effort(patrols, window)
    assert len(effort.by_step) == (12 if days == 84 else days)
    for code, number in effort.whole.items():
        for parts in (effort.by_unit, effort.by_step):
            assert sum(one[code].amount for one in parts.values() if code in one) == number.amount
            assert sorted(ref for one in parts.values() if code in one for ref in one[code].refs) == sorted(number.refs)


@given(st.lists(times, max_size=8))
def test_every_record_that_tells_of_something_stands_in_one_row_and_one_band(told):
    at = ((), ("place:CHOT",), ("place:GONE",), ("place:GONE", "place:CHOT"))
    records = [Made(f"o.{n}", at_ms, "DON", at[n % 4], tells=n % 3 != 2) for n, at_ms in enumerate(told)]
    heat = heat_of(records, WATCHED)
    shown = sorted(ref for row in heat.rows for number in row.bands if number is not None for ref in number.refs)
    assert shown == sorted(heat.every.whole.refs) == sorted(one.subject for one in records if one.tells)
    assert all(len(row.bands) == len(BANDS) for row in heat.rows)
    assert heat.most == max((number.amount for row in heat.rows for number in row.bands if number is not None), default=0)


def test_a_marker_that_stands_as_it_should_and_nothing_found_are_no_heat():
    assert not tells_of_something("moc", {"condition": "nguyen_trang"})
    assert not tells_of_something("khong_phat_hien", {})
    assert tells_of_something("moc", {"condition": "nut_vo"})
    assert tells_of_something("dau_vet", {})
