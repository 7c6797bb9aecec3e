"""The phone calls itself ready only when everything is good, and names what is not; each part can fail by itself."""

import asyncio
from dataclasses import dataclass, replace

import pytest

from app.device.permissions import Allowed, Right
from app.record import PatrolForm
from app.state.ready_check import (
    Check,
    Finding,
    FixWatch,
    ReadyCheck,
    judge_battery,
    judge_clock,
    judge_fix,
    judge_keys,
    judge_right,
    judge_storage,
    probes_of,
)
from app.store.queries import patrol_detail
from app.store.queries_phone import ClockEvidence, read_clock_evidence
from journal.entries import DeviceReported, Force, read_entry
from journal.track.fixes import Fix
from tests.app.store.fakes import Station

HERE = Fix(1_790_000_000_000, 208_878_000, 1_038_452_000, 6_000)
NO_RECEIPT = ClockEvidence(None, None, None)
NOW_MS = 1_790_000_000_000


def good(check: Check):
    async def probe() -> Finding:
        return Finding(check, good=True, word="good")

    return probe


def bad(check: Check):
    async def probe() -> Finding:
        return Finding(check, good=False, word="bad")

    return probe


async def test_all_good_is_ready():
    ready = ReadyCheck()
    await ready.run({check: good(check) for check in Check})
    assert ready.ready
    assert ready.failed == ()


@pytest.mark.parametrize("check", list(Check))
async def test_one_thing_that_is_not_good_keeps_the_phone_from_being_ready_and_is_named(check):
    ready = ReadyCheck()
    await ready.run({one: bad(one) if one is check else good(one) for one in Check})
    assert not ready.ready
    assert [one.check for one in ready.failed] == [check]


async def test_a_probe_that_breaks_is_told_and_ends_nothing():
    async def broken() -> Finding:
        raise RuntimeError("no such sensor")

    ready = ReadyCheck()
    await ready.run({**{check: good(check) for check in Check}, Check.BATTERY: broken})
    assert ready.done
    assert [(one.check, one.word) for one in ready.failed] == [(Check.BATTERY, "unknown")]


async def test_nothing_is_called_ready_while_it_is_still_looked_at():
    gate = asyncio.Event()

    async def slow() -> Finding:
        await gate.wait()
        return Finding(Check.FIX, good=True, word="good")

    ready = ReadyCheck()
    running = asyncio.create_task(ready.run({**{check: good(check) for check in Check}, Check.FIX: slow}))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not ready.ready
    gate.set()
    await running
    assert ready.ready


@pytest.mark.parametrize(
    ("finding", "good", "word"),
    [
        (judge_right(Check.CAMERA, Allowed.YES), True, "good"),
        (judge_right(Check.CAMERA, Allowed.NO), False, "bad"),
        (judge_right(Check.CAMERA, Allowed.UNKNOWN), False, "unknown"),
        (judge_battery(64), True, "good"),
        (judge_battery(39), False, "bad"),
        (judge_battery(None), False, "unknown"),
        (judge_storage(2_000_000_000), True, "good"),
        (judge_storage(100_000_000), False, "bad"),
        (judge_storage(None), False, "unknown"),
        (judge_fix(HERE), True, "good"),
        (judge_fix(replace(HERE, accuracy_mm=180_000)), False, "bad"),
        (judge_fix(HERE, mocked=True), False, "mocked"),
        (judge_fix(None), False, "none"),
        (judge_clock(2_000, NO_RECEIPT, NOW_MS), True, "good"),
        (judge_clock(420_000, NO_RECEIPT, NOW_MS), False, "ahead"),
        (judge_clock(-420_000, NO_RECEIPT, NOW_MS), False, "behind"),
        (judge_clock(None, NO_RECEIPT, NOW_MS), False, "unknown"),
        (judge_clock(None, ClockEvidence(0, 0, NOW_MS - 3_600_000), NOW_MS), True, "good"),
        (judge_clock(None, ClockEvidence(0, 0, NOW_MS - 7 * 86_400_000), NOW_MS), False, "unknown"),
        (judge_clock(None, ClockEvidence(420_000, 0, NOW_MS), NOW_MS), False, "ahead"),
        (judge_clock(1_000, ClockEvidence(0, -600_000, NOW_MS), NOW_MS), False, "behind"),
    ],
)
def test_each_figure_has_its_own_word(finding, good, word):
    assert (finding.good, finding.word) == (good, word)


