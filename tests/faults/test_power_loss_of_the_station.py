"""Power loss at every I/O of an exchange, at the station or at the phone: what has a receipt is there, each entry once."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import station_life
from tests.faults.io_log import spawned
from tests.faults.power_cuts import Logged, Report, cut_everywhere, drawn_seed, folder_in_memory, log_work
from tests.whole_journey.ground import first_day

MODULE = "tests.faults.station_life"
ENDS = {"station": (station_life.check_station, station_life.PHONE), "phone": (station_life.check_phone, station_life.STATION)}


@pytest.fixture
def place() -> Iterator[Path]:
    logging.disable(logging.ERROR)
    with folder_in_memory() as made:
        yield made
    logging.disable(logging.NOTSET)


def log(place: Path, work: str, *planted: str) -> Logged:
    folder = place / work
    shutil.copytree(first_day()[0], folder)
    if work == "upgrade":
        station_life.make_older(folder)
    return log_work(folder, spawned(MODULE, work, str(folder), *planted))


def cut(place: Path, end: str, work: str, *planted: str, seeds: int, at_most: int | None) -> Report:
    check, spared = ENDS[end]
    logged = log(place, work, *planted)
    return cut_everywhere(logged, check, place, seed=drawn_seed(), seeds=seeds, at_most=at_most, spared=spared)


@pytest.mark.slow
@pytest.mark.parametrize("end", ENDS)
def test_what_has_a_receipt_is_at_the_station_after_a_power_cut(end: str, place: Path):
    assert cut(place, end, "work", seeds=1, at_most=12).broken == []


@pytest.mark.slow
def test_an_upgrade_that_loses_its_power_is_done_at_the_next_start(place: Path):
    assert cut(place, "station", "upgrade", seeds=1, at_most=12).broken == []


@pytest.mark.long_faults
@pytest.mark.timeout(3_600)
def test_an_upgrade_that_loses_its_power_at_any_write_is_done_at_the_next_start(place: Path):
    assert cut(place, "station", "upgrade", seeds=3, at_most=None).broken == []


@pytest.mark.long_faults
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("end", ENDS)
def test_what_has_a_receipt_is_at_the_station_after_a_power_cut_at_every_write(end: str, place: Path):
    assert cut(place, end, "work", seeds=2, at_most=None).broken == []


@pytest.mark.long_faults
def test_a_station_whose_commits_do_not_wait_is_found_out(place: Path):
    report = cut(place, "station", "work", "normal", seeds=1, at_most=100)
    assert len(report.broken) > 10
    assert any("has a receipt" in one for one in report.broken)
