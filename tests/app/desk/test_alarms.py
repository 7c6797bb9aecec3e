"""A call for help takes over every room of the desk; it is answered, closed with an outcome, and stays in the register."""

import flet as ft
import pytest_asyncio

from journal.entries import Acknowledged, AlarmClosed, AlarmRaised, PatrolStarted, Position, SosClosed, SosRaised, read_entry
from journal.names import Subject
from tests.app.desk.fixture import NOW_MS, DeskWorld, make_desk_world, writer_of
from tests.app.store.fakes import OtherWriter

MINUTE_MS = 60_000
LEADER = "DON_TT1"


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=())
    await world.show()
    yield world
    await world.close()


def shown(world: DeskWorld, start: str) -> list[str]:
    return [one.identifier for one in world.app.find(ft.Semantics) if (one.identifier or "").startswith(start)]


async def somebody_calls(world: DeskWorld, **fields: object) -> str:
    phone = OtherWriter()
    plain = {"kind": "chua_ro", "raised_ms": NOW_MS - 3 * MINUTE_MS, "people": 7}
    given = phone.write(SosRaised.model_validate({**plain, **fields}), at_ms=NOW_MS - 3 * MINUTE_MS)
    await world.post.deliver(world.notebook, "DON", [given])
    await world.calm()
    return f"{phone.writer}.1"


async def a_team_is_late(world: DeskWorld) -> str:
    started = PatrolStarted(
        type="khep_kin", number="TT-2026-0140", lead_unit="DON", leader="person:P01", started_ms=NOW_MS - 300 * MINUTE_MS,
        return_due_ms=NOW_MS - 85 * MINUTE_MS,
    )  # fmt: skip
    phone = OtherWriter()
    patrol = f"{phone.writer}.1"
    alarm = world.post.say("", AlarmRaised(kind="return_overdue", about=patrol, text="TT-2026-0140"), NOW_MS - 70 * MINUTE_MS)
    await world.post.deliver(world.notebook, "DON", [phone.write(started, at_ms=NOW_MS - 300 * MINUTE_MS), alarm])
    await world.calm()
    return patrol


async def bodies(world: DeskWorld) -> list[object]:
    return [read_entry(one.raw).body for one in await world.notebook.unsent(100)]


async def test_a_call_stands_over_every_room_until_somebody_answers_and_then_until_it_is_closed(desk):
    at = Position(latitude_e7=209_060_000, longitude_e7=1_038_895_000, accuracy_mm=12_000, fixed_ms=NOW_MS - 9 * MINUTE_MS)
    call = await somebody_calls(desk, position=at)
    for room in ("review", "report", "register", "now"):
        await desk.app.click(f"rail-{room}")
        await desk.calm()
        assert shown(desk, "alarm-bar-") == [f"alarm-bar-{call}"], room
    assert desk.app.sees("Mốc 905")
    assert desk.app.sees("07 người")
    await desk.app.click(f"bar-answer-{call}")
    await desk.calm()
    (answer,) = await bodies(desk)
    assert isinstance(answer, Acknowledged)
    assert shown(desk, "bar-answer-") == []
    assert shown(desk, "alarm-bar-") == [f"alarm-bar-{call}"]


async def test_the_answer_carries_a_word_for_the_team(desk):
    call = await somebody_calls(desk)
    await desk.app.enter(f"alarm-note-{call}", "Tổ 2 đến lúc 15:10")
    await desk.app.click(f"alarm-answer-{call}")
    await desk.calm()
    (answer,) = await bodies(desk)
    assert isinstance(answer, Acknowledged)
    assert answer.note == "Tổ 2 đến lúc 15:10"


async def test_it_is_closed_with_an_outcome_and_stays_in_the_register(desk):
    call = await somebody_calls(desk, kind="ran_can")
    await desk.app.click(f"alarm-close-{call}")
    await desk.calm()
    await desk.app.click(f"alarm-write-{call}")
    await desk.calm()
    assert await bodies(desk) == []
    assert desk.app.sees("Ghi kết quả trước khi đóng")
    await desk.app.click("outcome-helped")
    await desk.calm()
    await desk.app.click(f"alarm-write-{call}")
    await desk.calm()
    (closed,) = await bodies(desk)
    assert isinstance(closed, SosClosed)
    assert closed.outcome == "Đã đưa người đến giúp, an toàn"
    assert shown(desk, "alarm-bar-") == []
    await desk.app.click("rail-register")
    await desk.calm()
    await desk.app.click("book-alarms")
    await desk.calm()
    assert shown(desk, "alarm-row-") == [f"alarm-row-{call}"]
    assert desk.app.sees("Rắn cắn")


async def test_a_late_team_is_told_with_how_late_it_is_and_closed_with_its_return(desk):
    await a_team_is_late(desk)
    assert desk.app.sees("Tổ TT-2026-0140 chưa về")
    assert desk.app.sees("quá 1 giờ 25 phút")
    (bar,) = shown(desk, "alarm-bar-")
    alarm = bar.removeprefix("alarm-bar-")
    await desk.app.click(f"alarm-close-{alarm}")
    await desk.calm()
    await desk.app.click("outcome-back")
    await desk.calm()
    await desk.app.click(f"alarm-write-{alarm}")
    await desk.calm()
    (closed,) = await bodies(desk)
    assert isinstance(closed, AlarmClosed)
    assert closed.outcome == "Tổ đã về"


async def test_an_answered_alarm_leaves_the_rooms_but_not_the_first_one(desk):
    await a_team_is_late(desk)
    (bar,) = shown(desk, "bar-answer-")
    await desk.app.click(bar)
    await desk.calm()
    assert shown(desk, "alarm-bar-") == []
    assert desk.app.sees("Tổ TT-2026-0140 chưa về")


async def test_who_answered_is_told_by_name(desk):
    call = await somebody_calls(desk)
    await desk.notebook.act(lambda pen: pen.write(Acknowledged(seen=call), subject=Subject(call)))
    await desk.calm()
    assert any("trả lời lúc" in text for text in desk.app.texts())
    assert not any(writer_of("DON_TRUONG") in text for text in desk.app.texts())
