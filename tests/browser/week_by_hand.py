"""The invented week done again on the phone's page, as the teams did it: every patrol, every record, by the real forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import Browser

from demo.clock import ScriptedClock
from demo.devices import enrol_all
from demo.processes import Running
from demo.scenario import Scenario, Seen, Walked, read_scenario
from demo.station import Station
from demo.story import DESK_PERSON, PHONE_PIN, folder_of, new_device
from journal.catalogue import load_catalogue
from tests.browser.driver import FletPage, new_page
from tests.browser.hand import Hand
from tests.browser.post import ANY_PORT, PHONE_SIZE, unlock
from tests.browser.scripted_phone import ScriptedPhone, scripted_phone

NOTHING: Final = "khong_phat_hien"
SHEET_RISES_MS: Final = 600
AT_ONCE: Final = 2
"""Teams on their way at the same time: two draw on two cores while two wait."""
SECOND_PHONE_LATER_MS: Final = 180_000


@dataclass(frozen=True)
class Week:
    """The folder with the devices, and the station that has heard them all."""

    folder: Path
    station: Running
    scenario: Scenario


@asynccontextmanager
async def week_by_hand(browser: Browser, folder: Path) -> AsyncIterator[Week]:
    """A station and its phones; when this is entered all six teams are back and everything was sent."""
    scenario = read_scenario()
    station = await asyncio.to_thread(Station.make, folder / "station", scenario.register, wanted_port=ANY_PORT)
    running = await asyncio.to_thread(station.run, folder / "logs")
    try:
        people = dict.fromkeys([*(walk.person for walk in scenario.walks), scenario.second_phone, DESK_PERSON])
        await enrol_all(station, [new_device(folder, person) for person in people])
        turn = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as teams:
            for walk in scenario.walks:
                teams.create_task(_go(browser, folder, walk, turn))
            for seen in (seen for walk in scenario.walks for seen in walk.seen if seen.also_from_second_phone):
                teams.create_task(_see_with_second_phone(browser, folder, scenario.second_phone, seen, turn))
        yield Week(folder, running, scenario)
    finally:
        await asyncio.to_thread(running.end)


@asynccontextmanager
async def _open_phone(
    browser: Browser, folder: Path, person: str, clock: ScriptedClock
) -> AsyncIterator[tuple[ScriptedPhone, FletPage, Hand]]:
    async with (
        scripted_phone(folder_of(folder, person), clock) as phone,
        new_page(browser, **PHONE_SIZE, permissions=["camera"]) as page,
    ):
        await page.open(phone.address)
        await unlock(page, PHONE_PIN)
        await page.by_id("start-patrol").last.wait_for(state="attached")
        try:
            yield phone, page, Hand(page, load_catalogue())
        except BaseException:
            await page.picture(f"week/{person}-broke")
            raise


async def _go(browser: Browser, folder: Path, walk: Walked, turn: asyncio.Semaphore) -> None:
    clock = ScriptedClock(walk.started_ms, walk.clock_skew_ms)
    async with turn, _open_phone(browser, folder, walk.person, clock) as (phone, page, hand):
        await set_out(page, hand, walk)
        pictured = next((seen for seen in walk.seen if seen.picture is not None), None)
        for one in sorted([*walk.fixes, *walk.seen], key=lambda one: one.at_ms):
            if isinstance(one, Seen):
                clock.stand_at(one.at_ms)
                await record(page, hand, one, with_photo=one is pictured)
            else:
                await phone.receiver.hear(one)
        clock.stand_at(walk.ended_ms)
        await come_back(page, hand, walk)
        await page.picture(f"week/{walk.code}-back")
        await _send_all(phone)


async def _see_with_second_phone(browser: Browser, folder: Path, person: str, seen: Seen, turn: asyncio.Semaphore) -> None:
    clock = ScriptedClock(seen.at_ms + SECOND_PHONE_LATER_MS)
    async with turn, _open_phone(browser, folder, person, clock) as (phone, page, hand):
        await hand.tap("quick-report")
        await hand.tap(f"kind-{seen.form.kind}")
        await fill_in_and_save(page, hand, seen)
        await page.by_id("report-text").last.wait_for(state="attached")
        await hand.open("report-radio", "report-done")
        await hand.open("report-done", "start-patrol")
        await _send_all(phone)


async def set_out(page: FletPage, hand: Hand, walk: Walked) -> None:
    """The form of the start, as the order said it."""
    await hand.tap("start-patrol")
    await page.by_id("patrol-go").last.wait_for(state="attached")
    form = walk.start
    if not await hand.is_there(f"patrol-type-{form.type}"):
        await hand.tap("patrol-type-more")
    await hand.tap(f"patrol-type-{form.type}")
    if form.partner_unit:
        await hand.write("partner-unit", form.partner_unit)
        for _ in range(form.partner_people or 0):
            await hand.tap("partner-people-more")
    for force in form.composition:
        if not await hand.is_there(f"force-{force.force}-more"):
            await hand.tap("force-more")
        for _ in range(force.people):
            await hand.tap(f"force-{force.force}-more")
    if form.transport:
        await hand.tap(f"transport-{form.transport}")
    for unit in form.coordinating_units:
        await hand.tap(f"unit-{unit}")
    await hand.tap("patrol-go", fixed=True)
    await page.by_id("observe").last.wait_for(state="attached")


async def record(page: FletPage, hand: Hand, seen: Seen, *, with_photo: bool) -> None:
    """Nothing found by its one tap, everything else by its form."""
    if seen.form.kind == NOTHING:
        await hand.tap("nothing-found", fixed=True)
        await page.by_id("toast").last.wait_for(state="attached")
        return
    await hand.open("observe", "kinds")
    await hand.tap(f"kind-{seen.form.kind}")
    await page.by_id("save-record").last.wait_for(state="attached")
    if with_photo:
        await take_photo(page, hand)
    await fill_in_and_save(page, hand, seen)
    await page.by_id("observe").last.wait_for(state="attached")


async def take_photo(page: FletPage, hand: Hand) -> None:
    """By the camera in the form; with a reason where somebody may be in it who needs care."""
    await hand.tap("take-photo")
    await page.by_id("shutter").or_(page.by_id("photo-reason")).last.wait_for(state="attached")
    if await hand.is_there("photo-reason"):
        await page.by_start("photo-reason-").first.click()
    await page.wait_for_camera()
    await hand.open("shutter", "last-shot")
    await hand.open("camera-done", "thumb-0")


async def fill_in_and_save(page: FletPage, hand: Hand, seen: Seen) -> None:
    await page.by_id("save-record").last.wait_for(state="attached")
    position = seen.form.position
    if position is not None and (position.source == "typed" or seen.form.reporter_fix is not None):
        await hand.tap("move")
        await hand.tap("where-typed")
        await hand.write("coordinates", f"{position.latitude_e7 / 1e7:.5f}, {position.longitude_e7 / 1e7:.5f}")
    await hand.fill(seen.form)
    await hand.tap("save-record", fixed=True)


async def come_back(page: FletPage, hand: Hand, walk: Walked) -> None:
    """The end by holding, the result as the leader confirmed it."""
    await hand.open("sheet-more", "end-patrol")
    await page.page.wait_for_timeout(SHEET_RISES_MS)
    await hand.hold("end-patrol", "end-confirm")
    await hand.write("end-result", walk.end.result)
    await hand.tap("end-confirm", fixed=True)
    await unlock(page, PHONE_PIN)
    await page.by_id("hand-in").last.wait_for(state="attached")
    await page.picture(f"week/{walk.code}-handed-in")
    await hand.tap("hand-in-done", fixed=True)
    await page.by_id("start-patrol").last.wait_for(state="attached")


async def _send_all(phone: ScriptedPhone) -> None:
    """Waits until the station has all of it."""
    runner = phone.shared.handset.runner
    assert runner is not None
    async with asyncio.timeout(60):
        while (state := runner.state).waiting_count or state.waiting_photos or state.last_receipt_at is None:
            runner.nudge()
            await asyncio.sleep(0.2)