@dataclass
class HandRights:
    """Rights as the test gives them."""

    given: Allowed = Allowed.YES

    async def read(self, right: Right) -> Allowed:
        return self.given

    async def open_settings(self) -> None:
        self.given = Allowed.YES


async def test_a_real_phone_names_the_map_that_is_missing_and_the_rights_that_are_not_given(phone, made):
    phone.session.permissions = HandRights(Allowed.NO)
    await made.location.give(20.8878, 103.8452, made.clocks.wall_ms)
    await phone.session.patrolling.ready.run(probes_of(phone.session, lambda: 5_000_000_000))
    failed = {one.check: one.word for one in phone.session.patrolling.ready.failed}
    assert failed == {Check.LOCATION: "bad", Check.CAMERA: "bad", Check.NOTIFICATIONS: "bad", Check.MAP: "bad"}


async def test_the_clock_is_held_against_a_fix_that_comes_during_the_check(phone, made):
    watch = FixWatch(phone.session)
    waiting = asyncio.create_task(watch.wait())
    await asyncio.sleep(0.01)
    await made.location.give(20.8878, 103.8452, made.clocks.wall_ms - 420_000)
    assert await waiting is not None
    assert watch.skew_ms == pytest.approx(420_000, abs=1_000)


async def test_a_receipt_that_is_older_than_what_it_names_tells_of_a_clock_ahead(phone, made):
    made.clocks.wall_ms += 600_000
    await phone.session.nothing_found()
    notebook = phone.session.notebook
    settled, signed = Station().receipt(notebook.writer, (await notebook.unsent(10))[-1])
    await notebook.settle(settled, signed)
    now_ms = phone.session.now_ms()
    evidence = await notebook.ask(lambda views: read_clock_evidence(views, now_ms))
    assert judge_clock(None, evidence, now_ms).word == "ahead"


async def test_a_locked_phone_and_one_that_the_station_has_not_confirmed_are_not_ready_to_sign(phone):
    notebook = phone.session.notebook
    assert judge_keys(notebook).good
    await notebook.set_enrolment(notebook.enrolment.model_copy(update={"state": "waiting"}))
    assert judge_keys(notebook).word == "not_confirmed"
    await notebook.lock()
    assert judge_keys(notebook).word == "locked"


async def test_who_goes_although_something_is_not_good_leaves_it_written_beside_the_patrol(phone):
    form = PatrolForm("thuong_xuyen", "DON", "TT-2026-0001", composition=(Force(force="bp", people=3),))
    failed = (Finding(Check.BATTERY, good=False, word="bad"), Finding(Check.MAP, good=False, word="bad"))
    patrol = (await phone.session.patrolling.start(form, failed)).ref
    bodies = [read_entry(one.raw) for one in await phone.session.notebook.unsent(20)]
    told = next(entry for entry in bodies if isinstance(entry.body, DeviceReported))
    assert (told.subject, told.body.text) == (patrol, "battery, map")
    assert (await phone.session.notebook.ask(lambda views: patrol_detail(views, patrol))).line.ended_ms is None


async def test_the_check_is_shown_with_what_to_do(phone):
    await phone.session.patrolling.ready.run({one: bad(one) if one is Check.BATTERY else good(one) for one in Check})
    phone.session.patrolling.ready.found = tuple(
        replace(one, figures={"percent": 12, "metres": 6, "free_mb": 900, "minutes": 0})
        for one in phone.session.patrolling.ready.found
    )
    await phone.go("/check")
    assert phone.page.sees("Còn 1 điều chưa tốt")
    assert phone.page.sees("Chỉ còn 12 %")
    assert phone.page.sees("Sạc thêm")
    assert not phone.page.sees("Sẵn sàng")
