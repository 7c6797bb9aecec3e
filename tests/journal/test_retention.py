"""When the personal part of a record falls due, and that a case keeps it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from journal.clock import DAY_MS, milliseconds, moment
from journal.retention import KeptRecord, falls_due, first_due_ms, read_terms

THERE = timezone(timedelta(hours=7))
SEEN = milliseconds(datetime(2026, 11, 6, 23, 5, tzinfo=THERE))
FISHERMEN = KeptRecord("phat_hien_nguoi", "sinh_hoat_binh_thuong", {"people_min": 2}, SEEN, SEEN + DAY_MS, in_case=False)
UNFOUNDED = replace(FISHERMEN, status="khong_co_co_so")

KINDS = st.sampled_from(["tin_bao", "khong_phat_hien", "moc", "luu_tru", "phat_hien_nguoi"])
STATUSES = st.sampled_from(["moi", "xac_nhan", "khong_co_co_so", "sinh_hoat_binh_thuong"])
VALUES = st.sampled_from([{}, {"condition": "nguyen_trang"}, {"result": "chap_hanh"}, {"result": "tu_choi"}])
RECORDS = st.builds(
    KeptRecord, KINDS, STATUSES, VALUES, st.integers(SEEN, SEEN + 3_000 * DAY_MS), st.none(), in_case=st.just(False)
)


def day_of(at_ms: int) -> str:
    return f"{moment(at_ms).astimezone(THERE):%d/%m/%Y}"


def test_the_fishermen_are_forgotten_two_years_later_and_what_was_counted_stays():
    (due,) = falls_due(FISHERMEN)
    assert (due.term.code, day_of(due.due_ms)) == ("normal_life", "07/11/2028")
    assert set(due.term.goes) == {"photos", "words", "plates"}


def test_plates_and_photos_of_what_was_unfounded_go_first_and_count_from_the_verdict():
    traces, words = falls_due(UNFOUNDED)
    assert (traces.term.goes, day_of(traces.due_ms)) == (("plates", "photos"), "06/02/2027")
    assert (words.term.goes, day_of(words.due_ms)) == (("words", "source"), "08/11/2027")


def test_what_lies_in_a_case_or_was_confirmed_has_no_term():
    assert falls_due(replace(FISHERMEN, in_case=True)) == ()
    assert falls_due(replace(FISHERMEN, status="xac_nhan")) == ()


def test_a_term_that_begins_on_the_last_of_a_month_ends_in_a_month_that_has_no_such_day():
    began = milliseconds(datetime(2026, 8, 31, 12, tzinfo=UTC))
    (due,) = falls_due(KeptRecord("tin_bao", "moi", {}, began, None, in_case=False))
    assert day_of(due.due_ms) == "04/03/2027"


@given(RECORDS)
def test_each_part_falls_due_once_and_never_before_the_shortest_term_has_passed(record):
    dues = falls_due(record)
    parts = [part for due in dues for part in due.term.goes]
    assert len(parts) == len(set(parts))
    assert first_due_ms(record) == (dues[0].due_ms if dues else None)
    for due in dues:
        shortest = due.term.days + 28 * due.term.months
        assert due.due_ms >= record.happened_ms + shortest * DAY_MS


def test_every_term_says_what_goes_and_after_how_long():
    assert all(term.goes and (term.days or term.months) for term in read_terms())
