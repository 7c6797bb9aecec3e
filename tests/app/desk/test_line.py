"""The room of the line, with the scenario's week: the worst first, every number opens what makes it, limits are a commander's."""

import flet as ft
import pytest
import pytest_asyncio

from app.patrol.coverage import USUAL_LIMITS
from app.patrol.line_places import Watch
from app.state.desk_line import LineDesk
from app.state.line_limits import limits_of
from demo.scenario import read_scenario
from journal.chain import canonical_bytes
from journal.entries import LineLimitsSet, read_entry
from journal.wire import Given
from tests.app.desk.fixture import NOW_MS, DeskWorld, make_desk_world, means_of
from tests.entries_made import make_entry


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


async def test_limits_that_a_commander_sets_hold_at_every_desk_they_are_for_and_the_latest_that_was_let_in_holds(world):
    line = LineDesk(means_of(world, "chi_huy"))
    await line.refresh()
    assert line.told is not None
    assert not line.find("place:M901").is_overdue
    await line.set_limits({**line.limits, Watch.MARKER: 2, Watch.NODE: 500})
    assert line.find("place:M901").is_overdue
    (*_, said) = [read_entry(one.raw) for one in await world.notebook.unsent(10_000)]
    assert said.body == LineLimitsSet(days={**{sort.value: days for sort, days in line.limits.items()}, "node": 90})
    later = [
        make_entry(LineLimitsSet(days={"marker": days}, for_units=units), seq=seq, at_ms=NOW_MS + seq, unit="CAX_MUONG_THAO")
        for seq, (days, units) in enumerate(((30, ("DON",)), *((40, ()),) * 25), start=1)
    ]
    again = LineDesk(means_of(world, "truc_ban"))
    await again.refresh()
    assert again.limits == line.limits == {**USUAL_LIMITS, Watch.MARKER: 2, Watch.NODE: 90}
    await world.post.deliver(world.notebook, "DON", [Given(NOW_MS + 99, canonical_bytes(entry)) for entry in later])
    await again.refresh()
    assert again.limits == {**USUAL_LIMITS, Watch.MARKER: 30}


async def test_who_may_give_no_orders_changes_no_limit_and_sees_the_line_as_it_is(world):
    line = LineDesk(means_of(world, "truc_ban"))
    await line.refresh()
    before = line.limits
    await line.set_limits({**before, Watch.NODE: 30})
    assert not line.may_set_limits
    assert line.limits == before
    assert line.told is not None
    assert line.told.untraced == 0
    assert len(line.told.effort.whole["patrols"].refs) == 6
    await line.choose_days(84)
    assert line.told.effort.step_days == 7
    assert sum(one["patrols"].amount for one in line.told.effort.by_step.values() if "patrols" in one) == 6


async def test_sorts_of_which_nothing_was_said_have_the_usual_limit_and_none_is_out_of_bounds():
    assert limits_of({}) == limits_of({"something_new": 4}) == USUAL_LIMITS
    assert limits_of({"node": 500, "trail": 0}) == {**USUAL_LIMITS, Watch.NODE: 90, Watch.TRAIL: 1}
