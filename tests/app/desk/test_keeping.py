"""How long a record is kept is shown before anything goes, and a desk without its station says that it cannot ask who looked."""

import pytest_asyncio

from app.store.queries import ObservationFilter, observations_page
from tests.app.desk.fixture import DeskWorld, desk_verbs, make_desk_world


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0132",))
    await world.show()
    yield world
    await world.close()


async def press(world: DeskWorld, ident: str) -> None:
    await world.app.click(ident)
    await world.calm()


async def test_what_was_normal_life_is_shown_with_its_day_and_nothing_is_erased(desk):
    page = await desk.notebook.ask(lambda views: observations_page(views, ObservationFilter(kinds=("phat_hien_nguoi",))))
    fishermen = min(page.lines, key=lambda line: line.happened_ms)
    verdict = {"verdict": "sinh_hoat_binh_thuong", "reason": "Người địa phương đánh cá"}
    await desk_verbs(desk).review(fishermen.subject, judged=fishermen.version, unit=fishermen.unit, **verdict)
    await press(desk, "rail-register")
    await press(desk, "book-retention")
    assert desk.app.sees("Chỉ xem trước, chưa xóa gì.")
    assert desk.app.sees("07/11/2028")
    await press(desk, f"keeping-row-{fishermen.subject}")
    assert desk.app.sees("Đến hạn xóa phần cá nhân: 07/11/2028")
    assert desk.app.sees("Sẽ xóa: ảnh, ghi âm, lời ghi, biển số")
    await press(desk, "who-looked")
    assert desk.app.sees("Chưa nối được với máy chủ đồn.")
