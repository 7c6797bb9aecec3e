"""What a device believes when an answer was lost: no more, and no less, than the station's next word proves."""

import random

from app.store.queries import observation_detail
from app.sync.state import Phase
from tests.fakes import HOUR_MS, Mishap
from tests.whole_journey.bookkeeping import on_server, shown_entries
from tests.whole_journey.device import Device
from tests.whole_journey.post import Post


async def custody_of(device: Device) -> dict[str, str]:
    return {one.ref: one.custody for one in await device.notebook.ask(shown_entries) if one.own}


async def record(device: Device) -> str:
    done = await device.field.record_nothing_found(patrol=None, position=None)
    return done.ref


async def test_an_entry_held_under_a_lost_reply_is_shown_as_held(post: Post, phone: Device, desk: Device):
    ref = await record(phone)
    await phone.sync()
    await desk.sync()
    await desk.desk.review(ref, judged=ref, verdict="xac_nhan")
    await desk.sync()
    await phone.field.amend(ref, saw=ref, changes={"description": "too late"}, reason="late")
    for _ in range(3):
        await record(phone)
    phone.network.plan(Mishap.LOSE_REPLY, on="/push", method="POST")
    assert (await phone.sync()).phase is Phase.WAITING
    assert "held" not in set((await custody_of(phone)).values())
    assert (await phone.sync()).phase is Phase.IDLE
    custody = await custody_of(phone)
    assert custody[f"{phone.notebook.writer}.2"] == "held"
    assert [where for entry, where in custody.items() if not entry.endswith(".2")] == ["received"] * 4


async def test_after_a_lost_reply_the_entries_do_not_travel_again(post: Post, phone: Device):
    for _ in range(150):
        await record(phone)
    phone.network.plan(Mishap.LOSE_REPLY, on="/push", method="POST")
    await phone.sync()
    first = max(one.request_bytes for one in phone.network.log)
    phone.network.log.clear()
    assert (await phone.sync()).waiting_count == 0
    again = [one.request_bytes for one in phone.network.log if (one.method, one.path) == ("POST", "/push")]
    assert sum(again) < first / 4
    assert len(on_server(post.database_file)) == len({*on_server(post.database_file)})


async def test_what_was_cut_midway_goes_on_where_the_station_stands(post: Post, phone: Device):
    chance = random.Random(1)
    for _ in range(250):
        post.true.pass_by(chance.randrange(HOUR_MS))
        await record(phone)
    phone.network.plan(Mishap.CUT_REQUEST, on="/push", method="POST", after_bytes=1_500)
    await phone.sync()
    kept = sum(writer == phone.notebook.writer for writer, _ in on_server(post.database_file))
    assert 0 < kept < 250
    assert (await phone.sync()).waiting_count == 0
    rows = [rows for (writer, _), rows in on_server(post.database_file).items() if writer == phone.notebook.writer]
    assert [len(one) for one in rows] == [1] * 250


async def test_a_phone_that_lives_in_2036_sees_its_records_in_the_same_order_as_the_desk(post: Post, phone: Device, desk: Device):
    ref = await record(phone)
    await phone.sync()
    await desk.sync()
    phone.watch.ahead_ms = 10 * 8_766 * HOUR_MS
    await phone.field.amend(ref, saw=ref, changes={"description": "the north bank"}, reason="asked")
    phone.network.plan(Mishap.LOSE_REPLY, on="/push", method="POST")
    await phone.sync()
    post.true.pass_by(HOUR_MS)
    await desk.sync()
    seen = await desk.notebook.ask(lambda session: observation_detail(session, ref))
    assert seen is not None
    await desk.desk.review(ref, judged=seen.line.version, verdict="xac_nhan")
    await desk.sync()
    post.true.pass_by(HOUR_MS)
    await record(phone)
    await phone.sync()
    on_phone = await phone.notebook.ask(lambda session: observation_detail(session, ref))
    on_desk = await desk.notebook.ask(lambda session: observation_detail(session, ref))
    assert on_phone is not None
    assert on_desk is not None
    assert (on_phone.line.status, on_phone.line.reopened) == (on_desk.line.status, on_desk.line.reopened) == ("xac_nhan", False)
