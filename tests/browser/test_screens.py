"""Every screen of the demo's week opens in Vietnamese, whole, on a phone of 360 x 800 and on a desk of 1440 x 900."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.story import DESK_PIN, PHONE_PIN
from tests.browser.driver import FletPage
from tests.browser.faults import find_faults
from tests.browser.post import desk_page, phone_page, unlock
from tests.browser.tour import DESK_SHORT, PHONE_SHORT, tour
from tests.browser.tourist import OnStop
from tests.demo_week import RunningDemo, running_demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

PHONE_TITLES = {
    "today": "Bắt đầu tuần tra",
    "kinds": "Thường báo nhanh",
    "record": "Vận chuyển nghi vấn",
    "record-missing": "Loại xe",
    "record-care": "Xe cứu thương: chăm sóc trước",
    "log": "Tìm không cần dấu",
    "send": "Gửi ngay",
    "settings": "Thiết lập",
    "start": "Loại tuần tra",
    "patrol": "Ghi nhận",
    "end": "Kết thúc",
    "hand-in": "bản ghi",
}
DESK_TITLES = {"now": "Việc khẩn", "review": "Hàng chờ"}


@pytest.fixture(scope="module")
def demo(played_demo, tmp_path_factory) -> Iterator[RunningDemo]:
    """Give a copy that runs: the tour sets out on a patrol, and others count the week."""
    with running_demo(Path(shutil.copytree(played_demo.folder, tmp_path_factory.mktemp("screens") / "run"))) as running:
        yield running


def inspector(page: FletPage, device: str, titles: dict[str, str], seen: list[str], faults: list[str]) -> OnStop:
    """Looks at each stop, and notes what is wrong with it."""

    async def stop(name: str) -> None:
        if name in titles:
            await page.see(titles[name])
        await page.settle()
        await page.picture(f"{device}-{name}")
        faults.extend(f"{device} {name}: {fault}" for fault in await find_faults(page))
        seen.append(name)

    return stop


async def test_every_screen_of_the_phone_opens_whole(browser, demo):
    seen: list[str] = []
    faults: list[str] = []
    async with phone_page(browser) as phone:
        await phone.open(demo.phone)
        await phone.by_id("pin-1").wait_for(state="attached", timeout=30_000)
        await phone.settle()
        await phone.picture("phone-unlock")
        faults += await find_faults(phone)
        await unlock(phone, PHONE_PIN)
        await tour(phone, PHONE_SHORT, inspector(phone, "phone", PHONE_TITLES, seen, faults))
    assert faults == []
    assert set(PHONE_TITLES) <= set(seen)


async def test_every_room_of_the_desk_opens_whole(browser, demo):
    seen: list[str] = []
    faults: list[str] = []
    async with desk_page(browser) as desk:
        await desk.open(demo.desk)
        await unlock(desk, DESK_PIN)
        await tour(desk, DESK_SHORT, inspector(desk, "desk", DESK_TITLES, seen, faults))
    assert faults == []
    assert set(DESK_TITLES) <= set(seen)
