"""When a device sends: soon after a record, never while cut, again after a break, at once after a hint."""

import asyncio
from pathlib import Path

import pytest

from app.store.queries import ObservationFilter, observations_page
from app.sync import push
from app.sync.run import SyncRunner
from app.sync.server_client import ServerClient
from app.sync.state import Phase, SyncState
from journal.entries import SosRaised
from tests.app.sync.served import free_port, served
from tests.fakes import HOUR_MS, Mishap
from tests.whole_journey.bookkeeping import on_server
from tests.whole_journey.device import Device
from tests.whole_journey.post import COMMANDER, LEADER, Post


async def heard(device: Device, wanted: Phase, *, waiting: int | None = None) -> SyncState:
    """The next state of this kind that the device tells."""
    async with asyncio.timeout(10):
        while True:
            for state in device.said:
                if state.phase is wanted and waiting in (None, state.waiting_count):
                    device.said.clear()
                    return state
            await asyncio.sleep(0.01)


async def records_on(device: Device) -> int:
    page = await device.notebook.ask(lambda session: observations_page(session, ObservationFilter()))
    return len(page.lines)


async def test_what_is_recorded_is_on_its_way_without_anybody_asking(post: Post, phone: Device):
    phone.runner.start()
    await heard(phone, Phase.IDLE)
    await phone.field.record_nothing_found(patrol=None, position=None)
    await heard(phone, Phase.SENDING, waiting=1)
    state = await heard(phone, Phase.IDLE, waiting=0)
    assert state.last_receipt_at is not None
    assert (phone.notebook.writer, 1) in on_server(post.database_file)


async def test_while_the_switch_is_off_nothing_leaves_the_device(phone: Device):
    phone.is_cut = True
    phone.runner.start()
    await phone.field.record_nothing_found(patrol=None, position=None)
    state = await heard(phone, Phase.CUT, waiting=1)
    assert state.problem_code is None
    assert phone.network.log == []
    phone.is_cut = False
    phone.runner.nudge()
    await heard(phone, Phase.IDLE, waiting=0)


async def test_a_switch_turned_in_the_middle_stops_the_sending_there(post: Post, phone: Device, monkeypatch):
    monkeypatch.setattr(push, "TOGETHER_BYTES", 1)  # each frame leaves by itself
    for _ in range(200):
        await phone.field.record_nothing_found(patrol=None, position=None)

    def cut(state: SyncState) -> None:
        phone.is_cut = state.sent_bytes > 0

    runner = SyncRunner(
        phone.notebook,
        phone.client,
        now_ms=phone.watch.now_ms,
        random_bytes=phone.random_bytes,
        is_cut=lambda: phone.is_cut,
        listener=cut,
    )
    state = await runner.sync_once()
    assert state.phase is Phase.CUT
    there = sum(writer == phone.notebook.writer for writer, _ in on_server(post.database_file))
    assert there < 200
    assert state.waiting_count >= 200 - there


async def test_after_a_break_it_tries_again_by_itself(phone: Device):
    phone.network.plan(Mishap.DROP)
    phone.runner.start()
    state = await heard(phone, Phase.WAITING)
    assert state.next_try_at is not None
    assert state.problem_code == "unreachable"
    await heard(phone, Phase.IDLE)


async def test_a_refusal_is_told_with_its_code_and_reading_goes_on(post: Post, phone: Device, desk: Device):
    post.running.enrolling.revoke(phone.notebook.writer, "lost")
    state = await phone.sync()
    assert (state.phase, state.problem_code) == (Phase.REFUSED, "revoked")


async def test_a_fault_of_the_device_is_told_and_the_next_round_comes(phone: Device, monkeypatch: pytest.MonkeyPatch):
    faults: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: faults.append(told["message"]))
    cursors, times = phone.notebook.cursors, iter([OSError("disk")])

    async def fail_once():
        for fault in times:
            raise fault
        return await cursors()

    monkeypatch.setattr(phone.notebook, "cursors", fail_once)
    phone.runner.start()
    state = await heard(phone, Phase.WAITING)
    assert state.problem_code == "failed"
    await heard(phone, Phase.IDLE)
    assert faults == ["a round of sending failed"]


