"""Every number of a report is what the scenario says, and each is the sum of the records that it opens."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.numbers import Measure, Numbers, compare, count_numbers, find, within
from app.reports.windows import Window, WindowKind, free_window, window_around
from app.store.queries import Counted, CountedCase, CountedPatrol, CountedRecord
from journal.catalogue import RANKS, load_catalogue
from journal.entries import CaseDisposed
from tests.app.reports.week import Week, make_week
from tests.counted_week import MONTHLY, THEMATIC, check_clocks, check_period, check_week

MONTH = window_around(WindowKind.REPORT_MONTH, date(2026, 11, 1))
UNTIL_THE_CUT = free_window(date(2026, 10, 15), date(2026, 11, 10))


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[Window, Counted]:
    async def read(folder: Path) -> dict[Window, Counted]:
        week: Week = await make_week(folder)
        try:
            return {window: await week.counted(window.from_ms, window.until_ms) for window in (MONTH, UNTIL_THE_CUT)}
        finally:
            await week.desk.close()

    return asyncio.run(read(tmp_path_factory.mktemp("week")))


def numbers_of(counted: dict[Window, Counted], window: Window) -> Numbers:
    return count_numbers(counted[window], window.from_ms, window.until_ms)


@pytest.mark.parametrize(("window", "block"), [(MONTH, MONTHLY), (UNTIL_THE_CUT, THEMATIC)], ids=["monthly", "thematic"])
def test_the_report_counts_what_the_scenario_expects(counted, window, block):
    check_period(numbers_of(counted, window), block)


def test_the_week_as_a_whole_is_what_the_scenario_expects(counted):
    check_week(numbers_of(counted, MONTH))


def test_what_was_urgent_was_reported_and_answered_as_soon_as_the_scenario_expects(counted):
    check_clocks(numbers_of(counted, MONTH))


def test_the_clock_of_an_urgent_record_runs_from_the_first_word_of_it():
    heard = record("a.1", "ho_tro", {}, 0)._replace(priority="khan", received_ms=120_000, answered_ms=180_000)
    numbers = count_numbers(Counted((), (heard,), ()), 0, 100)
    assert (numbers["ack_minutes"].parts, "quick_reports" in numbers) == ((("a.1", 1),), False)


def test_a_window_cut_out_of_a_longer_one_counts_the_same(counted):
    cut = within(counted[MONTH], UNTIL_THE_CUT.from_ms, UNTIL_THE_CUT.until_ms)
    assert count_numbers(cut, UNTIL_THE_CUT.from_ms, UNTIL_THE_CUT.until_ms) == numbers_of(counted, UNTIL_THE_CUT)


def test_a_window_in_which_nothing_happened_has_only_noughts():
    numbers = count_numbers(Counted((), (), ()), 0, 1)
    assert numbers == {}
    assert find(numbers, "patrols").amount == 0
    assert compare("patrols", numbers, numbers, numbers).percent is None


def test_what_was_done_about_a_case_counts_when_it_was_done():
    fine = CaseDisposed(disposition="xu_phat_vphc", done_ms=50, unit="DON", people=2, amount_dong=7_500_000)
    late = fine.model_copy(update={"done_ms": 150})
    counted = Counted((), (), (CountedCase("c.1", "VV-1", {"r.1": 10}, (fine, late)),))
    numbers = count_numbers(counted, 0, 100)
    assert (numbers["disposed.xu_phat_vphc"].amount, numbers["disposed_people.xu_phat_vphc"].amount) == (1, 2)
    assert (numbers["fines"].amount, numbers["fines"].refs) == (7_500_000, ("c.1",))


def test_children_are_counted_apart_from_grown_people():
    values = {"side": "giao", "people_min": 6, "people_max": 6, "minors": 1}
    numbers = count_numbers(Counted((), (record("a.1", "ban_giao", values),), ()), 0, 100)
    assert numbers["people_handled"].amount == 6
    assert numbers["people_handled_grown"].amount + numbers["people_handled_minors"].amount == 6


def test_two_records_of_one_vehicle_are_one_vehicle_and_its_list_holds_the_later_record():
    plates = ["87B-012.34", "87b 01234", "", ""]
    records = tuple(record(f"a.{n}", "van_chuyen", {"vehicle": "taxi", "plate": plate}, n) for n, plate in enumerate(plates))
    numbers = count_numbers(Counted((), records, ()), 0, 100)
    assert numbers["vehicles"].refs == ("a.1", "a.2", "a.3")


def record(subject: str, kind: str, values: dict[str, object], at_ms: int = 10, *, counted: bool = True) -> CountedRecord:
    return CountedRecord(subject, kind, "thap", "moi", at_ms, values, counted)


FIELDS = ("people_min", "people_max", "people", "minors", "guests", "undeclared_guests", "driver", "without_documents", "count")
VALUES = st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 40)).map(lambda values: {**values, "side": "giao"})
RECORDS = st.lists(
    st.tuples(st.sampled_from(sorted(load_catalogue().kinds)), st.sampled_from(sorted(RANKS)), VALUES, st.booleans()), max_size=40
)
PATROLS = st.lists(st.tuples(st.dictionaries(st.sampled_from(["bp", "cax"]), st.integers(0, 20)), st.integers(0, 9)), max_size=9)


@given(RECORDS, PATROLS)
def test_each_number_is_the_length_of_its_list_or_the_sum_of_what_its_records_add(records, patrols):
    made = tuple(
        CountedRecord(f"r.{n}", kind, priority, "moi", n, values, counted)
        for n, (kind, priority, values, counted) in enumerate(records)
    )
    walked = tuple(CountedPatrol(f"p.{n}", "chot", n, n + 5, n, people, partner) for n, (people, partner) in enumerate(patrols))
    for code, number in count_numbers(Counted(walked, made, ()), 0, 100).items():
        assert number.code == code
        assert len(set(number.refs)) == len(number.refs)
        assert number.amount == sum(amount for _, amount in number.parts)
        assert all(amount > 0 for _, amount in number.parts)
        if number.measure is Measure.COUNT:
            assert number.amount == len(number.refs)
