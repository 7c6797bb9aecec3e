"""The map in a real browser: packs from a file and from the station, layers, places, a finger on the ground, a scanned sheet."""

import asyncio
import io
import math
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import TimeoutError as NotThere

from demo.story import PHONE_PIN
from sync_server.map_packs import MapPackFolder
from tests.app.maps.made_packs import Tile, one_colour_png, write_mbtiles, write_pmtiles
from tests.browser.driver import FletPage
from tests.browser.faults import find_faults
from tests.browser.post import START_AT, Post, new_post, phone_page, unlock
from tests.browser.tourist import MAP

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

STATION_COLOUR, FILE_COLOUR = (0, 160, 220), (230, 120, 0)
"""Colours that nothing else on the screen has."""


def tiles_around(zoom: int, colour: tuple[int, int, int], reach: int) -> list[Tile]:
    """Tiles of one colour around the start, XYZ rows."""
    latitude, longitude = START_AT
    across = 2**zoom
    column = int((longitude + 180) / 360 * across)
    row = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * across)
    image = one_colour_png("#{:02x}{:02x}{:02x}".format(*colour))
    return [(zoom, column + x, row + y, image) for x in range(-reach, reach + 1) for y in range(-reach, reach + 1)]


def offer(post: Post, folder: Path) -> str:
    tiles = [(zoom, x, (1 << zoom) - 1 - y, image) for zoom, x, y, image in tiles_around(14, STATION_COLOUR, 4)]
    described = {"name": "Huyện", "bounds": "103.7,20.7,104.0,21.0", "minzoom": "14", "maxzoom": "14"}
    source = write_mbtiles(folder / "huyen.mbtiles", described, tiles)
    return MapPackFolder(post.folder / "station" / "map-packs").add(source, "Huyện 1:50.000", 5).sha256[:16]


async def choose_file(phone: FletPage, ident: str, path: Path) -> None:
    await phone.page.mouse.move(180, 500)
    await phone.page.mouse.wheel(0, 4_000)
    await phone.page.wait_for_timeout(600)
    async with phone.page.expect_file_chooser(timeout=90_000) as chooser:
        await phone.press(ident)
    await (await chooser.value).set_files(path)


async def share_of(phone: FletPage, colour: tuple[int, int, int]) -> float:
    """How much of the screen has about this colour."""
    picture = Image.open(io.BytesIO(await phone.page.screenshot())).convert("RGB")
    near = sum(
        count for count, rgb in picture.getcolors(1 << 24) or [] if all(abs(a - b) < 24 for a, b in zip(rgb, colour, strict=True))
    )
    return near / (picture.width * picture.height)


async def see_colour(phone: FletPage, colour: tuple[int, int, int]) -> None:
    for _ in range(30):
        if await share_of(phone, colour) > 0.2:
            return
        await phone.page.wait_for_timeout(300)
    raise AssertionError(f"the map does not show {colour}")


async def bring_packs(phone: FletPage, folder: Path, offered: str) -> None:
    """One pack from the station, one from a file; a broken one is refused by a word."""
    await phone.press("open-packs")
    await phone.press(f"fetch-{offered}")
    await phone.by_id(f"pack-{offered}").wait_for(state="attached")
    broken = folder / "hong.mbtiles"
    broken.write_bytes(b"SQLite format 3\0" + bytes(500))
    await choose_file(phone, "pick-pack", broken)
    await phone.see("không phải gói bản đồ")
    await phone.page.mouse.wheel(0, -4_000)
    await phone.press("coming-close")
    tiles = tiles_around(14, FILE_COLOUR, 4)
    await choose_file(phone, "pick-pack", write_pmtiles(folder / "xa.pmtiles", tiles, name="Xã"))
    await phone.see("Xã")
    await phone.page.mouse.wheel(0, -4_000)
    await phone.press(f"choose-{offered}")
    await phone.see("Đang dùng gói này")
    assert await find_faults(phone) == []
    await phone.picture("map-packs")
    await phone.press("back")


async def look_at_places(phone: FletPage) -> None:
    """Search without marks, a place with its position in every form."""
    await phone.press("open-places")
    await phone.fill("Tìm kiếm", "moc 905")
    await phone.press("row-place:M905")
    await phone.press("more-forms")
    await phone.by_id("form-mgrs").wait_for(state="attached")
    await phone.by_id("form-vn2000_utm").wait_for(state="attached")
    assert await find_faults(phone) == []
    await phone.picture("map-place")
    # What slides away still has a way back of its own.
    await phone.press("back")
    await phone.gone("more-forms")
    await phone.press("back")
    await phone.gone("places")


async def record_where_a_finger_rests(phone: FletPage) -> None:
    """A finger on the map, a kind, and the form has that position; moved by the cross, then typed as a marker with metres."""
    await phone.page.wait_for_timeout(600)
    for _ in range(3):  # the map takes no finger while it is still being drawn
        await phone.page.mouse.move(180, 320)
        await phone.page.mouse.down()
        await phone.page.wait_for_timeout(1_200)
        await phone.page.mouse.up()
        with suppress(NotThere):
            await phone.by_id("record-here").last.wait_for(state="attached", timeout=6_000)
            break
    await phone.press("record-here")
    await phone.press("kind-dau_vet")
    await phone.see("Chỉ trên bản đồ")
    await phone.press("move")
    await phone.press("where-map")
    await phone.press("pick-this")
    await phone.by_id("save-record").wait_for(state="attached")
    await phone.see("Chỉ trên bản đồ")
    await phone.press("move")
    await phone.press("where-typed")
    await phone.fill("Tọa độ hoặc mốc", "moc 902+150m")
    await phone.see("Theo mốc, địa điểm")
    await phone.picture("map-typed")
    await phone.press("back")


async def test_a_phone_gets_its_maps_and_records_on_them(browser, built, tmp_path):
    async with new_post(built, tmp_path / "post") as post, phone_page(browser) as phone:
        offered = await asyncio.to_thread(offer, post, tmp_path)
        await phone.open(post.address("phone"))
        await unlock(phone, PHONE_PIN)
        await phone.by_id("quick-report").wait_for(state="attached", timeout=30_000)
        await phone.open_tab(MAP)
        await phone.by_id("find-me").wait_for(state="attached")
        await bring_packs(phone, tmp_path, offered)
        await see_colour(phone, STATION_COLOUR)
        await phone.press("find-me")
        await phone.press("map-layers")
        await phone.press("layer-markers")
        await phone.see("Đang ẩn")
        await phone.press("layer-markers")
        await phone.press("back")
        await look_at_places(phone)
        await record_where_a_finger_rests(phone)
        assert "Traceback" not in post.log("phone")
