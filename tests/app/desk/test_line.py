"""The room of the line, with the scenario's week: the worst first, every number opens what makes it, limits are a commander's."""

import flet as ft
import pytest
import pytest_asyncio

from app.patrol.coverage import USUAL_LIMITS
from app.patrol.line_places import Watch
from app.state.line_limits import read_limits
from app.state.own_vault import is_work
from demo.scenario import read_scenario
from tests.app.desk.fixture import DeskWorld, make_desk_world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory):
    walks = tuple(walk.code for walk in read_scenario().walks)
    world = await make_desk_world(tmp_path_factory.mktemp("line"), walks=walks)
    await world.show()
    yield world
    await world.close()


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def enter(world: DeskWorld) -> None:
    await world.app.click("rail-route")
    await world.calm()


def named(world: DeskWorld, start: str) -> list[str]:
    found = world.app.find(ft.Semantics, lambda one: (one.identifier or "").startswith(start))
    return [one.identifier.removeprefix(start) for one in found]


async def press(world: DeskWorld, ident: str) -> None:
    await world.app.click(ident)
    await world.calm()


async def test_the_worst_three_stand_first_and_the_table_holds_every_place(world):
    await enter(world)
    assert named(world, "worst-") == ["place:M902>place:M903", "place:M904(2)>place:M905", "place:DM-02"]
    rows = named(world, "line-place:")
    assert rows[:3] == ["M902>place:M903", "M904(2)>place:M905", "DM-02"]
    assert {"M901", "DM-04", "CHOT1", "LM-03"} <= set(rows)
    assert "DON" not in rows
    assert world.app.sees("Hơn 90 ngày")
    markers = named(world, "stretch-")
    assert set(named(world, "worst-")) <= set(markers)
    assert {"place:M901", "place:CHOT1"} <= set(markers)


async def test_a_place_opens_who_was_there_and_what_was_recorded(world):
    await enter(world)
    await press(world, "line-place:M902")
    assert world.app.identified("line-heading", ft.Text).value == "Mốc 902"
    assert world.app.sees("Kiểm tra gần nhất")
    assert len(named(world, "number-of-")) == 2
    await press(world, "line-close")
    assert named(world, "number-of-") == []


async def test_every_figure_of_the_effort_opens_the_patrols_that_make_it(world):
    await enter(world)
    await press(world, "line-tab-effort")
    await press(world, "effort-people_turns")
    assert world.app.identified("line-heading", ft.Text).value == "Lượt người: 39"
    assert len(named(world, "number-of-")) == 6
    await press(world, "unit-patrols-DON")
    assert len(named(world, "number-of-")) == 3
    await press(world, "day-20261105")
    assert len(named(world, "number-of-")) == 1


async def test_habits_are_sentences_and_open_their_patrols(world):
    await enter(world)
    await press(world, "line-tab-habits")
    assert world.app.sees("3 trên 6 chuyến xuất phát từ 19 đến 21 giờ")
    await press(world, "see-busiest")
    assert len(named(world, "number-of-")) == 3
    await press(world, "hour-5")
    assert len(named(world, "number-of-")) == 1


async def test_a_cell_of_the_heat_opens_its_records_and_nothing_found_is_no_heat(world):
    await enter(world)
    await press(world, "line-tab-heat")
    cells = named(world, "heat-")
    assert "place:M904(1)-21" in cells
    await press(world, "heat-place:M904(1)-21")
    assert len(named(world, "number-of-")) == 2
    assert not world.app.sees("Không phát hiện")
    assert "place:CHOT2-all" not in cells


async def test_a_commander_sets_a_limit_which_stays_on_the_desk(world):
    await enter(world)
    await press(world, "line-tab-coverage")
    await press(world, "line-limits")
    assert world.app.sees("Bao lâu phải có người đến")
    await press(world, "limit-marker-fewer")
    await press(world, "limits-done")
    kept = await world.notebook.act(lambda pen: pen.drafts())
    assert read_limits(kept["line-limits"])[Watch.MARKER] == 9
    assert not is_work("line-limits")


async def test_limits_that_cannot_be_read_are_the_usual_ones():
    assert read_limits(b"not json") == read_limits(b"[]") == read_limits(None) == USUAL_LIMITS
    assert read_limits(b'{"node": 500, "trail": "x"}') == {**USUAL_LIMITS, Watch.NODE: 90}
