"""How long a device waits after a failed try."""

import random

from app.sync.patience import LONGEST_WAIT_S, wait_after


def test_the_first_try_after_a_break_comes_within_a_second():
    chance = random.Random(1)
    waits = [wait_after(1, chance.randbytes) for _ in range(500)]
    assert 0 <= min(waits) < 0.1
    assert 0.8 < max(waits) < 1


def test_waits_grow_and_stay_under_five_minutes():
    most = [wait_after(failures, lambda size: b"\xff" * size) for failures in range(1, 60)]
    assert most == sorted(most)
    assert most[-1] < LONGEST_WAIT_S
    assert most[4] > 10 * most[0]


def test_phones_that_lost_the_same_mast_do_not_come_back_together():
    waits = {round(wait_after(6, random.Random(phone).randbytes)) for phone in range(40)}
    assert len(waits) > 12
