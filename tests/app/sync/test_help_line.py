"""A call for help waits behind nothing: not behind a photo that hangs, not behind a link that failed often, not behind a PIN."""

import asyncio
from collections.abc import Callable

import pytest

from app.record import AlarmRecorder, CallForm, SafetyRecorder
from app.store.open_call import OpenCall
from app.sync import help_line
from tests.fakes import Mishap
from tests.whole_journey.bookkeeping import on_server
from tests.whole_journey.device import Device
from tests.whole_journey.post import Post


def safety_of(device: Device) -> SafetyRecorder:
    return SafetyRecorder(device.notebook, device.watch.read)


async def call_of(device: Device, wanted: Callable[[OpenCall], bool]) -> OpenCall:
    async with asyncio.timeout(10):
        while True:
            call = await device.notebook.open_call()
            if call is not None and wanted(call):
                return call
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(help_line, "AGAIN_AFTER_S", 0.05)
    monkeypatch.setattr(help_line, "LOOK_AGAIN_S", 0.05)


async def test_a_call_goes_out_while_a_round_hangs(post: Post, phone: Device):
    await phone.field.record_nothing_found(patrol=None, position=None)
    phone.network.plan(Mishap.HANG, on="/push", method="POST")
    phone.runner.start()
    async with asyncio.timeout(10):
        await phone.network.hanging.wait()
    await safety_of(phone).call_for_help(CallForm())
    call = await call_of(phone, lambda one: one.received_ms is not None)
    assert (phone.notebook.writer, call.seq) in on_server(post.database_file)


async def test_while_nobody_has_it_each_try_is_counted_and_the_next_one_is_near(phone: Device):
    phone.network.go_down()
    phone.runner.start()
    await safety_of(phone).call_for_help(CallForm())
    async with asyncio.timeout(10):
        while phone.runner.help_line.state.tries < 5 or phone.runner.help_line.state.sending:  # noqa: ASYNC110  told by nobody
            await asyncio.sleep(0.01)
    state = phone.runner.help_line.state
    assert state.problem_code == "unreachable"
    assert state.tried_at is not None
    assert state.next_try_at is not None
    assert (state.next_try_at - state.tried_at).total_seconds() <= 1
    phone.network.mend()
    await call_of(phone, lambda one: one.received_ms is not None)


async def test_the_switch_of_the_demo_is_told_as_what_it_is(phone: Device):
    phone.is_cut = True
    phone.runner.start()
    await safety_of(phone).call_for_help(CallForm())
    async with asyncio.timeout(10):
        while phone.runner.help_line.state.problem_code != "cut":  # noqa: ASYNC110  told by nobody
            await asyncio.sleep(0.01)
    assert phone.network.log == []


async def test_a_phone_killed_in_the_middle_goes_on_calling_before_its_pin_and_hears_the_answer(
    post: Post, phone: Device, desk: Device
):
    phone.network.go_down()
    phone.runner.start()
    done = await safety_of(phone).call_for_help(CallForm(people=7))
    await phone.kill()
    await phone.open(unlock=False)
    phone.network.mend()
    phone.runner.start()
    await call_of(phone, lambda one: one.received_ms is not None)
    await desk.sync()
    await desk.desk.acknowledge(done.ref, seen=done.ref)
    await desk.sync()
    call = await call_of(phone, lambda one: one.answered_ms is not None)
    assert phone.notebook.locked
    assert call.answered_by == desk.notebook.writer


async def test_what_is_added_and_the_end_reach_the_station_too(post: Post, phone: Device, desk: Device):
    phone.runner.start()
    safety = safety_of(phone)
    await safety.call_for_help(CallForm())
    await safety.add_to_call(kind="ran_can", people=2)
    await safety.close_call("Đã an toàn")
    async with asyncio.timeout(10):
        while await phone.notebook.urgent_unsent():  # noqa: ASYNC110  told by nobody
            await asyncio.sleep(0.01)
    assert len([1 for writer, _ in on_server(post.database_file) if writer == phone.notebook.writer]) == 3


async def test_without_a_call_the_line_is_silent(phone: Device):
    assert await phone.runner.help_line.step() is None
    assert phone.network.log == []


async def test_that_it_is_over_is_heard_without_a_hint(phone: Device, desk: Device):
    phone.runner.start()
    done = await safety_of(phone).call_for_help(CallForm())
    await call_of(phone, lambda one: one.received_ms is not None)
    alarms = AlarmRecorder(desk.notebook, desk.watch.now_ms)
    await desk.sync()
    await alarms.answer(done.ref, note="15:10")
    await desk.sync()
    await call_of(phone, lambda one: one.answer == "15:10")
    await alarms.close(done.ref, "Đã đón", call=True)
    await desk.sync()
    call = await call_of(phone, lambda one: one.is_over)
    assert (call.closed_by, call.outcome) == (desk.notebook.writer, "Đã đón")


async def test_a_call_that_a_round_has_brought_after_a_failed_try_waits_no_more(phone: Device):
    line = phone.runner.help_line
    phone.network.plan(Mishap.DROP, on="/push")
    await safety_of(phone).call_for_help(CallForm())
    await line.step()
    assert line.state.waits
    await phone.sync()
    await line.step()
    assert (line.state.waits, line.state.problem_code, line.state.tries) == (False, None, 1)


async def test_however_often_there_was_no_link_a_line_without_a_word_is_soon_given_up(
    phone: Device, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(help_line, "SILENT_S", 0.2)
    line = phone.runner.help_line
    phone.network.go_down()
    await safety_of(phone).call_for_help(CallForm())
    for _ in range(50):
        await line.step()
    phone.network.mend()
    phone.network.plan(Mishap.HANG, on="/push")
    async with asyncio.timeout(2):
        await line.step()
    assert (line.state.problem_code, line.state.tries) == ("unreachable", 51)
    await line.step()
    call = await phone.notebook.open_call()
    assert call is not None
    assert call.received_ms is not None
