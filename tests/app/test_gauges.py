"""How old a position is, on phones whose clock is right and on phones whose clock is not."""

import pytest

from app.state.gauges import LAGS_KEPT, Gauges
from journal.track.fixes import Fix

NOON_MS = 1_790_000_000_000
SEVEN_MINUTES_MS = 420_000


def fix_at(at_ms: int) -> Fix:
    return Fix(at_ms, 209_480_000, 1_038_600_000, 5_000)


@pytest.mark.parametrize("ahead_ms", [0, SEVEN_MINUTES_MS, -SEVEN_MINUTES_MS])
def test_a_fix_that_was_just_heard_is_fresh_however_wrong_the_clock_is(ahead_ms):
    gauges = Gauges()
    for second in range(0, 15, 5):
        gauges.show_fix(fix_at(NOON_MS + second * 1_000), NOON_MS + second * 1_000 + ahead_ms)
    assert gauges.fix_age_ms(NOON_MS + 10_000 + ahead_ms) == 0
    assert gauges.fix_age_ms(NOON_MS + 190_000 + ahead_ms) == 180_000


def test_an_old_fix_that_a_receiver_gives_first_is_old():
    gauges = Gauges()
    gauges.show_fix(fix_at(NOON_MS - 3_600_000), NOON_MS)
    assert gauges.fix_age_ms(NOON_MS) == 3_600_000
    gauges.show_fix(fix_at(NOON_MS + 5_000), NOON_MS + 5_300)
    assert gauges.fix_age_ms(NOON_MS + 5_300) == 0


def test_a_clock_that_was_set_meanwhile_is_believed_after_a_few_fixes():
    gauges = Gauges()
    for second in range(LAGS_KEPT):
        gauges.show_fix(fix_at(NOON_MS + second * 1_000), NOON_MS + second * 1_000)
    for second in range(LAGS_KEPT, 2 * LAGS_KEPT):
        gauges.show_fix(fix_at(NOON_MS + second * 1_000), NOON_MS + second * 1_000 + SEVEN_MINUTES_MS)
    assert gauges.fix_age_ms(NOON_MS + (2 * LAGS_KEPT - 1) * 1_000 + SEVEN_MINUTES_MS) == 0
