"""What reaches from a phone to the station beside a record: a spoken note, who told a tip, the line of a new trail."""

import pytest

from demo.story import DESK_PIN, PHONE_PIN
from tests.browser.driver import FletPage
from tests.browser.post import desk_page, new_post, phone_page, unlock, walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

CONTACT = "bác chủ quán dưới gốc đa"
NUMBER = "0999 123 321"
WHY = "Gọi lại để hỏi giờ xe qua"
SPOKEN_MS = 3_500


async def choose(phone: FletPage, field: str, code: str) -> None:
    """Presses an answer; a long list is unfolded first."""
    await phone.by_start(f"{field}-").first.wait_for(state="attached")
    if await phone.by_id(f"{field}-{code}").count() == 0:
        await phone.press(f"{field}-more")
    await phone.press(f"{field}-{code}")


async def speak_a_note(phone: FletPage) -> None:
    await phone.press("speak")
    await phone.by_id("listening").wait_for(state="attached")
    await phone.page.wait_for_timeout(SPOKEN_MS)
    await phone.picture("notes-02-listening")
    await phone.press("voice-keep")
    await phone.by_id("voice-play-1").wait_for(state="attached")
    await phone.see("Lời nói 1 · 0:0")
    await phone.picture("notes-03-spoken")
    await phone.press("voice-play-1")
    await phone.see("Dừng nghe")
    await phone.press("voice-play-1")


async def seal_who_told_it(phone: FletPage) -> None:
    await phone.press("seal-source")
    await phone.by_id("source-seal").wait_for(state="attached")
    await phone.fill("Tên hoặc cách gọi", CONTACT)
    await phone.fill("Số điện thoại", NUMBER)
    await phone.picture("notes-04-source")
    await phone.press("source-seal")
    await phone.by_id("source-sealed").wait_for(state="attached")
    assert CONTACT not in await phone.text()
    await phone.picture("notes-05-sealed")


async def record_the_tip(phone: FletPage) -> None:
    await phone.press("quick-report")
    await phone.press("kind-tin_bao")
    await phone.by_id("speak").wait_for(state="attached")
    await phone.picture("notes-01-form")
    await speak_a_note(phone)
    await seal_who_told_it(phone)
    await choose(phone, "field-channel", "dien_thoai")
    await phone.fill("Nội dung *", "Xe bảy chỗ đi đêm qua cầu treo")
    await phone.press("save-record")


async def read_it_at_the_desk(desk: FletPage) -> None:
    await desk.by_id("voice-0").wait_for(state="attached", timeout=30_000)
    await desk.picture("notes-06-desk")
    await desk.press("voice-0")
    await desk.see("Dừng nghe")
    await desk.page.get_by_text("Dừng nghe").last.wait_for(state="detached")
    assert CONTACT not in await desk.text()
    await desk.press("open-source")
    await desk.by_id("source-dialog").wait_for(state="attached")
    await desk.press("source-open")
    await desk.see("Viết lý do")
    await desk.fill("Lý do mở", WHY)
    await desk.picture("notes-07-why")
    await desk.press("source-open")
    await desk.by_id("source-opened").wait_for(state="attached")
    await desk.see(CONTACT)
    await desk.picture("notes-08-opened")
    await desk.press("source-close")
    await desk.by_id("source-dialog").wait_for(state="detached")
    assert CONTACT not in await desk.text()


async def test_a_spoken_note_and_a_sealed_source_reach_the_commander(browser, built, tmp_path):
    async with new_post(built, tmp_path) as post, desk_page(browser) as desk:
        await desk.open(post.address("desk"))
        await unlock(desk, DESK_PIN)
        await desk.press("rail-review")
        async with phone_page(browser) as phone:
            await phone.open(post.address("phone"))
            await unlock(phone, PHONE_PIN)
            await record_the_tip(phone)
            await read_it_at_the_desk(desk)


async def test_a_new_trail_is_walked_in_and_drawn_on_the_phone_and_at_the_desk(browser, built, tmp_path):
    async with new_post(built, tmp_path) as post, desk_page(browser) as desk:
        await desk.open(post.address("desk"))
        await unlock(desk, DESK_PIN)
        await desk.press("rail-review")
        async with phone_page(browser) as phone:
            await phone.open(post.address("phone"))
            await unlock(phone, PHONE_PIN)
            await phone.press("quick-report")
            await phone.press("kind-duong_mon")
            await choose(phone, "field-status", "moi_phat_hien")
            await phone.press("field-walked_line-yes")
            await phone.picture("notes-09-new-trail")
            await phone.press("save-record")
            await phone.by_id("trail-start").wait_for(state="attached")
            await phone.picture("notes-10-before-the-walk")
            await phone.press("trail-start")
            await walk(phone, 12)
            await phone.page.wait_for_timeout(6_000)
            await phone.by_id("trail-map").wait_for(state="attached")
            await phone.picture("notes-11-walking")
            await phone.press("trail-stop")
            await phone.by_id("trail-told").wait_for(state="attached")
            await phone.picture("notes-12-walked")
            await desk.by_id("detail-line").wait_for(state="attached", timeout=30_000)
            await desk.picture("notes-13-desk-line")
