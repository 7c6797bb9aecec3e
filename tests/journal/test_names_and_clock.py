"""Names that cannot be claimed, and a clock that never goes back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.clock import DAY_MS, HybridClock, Stamp, milliseconds, moment
from journal.names import name_entry, name_for_others, name_writer, register, split_ref

WALLS = st.integers(min_value=-(2**40), max_value=2**43)
STAMPS = st.builds(Stamp, st.integers(0, 2**43), st.integers(0, 2**20))


@given(st.binary(min_size=32, max_size=32), st.integers(1, 10**15 - 1))
def test_a_ref_says_its_writer_and_place(key: bytes, seq: int):
    writer = name_writer(key)
    assert split_ref(name_entry(writer, seq)) == (writer, seq)
    assert name_for_others(writer, seq) == name_for_others(writer, seq) != name_for_others(writer, seq + 1)


@pytest.mark.parametrize(
    "text", ["", "a.1", "a" * 16, f"{'a' * 16}.0", f"{'a' * 16}.01", f"{'a' * 16}.1\n", "place:M901", f"{'A' * 16}.1"]
)
def test_what_is_no_ref_is_not_split(text: str):
    assert split_ref(text) is None


def test_only_known_kinds_of_things_are_registered():
    assert register("place", "M901") == "place:M901"
    with pytest.raises(ValueError, match="dragon"):
        register("dragon", "1")


@given(st.lists(st.one_of(WALLS, st.tuples(STAMPS, WALLS))))
def test_the_clock_never_goes_back_whatever_the_phones_clock_does(story: list[int | tuple[Stamp, int]]):
    clock = HybridClock()
    given_out = [clock.last]
    for event in story:
        if isinstance(event, int):
            stamp = clock.tick(event)
            assert stamp > given_out[-1]
            assert stamp.ms >= event
            given_out.append(stamp)
        else:
            before = clock.last
            clock.meet(event[0], event[1])
            assert clock.last >= before
            given_out.append(clock.last)


@given(WALLS, WALLS)
def test_a_restarted_clock_goes_on_where_it_was(first: int, second: int):
    clock = HybridClock()
    last = clock.tick(first)
    assert HybridClock(last).tick(second) > last


@given(STAMPS, STAMPS, st.integers(0, 2**43))
def test_what_is_written_next_sorts_after_what_was_read(own: Stamp, other: Stamp, wall: int):
    clock = HybridClock(own)
    if clock.meet(other, trusted_ms=other.ms):
        assert clock.tick(wall) > other


@given(STAMPS, st.integers(0, 2**42))
def test_no_clock_adopts_another_that_is_a_day_ahead_of_trusted_time(own: Stamp, trusted_ms: int):
    clock = HybridClock(own)
    assert not clock.meet(Stamp(trusted_ms + DAY_MS, 0), trusted_ms)
    assert clock.last == own
    assert clock.meet(Stamp(trusted_ms + DAY_MS - 1, 0), trusted_ms)


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_milliseconds_and_moments_are_the_same_thing(ms: int):
    assert milliseconds(moment(ms)) == ms
    assert moment(ms).tzinfo is UTC


@given(st.integers(-(2**53), 2**53))
def test_no_stamp_however_wrong_stops_a_screen(ms: int):
    assert 1 <= moment(ms).year <= 9999


def test_a_time_without_a_zone_is_no_time():
    with pytest.raises(ValueError, match="zone"):
        milliseconds(datetime(2026, 11, 8))  # noqa: DTZ001  the very thing that is refused
    hanoi = timezone(timedelta(hours=7))
    assert milliseconds(datetime(2026, 11, 8, 7, tzinfo=hanoi)) == milliseconds(datetime(2026, 11, 8, tzinfo=UTC))
