"""Before the PIN: one tap says that nothing was found, a note takes a photo along, and the page shows none of it."""

from pathlib import Path

import pytest

from demo.story import PHONE_PIN
from tests.browser.driver import FletPage
from tests.browser.post import new_post, phone_page, unlock
from tests.browser.test_sharing import OWNER, hand_over
from tests.browser.tourist import LOG

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

NOTE = "Hai xe lạ ở bến đá"
WAIT_MS = 20_000


async def stands(page: FletPage, ident: str) -> None:
    await page.by_id(ident).first.wait_for(state="attached", timeout=WAIT_MS)


async def lock(phone: FletPage) -> None:
    await hand_over(phone)
    await phone.page.get_by_role("button", name=OWNER).first.click()
    await stands(phone, "forgot-pin")


async def note_with_photo(phone: FletPage) -> None:
    await phone.fill("Thấy gì, ở đâu", NOTE)
    await phone.press("capture-camera")
    await phone.wait_for_camera()
    await phone.press("shutter")
    await phone.see("1/8", timeout_ms=WAIT_MS)
    await phone.picture("capture-03-camera")
    await phone.press("camera-done")
    await phone.see("Kèm 1 ảnh", timeout_ms=WAIT_MS)
    await phone.picture("capture-04-note")
    await phone.bring_into_sight("capture-save")
    await phone.press("capture-save")
    await phone.see("Vừa ghi 2 mục", timeout_ms=WAIT_MS)


async def test_a_locked_phone_takes_a_tap_and_a_note_with_a_photo_and_shows_neither(browser, built, tmp_path: Path):
    async with new_post(built, tmp_path) as post, phone_page(browser) as phone:
        await phone.open(post.address("phone"))
        await stands(phone, "pin-1")
        assert await phone.by_id("capture-open").count() == 0, "a phone that was just started writes in nobody's name"
        await unlock(phone, PHONE_PIN)
        await stands(phone, "nothing-found")
        await lock(phone)
        await stands(phone, "capture-open")
        await phone.picture("capture-01-pin")
        await phone.press("capture-open")
        await stands(phone, "capture-nothing")
        await phone.picture("capture-02-open")
        await phone.press("capture-nothing")
        await stands(phone, "capture-saved")
        await note_with_photo(phone)
        await phone.picture("capture-05-saved")
        assert NOTE not in await phone.text()
        await phone.press("capture-back")
        await unlock(phone, PHONE_PIN)
        await stands(phone, "nothing-found")
        await phone.open_tab(LOG)
        await stands(phone, "status-strip")
        await phone.see("Tin báo", timeout_ms=WAIT_MS)
        await phone.picture("capture-06-log-after-the-pin")
        assert "Traceback" not in post.log("phone")
