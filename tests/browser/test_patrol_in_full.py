"""A whole patrol in the browser: checked, walked, paused, closed by the leader's PIN, handed in; and one entered at the desk."""

import pytest

from demo.story import DESK_PIN, PHONE_PIN
from tests.browser.driver import FletPage
from tests.browser.post import desk_page, new_post, phone_page, unlock, walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

STEPS = 6
HELD_MS = 2_600
CLEAR_Y = 650
"""Under this line of a phone 800 high stand the buttons that do not scroll."""


async def reach(phone: FletPage, ident: str) -> None:
    """Scrolls until this part lies clear of what is fixed at the bottom, and presses it."""
    for _ in range(12):
        part = phone.by_id(ident).last
        box = await part.bounding_box() if await part.count() else None
        if box is not None and box["y"] + box["height"] < CLEAR_Y:
            break
        await phone.page.mouse.move(180, 400)
        await phone.page.mouse.wheel(0, 200)
        await phone.page.wait_for_timeout(300)
    await phone.press(ident)


async def write(page: FletPage, ident: str, text: str) -> None:
    """Types into the field with this identifier: one with a hint is not found by its label."""
    field = page.by_id(ident).last.locator("input, textarea").last
    for _ in range(5):
        await field.click()
        await field.fill(text)
        await page.page.wait_for_timeout(150)
        if await field.input_value() == text:
            return
    raise AssertionError(f"{ident} does not take {text!r}")


async def set_out(phone: FletPage) -> None:
    """Checked first; the draft waits meanwhile. The browser gives no right to notices: the leader goes nevertheless."""
    await phone.press("start-patrol")
    await phone.press("patrol-type-khep_kin")
    for _ in range(2):
        await phone.press("force-bp-more")
    await phone.press("ready-line")
    await phone.by_id("ready-answer").wait_for(state="attached")
    await phone.see("Định vị thử")
    await phone.picture("patrol-01-check")
    await phone.press("check-start")
    for _ in range(2):
        await reach(phone, "force-bp-more")
    await reach(phone, "transport-di_bo")
    await reach(phone, "route-open")
    await phone.fill("Tìm nơi đi qua", "moc 901")
    await reach(phone, "route-place:M901")
    await phone.picture("patrol-02-start")
    await phone.press("patrol-go")
    await phone.by_id("observe").wait_for(state="attached")


async def change_on_the_way(phone: FletPage) -> None:
    await phone.press("nothing-found")
    await phone.by_id("toast").wait_for(state="attached")
    await phone.press("sheet-more")
    await phone.press("pause")
    await phone.press("pause-reason-rest")
    await phone.see("Đang tạm dừng")
    await phone.picture("patrol-03-paused")
    await phone.press("resume")
    await phone.press("extend")
    await phone.press("extend-by-2")
    await phone.see("Đã lùi giờ hẹn về")
    await phone.picture("patrol-04-extended")


async def close(phone: FletPage) -> None:
    # The last message still lies over the map: it moves nothing that is held meanwhile.
    await phone.hold("end-patrol", hold_ms=HELD_MS)
    await phone.by_id("end-confirm").wait_for(state="attached")
    await phone.see("Chưa tới: Mốc 901")
    await phone.picture("patrol-05-end")
    await phone.press("end-confirm")
    await phone.by_id("pin-1").wait_for(state="attached")
    for figure in "111222":
        await phone.press(f"pin-{figure}")
    await phone.press("pin-submit")
    await phone.see("Còn 9 lần")
    await phone.picture("patrol-06-pin")
    await unlock(phone, PHONE_PIN)
    await phone.by_id("hand-in").wait_for(state="attached")
    await phone.see("1 bản ghi")
    await phone.picture("patrol-07-hand-in")


async def enter_on_behalf(desk: FletPage) -> None:
    """From the desk's plan: told by radio, with its return."""
    await desk.press("rail-plan")
    await desk.press("desk-behalf")
    await desk.press("behalf-new")
    await desk.press("channel-radio")
    await desk.by_id("behalf-leader").click()
    await desk.page.get_by_role("button", name="Chốt trưởng Chốt số 2").last.click()
    await write(desk, "behalf-started", "0:10")
    await desk.press("patrol-type-khep_kin")
    await desk.press("force-bp-more")
    await desk.picture("patrol-08-behalf-start")
    await desk.press("behalf-save")
    await desk.by_id("behalf-patrol").wait_for(state="attached")
    await desk.press("behalf-nothing")
    await desk.by_id("toast").wait_for(state="attached")
    await desk.press("behalf-end")
    await write(desk, "behalf-ended", "0:20")
    await desk.press("behalf-end-save")
    await desk.see("Nhập hộ, báo bằng bộ đàm")
    await desk.picture("patrol-09-behalf")


async def test_a_patrol_is_checked_walked_closed_and_handed_in_and_one_is_entered_at_the_desk(browser, built, tmp_path):
    async with new_post(built, tmp_path) as post:
        async with phone_page(browser) as phone:
            await phone.open(post.address("phone"))
            await unlock(phone, PHONE_PIN)
            await set_out(phone)
            await walk(phone, STEPS)
            await change_on_the_way(phone)
            await close(phone)
            await phone.see("Đồn đã nhận mọi thứ")
            await phone.press("hand-in-done")
            await phone.by_id("start-patrol").wait_for(state="attached")
        async with desk_page(browser) as desk:
            await desk.open(post.address("desk"))
            await unlock(desk, DESK_PIN)
            await enter_on_behalf(desk)
        assert "Traceback" not in post.log("phone") + post.log("desk") + post.log("station")
