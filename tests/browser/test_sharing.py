"""Two people share one phone: one leaves unsent work in a valley, the other works on, and with the signal everything arrives."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from demo.station import Station
from demo.story import PHONE_PIN
from journal.wire import JoinCode
from tests.browser.driver import FletPage
from tests.browser.post import Post, new_post, phone_page, unlock
from tests.browser.test_joining import NEW_PIN, PERSON, PERSON_CODE, paste, press_join
from tests.browser.tourist import LOG

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

OWNER = "Đội trưởng Đội Vũ trang"
OWNER_RECORD = "Không phát hiện"


async def choose(phone: FletPage, name: str, pin: str) -> None:
    """On the screen that asks who it is."""
    await phone.page.get_by_role("button", name=name).first.click()
    await phone.by_id("forgot-pin").wait_for(state="attached")
    await phone.picture("sharing-05-pin")
    await unlock(phone, pin)
    await phone.by_id("nothing-found").wait_for(state="attached")


async def hand_over(phone: FletPage) -> None:
    """From the first screen to the one that asks who it is."""
    await phone.open_tab(0)
    await phone.press("open-settings")
    await phone.press("switch-person")
    await phone.by_id("add-person").wait_for(state="attached")


async def join_second_person(phone: FletPage, post: Post) -> None:
    station = Station.reopen(post.folder / "station")
    (text,) = await asyncio.to_thread(station.issue_join_codes, [PERSON_CODE])
    code = JoinCode.from_text(text).model_copy(update={"address": f"http://127.0.0.1:{post.cable.port}"})
    await phone.press("add-person")
    await phone.by_id("join-back").wait_for(state="attached")
    await paste(phone, "join-code", code.as_text())
    await phone.fill("Đặt mã PIN", NEW_PIN)
    await phone.fill("Nhập lại mã PIN", NEW_PIN)
    await phone.picture("sharing-02-one-more-person-joins")
    await press_join(phone, code.as_text())
    await asyncio.to_thread(station.confirm, waiting_writers(post))
    await phone.by_id("nothing-found").wait_for(state="attached")


def waiting_writers(post: Post) -> list[str]:
    return [path.name for path in (post.folder / "phone" / "device").iterdir() if (path / "vault.json").exists()]


def writers_at_the_station(post: Post) -> set[str]:
    """Who has sent observations, by the rows of the station."""
    (database,) = (post.folder / "station").rglob("journal.sqlite")
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return {row[0] for row in connection.execute("SELECT DISTINCT writer FROM entry WHERE fact = 'observation_recorded'")}


async def record_nothing_found(phone: FletPage) -> None:
    await phone.press("nothing-found")
    await phone.by_id("toast").wait_for(state="attached")


async def test_what_one_leaves_unsent_arrives_while_the_other_works_and_sees_none_of_it(browser, built, tmp_path: Path):
    async with new_post(built, tmp_path) as post, phone_page(browser) as phone:
        await phone.open(post.address("phone"))
        await unlock(phone, PHONE_PIN)
        await phone.by_id("nothing-found").wait_for(state="attached")
        await hand_over(phone)
        await phone.picture("sharing-01-who-is-it")
        await join_second_person(phone, post)
        post.cable.pull()
        await hand_over(phone)
        await choose(phone, OWNER, PHONE_PIN)
        await record_nothing_found(phone)
        await hand_over(phone)
        await phone.see("Còn 1 mục chưa gửi")
        await phone.picture("sharing-03-unsent-of-one")
        await choose(phone, PERSON, NEW_PIN)
        await phone.open_tab(LOG)
        assert OWNER_RECORD not in await log_rows(phone)
        assert OWNER not in await phone.text()
        await phone.open_tab(0)
        await record_nothing_found(phone)
        post.cable.plug()
        await hand_over(phone)
        await phone.page.get_by_text("Đồn đã nhận hết").nth(1).wait_for(state="attached")
        await phone.picture("sharing-04-everything-arrived")
        assert writers_at_the_station(post) == set(waiting_writers(post))
        assert len(writers_at_the_station(post)) == 2
        assert "Traceback" not in post.log("phone") + post.log("station")


async def log_rows(phone: FletPage) -> str:
    rows = phone.by_start("row-")
    return "\n".join(await rows.all_inner_texts()) if await rows.count() else ""
