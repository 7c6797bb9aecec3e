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
    held_entries,
    observations_page,
    patrols_page,
    photos_of,
)
from demo.clock import ScriptedClock
from demo.devices import Device, at_work
from demo.story import DESK_PERSON, DESK_PIN, folder_of
from journal.clock import milliseconds
from tests.browser.driver import FletPage
from tests.browser.post import desk_page, unlock
from tests.browser.scripted_phone import scripted_phone
from tests.browser.week_by_hand import Week, week_by_hand
from tests.counted_week import MONTHLY, THEMATIC, check_period, check_week, count
from tests.demo_week import FROM_MS, UNTIL_MS, all_observations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.week,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("screens"),
    pytest.mark.asyncio(loop_scope="session"),
]

NEAR_MS = 900_000
"""A phone whose clock is seven minutes off tells its own time."""
DAY_MS = 86_400_000
MOST_RECORDS = 100
SCROLLS = 10
IN_THE_TABLE = (400, 700)
"""Where the numbers of the report stand at the desk, in pixels."""


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


async def check_report_page(browser, week: Week) -> None:
    """What the commander reads in the room of reports on the day after the last patrol."""
    expected = week.scenario.expected["report_monthly_2026-10-15_2026-11-14"]
    after = ScriptedClock(max(walk.ended_ms for walk in week.scenario.walks) + DAY_MS)
    async with scripted_phone(folder_of(week.folder, DESK_PERSON), after) as desk, desk_page(browser) as page:
        await page.open(desk.address)
        await unlock(page, DESK_PIN)
        await page.by_id("rail-report").last.wait_for(state="attached")
        await page.press("rail-report")
        await page.by_id("number-patrols").last.wait_for(state="attached")
        await page.picture("week/desk-report")
        told = {code: await _figure(page, code) for code in ("patrols", "people_turns", "patrol_time", "distance", "markers")}
    assert (told["patrols"], told["people_turns"]) == (expected["patrols"], expected["people_turns_own"])
    assert told["patrol_time"] == round(expected["hours"], 1)
    assert told["distance"] == pytest.approx(expected["distance_km_nominal"], rel=0.01)
    assert told["markers"] == expected["markers_checked"]


async def _figure(page: FletPage, code: str) -> float:
    """What the row of this number says, "Quãng đường (km): 74,9. Xem bản ghi"; rows far down are there once scrolled to."""
    row = page.by_id(f"number-{code}").last
    for _ in range(SCROLLS):
        if await row.count():
            break
        await page.page.mouse.move(*IN_THE_TABLE)
        await page.page.mouse.wheel(0, 150)
        await page.page.wait_for_timeout(400)
    name = await row.evaluate("part => part.getAttribute('aria-label') || part.innerText")
    (figure,) = re.findall(r": (\d+(?:,\d+)?)\. ", name)
    return float(figure.replace(",", "."))


async def test_six_patrols_done_on_the_phones_page_count_at_the_desk_as_the_scenario_expects(browser, tmp_path: Path):
    async with week_by_hand(browser, tmp_path) as week:
        expected = week.scenario.expected
        async with at_work(folder_of(tmp_path, DESK_PERSON), DESK_PIN, make_clocks()) as desk:
            await desk.sync()
            await decide(desk, week)
            await desk.sync()
            views = desk.notebook
            everything = await count(views, FROM_MS, UNTIL_MS)
            cutoff = await count(views, _ms("2026-10-15T00:00:00+07:00"), _ms("2026-11-11T00:00:00+07:00"))
            assert await views.ask(held_entries) == ()
            numbers = [patrol.number for patrol in await views.ask(patrols_page)]
            photographed = await views.ask(patrols_with_photos)
        check_period(everything, MONTHLY)
        check_period(cutoff, THEMATIC)
        check_week(everything)
        assert len(numbers) == len(photographed) == expected["patrols"]
        await check_report_page(browser, week)
