"""The station raises the alarm itself: for a team that is not back, for what is urgent and finds nobody, for people in need."""

import asyncio
import json

import pytest

from journal.catalogue import load_catalogue
from journal.entries import (
    Acknowledged,
    AlarmRaised,
    Amended,
    NoticeGiven,
    OrderCancelled,
    OrderIssued,
    PatrolEnded,
    Restriction,
    SosClosed,
    SosRaised,
    Voided,
    read_entry,
)
from sync_server.accept import Streams
from sync_server.main import create_server
from sync_server.watch import Watch, look
from tests.entries_made import MINUTE_MS, START_MS, a_patrol, an_end, an_observation
from tests.sync_server.fakes import House

DUE_MS = START_MS + 60 * MINUTE_MS


def a_watch(house: House) -> Watch:
    return Watch(load_catalogue(), house.settings.patience, house.clock.now_ms)


def alarms_of(house: House) -> list[AlarmRaised]:
    with house.running.database.read() as connection:
        rows = connection.exec_driver_sql("select raw from entry where fact = 'alarm_raised' order by arrived").scalars()
        bodies = [read_entry(bytes(raw)).body for raw in rows]
    return [body for body in bodies if isinstance(body, AlarmRaised)]


async def looked(house: House, watch: Watch | None = None) -> list[tuple[str, str]]:
    await look(house.running, watch or a_watch(house))
    return [(alarm.kind, alarm.about) for alarm in alarms_of(house)]


@pytest.fixture
async def leader(enrolled):
    return await enrolled("P01")


async def test_a_team_that_is_not_back_raises_one_alarm_after_the_grace(house, leader):
    patrol = leader.write(a_patrol(return_due_ms=DUE_MS))
    await leader.push()
    watch = a_watch(house)
    house.clock.ms = DUE_MS + 15 * MINUTE_MS
    assert await looked(house, watch) == []
    house.clock.pass_by(1)
    assert await looked(house, watch) == [("return_overdue", patrol.ref)]
    assert alarms_of(house)[0].text == "TT-2026-0131"


async def test_two_looks_two_watches_and_a_restart_raise_it_once(house, leader):
    leader.write(a_patrol(return_due_ms=DUE_MS))
    await leader.push()
    house.clock.ms = DUE_MS + 16 * MINUTE_MS
    one, other = a_watch(house), a_watch(house)
    await asyncio.gather(look(house.running, one), look(house.running, other))
    await look(house.running, one)
    house.restart()
    house.clock.pass_by(60 * MINUTE_MS)
    assert len(await looked(house)) == 1


async def test_a_return_put_off_in_time_raises_nothing_before_the_new_hour(house, leader):
    patrol = leader.write(a_patrol(return_due_ms=DUE_MS))
    later = DUE_MS + 90 * MINUTE_MS
    leader.write(Amended(saw=patrol.ref, changes={"return_due_ms": later}, reason="đường trơn"), patrol.ref)
    await leader.push()
    watch = a_watch(house)
    house.clock.ms = DUE_MS + 60 * MINUTE_MS
    assert await looked(house, watch) == []
    house.clock.ms = later + 16 * MINUTE_MS
    assert len(await looked(house, watch)) == 1


async def test_each_new_hour_that_passes_raises_its_own_alarm(house, leader):
    patrol = leader.write(a_patrol(return_due_ms=DUE_MS))
    await leader.push()
    watch = a_watch(house)
    house.clock.ms = DUE_MS + 20 * MINUTE_MS
    assert len(await looked(house, watch)) == 1
    changes = {"return_due_ms": DUE_MS + 120 * MINUTE_MS}
    leader.write(Amended(saw=patrol.ref, changes=changes, reason="đường trơn"), patrol.ref)
    await leader.push()
    assert len(await looked(house, watch)) == 1
    house.clock.ms = DUE_MS + 140 * MINUTE_MS
    assert len(await looked(house, watch)) == 2
    assert len(await looked(house, watch)) == 2


async def test_a_team_that_ended_raises_nothing(house, leader):
    patrol = leader.write(a_patrol(return_due_ms=DUE_MS))
    leader.write(an_end(), patrol.ref)
    await leader.push()
    house.clock.ms = DUE_MS + 60 * MINUTE_MS
    assert await looked(house) == []


