"""At the desk, by hand: the ambulance begins a case, the tip that told of it is put in, and its plate is looked for."""

from pathlib import Path

import flet as ft
import pytest

from app.main import show
from app.store.queries import ObservationFilter, case_detail, cases_page, observations_page
from app.store.queries_vehicles import lookouts_page
from tests.app.desk.fixture import NOW_MS, DeskWorld, make_desk_world
from tests.app.store.fakes import PIN
from tests.browser.driver import FletPage
from tests.browser.post import desk_page, unlock
from tests.browser.served import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

TITLE = "Xe cứu thương ở ngã ba Phiêng Sặt"


async def subject_of(world: DeskWorld, kind: str) -> str:
    page = await world.notebook.ask(lambda views: observations_page(views, ObservationFilter(kinds=(kind,))))
    return page.lines[0].subject


async def kinds_in(world: DeskWorld) -> list[str]:
    (case,) = await world.notebook.ask(cases_page)
    detail = await world.notebook.ask(lambda views: case_detail(views, case.subject))
    assert detail is not None
    return [line.kind for line in detail.observations]


async def put_together(desk: FletPage, world: DeskWorld) -> None:
    """The ambulance begins the case; what it offers of the same night is put in."""
    await desk.press("rail-review")
    await desk.press(f"review-row-{await subject_of(world, 'van_chuyen')}")
    await desk.press("link-case")
    await desk.fill("Tên vụ việc mới VV-2026-0001", TITLE)
    await desk.press("case-open")
    await desk.press("rail-case")
    for kind in ("tin_bao", "ho_tro", "ban_giao"):
        subject = await subject_of(world, kind)
        await desk.press(f"suggested-link-{subject}")
        await desk.by_id(f"case-item-{subject}").first.wait_for(state="attached", timeout=10_000)
    await desk.screenshot("desk-case-board")


async def look_out(desk: FletPage) -> None:
    await desk.press("case-book-vehicles")
    await desk.fill("Biển số", "87B-012.34")
    await desk.press("lookout-reason-vu_viec")
    await desk.press("lookout-give")
    await desk.by_start("lookout-read-").first.wait_for(state="attached", timeout=10_000)
    await desk.press_first("lookout-read-")
    await desk.see("Biển 87B01234: đã gặp 1 lần")
    await desk.screenshot("desk-case-vehicles")


async def test_the_ambulance_and_the_tip_become_one_case_and_the_plate_is_looked_for(browser, tmp_path: Path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0133",))

    async def draw(page: ft.Page) -> None:
        await show(page, world.phone)

    try:
        async with served(draw) as address, desk_page(browser) as desk:
            await desk.open(address)
            await unlock(desk, PIN)
            await desk.by_start("rail-").first.wait_for(state="attached", timeout=20_000)
            await put_together(desk, world)
            assert await kinds_in(world) == ["tin_bao", "van_chuyen", "ho_tro", "ban_giao"]
            await desk.see("1 người dưới 18 tuổi · đã gọi 111")
            await desk.press("case-book-tips")
            await desk.by_start("tip-look-").first.wait_for(state="attached", timeout=10_000)
            await desk.screenshot("desk-case-tips")
            await look_out(desk)
            (line,) = await world.notebook.ask(lambda views: lookouts_page(views, NOW_MS))
            assert (line.plate, line.on_phones) == ("87B01234", True)
            await desk.press("case-book-handovers")
            await desk.see("BB-BG 12/2026")
            await desk.screenshot("desk-case-handovers")
    finally:
        await world.close()
