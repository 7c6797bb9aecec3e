"""The map of the desk: what is looked at is what is drawn."""

import asyncio

import flet as ft
import flet_map as fm
import pytest
import pytest_asyncio

from app.state.desk_sight import CELL_PX, REACH_PX, SHOWN_PX, View, cell_of, degrees_a_px
from app.store.queries import observations_page
from tests.app.desk.fixture import make_desk_world

ALL_ROUND = {"constrained": False, "min_zoom": 0, "max_zoom": 18, "rotation": 0}


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0131",))
    await world.show()
    yield world
    await world.close()


@pytest.mark.parametrize("zoom", [3.0, 8.2, 13.9, 18.0])
def test_what_is_read_reaches_beyond_what_is_shown_and_has_some_two_hundred_cells(zoom: float):
    view = View(20.95, 103.86, zoom)
    shown, read = view.bounds(SHOWN_PX), view.bounds(REACH_PX)
    assert read[0] < shown[0] < shown[2] < read[2]
    assert read[1] < shown[1] < shown[3] < read[3]
    assert (shown[3] - shown[1]) / 1e7 == pytest.approx(2 * SHOWN_PX[0] * degrees_a_px(zoom), rel=1e-4)
    cells = ((read[3] - read[1]) / cell_of(zoom) + 1) * ((read[2] - read[0]) / cell_of(zoom) + 1)
    assert cells < 4 * 2 * 2 * REACH_PX[0] * REACH_PX[1] / CELL_PX**2


def spots(world) -> set[str]:
    named = world.app.find(ft.Semantics, lambda one: (one.identifier or "").startswith("spot-"))
    return {one.identifier.removeprefix("spot-") for one in named}


async def test_the_map_draws_the_records_of_the_place_it_was_moved_to(desk):
    placed = [line for line in (await desk.notebook.ask(observations_page)).lines if line.latitude_e7 is not None]
    assert spots(desk) == {line.subject for line in placed}
    one = placed[0]
    where = {"latitude": one.latitude_e7 / 1e7 + 0.4, "longitude": one.longitude_e7 / 1e7}
    for number in range(3):
        moved = {"coordinates": where, "camera": {"center": where, "zoom": 16 + number, **ALL_ROUND}, "has_gesture": True}
        await desk.app.fire(desk.app.one(fm.Map), "position_change", moved)
    await asyncio.sleep(0.3)
    await desk.calm()
    assert spots(desk) == set()
    back = {"latitude": one.latitude_e7 / 1e7, "longitude": one.longitude_e7 / 1e7}
    moved = {"coordinates": back, "camera": {"center": back, "zoom": 17, **ALL_ROUND}, "has_gesture": True}
    await desk.app.fire(desk.app.one(fm.Map), "position_change", moved)
    await asyncio.sleep(0.3)
    await desk.calm()
    assert one.subject in spots(desk) < {line.subject for line in placed}
