"""A commander lets a device in from the desk, turns one away, and shuts one out."""

import httpx
import pytest

from app.sync.answers import ServerRefused
from app.sync.desk import confirm_device, issue_join_code, read_copied, read_relays, refuse_device, revoke_device, waiting_devices
from app.sync.join import Way, ask_to_join, ask_whether_confirmed
from app.sync.state import Phase
from journal.copied import Copied
from journal.wire import JoinCode
from tests.whole_journey.device import Device
from tests.whole_journey.post import OFFICER, Post


async def knock(post: Post, desk: Device, name: str):
    """A device that scanned a code which the desk made; it waits."""
    code = JoinCode.from_text(await issue_join_code(desk.client, OFFICER))
    device = post.new_device(name)
    way = Way(device.watch.now_ms, device.random_bytes, httpx.ASGITransport(app=post.server))
    return device, way, await ask_to_join(code, device_name=name, platform=None, way=way)


async def test_the_desk_lets_in_the_device_whose_number_it_sees(post: Post, desk: Device):
    device, way, asked = await knock(post, desk, "spare")
    (waiting,) = await waiting_devices(desk.client)
    assert (waiting.person, waiting.device_name) == (OFFICER, "spare")
    assert waiting.check_number == asked.reply.check_number
    assert (await confirm_device(desk.client, waiting.writer)).state == "confirmed"
    await device.begin(await ask_whether_confirmed(asked, way))
    await device.field.record_nothing_found(patrol=None, position=None)
    assert (await device.sync()).phase is Phase.IDLE
    assert await waiting_devices(desk.client) == []
    assert await read_relays(desk.client) == ()
    assert await read_copied(desk.client) == Copied()
    await device.close()


async def test_the_desk_turns_away_a_device_with_another_number(post: Post, desk: Device):
    _, way, asked = await knock(post, desk, "spare")
    assert (await refuse_device(desk.client, asked.reply.writer)).state == "refused"
    assert (await ask_whether_confirmed(asked, way)).reply.state == "refused"


async def test_a_lost_device_reads_nothing_more_and_what_it_sends_is_held(post: Post, phone: Device, desk: Device):
    await phone.sync()
    await revoke_device(desk.client, phone.notebook.writer, "lost on the trail")
    await phone.field.record_nothing_found(patrol=None, position=None)
    state = await phone.sync()
    assert (state.phase, state.problem_code) == (Phase.REFUSED, "revoked")
    assert state.waiting_count == 0
    await desk.sync()


async def test_a_patrol_member_lets_nobody_in(phone: Device):
    with pytest.raises(ServerRefused) as refused:
        await issue_join_code(phone.client, OFFICER)
    assert refused.value.problem.code == "not_allowed"
