"""What a record costs a tired hand: taps and typed fields, counted on the real page from the open first screen."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from demo.processes import ROOT
from demo.story import PHONE_PERSON, PHONE_PIN, folder_of
from tests.browser.cable import laid_cable
from tests.browser.driver import FletPage
from tests.browser.hand import Hand
from tests.browser.post import phone_page, unlock
from tests.browser.scripted_phone import here_and_now, scripted_phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

COUNTED = ROOT / "build" / "few_touches.json"
MOST = {"nothing_found": 1, "observation_with_photo": 8, "quick_report": 12}


@dataclass
class Open:
    """A phone's first screen, unlocked, with nothing under way."""

    page: FletPage
    hand: Hand


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser, built, tmp_path) -> AsyncIterator[Open]:
    station = await asyncio.to_thread(built.copy_to, tmp_path)
    running = await asyncio.to_thread(station.run, tmp_path / "logs")
    try:
        async with (
            laid_cable(station.port, port=built.cable_port),
            scripted_phone(folder_of(tmp_path, PHONE_PERSON), here_and_now()) as host,
            phone_page(browser) as page,
        ):
            await page.open(host.address)
            await unlock(page, PHONE_PIN)
            await page.by_id("start-patrol").last.wait_for(state="attached")
            await host.receiver.hear(host.receiver.fix_here())
            yield Open(page, Hand(page, host.shared.catalogue))
    finally:
        await asyncio.to_thread(running.end)


def keep_count(what: str, counted: int) -> None:
    """For the benchmarks, which print what was counted here."""
    known = json.loads(COUNTED.read_text()) if COUNTED.exists() else {}
    COUNTED.parent.mkdir(exist_ok=True)
    COUNTED.write_text(json.dumps({**known, what: counted}))
    sys.stdout.write(f"{what}: {counted} interactions, at most {MOST[what]}\n")
    assert counted <= MOST[what]


async def set_out(phone: Open) -> None:
    await phone.hand.tap("start-patrol")
    await phone.hand.tap("patrol-type-khep_kin")
    await phone.hand.tap("force-bp-more")
    await phone.hand.tap("patrol-go", fixed=True)
    await phone.page.by_id("observe").last.wait_for(state="attached")
    phone.hand.interactions = 0


async def test_nothing_found_is_one_tap_and_one_takes_it_back(phone):
    await set_out(phone)
    await phone.hand.tap("nothing-found", fixed=True)
    await phone.page.by_id("toast").last.wait_for(state="attached")
    counted = phone.hand.interactions
    await phone.hand.tap("toast-undo", fixed=True)
    await phone.page.see("Đã bỏ")
    keep_count("nothing_found", counted)


async def test_an_observation_with_a_photo_takes_at_most_eight(phone):
    await set_out(phone)
    for ident in ("observe", "kind-moc", "take-photo"):
        await phone.hand.tap(ident)
    await phone.page.wait_for_camera()
    await phone.hand.tap("shutter", fixed=True)
    await phone.page.by_id("last-shot").last.wait_for(state="attached")
    await phone.hand.tap("camera-done", fixed=True)
    await phone.hand.tap("field-marker-known-place:M903")
    await phone.hand.tap("field-condition-nguyen_trang")
    await phone.hand.tap("save-record", fixed=True)
    await phone.page.by_id("toast").last.wait_for(state="attached")
    keep_count("observation_with_photo", phone.hand.interactions)


async def test_a_quick_report_takes_at_most_twelve_and_can_be_read_aloud(phone):
    phone.hand.interactions = 0
    for ident in ("quick-report", "kind-van_chuyen", "field-vehicle-more", "field-vehicle-xe_cuu_thuong"):
        await phone.hand.tap(ident)
    await phone.page.by_id("care-xe_cuu_thuong").last.wait_for(state="attached")
    await phone.hand.tap("field-direction-vao_noi_dia")
    await phone.hand.write("field-plate", "87B-012.34")
    await phone.hand.tap("save-record", fixed=True)
    await phone.page.by_id("report-text").last.wait_for(state="attached")
    keep_count("quick_report", phone.hand.interactions)
    assert "87B-012.34" in await phone.page.text()