async def test_two_rounds_at_once_become_one_after_the_other(phone: Device):
    await phone.field.record_nothing_found(patrol=None, position=None)
    await asyncio.gather(phone.sync(), phone.sync(), phone.sync())
    assert phone.network.paths("POST").count("/push") == 1


async def test_a_call_for_help_goes_ahead_of_all_that_waits(post: Post, phone: Device, desk: Device):
    for _ in range(120):
        await phone.field.record_nothing_found(patrol=None, position=None)
    body = SosRaised(kind="nguoi_bi_thuong", people=1, raised_ms=phone.watch.now_ms())
    called = await phone.notebook.act(lambda pen: pen.write(body))
    phone.network.plan(Mishap.DELAY, on="/push/")
    phone.network.plan(Mishap.DELAY, on="/push", method="POST")
    phone.network.plan(Mishap.DROP, on="/push", method="POST")
    assert (await phone.sync()).phase is Phase.WAITING
    mine = {seq for writer, seq in on_server(post.database_file) if writer == phone.notebook.writer}
    assert mine == {called.seq}
    assert (await phone.sync()).waiting_count == 0
    rows = [rows for (writer, _), rows in on_server(post.database_file).items() if writer == phone.notebook.writer]
    assert [len(one) for one in rows] == [1] * 121


async def test_a_killed_phone_calls_for_help_before_its_pin(post: Post, phone: Device):
    await phone.field.record_nothing_found(patrol=None, position=None)
    body = SosRaised(kind="nguoi_bi_thuong", people=1, raised_ms=phone.watch.now_ms())
    called = await phone.notebook.act(lambda pen: pen.write(body))
    await phone.kill()
    await phone.open(unlock=False)
    state = await phone.sync()
    assert (phone.notebook.writer, called.seq) in on_server(post.database_file)
    assert state.waiting_count == 2
    await phone.notebook.unlock("tuan tra 72")
    assert (await phone.sync()).waiting_count == 0


async def test_a_token_is_kept_until_its_end_and_a_clock_set_back_does_not_make_it_young(post: Post, phone: Device):
    for _ in range(3):
        await phone.sync()
    assert phone.network.paths().count("/token") <= 2
    before = phone.network.paths().count("/token")
    phone.watch.ahead_ms = -5 * HOUR_MS
    post.true.pass_by(HOUR_MS)
    assert (await phone.sync()).phase is Phase.IDLE
    assert phone.network.paths().count("/token") > before


async def test_a_restarted_station_asks_for_new_proofs_and_gets_them(post: Post, phone: Device):
    await phone.sync()
    post.stop()
    post.start()
    assert (await phone.sync()).phase is Phase.IDLE


async def test_a_hint_brings_the_news_at_once(tmp_path: Path):
    post = Post(tmp_path, address=f"http://127.0.0.1:{free_port()}")
    post.found()
    phone, desk = post.new_device("phone"), post.new_device("desk")
    await phone.begin(await post.join(phone, LEADER))
    await desk.begin(await post.join(desk, COMMANDER))
    line = ServerClient(
        post.address,
        ca_pem=None,
        sign=desk.notebook.sign,
        public_key=desk.notebook.public_key,
        now_ms=desk.watch.now_ms,
        random_bytes=desk.random_bytes,
    )
    hearing = SyncRunner(
        desk.notebook,
        line,
        now_ms=desk.watch.now_ms,
        random_bytes=desk.random_bytes,
        listener=desk.said.append,
        hears_hints=True,
    )
    async with served(post):
        hearing.start()
        await heard(desk, Phase.IDLE)
        while not post.running.hints._listeners:  # noqa: ASYNC110  nobody tells when a line is open
            await asyncio.sleep(0.01)
        desk.said.clear()
        await phone.field.record_nothing_found(patrol=None, position=None)
        await phone.sync()
        async with asyncio.timeout(5):
            while not await records_on(desk):  # noqa: ASYNC110  the views tell nobody in this test
                await asyncio.sleep(0.02)
        await hearing.stop()
        await line.close()
    for device in (phone, desk):
        await device.close()
    post.stop()
