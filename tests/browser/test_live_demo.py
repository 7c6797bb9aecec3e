"""The live demo from end to end, by hand on real pages: from a record without a signal to the letter, and who looked at what."""

import asyncio
import io
import re
import shutil
from pathlib import Path

import docx
import pytest
from playwright.async_api import Browser

from app.record import ObservationForm
from demo.story import DESK_PERSON, DESK_PIN, PHONE_PIN
from journal.catalogue import load_catalogue
from tests.app.reports.test_quick_report import GOLDEN
from tests.browser.driver import FletPage
from tests.browser.hand import Hand
from tests.browser.live_demo import (
    AMBULANCE,
    FISHERMEN,
    HANDOVER,
    HELP,
    HUT,
    NODE_LEADER,
    STREAM_LEADER,
    TIP,
    LiveDemo,
    live_demo,
)
from tests.browser.post import desk_page, phone_page, unlock
from tests.browser.tourist import LOG, SEND, TODAY
from tests.counted_week import EXPECTED, THEMATIC

pytestmark = [
    pytest.mark.browser,
    pytest.mark.week,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

CASE = "Xe cứu thương ở ngã ba Phiêng Sặt"
QUEUE, DETAIL, BESIDE, NUMBERS = (260, 640), (640, 400), (1_200, 850), (400, 700)
"""Where the desk's queue lies, the open record, what stands beside a case, and the numbers of a report, in pixels."""
LOWEST = 895
SCROLLS = 40
CARE_AT_THE_STREAM = ObservationForm(kind="ho_tro", values={"assist": "y_te", "people_min": 2, "people_max": 2, "minors": 1})


async def there(page: FletPage, ident: str) -> None:
    await page.by_id(ident).last.wait_for(state="attached")


# --- the phones ---------------------------------------------------------------------------------------------------------


async def record_without_signal(phone: FletPage) -> None:
    """A child and a sick person at the stream: care first, step by step; the text for the radio needs no signal."""
    hand = Hand(phone, load_catalogue())
    await phone.open_tab(SEND)
    await hand.tap("send-cut")
    await phone.open_tab(TODAY)
    await hand.open("quick-report", "kinds")
    await hand.tap("kind-ho_tro")
    await there(phone, "save-record")
    await hand.fill(CARE_AT_THE_STREAM)
    for step in ("so_cuu", "giao_y_te", "giu_am", "bao_111"):
        await hand.tap(f"care-{step}")
    await phone.picture("live/phone-checklists")
    await hand.tap("save-record", fixed=True)
    await there(phone, "report-text")
    text = await phone.text()
    assert re.search(r"BÁO CÁO NHANH\. .*Loại hỗ trợ: Y tế\. Số người: 02\. Dưới 18 tuổi: 01\. Người báo: tổ trưởng", text)
    await phone.picture("live/phone-radio")
    await hand.open("report-radio", "report-done")
    await hand.open("report-done", "quick-report")


async def get_a_signal(phone: FletPage) -> None:
    hand = Hand(phone, load_catalogue())
    await phone.open_tab(SEND)
    await phone.see("mục · ")
    await hand.tap("send-cut")
    await hand.tap("send-now")
    await phone.see("Không có gì chờ gửi")


async def read_over_the_radio(phone: FletPage, demo: LiveDemo) -> None:
    hand = Hand(phone, load_catalogue())
    await phone.open_tab(LOG)
    await hand.open(f"row-{demo.the(AMBULANCE)}", "record-detail")
    await hand.open("open-report", "report-text")
    assert GOLDEN in await phone.text()
    await phone.picture("live/phone-golden")


# --- the desk -----------------------------------------------------------------------------------------------------------


async def open_record(desk: FletPage, subject: str, title: str) -> None:
    """Finds it in the queue, however far down it stands; waits until it is the one that is shown."""
    await desk.press("rail-review")
    await desk.by_start("review-row-").first.wait_for(state="attached")
    await scroll_to(desk, f"review-row-{subject}", QUEUE)
    await desk.by_id(f"review-row-{subject}").last.click()
    await shown(desk, title)


async def shown(desk: FletPage, title: str) -> None:
    heading = desk.by_id("detail-title")
    named = heading.and_(desk.page.locator(f'[aria-label*="{title}"]'))
    await heading.filter(has_text=title).or_(named).last.wait_for(state="attached")


async def scroll_to(desk: FletPage, ident: str, column: tuple[int, int]) -> None:
    """Scrolls one of the desk's columns until this part is whole in sight: down from here, then once from the top."""
    await desk.page.mouse.move(*column)
    for turn in range(SCROLLS):
        part = desk.by_id(ident).last
        box = await part.bounding_box() if await part.count() else None
        if box is not None and box["y"] + box["height"] < LOWEST:
            return
        await desk.page.mouse.wheel(0, -20_000 if turn == SCROLLS // 2 else 250)
        await desk.page.wait_for_timeout(150)
    raise AssertionError(f"{ident} cannot be reached: {await desk.screenshot(f'unreached-{ident}')}")


async def merge_and_judge(desk: FletPage, demo: LiveDemo) -> None:
    own, copy = demo.told[HUT]
    await open_record(desk, copy, "Lán")
    await scroll_to(desk, "join-duplicate", DETAIL)
    await desk.press("join-duplicate")
    await desk.press(f"join-{own}")
    await open_record(desk, demo.the(FISHERMEN), "2 người, đánh bắt cá")
    await desk.fill("Lý do, dặn dò", "Người địa phương đánh cá")
    await desk.press("verdict-sinh_hoat_binh_thuong")
    await there(desk, "verdict-done")
    await desk.picture("live/desk-reviewed")


async def gather_the_case(desk: FletPage, demo: LiveDemo) -> None:
    """Begun with the ambulance; what it offers of the same night is put in, people first."""
    await open_record(desk, demo.the(AMBULANCE), "Xe cứu thương 87B-012.34")
    await desk.see("Giữ ấm")
    await scroll_to(desk, "link-case", DETAIL)
    await desk.press("link-case")
    await desk.fill("Tên vụ việc mới VV-2026-0001", CASE)
    await desk.press("case-open")
    await desk.press("rail-case")
    for number in (TIP, HELP, HANDOVER):
        await scroll_to(desk, f"suggested-link-{demo.the(number)}", BESIDE)
        await desk.by_id(f"suggested-link-{demo.the(number)}").last.click()
        await there(desk, f"case-item-{demo.the(number)}")
    await desk.see("1 người dưới 18 tuổi · đã gọi 111")
    await desk.picture("desk-case-board")


async def look_out(desk: FletPage) -> None:
    await desk.press("case-book-vehicles")
    await desk.fill("Biển số", "87B-012.34")
    await desk.press("lookout-reason-vu_viec")
    await desk.press("lookout-give")
    await desk.by_start("lookout-read-").first.wait_for(state="attached")
    await desk.press_first("lookout-read-")
    await desk.see("Biển 87B01234: đã gặp 1 lần")
    await desk.picture("desk-case-vehicles")


async def hand_over(desk: FletPage) -> None:
    await desk.press("case-book-handovers")
    await desk.see("BB-BG 12/2026")
    await desk.picture("desk-case-handovers")


async def saved(desk: FletPage, ident: str) -> bytes:
    async with desk.page.expect_download() as waiting:
        await desk.press(ident)
    path = await (await waiting.value).path()
    return await asyncio.to_thread(Path(path).read_bytes)


def words_of(raw: bytes) -> str:
    document = docx.Document(io.BytesIO(raw))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


async def report(desk: FletPage, demo: LiveDemo) -> None:
    """The month that closed, then up to a cut-off of its own; the letter says the scenario's numbers."""
    await desk.press("rail-report")
    await desk.see("Từ 15/10/2026 đến 14/11/2026")
    await there(desk, "number-patrols")
    await choose(desk, "window-kind", "Chuyên đề, tự chọn ngày")
    await desk.fill_until("Chốt hết ngày", "10/11/2026", "Từ 15/10/2026 đến 10/11/2026")
    await desk.picture("live/desk-report")
    expected = EXPECTED[THEMATIC]
    said = words_of(await saved(desk, "save-docx"))
    assert f"Tổ chức {expected['patrols']:02} lượt tổ tuần tra với {expected['people_turns_own']} lượt người" in said
    assert f"Trong kỳ có {expected['observations']} ghi nhận" in said
    assert f"kiểm tra {expected['markers_checked']:02} mốc, cọc dấu" in said
    assert "Số liệu từ ngày 15/10/2026 đến ngày 10/11/2026" in said
    await scroll_to(desk, "number-handovers", NUMBERS)
    await desk.by_id("number-handovers").last.click()
    sheet = words_of(await saved(desk, f"make-handover-{demo.the(HANDOVER)}"))
    assert "PHIẾU BÀN GIAO" in sheet.upper()


async def choose(desk: FletPage, menu: str, label: str) -> None:
    await desk.press(menu)
    await desk.page.get_by_role("button", name=label, exact=True).or_(desk.page.get_by_role("menuitem", name=label)).last.click()


async def look_who_looked(desk: FletPage, demo: LiveDemo) -> None:
    await open_record(desk, demo.the(AMBULANCE), "Xe cứu thương 87B-012.34")
    await scroll_to(desk, "who-looked", DETAIL)
    await desk.press("who-looked")
    await there(desk, "access-copies")
    told = await desk.text()
    assert re.search(r"Đồn trưởng · \d\d/\d\d/2026", told)
    assert "Tải ảnh" in told
    await desk.picture("live/desk-access")


async def look_ahead(desk: FletPage, demo: LiveDemo) -> None:
    await desk.press("rail-register")
    await desk.press("book-retention")
    await desk.press(f"keeping-row-{demo.the(FISHERMEN)}")
    await shown(desk, "2 người, đánh bắt cá")
    await scroll_to(desk, "who-looked", DETAIL)
    await desk.see("Đến hạn xóa phần cá nhân: 07/11/2028")
    await desk.picture("live/desk-retention")


async def test_the_live_demo_goes_from_a_record_without_signal_to_the_letter_and_who_looked(
    browser: Browser, played_demo, tmp_path: Path
):
    folder = Path(shutil.copytree(played_demo.before_desk, tmp_path / "run"))
    async with live_demo(folder) as demo:
        async with phone_page(browser) as phone:
            await phone.open(demo.address(STREAM_LEADER))
            await unlock(phone, PHONE_PIN)
            await there(phone, "quick-report")
            await record_without_signal(phone)
            await get_a_signal(phone)
        async with phone_page(browser) as phone:
            await phone.open(demo.address(NODE_LEADER))
            await unlock(phone, PHONE_PIN)
            await there(phone, "quick-report")
            await read_over_the_radio(phone, demo)
        async with desk_page(browser, accept_downloads=True) as desk:
            await desk.open(demo.address(DESK_PERSON))
            await unlock(desk, DESK_PIN)
            await there(desk, "rail-review")
            await merge_and_judge(desk, demo)
            await gather_the_case(desk, demo)
            await look_out(desk)
            await hand_over(desk)
            await report(desk, demo)
            await look_who_looked(desk, demo)
            await look_ahead(desk, demo)
