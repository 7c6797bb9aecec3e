"""The desk sees what a team could not know: another team carries its number, and for a while nobody knew its way."""

import pytest_asyncio

from app.record import PatrolForm, Recorded
from app.store.queries import longest_gaps, patrols_page
from journal.entries import Force
from tests.app.desk.fixture import DeskWorld, make_desk_world

SHARED = "Trùng số với chuyến khác"
LOST = "Mất định vị 45 phút"


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0133", "TT-2026-0136"))
    yield world
    await world.close()


async def set_out_again(world: DeskWorld, number: str) -> str:
    """The first team sets out under a number that another one carries already."""
    team = next(iter(world.teams.values()))
    team.clock.stand_at(world.clock().wall_ms)
    form = PatrolForm("thuong_xuyen", team.unit, number, composition=(Force(force="bp", people=3),))
    done = await team.verbs.start_patrol(form)
    assert isinstance(done, Recorded)
    await world.arrive(team)
    return done.ref


async def test_a_number_of_two_patrols_is_marked_at_the_teams_and_in_the_register(desk):
    await desk.show()
    assert not desk.app.sees(SHARED)
    await set_out_again(desk, "TT-2026-0136")
    await desk.calm()
    assert desk.app.sees(SHARED)
    lines = await desk.notebook.ask(patrols_page)
    assert sorted((line.number, line.number_shared) for line in lines) == [
        ("TT-2026-0133", False),
        ("TT-2026-0136", True),
        ("TT-2026-0136", True),
    ]
    await desk.app.click("rail-register")
    await desk.calm()
    await desk.app.click("book-patrols")
    await desk.calm()
    assert desk.app.texts().count("Trùng số") == 2


async def test_the_stretch_without_a_position_is_told_at_the_team_and_beside_its_records(desk):
    await desk.show()
    assert desk.app.sees(LOST)
    await desk.app.click("team-TT-2026-0136")
    await desk.calm()
    assert desk.app.sees("Mất vết")
    assert desk.app.sees(LOST)


async def test_only_patrols_with_a_gap_have_a_longest_one(desk):
    await desk.show()
    lines = await desk.notebook.ask(patrols_page)
    found = await desk.notebook.ask(lambda views: longest_gaps(views, [line.subject for line in lines]))
    numbers = {line.subject: line.number for line in lines}
    assert [numbers[subject] for subject in found] == ["TT-2026-0136"]
