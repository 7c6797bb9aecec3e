"""What breaks a rule is held, a commander reads why and lets it in: then everybody has it, and its author sees it received."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.record import Recorded
from app.record.forms import ObservationForm
from app.store.queries import ObservationDetail, held_entries, observation_detail, queue_for_review
from app.sync.answers import ServerRefused
from app.sync.desk import entries_held
from app.sync.state import Phase
from journal.entries import ObservationRecorded, read_entry
from tests.whole_journey.device import Device
from tests.whole_journey.post import LEADER, UNIT, Post

WHY = "The officer was there and told him to write it down"
FOR_OFFICERS = "ban_giao"
"""A kind that the leader of a team does not record without being an officer."""


@pytest_asyncio.fixture
async def officer(post: Post) -> AsyncIterator[Device]:
    device = post.new_device("phone2")
    await device.open()
    yield device
    await device.close()


async def record_what_officers_record(phone: Device) -> str:
    form = ObservationForm(FOR_OFFICERS, {"side": "giao", "to": (f"unit:{UNIT}",)}, description="Two people handed over")
    done = await phone.field.record_observation(form)
    assert isinstance(done, Recorded), done
    return done.ref


async def detail(device: Device, subject: str) -> ObservationDetail | None:
    return await device.notebook.ask(lambda views: observation_detail(views, subject))


async def custody(device: Device, subject: str) -> tuple[str, str | None]:
    found = await detail(device, subject)
    assert found is not None
    return found.line.custody, found.line.held_reason


async def test_a_held_record_is_let_in_by_the_commander_and_its_author_sees_it_received(
    post: Post, phone: Device, officer: Device, desk: Device
) -> None:
    record = await record_what_officers_record(phone)
    assert (await phone.sync()).phase is Phase.IDLE
    assert await custody(phone, record) == ("held", "kind_not_allowed")
    assert [line.ref for line in await phone.notebook.ask(held_entries)] == [record]

    (there,) = await entries_held(desk.client)
    assert (there.ref, there.person, there.unit, there.reason) == (record, LEADER, UNIT, "kind_not_allowed")
    body = read_entry(there.raw.encode()).body
    assert isinstance(body, ObservationRecorded)
    assert body.description == "Two people handed over"
    for reader in (officer, desk):
        await reader.sync()
        assert await detail(reader, record) is None

    await desk.desk.release(there.ref, reason=WHY, unit=there.unit)
    assert (await desk.sync()).phase is Phase.IDLE
    assert await entries_held(desk.client) == []

    await officer.sync()
    for reader in (officer, desk):
        assert await custody(reader, record) == ("received", None)
    waiting = await desk.notebook.ask(lambda views: queue_for_review(views, [UNIT]))
    assert [line.subject for line in waiting] == [record]
    await phone.sync()
    assert await custody(phone, record) == ("received", None)
    assert await phone.notebook.ask(held_entries) == ()


async def test_what_hung_on_a_held_record_comes_in_with_it(phone: Device, desk: Device) -> None:
    record = await record_what_officers_record(phone)
    await phone.field.amend(record, saw=record, changes={"description": "Three people"}, reason="counted again")
    await phone.sync()
    assert {one.reason for one in await entries_held(desk.client)} == {"kind_not_allowed", "unknown_subject"}
    await desk.desk.release(record, reason=WHY)
    await desk.sync()
    assert await entries_held(desk.client) == []
    await phone.sync()
    assert await phone.notebook.ask(held_entries) == ()
    found = await detail(desk, record)
    assert found is not None
    assert found.line.description == "Three people"


async def test_who_may_let_nothing_in_is_not_shown_what_is_held(phone: Device, officer: Device) -> None:
    await record_what_officers_record(phone)
    await phone.sync()
    with pytest.raises(ServerRefused) as refused:
        await entries_held(officer.client)
    assert refused.value.problem.code == "not_allowed"


async def test_nobody_lets_in_the_own_entry(post: Post, phone: Device) -> None:
    record = await record_what_officers_record(phone)
    await phone.sync()
    release = await phone.desk.release(record, reason=WHY)
    await phone.sync()
    assert await custody(phone, record) == ("held", "kind_not_allowed")
    held = {line.ref: line.reason for line in await phone.notebook.ask(held_entries)}
    assert held == {record: "kind_not_allowed", release.ref: "role_not_enough"}
