"""On a slow link: frames that fit it, and a proxy on the way that keeps back what is sent is found out."""

import asyncio
import random

import pytest

from app.sync.answers import ServerUnreachable
from app.sync.buffering import SMALL_PUSH_BYTES, SMALL_PUSHES, Buffering
from app.sync.link_speed import FEWEST, LEAST_PUSH_BYTES, MOST, MOST_PUSH_BYTES, UNKNOWN, LinkSpeed, frame_size, push_size
from app.sync.push import JournalPush
from journal.wire import MAX_FRAME_BYTES, MAX_FRAME_ENTRIES
from tests.fakes import HOUR_MS
from tests.whole_journey.bookkeeping import on_server
from tests.whole_journey.device import Device
from tests.whole_journey.post import Post


class Held:
    """A station's answer to "how far": what it says each time it is asked."""

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self) -> int:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise ServerUnreachable("no answer")
        return answer


async def push_for(buffering: Buffering, seconds: float) -> None:
    async with buffering.watching(10):
        await asyncio.sleep(seconds)


@pytest.mark.parametrize(
    ("answers", "small"),
    [((10,), True), ((10, 10, 150), False), ((150,), False), ((None,), False), ((10, None), False)],
    ids=["stood still", "moved late", "moved", "no answer", "answers fail"],
)
async def test_pushes_are_kept_small_where_the_station_saw_nothing_until_the_end(answers: tuple[int | None, ...], small: bool):
    buffering = Buffering(Held(*answers), after_s=0.01, every_s=0.02)
    await push_for(buffering, 0.2)
    assert buffering.bound(MOST_PUSH_BYTES) == (SMALL_PUSH_BYTES if small else MOST_PUSH_BYTES)


async def test_a_quick_push_asks_nothing():
    held = Held(10)
    await push_for(Buffering(held, after_s=0.2, every_s=0.1), 0.0)
    assert held.asked == 0


async def test_a_push_that_failed_while_the_station_stood_still_is_followed_by_small_ones():
    buffering = Buffering(Held(10), after_s=0.01, every_s=0.01)

    async def fail() -> None:
        async with buffering.watching(10):
            await asyncio.sleep(0.1)
            raise ServerUnreachable("cut")

    with pytest.raises(ServerUnreachable):
        await fail()
    assert buffering.bound(MOST_PUSH_BYTES) == SMALL_PUSH_BYTES
    assert buffering.bound(1_000) == 1_000


async def test_after_some_small_pushes_a_whole_one_is_tried_again():
    buffering = Buffering(Held(10), after_s=0.01, every_s=0.01)
    await push_for(buffering, 0.1)
    for _ in range(SMALL_PUSHES):
        assert buffering.bound(MOST_PUSH_BYTES) == SMALL_PUSH_BYTES
        await push_for(buffering, 0)
    assert buffering.bound(MOST_PUSH_BYTES) == MOST_PUSH_BYTES


async def test_behind_a_proxy_that_buffers_the_backlog_goes_in_pushes_of_their_own(post: Post, phone: Device):
    chance = random.Random(2)
    for _ in range(300):
        post.true.pass_by(chance.randrange(HOUR_MS))
        await phone.field.record_nothing_found(patrol=None, position=None)
    buffering = Buffering(Held(0), after_s=0.01, every_s=0.01, small_bytes=400)
    await push_for(buffering, 0.1)
    phone.network.log.clear()

    async def count(_size_bytes: int) -> None:
        return

    await JournalPush(phone.notebook, phone.client, count, buffering=buffering).send()
    assert phone.network.paths("POST").count("/push") == 3
    assert (await phone.notebook.waiting()).entries == 0
    assert [len(rows) for rows in on_server(post.database_file).values()] == [1] * len(on_server(post.database_file))


def test_frames_are_of_about_a_second_of_the_link_and_never_more_than_a_reader_takes():
    assert frame_size(None) == UNKNOWN
    sizes = [frame_size(bytes_per_s) for bytes_per_s in (1, 300, 1_000, 8_000, 60_000, 10**9)]
    assert [size.entries for size in sizes] == sorted(size.entries for size in sizes)
    assert (sizes[0].entries, sizes[-1].entries) == (FEWEST, MOST)
    assert all(size.entries <= MAX_FRAME_ENTRIES and size.size_bytes < MAX_FRAME_BYTES for size in sizes)


def test_one_push_is_of_some_seconds_and_never_more_than_a_station_takes():
    sizes = [push_size(bytes_per_s) for bytes_per_s in (1, 2_000, 8_000, 60_000, 10**9)]
    assert sizes == [LEAST_PUSH_BYTES, 40_000, 160_000, 1_200_000, MOST_PUSH_BYTES]
    assert push_size(None) > 1_000 * 26


def test_small_pushes_say_nothing_about_the_link():
    link = LinkSpeed()
    link.note(600, 1.2)
    assert link.bytes_per_s is None
    link.note(16_000, 2.0)
    link.note(8_000, 2.0)
    assert link.bytes_per_s == 6_000
