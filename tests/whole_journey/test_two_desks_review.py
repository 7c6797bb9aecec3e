"""Two desks judge one record while the line is down: one verdict stands at both, and both read the other with its author."""

from collections.abc import AsyncIterator

import pytest_asyncio

from app.record import Recorded
from app.record.forms import ObservationForm
from app.store.queries import ObservationDetail, held_entries, observation_detail
from app.sync.desk import entries_held
from journal.entries import PersonRegistered, Reviewed, RoleGiven, read_entry
from journal.names import register
from sync_server.own_entries import OwnFact
from tests.fakes import HOUR_MS
from tests.whole_journey.device import Device
from tests.whole_journey.post import COMMANDER, LEADER, UNIT, Post

SECOND = "person:P04"


@pytest_asyncio.fixture
async def second(post: Post) -> AsyncIterator[Device]:
    """The desk of another commander of the same post."""
    told = (PersonRegistered(name="Second", home_unit=UNIT), RoleGiven(role="chi_huy", in_unit=UNIT))
    post.running.acceptor.write_own([OwnFact(body, register("person", "P04")) for body in told])
    device = post.new_device("desk2")
    await device.begin(await post.join(device, SECOND))
    yield device
    await device.close()


async def seen_by_both(phone: Device, *desks: Device) -> str:
    done = await phone.field.record_observation(ObservationForm("dau_vet", {"trace": "dau_chan"}, direction="vao_noi_dia"))
    assert isinstance(done, Recorded), done
    for device in (phone, *desks):
        await device.sync()
    return done.ref


async def detail(device: Device, subject: str) -> ObservationDetail:
    found = await device.notebook.ask(lambda views: observation_detail(views, subject))
    assert found is not None
    return found


async def judge(desk: Device, record: str, verdict: str, reason: str | None = None) -> str:
    done = await desk.desk.review(record, judged=record, verdict=verdict, reason=reason)
    assert isinstance(done, Recorded)
    return done.ref


async def standing(device: Device, record: str) -> tuple[str, str | None]:
    line = (await detail(device, record)).line
    return line.status, line.reviewer


async def test_of_two_verdicts_that_cross_the_first_to_reach_the_station_stands_at_both_desks_and_both_read_the_other(
    post: Post, phone: Device, desk: Device, second: Device
) -> None:
    record = await seen_by_both(phone, desk, second)
    for device in (desk, second):
        device.network.go_down()
    later = await judge(desk, record, "xac_nhan")
    post.true.pass_by(HOUR_MS)
    await judge(second, record, "khong_co_co_so", "Nobody was there")
    assert await standing(desk, record) == ("xac_nhan", COMMANDER)
    assert await standing(second, record) == ("khong_co_co_so", SECOND)

    second.network.mend()
    await second.sync()
    desk.network.mend()
    await desk.sync()
    await second.sync()
    for device in (desk, second, phone):
        await device.sync()
        assert await standing(device, record) == ("khong_co_co_so", SECOND)
    own = {line.ref: line.reason for line in await desk.notebook.ask(held_entries)}
    assert own == {later: "already_reviewed"}
    (there,) = await entries_held(second.client)
    assert (there.ref, there.person, there.reason) == (later, COMMANDER, "already_reviewed")
    held = read_entry(there.raw.encode())
    assert isinstance(held.body, Reviewed)
    assert (held.subject, held.body.verdict) == (record, "xac_nhan")


async def test_a_verdict_is_not_undone_by_a_word_that_the_record_is_in_hand_however_the_clocks_go(
    post: Post, phone: Device, desk: Device, second: Device
) -> None:
    record = await seen_by_both(phone, desk, second)
    await judge(desk, record, "xac_nhan")
    post.true.pass_by(HOUR_MS)
    await judge(second, record, "dang_xac_minh")
    await second.sync()
    await desk.sync()
    for device in (desk, second, phone):
        await device.sync()
        assert await standing(device, record) == ("xac_nhan", COMMANDER)


async def test_what_is_sealed_takes_no_change_however_it_is_forced(
    post: Post, phone: Device, desk: Device, second: Device
) -> None:
    record = await seen_by_both(phone, desk, second)
    for judging, verdict in ((desk, "da_duyet"), (second, "khoa_so")):
        await judge(judging, record, verdict)
        for device in (judging, desk, second, phone):
            await device.sync()
    before = (await detail(desk, record)).state
    assert before.locked

    for verdict in ("xac_nhan", "yeu_cau_bo_sung", "da_duyet", "khoa_so"):
        await judge(desk, record, verdict, "Once more")
    await desk.desk.join_duplicates(record, (await seen_by_both(phone, desk)), unit=UNIT)
    await desk.desk.void(record, reason="Away with it")
    await phone.field.amend(record, saw=record, changes={"description": "Nothing"}, reason="Changed my mind")
    await phone.field.void(record, "Away with it")
    for device in (desk, phone, second):
        await device.sync()
    reasons = [line.reason for device in (desk, phone) for line in await device.notebook.ask(held_entries)]
    assert reasons == ["locked"] * 8
    await desk.desk.remark(record, "Correction: there were three people", unit=UNIT)
    for device in (desk, second, phone):
        await device.sync()
        state = (await detail(device, record)).state
        assert (state.recorded, state.review, state.merged_into, state.voided) == (before.recorded, before.review, None, False)
        assert [one.text for one in state.remarks] == ["Correction: there were three people"]


async def test_nobody_judges_seals_returns_or_joins_their_own_record_however_it_is_forced(
    post: Post, phone: Device, desk: Device, second: Device
) -> None:
    done = await desk.field.record_observation(ObservationForm("dau_vet", {"trace": "dau_chan"}, direction="vao_noi_dia"))
    assert isinstance(done, Recorded), done
    other = await seen_by_both(phone, desk, second)
    for verdict in ("da_tiep_nhan", "xac_nhan", "yeu_cau_bo_sung", "da_duyet", "khoa_so"):
        await judge(desk, done.ref, verdict, "My own")
    await desk.desk.join_duplicates(done.ref, other, unit=UNIT)
    await desk.sync()
    assert {line.reason for line in await desk.notebook.ask(held_entries)} == {"own_record"}
    await second.sync()
    found = await detail(second, done.ref)
    assert (found.line.status, found.line.author_person, found.state.merged_into) == ("moi", COMMANDER, None)
    assert (await detail(second, other)).line.author_person == LEADER
