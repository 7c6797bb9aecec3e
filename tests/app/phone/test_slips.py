"""A trembling thumb and a clock that is put back change nothing of what was meant."""

import pytest

from app.state.handset import Stage
from app.state.steady import SAME_PRESS_MS
from app.store.queries import ObservationFilter, observations_page
from journal.clock import Reading
from tests.app.phone.fakes import OpenPhone


async def count_recorded(phone: OpenPhone) -> int:
    page = await phone.session.notebook.ask(lambda views: observations_page(views, ObservationFilter()))
    return len([line for line in page.lines if not line.voided])


async def test_two_quick_taps_on_nothing_found_are_one_record(phone, made):
    await phone.session.nothing_found()
    made.clocks.wall_ms += 200
    await phone.session.nothing_found()
    assert await count_recorded(phone) == 1


async def test_a_tap_after_the_answer_was_read_is_a_second_record(phone, made):
    await phone.session.nothing_found()
    made.clocks.wall_ms += SAME_PRESS_MS
    await phone.session.nothing_found()
    assert await count_recorded(phone) == 2


async def test_what_was_taken_back_can_be_recorded_again_at_once(phone):
    await phone.session.nothing_found()
    toast = phone.session.toast
    assert toast is not None
    assert toast.undo is not None
    await toast.undo()
    await phone.session.nothing_found()
    assert await count_recorded(phone) == 1


async def test_a_page_that_was_away_is_locked_even_when_the_clock_was_put_back(phone, made):
    await phone.session.hide()
    made.clocks.wall_ms -= 3_600_000
    made.clocks.mono_ms += 180_000
    await phone.session.show()
    assert phone.session.stage is Stage.LOCKED


@pytest.mark.parametrize(
    ("wall_ms", "mono_ms", "boot", "since_ms"),
    [(5_000, 5_000, "a", 5_000), (5_000, 0, "a", 5_000), (-5_000, 3_000, "a", 3_000), (7_000, 90_000, "b", 7_000)],
)
def test_time_gone_is_the_longer_of_both_clocks_within_a_boot(wall_ms, mono_ms, boot, since_ms):
    assert Reading(1_000_000 + wall_ms, 50_000 + mono_ms, boot).since_ms(Reading(1_000_000, 50_000, "a")) == since_ms
