"""What a round asks of the network: one request where one is enough, what is urgent first, and nothing twice."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import httpx
import pytest

from app.record import CallForm, SafetyRecorder
from app.store.queries import observation_detail
from app.store.set_aside import JOURNAL
from app.sync import push
from app.sync.state import ENTRY_DAMAGED, Phase
from journal.exchange import Frame, Urgent
from journal.packed.bodies import PUSH_2_TYPE, PackedPushOpening, PackedPushReader
from tests.app.sync.wrong_answers import altered
from tests.fakes import Mishap
from tests.whole_journey.bookkeeping import on_server, shown_entries
from tests.whole_journey.device import Device
from tests.whole_journey.post import Post


async def record(device: Device, count: int = 1) -> list[str]:
    return [(await device.field.record_nothing_found(patrol=None, position=None)).ref for _ in range(count)]


async def call(device: Device) -> str:
    return (await SafetyRecorder(device.notebook, device.watch.read).call_for_help(CallForm())).ref


class Overheard:
    """The parts of each push that a phone sends, as the station reads them."""

    def __init__(self, device: Device) -> None:
        self.pushes: list[list[PackedPushOpening | Frame | Urgent]] = []
        self._deliver = device.network.handle_async_request
        device.network.handle_async_request = self._listen

    async def _listen(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("content-type") != PUSH_2_TYPE:
            return await self._deliver(request)
        reader, heard = PackedPushReader(), list[PackedPushOpening | Frame | Urgent]()
        self.pushes.append(heard)
        carried = request.stream
        assert isinstance(carried, httpx.AsyncByteStream)

        class Tapped(httpx.AsyncByteStream):
            async def __aiter__(self) -> AsyncIterator[bytes]:
                async for chunk in carried:
                    heard.extend(reader.read(chunk))
                    yield chunk

        request.stream = Tapped()
        return await self._deliver(request)


async def test_a_round_with_something_to_send_is_one_request(post: Post, phone: Device, desk: Device):
    await phone.sync()
    seen = await record(desk)
    await desk.sync()
    await record(phone, 3)
    phone.network.log.clear()
    assert (await phone.sync()).phase is Phase.IDLE
    assert [(one.method, one.path) for one in phone.network.log] == [("POST", "/push")]
    assert seen[0] not in {one.ref for one in await phone.notebook.ask(shown_entries) if one.own}
    assert await desk.notebook.ask(lambda session: observation_detail(session, seen[0])) is not None


async def test_a_fresh_process_asks_how_far_and_needs_no_token(post: Post, phone: Device):
    await record(phone, 2)
    await phone.kill()
    await phone.open()
    phone.network.log.clear()
    assert (await phone.sync()).waiting_count == 0
    writer = phone.notebook.writer
    assert [(one.method, one.path) for one in phone.network.log] == [("GET", f"/push/{writer}"), ("POST", "/push")]


async def test_a_fresh_process_with_nothing_under_way_does_not_ask(post: Post, phone: Device):
    await phone.sync()
    await record(phone)
    phone.network.log.clear()
    await phone.sync()
    assert f"/push/{phone.notebook.writer}" not in phone.network.paths()


async def test_the_first_request_holds_what_is_urgent_before_all_else(post: Post, phone: Device):
    await phone.sync()
    await record(phone, 30)
    ref = await call(phone)
    heard = Overheard(phone)
    phone.network.log.clear()
    await phone.sync()
    assert [(one.method, one.path) for one in phone.network.log] == [("POST", "/push")]
    _, first, *rest = heard.pushes[0]
    assert isinstance(first, Urgent)
    assert f"{phone.notebook.writer}.{first.seq}" == ref
    assert sum(len(part.raws) for part in rest if isinstance(part, Frame)) == 31


async def test_after_a_break_an_urgent_entry_waits_for_no_question(post: Post, phone: Device):
    await record(phone, 30)
    phone.network.plan(Mishap.LOSE_REPLY, on="/push", method="POST")
    await phone.sync()
    await record(phone, 5)
    await call(phone)
    heard = Overheard(phone)
    phone.network.log.clear()
    assert (await phone.sync()).waiting_count == 0
    assert [(one.method, one.path) for one in phone.network.log] == [("POST", "/push"), ("POST", "/push")]
    assert [type(part) for part in heard.pushes[0]] == [PackedPushOpening, Urgent]
    assert [part.first_seq for part in heard.pushes[1] if isinstance(part, Frame)] == [31]


async def test_a_long_backlog_is_one_stream_and_what_is_written_meanwhile_goes_with_it(
    post: Post, phone: Device, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(push, "BATCH_ENTRIES", 40)
    await phone.sync()
    await record(phone, 130)
    written = asyncio.create_task(record(phone))
    heard = Overheard(phone)
    assert (await phone.sync()).waiting_count == 0
    await written
    assert len(heard.pushes) == 1
    assert sum(len(part.raws) for part in heard.pushes[0] if isinstance(part, Frame)) == 131


async def test_a_receipt_that_came_whole_is_believed_though_the_news_behind_it_broke_off(post: Post, phone: Device, desk: Device):
    await phone.sync()
    await record(desk, 40)
    await desk.sync()
    await record(phone, 2)
    phone.network.change_answer(altered(lambda content: content[: len(content) - 60]), on="/push", method="POST")
    phone.network.plan(Mishap.DROP, on="/pull")
    state = await phone.sync()
    assert (state.phase, state.waiting_count) == (Phase.WAITING, 0)
    assert (await phone.sync()).phase is Phase.IDLE


@pytest.mark.parametrize("old", ["phone", "desk"])
async def test_with_a_station_of_the_last_version_all_goes_as_before(old: str, post: Post, phone: Device, desk: Device):
    {"phone": phone, "desk": desk}[old].network.speaks_only_1 = True
    mine = await record(phone, 20)
    await call(phone)
    assert (await phone.sync()).waiting_count == 0
    await record(desk)
    await desk.sync()
    assert set(mine) <= {one.ref for one in await desk.notebook.ask(shown_entries)}
    assert (await phone.sync()).phase is Phase.IDLE
    assert [len(rows) for rows in on_server(post.database_file).values()] == [1] * len(on_server(post.database_file))


async def test_a_station_that_refuses_version_2_is_asked_once(post: Post, phone: Device):
    phone.network.speaks_only_1 = True
    refused = 0
    deliver = phone.network.handle_async_request

    async def count(request: httpx.Request) -> httpx.Response:
        nonlocal refused
        refused += request.headers.get("content-type") == PUSH_2_TYPE
        return await deliver(request)

    phone.network.handle_async_request = count
    for _ in range(3):
        await record(phone)
        assert (await phone.sync()).waiting_count == 0
    assert refused == 1


async def test_a_waiting_entry_that_is_damaged_is_told_by_each_round_and_not_before_the_pin(post: Post, phone: Device):
    await record(phone)
    await phone.sync()
    await record(phone, 4)
    await phone.close()
    journal = sqlite3.connect(phone.folder / str(phone.lives) / JOURNAL)
    with journal:
        journal.execute("UPDATE entry SET blob = zeroblob(length(blob)) WHERE writer = ? AND seq = 3", (phone.notebook.writer,))
    journal.close()

    await phone.open(unlock=False)
    state = await phone.sync()
    assert (state.phase, state.problem_code, state.waiting_count) == (Phase.IDLE, None, 4)
    await phone.close()
    await phone.open()
    for _ in range(2):
        state = await phone.sync()
        assert (state.phase, state.problem_code, state.waiting_count) == (Phase.IDLE, ENTRY_DAMAGED, 3)
        assert state.next_try_at is None
    assert {seq for writer, seq in on_server(post.database_file) if writer == phone.notebook.writer} == {1, 2}


async def test_a_round_after_which_nothing_waits_tells_of_no_damage(phone: Device):
    await record(phone, 2)
    state = await phone.sync()
    assert (state.phase, state.problem_code, state.waiting_count) == (Phase.IDLE, None, 0)
