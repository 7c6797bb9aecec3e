"""Pushes that come at once are durable with one commit; what one of them breaks costs the others nothing."""

import asyncio

import pytest

from sync_server.accept import Portion
from sync_server.rounds import Rounds
from tests.entries_made import an_observation
from tests.sync_server.fakes import build_house


class CountedCommits:
    """Counts transactions that were written to their end, and breaks those that it is told to."""

    def __init__(self) -> None:
        self.count = 0
        self.breaks: set[int] = set()

    def __call__(self) -> None:
        self.count += 1
        if self.count in self.breaks:
            raise OSError("the disk is full")


@pytest.fixture
def commits():
    return CountedCommits()


@pytest.fixture
def house(tmp_path, commits):
    built = build_house(tmp_path / "station", before_commit=commits)
    built.settle_people({"P01": ("DON", "to_truong"), "P03": ("DON", "can_bo"), "C01": ("DON", "chi_huy")})
    yield built
    built.close()


async def keep_busy(house, act):
    """Runs ``act``, which orders rounds, while the writing thread is held: they find each other waiting."""
    held = asyncio.Event()
    loop, release = asyncio.get_running_loop(), asyncio.Event()
    busy = asyncio.create_task(
        house.running.database.writing(
            lambda: (loop.call_soon_threadsafe(held.set), asyncio.run_coroutine_threadsafe(release.wait(), loop).result())
        )
    )
    await held.wait()
    doing = asyncio.gather(*act(), return_exceptions=True)
    await asyncio.sleep(0.05)
    release.set()
    await busy
    return await doing


def portion(device):
    return Portion(device.writer, device.frames())


async def test_what_comes_at_once_is_kept_with_one_commit(house, enrolled, commits):
    devices = [await enrolled(person) for person in ("P01", "P03", "C01")]
    for device in devices:
        device.write(an_observation())
    before, rounds = commits.count, house.running.rounds
    taken = await keep_busy(house, lambda: [rounds.take(portion(device)) for device in devices])
    assert [one.kept for one in taken] == [1, 1, 1]
    assert commits.count == before + 1
    assert [(await device.push()).to_seq for device in devices] == [1, 1, 1]


async def test_a_round_that_fails_is_kept_one_by_one(house, enrolled, commits):
    devices = [await enrolled(person) for person in ("P01", "P03", "C01")]
    for device in devices:
        device.write(an_observation())
    commits.breaks = {commits.count + 1, commits.count + 3}
    rounds = house.running.rounds
    taken = await keep_busy(house, lambda: [rounds.take(portion(device)) for device in devices])
    assert [isinstance(one, OSError) for one in taken] == [False, True, False]
    standing = [(await device.http.get(f"/push/{device.writer}")).json()["held_to"] for device in devices]
    assert standing == [1, 0, 1]


async def test_a_refused_portion_leaves_the_others_of_its_round_whole(house, enrolled):
    first, second = await enrolled("P01"), await enrolled("P03")
    for device in (first, second):
        device.write(an_observation())
        device.write(an_observation())
    gap, stranger = Portion(first.writer, first.frames(2)), Portion("a" * 16, second.frames())
    rounds = house.running.rounds
    taken = await keep_busy(house, lambda: [rounds.take(one) for one in (gap, stranger, portion(second))])
    assert [one.refused and one.refused.problem.code for one in taken] == ["gap", "writer_unknown", None]
    assert (await second.push()).to_seq == 2


async def test_portions_of_one_writer_keep_their_order(house, enrolled):
    device = await enrolled("P01")
    for _ in range(3):
        device.write(an_observation())
    rounds = Rounds(house.running.database, house.acceptor)
    portions = [Portion(device.writer, device.frames(seq, seq)) for seq in (1, 2, 3)]
    taken = await keep_busy(house, lambda: [rounds.take(one) for one in portions])
    assert [(one.kept, one.refused) for one in taken] == [(1, None)] * 3
