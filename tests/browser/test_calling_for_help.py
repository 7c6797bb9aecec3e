"""A call for help from a valley: nobody hears it, then the station does, then the desk answers and the phone shows who."""

import pytest

from demo.story import DESK_PIN, PHONE_PIN
from tests.browser.driver import FletPage
from tests.browser.post import desk_page, new_post, phone_page, unlock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

HOLD_MS = 1_900
WAIT_MS = 20_000


async def stands(page: FletPage, ident: str) -> None:
    await page.by_id(ident).first.wait_for(state="attached", timeout=WAIT_MS)


async def call_from_the_valley(phone: FletPage) -> None:
    await stands(phone, "start-patrol")
    await phone.hold("sos-shield", hold_ms=700)
    assert await phone.by_id("sos-screen").count() == 0, "a short touch calls nobody"
    await phone.hold("sos-shield", hold_ms=HOLD_MS)
    await stands(phone, "step-saved-done")
    await phone.picture("sos-01-just-called")
    await stands(phone, "sos-here")
    await phone.see("Đã thử", timeout_ms=WAIT_MS)
    await phone.picture("sos-02-nobody-hears")
    await phone.press("sos-kind-ran_can")
    await phone.press("sos-people-more")
    await phone.bring_into_sight("sos-text")
    await phone.see("Tình huống: Rắn cắn. 01 người.")
    await phone.picture("sos-03-said-what")


async def answer_at_the_desk(desk: FletPage) -> None:
    await desk.by_start("alarm-bar-").first.wait_for(state="attached", timeout=WAIT_MS)
    await desk.see("Rắn cắn", timeout_ms=WAIT_MS)
    await desk.picture("sos-05-desk-in-another-room")
    await desk.press_first("bar-show-")
    await desk.by_start("alarm-note-").first.wait_for(state="attached", timeout=WAIT_MS)
    await desk.picture("sos-06-desk-now")
    await desk.fill("Nhắn lại cho tổ", "Tổ 2 đến lúc 15:10")
    await desk.press_first("alarm-answer-")
    await desk.see("trả lời lúc", timeout_ms=WAIT_MS)
    await desk.picture("sos-07-desk-answered")


async def test_a_call_is_heard_when_the_network_returns_and_the_phone_shows_who_answered(browser, built, tmp_path):
    async with new_post(built, tmp_path) as post, desk_page(browser) as desk:
        await desk.open(post.address("desk"))
        await unlock(desk, DESK_PIN)
        await desk.press("rail-report")
        post.cable.pull()
        async with phone_page(browser) as phone:
            await phone.open(post.address("phone"))
            await unlock(phone, PHONE_PIN)
            await call_from_the_valley(phone)
            post.kill_host("phone")
        await post.start_host("phone")
        async with phone_page(browser) as phone:
            await phone.open(post.address("phone"))
            await stands(phone, "sos-bar")
            await phone.picture("sos-04-locked-after-the-kill")
            post.cable.plug()
            await answer_at_the_desk(desk)
            await phone.press("sos-bar")
            await phone.see("Tổ 2 đến lúc 15:10", timeout_ms=WAIT_MS)
            await phone.picture("sos-08-answered-while-locked")
            await phone.press("to-pin")
            await unlock(phone, PHONE_PIN)
            await stands(phone, "start-patrol")
            await phone.press("sos-bar")
            await stands(phone, "sos-answered")
            await phone.see("đã nghe lúc", timeout_ms=WAIT_MS)
            await phone.picture("sos-09-who-answered")
            await close_at_the_desk(desk)
            await stands(phone, "sos-over")
            await phone.picture("sos-10-over")
            await phone.press("sos-put-away")
            await stands(phone, "start-patrol")
            assert await phone.by_id("sos-bar").count() == 0
        assert "Traceback" not in post.log("phone") + post.log("desk") + post.log("station")


async def close_at_the_desk(desk: FletPage) -> None:
    await desk.press_first("alarm-close-")
    await desk.press("outcome-helped")
    await desk.picture("sos-11-desk-closing")
    await desk.press_first("alarm-write-")
    await desk.by_start("alarm-bar-").first.wait_for(state="detached", timeout=WAIT_MS)
    await desk.press("rail-register")
    await desk.press("book-alarms")
    await desk.by_start("alarm-row-").first.wait_for(state="attached", timeout=WAIT_MS)
    await desk.picture("sos-12-register")
