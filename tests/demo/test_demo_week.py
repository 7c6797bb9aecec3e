"""The invented week, played by the real path: a station, devices, HTTP; its totals are known beforehand."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from app.device.clocks import make_clocks
from app.store.queries import held_entries, patrols_page
from demo.devices import NewDevice, at_work, enrol_all
from demo.station import Station
from demo.story import DESK_PERSON, DESK_PIN, folder_of
from journal.clock import milliseconds
from tests.counted_week import EXPECTED, MONTHLY, THEMATIC, check_clocks, check_period, check_week, count
from tests.demo_week import FROM_MS, UNTIL_MS, all_observations, read_pages

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.xdist_group("screens")]


def _ms(text: str) -> int:
    return milliseconds(datetime.fromisoformat(text))


BEGIN_MS = _ms("2026-10-15T00:00:00+07:00")
CUTOFF_MS = _ms("2026-11-11T00:00:00+07:00")
END_MS = _ms("2026-11-15T00:00:00+07:00")


def at_the_desk(folder: Path):
    return at_work(folder_of(folder, DESK_PERSON), DESK_PIN, make_clocks())


async def test_the_desk_counts_the_month_as_it_was_told(played_demo):
    async with at_the_desk(played_demo.folder) as desk:
        month = await count(desk.notebook, BEGIN_MS, END_MS)
        assert await count(desk.notebook, FROM_MS, UNTIL_MS) == month
        assert await desk.notebook.ask(held_entries) == ()
    check_period(month, MONTHLY)
    check_week(month)
    check_clocks(month)


async def test_the_thematic_report_ends_at_its_cutoff(played_demo):
    async with at_the_desk(played_demo.folder) as desk:
        check_period(await count(desk.notebook, BEGIN_MS, CUTOFF_MS), THEMATIC)


async def test_the_desk_has_six_ended_patrols_and_what_two_phones_saw_counts_once(played_demo):
    async with at_the_desk(played_demo.folder) as desk:
        patrols = await desk.notebook.ask(patrols_page)
        seen = await all_observations(desk.notebook)
    assert [patrol.number for patrol in reversed(patrols)] == [f"TT-2026-01{number}" for number in range(31, 37)]
    assert all(patrol.ended_ms is not None for patrol in patrols)
    copies = [line for line in seen if not line.counted]
    assert [line.kind for line in copies] == ["lan_trai"]
    assert copies[0].merged_into in {line.subject for line in seen}


async def test_views_thrown_away_come_back_the_same(played_demo):
    async with at_the_desk(played_demo.folder) as desk:
        before = await read_pages(desk.notebook)
    (snapshot,) = (folder_of(played_demo.folder, DESK_PERSON) / "device").glob("*/snapshot")
    snapshot.unlink()
    async with at_the_desk(played_demo.folder) as desk:
        assert await read_pages(desk.notebook) == before
    assert snapshot.exists()


async def test_a_station_that_folds_again_serves_a_fresh_device_the_same(played_demo, tmp_path):
    station = Station.reopen(played_demo.folder / "station")
    before, after = (NewDevice(DESK_PERSON, tmp_path / name, DESK_PIN, name) for name in ("before", "after"))

    async def read(device: NewDevice) -> dict[str, object]:
        async with at_work(device.folder, device.pin, make_clocks()) as reader:
            await reader.sync()
            return await read_pages(reader.notebook)

    running = await asyncio.to_thread(station.run, tmp_path / "logs")
    try:
        await enrol_all(station, [before, after])
        read_before = await read(before)
    finally:
        await asyncio.to_thread(running.end)
    station.fold_again()
    running = await asyncio.to_thread(station.run, tmp_path / "logs")
    try:
        assert await read(after) == read_before
    finally:
        await asyncio.to_thread(running.end)
    assert len(read_before["lines"]) == EXPECTED["observations_raw_before_merge"]


def test_a_fresh_demo_comes_up_by_itself_and_ends_when_told(played_demo):
    for answer in (played_demo.phone_answer, played_demo.desk_answer):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert "flutter" in answer.text
    assert played_demo.exit_status == 0
    assert played_demo.still_answers == ()
