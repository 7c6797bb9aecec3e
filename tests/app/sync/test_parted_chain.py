"""A device that went on from an old copy of itself: whatever it made then reaches the station, which keeps it aside."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.sync.push import JournalPush
from app.sync.state import Phase
from journal.entries import SosRaised
from tests.whole_journey.bookkeeping import on_server
from tests.whole_journey.device import Device
from tests.whole_journey.post import Post


@asynccontextmanager
async def becoming_an_old_copy(phone: Device) -> AsyncIterator[None]:
    """What the phone records and sends meanwhile is on its disk no more."""
    await phone.close()
    now, old = phone.folder / "0", phone.folder / "old"
    shutil.copytree(now, old)
    await phone.open()
    yield
    await phone.close()
    shutil.rmtree(now)
    shutil.copytree(old, now)
    await phone.open()


async def call_for_help(phone: Device) -> None:
    body = SosRaised(kind="nguoi_bi_thuong", people=1, raised_ms=phone.watch.now_ms())
    await phone.notebook.act(lambda pen: pen.write(body))


async def forget(_size_bytes: int) -> None:
    """Nobody counts what leaves."""


async def test_who_finds_a_call_of_another_branch_in_the_next_place_is_told_of_it(post: Post, phone: Device) -> None:
    """The call is at the station before what came ahead of it: nothing else of that branch is there to tell it by."""
    async with becoming_an_old_copy(phone):
        await phone.field.record_nothing_found(patrol=None, position=None)
        await call_for_help(phone)
        await JournalPush(phone.notebook, phone.client, forget).send_urgent()
    for _ in range(2):
        for _ in range(3):
            await phone.field.record_nothing_found(patrol=None, position=None)
        state = await phone.sync()
        assert (state.phase, state.problem_code) == (Phase.REFUSED, "station_holds_another_branch")
        await all_is_there(post, phone)


async def test_what_stands_behind_a_call_for_help_is_sent_though_the_call_is_refused(post: Post, phone: Device) -> None:
    async with becoming_an_old_copy(phone):
        await phone.field.record_nothing_found(patrol=None, position=None)
        assert (await phone.sync()).phase is Phase.IDLE
    await call_for_help(phone)
    await phone.sync()
    await phone.field.record_nothing_found(patrol=None, position=None)
    assert (await phone.sync()).phase is Phase.REFUSED
    await all_is_there(post, phone)


async def all_is_there(post: Post, phone: Device) -> None:
    there = on_server(post.database_file)
    for seq in range(1, phone.notebook.stands_at.seq + 1):
        link = await phone.notebook.link_at(seq)
        assert link in {row.link for row in there.get((phone.notebook.writer, seq), [])}, seq
