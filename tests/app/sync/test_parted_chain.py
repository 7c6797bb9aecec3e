"""A device that went on from an old copy of itself: whatever it made then reaches the station, which keeps it aside."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.record import ObservationForm
from app.sync.push import JournalPush
from app.sync.state import Phase
from journal.entries import SosRaised
from tests.whole_journey.bookkeeping import on_server
from tests.whole_journey.device import Device
from tests.whole_journey.post import Post
from tests.whole_journey.test_restored_station import bring_back, copy_database


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


async def test_what_a_parted_device_has_offered_does_not_travel_again_with_each_round(post: Post, phone: Device) -> None:
    async with becoming_an_old_copy(phone):
        await phone.field.record_observation(ObservationForm("khong_phat_hien", description="lost"))
        await phone.sync()
    pushed = []
    for made in (40, 0, 1, 0):
        for number in range(made):
            await phone.field.record_observation(ObservationForm("khong_phat_hien", description=f"said {number}"))
        phone.network.log.clear()
        state = await phone.sync()
        assert (state.phase, state.problem_code) == (Phase.REFUSED, "station_holds_another_branch")
        pushed.append(sum(one.request_bytes for one in phone.network.log if one.path == "/push"))
    await all_is_there(post, phone)
    assert (pushed[1], pushed[3]) == (0, 0)
    assert 0 < pushed[2] < pushed[0]


async def test_a_chain_that_fits_again_after_the_station_came_back_from_its_copy_is_received(post: Post, phone: Device) -> None:
    await phone.sync()
    copy_database(post, "yesterday")
    async with becoming_an_old_copy(phone):
        await phone.field.record_observation(ObservationForm("khong_phat_hien", description="lost"))
        await phone.sync()
    await phone.field.record_observation(ObservationForm("khong_phat_hien", description="said"))
    for _ in range(2):
        assert (await phone.sync()).phase is Phase.REFUSED
    bring_back(post, "yesterday")
    for _ in range(2):
        state = await phone.sync()
    assert (state.phase, state.waiting_count) == (Phase.IDLE, 0)
    await all_is_there(post, phone)


async def test_what_was_aside_and_is_lost_with_the_station_is_offered_to_the_one_that_came_back(
    post: Post, phone: Device
) -> None:
    async with becoming_an_old_copy(phone):
        await phone.field.record_observation(ObservationForm("khong_phat_hien", description="lost"))
        await phone.sync()
    copy_database(post, "yesterday")
    await phone.field.record_observation(ObservationForm("khong_phat_hien", description="said"))
    for _ in range(2):
        assert (await phone.sync()).phase is Phase.REFUSED
    bring_back(post, "yesterday")
    assert (await phone.sync()).phase is Phase.REFUSED
    await all_is_there(post, phone)


async def all_is_there(post: Post, phone: Device) -> None:
    there = on_server(post.database_file)
    for seq in range(1, phone.notebook.stands_at.seq + 1):
        link = await phone.notebook.link_at(seq)
        assert link in {row.link for row in there.get((phone.notebook.writer, seq), [])}, seq
