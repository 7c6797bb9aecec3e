"""The scenario's six patrols in a commander's notebook: recorded by the field's real verbs, decided on by the desk's."""

from dataclasses import dataclass
from pathlib import Path

from app.record import DeskRecorder, Recorded
from app.store.notebook import Notebook
from app.store.queries import Counted, ObservationFilter, counted_rows, observations_page
from demo.clock import ScriptedClock
from demo.scenario import Scenario, Seen, Walked, read_scenario
from tests.app.desk.fixture import COMMANDER, NOW_MS, Post, Team, make_team


@dataclass
class Week:
    """The notebook of the desk, open, with everything in it."""

    scenario: Scenario
    desk: Notebook

    async def counted(self, from_ms: int, until_ms: int, units: tuple[str, ...] = ()) -> Counted:
        return await self.desk.ask(lambda views: counted_rows(views, from_ms, until_ms, units))


async def walk_without_photos(team: Team, walk: Walked) -> str:
    started = await team.verbs.start_patrol(walk.start)
    assert isinstance(started, Recorded)
    for seen in walk.seen:
        team.clock.stand_at(seen.at_ms)
        assert isinstance(await team.verbs.record_observation(seen.with_patrol(started.ref, ())), Recorded)
    team.clock.stand_at(walk.ended_ms)
    await team.track.keep(*walk.fixes)
    await team.verbs.end_patrol(started.ref, walk.end)
    return started.ref


async def make_week(folder: Path) -> Week:
    """The week as the desk has it once it has joined what two phones saw and opened its cases."""
    post, scenario = Post(), read_scenario()
    desk = await post.make_notebook(folder / "desk", COMMANDER, "DON", ScriptedClock(NOW_MS), bytes(32))
    await post.deliver(desk, "STATION", post.register(scenario.walks[0].started_ms - 86_400_000))
    for walk in scenario.walks:
        team = await make_team(folder, post, walk.person, walk.unit, walk.started_ms)
        await walk_without_photos(team, walk)
        await post.deliver(desk, walk.unit, await team.hand_over())
        await team.notebook.close()
    await see_with_second_phone(folder, post, desk, scenario)
    await decide(desk, scenario)
    return Week(scenario, desk)


async def see_with_second_phone(folder: Path, post: Post, desk: Notebook, scenario: Scenario) -> None:
    (seen,) = (one for walk in scenario.walks for one in walk.seen if one.also_from_second_phone)
    team = await make_team(folder, post, scenario.second_phone, "BCHQS_MUONG_THAO", seen.at_ms + 180_000)
    assert isinstance(await team.verbs.record_observation(seen.with_patrol(None, ())), Recorded)
    await post.deliver(desk, team.unit, await team.hand_over())
    await team.notebook.close()


async def decide(desk: Notebook, scenario: Scenario) -> None:
    """Joins the two sightings of one camp and gathers the records of each case."""
    verbs = DeskRecorder(desk)
    page = await desk.ask(lambda views: observations_page(views, ObservationFilter(), limit=100))
    numbered: dict[tuple[str, int], Seen] = {(one.form.kind, one.at_ms): one for walk in scenario.walks for one in walk.seen}
    found: dict[int, list[str]] = {}
    units: dict[str, str] = {}
    for line in sorted(page.lines, key=lambda line: line.patrol is None):
        found.setdefault(numbered[line.kind, line.happened_ms].number, []).append(line.subject)
        units[line.subject] = line.unit
    for first, *copies in found.values():
        for copy in copies:
            await verbs.join_duplicates(copy, first, unit=units[copy])
    for code, title in scenario.cases.items():
        case = await verbs.open_case(code, title)
        for seen in numbered.values():
            if seen.case == code:
                await verbs.link_to_case(case.ref, found[seen.number][0])