async def test_a_patrol_taken_back_raises_nothing(house, leader):
    patrol = leader.write(a_patrol(return_due_ms=DUE_MS))
    leader.write(Voided(reason="undo", undo=True), patrol.ref)
    await leader.push()
    house.clock.ms = DUE_MS + 60 * MINUTE_MS
    assert await looked(house) == []


async def test_a_start_that_arrives_late_has_the_grace_for_the_rest_to_follow(house, leader):
    patrol = leader.write(a_patrol(return_due_ms=DUE_MS))
    house.clock.ms = DUE_MS + 300 * MINUTE_MS
    await leader.push()
    watch = a_watch(house)
    assert await looked(house, watch) == []
    leader.write(PatrolEnded(ended_ms=DUE_MS, result="…"), patrol.ref)
    await leader.push()
    house.clock.pass_by(60 * MINUTE_MS)
    assert await looked(house, watch) == []


async def test_a_call_that_nobody_answers_raises_an_alarm_and_an_answered_one_does_not(house, enrolled, leader):
    commander = await enrolled("C01")
    call = leader.write(SosRaised(kind="lac", raised_ms=START_MS))
    answered = leader.write(SosRaised(kind="lac", raised_ms=START_MS))
    ended = leader.write(SosRaised(kind="lac", raised_ms=START_MS))
    leader.write(SosClosed(closed_ms=START_MS + 1, outcome="Bấm nhầm"), ended.ref)
    await leader.push()
    commander.write(Acknowledged(seen=answered.ref), answered.ref)
    assert (await commander.push()).held == ()
    house.clock.pass_by(16 * MINUTE_MS)
    assert await looked(house) == [("urgent_unanswered", call.ref)]


async def test_an_urgent_record_that_nobody_acknowledges_raises_an_alarm_once(house, enrolled, leader):
    commander = await enrolled("C01")
    urgent = leader.write(an_observation(priority="khan"))
    seen = leader.write(an_observation(priority="khan"))
    leader.write(an_observation())
    await leader.push()
    commander.write(Acknowledged(seen=seen.ref), seen.ref)
    await commander.push()
    watch = a_watch(house)
    house.clock.pass_by(16 * MINUTE_MS)
    assert await looked(house, watch) == [("urgent_unanswered", urgent.ref)]
    house.clock.pass_by(600 * MINUTE_MS)
    assert len(await looked(house, watch)) == 1


async def test_a_record_corrected_to_urgent_calls_from_then_on_whether_or_not_the_watch_had_looked(house, leader):
    calm = leader.write(an_observation(priority="thap"))
    await leader.push()
    watch = a_watch(house)
    house.clock.pass_by(600 * MINUTE_MS)
    assert await looked(house, watch) == []
    leader.write(Amended(saw=calm.ref, changes={"priority": "khan"}, reason="họ quay lại"), calm.ref)
    await leader.push()
    house.clock.pass_by(14 * MINUTE_MS)
    assert await looked(house, watch) == [] == await looked(house)
    house.clock.pass_by(2 * MINUTE_MS)
    assert await looked(house, watch) == [("urgent_unanswered", calm.ref)]
    assert len(await looked(house)) == 1


async def test_a_record_corrected_from_urgent_before_anybody_answered_calls_no_more(house, leader):
    urgent = leader.write(an_observation(priority="khan"))
    leader.write(Amended(saw=urgent.ref, changes={"priority": "thap"}, reason="nhầm"), urgent.ref)
    await leader.push()
    house.clock.pass_by(16 * MINUTE_MS)
    assert await looked(house) == []


async def test_people_in_need_whom_nobody_took_over_in_two_hours_raise_an_alarm(house, leader):
    patrol = leader.write(a_patrol())
    needs = {"priority": "cao", "patrol": patrol.ref}
    still = leader.write(an_observation("ho_tro", **needs, values={"assist": "y_te"}))
    leader.write(an_observation("ho_tro", **needs, values={"assist": "y_te", "handed_over_at": START_MS}))
    await leader.push()
    watch = a_watch(house)
    house.clock.ms = START_MS + 119 * MINUTE_MS
    assert await looked(house, watch) == []
    house.clock.ms = START_MS + 121 * MINUTE_MS
    assert await looked(house, watch) == [("assistance_open", still.ref)]


