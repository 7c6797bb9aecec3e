"""Two people, one sighting: recorded without a connection, kept through a kill, seen at the desk, asked back about."""

import io
import time
from functools import reduce

import pytest
from PIL import Image, ImageChops
from playwright.async_api import FloatRect

from demo.story import DESK_PIN, PHONE_PIN
from tests.browser.driver import FletPage
from tests.browser.post import DESK_SIZE, Post, desk_page, new_post, phone_page, unlock, walk
from tests.browser.tourist import LOG, SEND

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

STEPS = 10
PLATE = "87B-012.34"
QUESTION = "Xe dừng bao lâu, ai cho đi tiếp?"
SHOWN_WITHIN_S = 5.0

TRACK_COLOUR = (15, 81, 50)
"""The pine green of the day theme; the map's ground has none of it."""
CAMERA_COLOUR = (0, 136, 0)
"""What Chromium's invented camera shows most of."""


async def go_out_without_connection(phone: FletPage) -> None:
    await phone.press("toggle-cut")
    await phone.see("Đã cắt kết nối")
    await phone.press("start-patrol")
    await phone.press("patrol-type-khep_kin")
    for _ in range(3):
        await phone.press("force-bp-more")
    await phone.press("transport-di_bo")
    await phone.picture("journey-03-setting-out")
    await phone.press("patrol-go")
    await phone.by_id("observe").wait_for(state="attached")
    await phone.see("Đang ghi vết")
    await walk(phone, STEPS)
    await phone.see("0,3 km")
    await phone.picture("journey-04-on-patrol")


async def record_the_ambulance(phone: FletPage) -> None:
    await phone.press("observe")
    await phone.press("kind-van_chuyen")
    await phone.press("field-vehicle-more")
    await phone.press("field-vehicle-xe_cuu_thuong")
    await phone.by_id("care-xe_cuu_thuong").wait_for(state="attached")
    assert await comes_before(phone, "care-xe_cuu_thuong", "take-photo")
    await phone.picture("journey-05-care-first")
    await phone.press("care-nguoi_benh")
    await phone.press("take-photo")
    await phone.wait_for_camera()
    await phone.picture("journey-06-camera")
    await phone.press("shutter")
    await phone.by_id("last-shot").wait_for(state="attached")
    await phone.press("camera-done")
    await phone.by_id("thumb-0").wait_for(state="attached")
    await phone.fill("Biển kiểm soát", PLATE)
    await phone.press("field-direction-vao_noi_dia")
    await phone.press("field-driver-more")
    await phone.press("more-fields")
    for _ in range(5):
        await phone.press("field-passengers-max-more")
    await phone.picture("journey-07-filled-in")
    await phone.press("save-record")
    await phone.see("Đã lưu trên máy")
    await phone.picture("journey-08-saved-here")


async def comes_before(phone: FletPage, first: str, second: str) -> bool:
    above, below = await phone.by_id(first).last.bounding_box(), await phone.by_id(second).last.bounding_box()
    assert above is not None
    assert below is not None
    return above["y"] < below["y"]


async def find_everything_again(phone: FletPage) -> None:
    """After the kill: the patrol goes on, and the log has the record with its photo, waiting to be sent."""
    await phone.by_id("resume-patrol").wait_for(state="attached")
    await phone.picture("journey-10-back-after-the-kill")
    await phone.press("resume-patrol")
    await phone.by_id("observe").wait_for(state="attached")
    await phone.see("0,3 km")
    await phone.picture("journey-11-patrol-goes-on")
    await phone.press("sheet-more")
    await phone.press("to-today")
    await phone.open_tab(LOG)
    await phone.see(PLATE)
    await phone.press_first("row-")
    await phone.by_id("record-detail").wait_for(state="attached")
    await phone.see("Mở ảnh")
    await phone.see("Đã lưu trên máy")
    await phone.picture("journey-12-record-with-photo")


async def send_and_measure(post: Post, phone: FletPage, desk: FletPage) -> float:
    """Seconds from the connection's return until the desk shows record, photo and track."""
    await phone.press("back")
    await phone.open_tab(SEND)
    await phone.by_id("send-now").wait_for(state="attached")
    await phone.picture("journey-13-waiting-to-send")
    post.cable.plug()
    began = time.monotonic()
    await phone.press("send-now")
    await desk.by_id("photo-0").wait_for(state="attached")
    await desk.see(PLATE)
    photo = await desk.by_id("photo-0").bounding_box()
    assert photo is not None
    above_photos: FloatRect = {"x": photo["x"], "y": 60, "width": DESK_SIZE["width"] - photo["x"], "height": photo["y"] - 60}
    while not (await shows(desk, CAMERA_COLOUR, photo) and await shows(desk, TRACK_COLOUR, above_photos)):
        assert time.monotonic() - began < 3 * SHOWN_WITHIN_S, "photo or track is missing at the desk"
    return time.monotonic() - began


async def shows(page: FletPage, colour: tuple[int, int, int], part: FloatRect, *, least: int = 40) -> bool:
    """Whether so many pixels of about this colour are on this part of the screen."""
    image = Image.open(io.BytesIO(await page.page.screenshot(clip=part))).convert("RGB")
    near = [
        channel.point([255 if abs(level - wanted) <= 10 else 0 for level in range(256)])
        for channel, wanted in zip(image.split(), colour, strict=True)
    ]
    return reduce(ImageChops.darker, near).histogram()[255] >= least


async def ask_back(desk: FletPage) -> None:
    await desk.press("verdict-yeu_cau_bo_sung")
    await desk.fill("Lý do, dặn dò", QUESTION)
    await desk.picture("journey-15-desk-asks")
    await desk.press("verdict-write")
    await desk.see("Yêu cầu bổ sung")
    await desk.picture("journey-16-desk-asked")


async def read_the_question(phone: FletPage) -> None:
    await phone.open_tab(LOG)
    await phone.see("Cần bổ sung")
    await phone.picture("journey-17-returned")
    await phone.press_first("row-")
    await phone.by_id("review-question").wait_for(state="attached")
    await phone.see(QUESTION)
    await phone.picture("journey-18-the-question")


async def test_a_sighting_survives_the_valley_and_the_kill_and_comes_back_with_a_question(browser, built, tmp_path):
    async with new_post(built, tmp_path) as post, desk_page(browser) as desk:
        await desk.open(post.address("desk"))
        await unlock(desk, DESK_PIN)
        await desk.press("rail-review")
        await desk.picture("journey-01-desk-waits")
        async with phone_page(browser) as phone:
            await phone.open(post.address("phone"))
            await unlock(phone, PHONE_PIN)
            await phone.by_id("start-patrol").wait_for(state="attached")
            await phone.picture("journey-02-phone-open")
            await go_out_without_connection(phone)
            await record_the_ambulance(phone)
            post.kill_host("phone")
        post.cable.pull()
        assert PLATE not in await desk.text()
        await post.start_host("phone")
        async with phone_page(browser, steps=STEPS) as phone:
            await phone.open(post.address("phone"))
            await phone.by_id("pin-1").wait_for(state="attached")
            await phone.picture("journey-09-locked-after-the-kill")
            await unlock(phone, PHONE_PIN)
            await find_everything_again(phone)
            took_s = await send_and_measure(post, phone, desk)
            await desk.picture("journey-14-desk-shows-it")
            assert took_s < SHOWN_WITHIN_S
            await ask_back(desk)
            await read_the_question(phone)
        assert "Traceback" not in post.log("phone") + post.log("desk") + post.log("station")
