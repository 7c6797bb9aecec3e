"""Six patrols on the phone's page as the teams did them; the desk counts what the scenario expects."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from app.device.clocks import make_clocks
from app.store.queries import (
    ObservationFilter,
    ObservationLine,
    Totals,
    held_entries,
    observations_page,
    patrols_page,
    photos_of,
    totals,
)
from demo.clock import ScriptedClock
from demo.devices import Device, at_work
from demo.story import DESK_PERSON, DESK_PIN, folder_of
from journal.clock import milliseconds
from tests.browser.post import desk_page, unlock
from tests.browser.scripted_phone import scripted_phone
from tests.browser.week_by_hand import Week, week_by_hand
from tests.demo_week import FROM_MS, UNTIL_MS, all_observations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.week,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("week"),
    pytest.mark.asyncio(loop_scope="session"),
]

NEAR_MS = 900_000
"""A phone whose clock is seven minutes off tells its own time."""
DAY_MS = 86_400_000
MOST_RECORDS = 100


def patrols_with_photos(views: Session) -> set[str]:
    """Those of which the station has the photo of at least one record."""
    lines = observations_page(views, ObservationFilter(), limit=MOST_RECORDS).lines
    return {line.patrol for line in lines if line.patrol is not None and photos_of(views, line.subject)}


def _ms(text: str) -> int:
    return milliseconds(datetime.fromisoformat(text))


async def decide(desk: Device, week: Week) -> None:
    """The desk joins what two phones saw, and opens the cases."""
    lines = await all_observations(desk.notebook)
    own = {
        seen.number: _nearest(lines, seen.form.kind, seen.at_ms, on_patrol=True)
        for walk in week.scenario.walks
        for seen in walk.seen
    }
    for walk in week.scenario.walks:
        for seen in walk.seen:
            if seen.also_from_second_phone:
                copy = _nearest(lines, seen.form.kind, seen.at_ms, on_patrol=False)
                await desk.desk.join_duplicates(copy.subject, own[seen.number].subject, unit=copy.unit)
    cases = {seen.number: seen.case for walk in week.scenario.walks for seen in walk.seen}
    for code, title in week.scenario.cases.items():
        opened = await desk.desk.open_case(code, title)
        for number, case in cases.items():
            if case == code:
                await desk.desk.link_to_case(opened.ref, own[number].subject)


def _nearest(lines: list[ObservationLine], kind: str, at_ms: int, *, on_patrol: bool) -> ObservationLine:
    found = [line for line in lines if line.kind == kind and (line.patrol is not None) == on_patrol]
    nearest = min(found, key=lambda line: abs(line.happened_ms - at_ms))
    assert abs(nearest.happened_ms - at_ms) <= NEAR_MS, f"nobody recorded {kind} then"
    return nearest


def check_period(found: Totals, expected: dict) -> None:
    assert found.patrols == expected["patrols"]
    assert found.people_turns_own == expected["people_turns_own"]
    assert round(found.hours, 2) == expected["hours"]
    assert found.distance_m / 1000 == pytest.approx(expected["distance_km_nominal"], rel=0.01)
    assert found.observations == expected["observations"]
    assert found.by_kind == expected["by_kind"]
    assert found.by_priority == expected["by_priority"]
    assert sorted(found.cases) == sorted(expected["cases"])


async def check_report_page(browser, week: Week) -> None:
    """What the commander reads in the room of reports on the day after the last patrol."""
    expected = week.scenario.expected["report_monthly_2026-10-15_2026-11-14"]
    after = ScriptedClock(max(walk.ended_ms for walk in week.scenario.walks) + DAY_MS)
    async with scripted_phone(folder_of(week.folder, DESK_PERSON), after) as desk, desk_page(browser) as page:
        await page.open(desk.address)
        await unlock(page, DESK_PIN)
        await page.by_id("rail-report").last.wait_for(state="attached")
        await page.press("rail-report")
        markers = page.by_id("report-kind-moc").last
        await markers.wait_for(state="attached")
        await page.screenshot("week/desk-report")
        told = await page.text()
        counted = await markers.evaluate("part => part.getAttribute('aria-label') || part.innerText")
    (line,) = (line for line in told.splitlines() if "lượt tuần tra" in line)
    patrols, people, hours, km, records = (float(one.replace(",", ".")) for one in re.findall(r"\d+(?:,\d+)?", line))
    assert (patrols, people, records) == (expected["patrols"], expected["people_turns_own"], expected["observations"])
    assert hours == round(expected["hours"], 1)
    assert km == pytest.approx(expected["distance_km_nominal"], rel=0.01)
    assert f": {expected['by_kind']['moc']}. " in counted


async def test_six_patrols_done_on_the_phones_page_count_at_the_desk_as_the_scenario_expects(browser, tmp_path: Path):
    async with week_by_hand(browser, tmp_path) as week:
        expected = week.scenario.expected
        async with at_work(folder_of(tmp_path, DESK_PERSON), DESK_PIN, make_clocks()) as desk:
            await desk.sync()
            await decide(desk, week)
            await desk.sync()
            views = desk.notebook
            everything = await views.ask(lambda views: totals(views, FROM_MS, UNTIL_MS))
            cutoff = await views.ask(
                lambda views: totals(views, _ms("2026-10-15T00:00:00+07:00"), _ms("2026-11-11T00:00:00+07:00"))
            )
            assert await views.ask(held_entries) == ()
            numbers = [patrol.number for patrol in await views.ask(patrols_page)]
            photographed = await views.ask(patrols_with_photos)
        check_period(everything, expected["report_monthly_2026-10-15_2026-11-14"])
        check_period(cutoff, expected["report_thematic_cutoff_2026-11-10"])
        assert (everything.observations_raw, everything.people_turns_partner) == (
            expected["observations_raw_before_merge"],
            expected["people_turns_partner"],
        )
        assert everything.turns_by_force == expected["turns_by_force"]
        assert everything.cases == expected["cases"]
        assert len(numbers) == len(photographed) == expected["patrols"]
        await check_report_page(browser, week)