async def test_a_handover_on_the_same_patrol_ends_the_waiting(house, enrolled):
    officer = await enrolled("P03")
    patrol = f"{officer.writer}.99"
    officer.write(an_observation("ho_tro", priority="cao", patrol=patrol))
    officer.write(an_observation("ban_giao", patrol=patrol, happened_ms=START_MS + MINUTE_MS))
    await officer.push()
    house.clock.ms = START_MS + 300 * MINUTE_MS
    assert await looked(house) == []


async def test_an_alarm_is_told_to_who_listens_and_seen_by_both_units_of_the_patrol(house, enrolled, leader):
    partner = await enrolled("X01")
    leader.write(a_patrol(return_due_ms=DUE_MS, coordinating_units=("CAX",)))
    await leader.push()
    house.clock.ms = DUE_MS + 16 * MINUTE_MS
    told: list[Streams] = []
    house.running.hints.tell = told.append
    await looked(house)
    assert told == [{"DON", "CAX"}]
    pulled = await partner.pull()
    assert any(b"alarm_raised" in raw for raw in pulled.given)


async def test_the_running_server_stands_watch_by_itself(house, leader, monkeypatch):
    leader.write(a_patrol(return_due_ms=DUE_MS))
    await leader.push()
    house.clock.ms = DUE_MS + 16 * MINUTE_MS
    house.close()
    house.app = create_server(house.settings, now_ms=house.clock.now_ms, random_bytes=bytes)
    async with house.app.router.lifespan_context(house.app):
        async with asyncio.timeout(10):
            while not alarms_of(house):  # noqa: ASYNC110  told by nobody
                await asyncio.sleep(0.02)
        assert [alarm.kind for alarm in alarms_of(house)] == ["return_overdue"]
    house.restart()


def test_how_long_it_waits_is_a_setting_of_the_station(house):
    house.settings.keep()
    file = house.settings.folder / "station.json"
    kept = json.loads(file.read_text("utf-8"))
    kept["patience"]["return_grace_min"] = 40
    file.write_text(json.dumps(kept), "utf-8")
    assert type(house.settings).load(house.settings.folder).patience.return_grace_min == 40


def a_restriction(**said: object) -> OrderIssued:
    return OrderIssued.model_validate({
        "kind": "han_che", "title": "Tạm dừng qua lại lối mở Chợ Cũ", "to_unit": "DON", "starts_ms": START_MS,
        "ends_ms": START_MS + 360 * MINUTE_MS, "restriction": Restriction(scope="loi_mo", ground="dich_benh"), **said,
    })  # fmt: skip


@pytest.fixture
async def chief(enrolled):
    return await enrolled("C01")


async def test_a_restriction_raises_an_alarm_before_it_ends_by_law(house, chief):
    order = chief.write(a_restriction())
    for role in ("cap_tren", "ubnd_xa", "co_quan", "ban"):
        chief.write(NoticeGiven(role=role, whom=role, told_ms=START_MS, channel="dien_thoai"), order.ref)
    await chief.push()
    watch = a_watch(house)
    house.clock.ms = START_MS + 315 * MINUTE_MS
    assert await looked(house, watch) == []
    house.clock.pass_by(1)
    assert await looked(house, watch) == [("restriction_ending", order.ref)]
    assert alarms_of(house)[0].text == "Tạm dừng qua lại lối mở Chợ Cũ"


async def test_whom_the_law_lists_is_told_within_half_an_hour_or_the_station_says_so(house, chief):
    order = chief.write(a_restriction())
    chief.write(NoticeGiven(role="ubnd_xa", whom="UBND xã", told_ms=START_MS, channel="dien_thoai"), order.ref)
    await chief.push()
    house.clock.ms = START_MS + 31 * MINUTE_MS
    assert await looked(house) == [("restriction_untold", order.ref)]


async def test_a_restriction_that_was_lifted_raises_nothing(house, chief):
    order = chief.write(a_restriction())
    chief.write(OrderCancelled(reason="Hết dịch"), order.ref)
    await chief.push()
    house.clock.ms = START_MS + 330 * MINUTE_MS
    assert await looked(house) == []


async def test_a_restriction_longer_than_the_law_is_held_at_the_station(house, chief):
    order = chief.write(a_restriction(ends_ms=START_MS + 361 * MINUTE_MS))
    reply = await chief.push()
    assert [(one.seq, one.reason) for one in reply.held] == [(order.seq, "beyond_law")]
