"""The scenario's six patrols in a commander's notebook: recorded by the field's real verbs, decided on by the desk's."""

from dataclasses import dataclass
from pathlib import Path

from app.record import DeskRecorder, Recorded
from app.state.reporting import RADIO_REASON
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


@dataclass
class Walk:
    """A walk as far as the field's verbs have recorded it, without photos."""

    team: Team
    walk: Walked
    patrol: str

    async def record(self, seen: Seen) -> str:
        self.team.clock.stand_at(seen.at_ms)
        done = await self.team.verbs.record_observation(seen.with_patrol(self.patrol, ()))
        assert isinstance(done, Recorded)
        return done.ref

    async def report(self, seen: Seen, subject: str) -> str:
        """Reads it over the radio; gives the version that says so."""
        assert seen.reported_ms is not None
        self.team.clock.stand_at(seen.reported_ms)
        done = await self.team.verbs.amend(subject, saw=subject, changes=seen.as_report(), reason=RADIO_REASON)
        assert isinstance(done, Recorded)
        return done.ref

    async def end(self) -> None:
        self.team.clock.stand_at(self.walk.ended_ms)
        await self.team.track.keep(*self.walk.fixes)
        await self.team.verbs.end_patrol(self.patrol, self.walk.end)


async def begin(team: Team, walk: Walked) -> Walk:
    started = await team.verbs.start_patrol(walk.start)
    assert isinstance(started, Recorded)
    return Walk(team, walk, started.ref)


async def make_week(folder: Path) -> Week:
    """The week as the desk has it once it has joined what two phones saw and opened its cases."""
    post, scenario = Post(), read_scenario()
    clock = ScriptedClock(scenario.walks[0].started_ms)
    desk = await post.make_notebook(folder / "desk", COMMANDER, "DON", clock, bytes(32))
    await post.deliver(desk, "STATION", post.register(scenario.walks[0].started_ms - 86_400_000))
    for walk in scenario.walks:
        team = await make_team(folder, post, walk.person, walk.unit, walk.started_ms)
        going = await begin(team, walk)
        for seen in walk.seen:
            subject = await going.record(seen)
            if seen.reported_ms is not None and seen.answered_ms is not None:
                told = await going.report(seen, subject)
                await post.deliver(desk, walk.unit, await team.hand_over())
                clock.stand_at(seen.answered_ms)
                await DeskRecorder(desk).acknowledge(subject, seen=told, unit=walk.unit)
        await going.end()
        await post.deliver(desk, walk.unit, await team.hand_over())
        await team.notebook.close()
    clock.stand_at(NOW_MS)
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
