"""Power loss at every I/O of a device's store: what was shown as saved is there, with the same bytes, and the chain holds."""

import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from tests.faults import device_files, device_life
from tests.faults.io_log import forked
from tests.faults.power_cuts import Report, cut_everywhere, drawn_seed, folder_in_memory, log_work

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
LIVES = {"begin": None, "work": "begin", "exchange": "begin", "open_again": "exchange"}
"""Pieces of work, and which one each goes on from."""


@dataclass
class Ground:
    """Where the works are done; each one is logged once."""

    place: Path
    told: dict[str | None, list[str]] = field(default_factory=lambda: {None: []})

    def cut(self, name: str, work: Callable[[Path], None], *, seed: int, seeds: int, at_most: int | None) -> Report:
        before = LIVES[name]
        if before is not None and before not in self.told:
            self._log(before, getattr(device_life, before))
        logged = self._log(name, work)
        earlier = self.told[before]
        return cut_everywhere(
            logged,
            lambda folder, words: device_life.check(folder, earlier + words),
            self.place,
            seed=seed,
            seeds=seeds,
            at_most=at_most,
        )

    def _log(self, name: str, work: Callable[[Path], None]):
        folder, before = self.place / name, LIVES[name]
        if before is None:
            folder.mkdir()
        else:
            if before not in self.told:
                self._log(before, getattr(device_life, before))
            shutil.copytree(self.place / before, folder)
        logged = log_work(folder, forked(partial(work, folder)))
        self.told[name] = self.told[before] + logged.told
        return logged


@pytest.fixture
def ground() -> Iterator[Ground]:
    logging.disable(logging.WARNING)
    with folder_in_memory() as place:
        yield Ground(place)
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.parametrize("name", LIVES)
def test_what_was_shown_as_saved_is_there_after_a_power_cut(name: str, ground: Ground):
    report = ground.cut(name, getattr(device_life, name), seed=drawn_seed(), seeds=1, at_most=60)
    assert report.broken == []


@pytest.mark.long_faults
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("name", LIVES)
def test_what_was_shown_as_saved_is_there_after_a_power_cut_at_every_write(name: str, ground: Ground):
    report = ground.cut(name, getattr(device_life, name), seed=drawn_seed(), seeds=8, at_most=None)
    assert report.broken == []


@pytest.mark.slow
def test_commits_that_do_not_wait_for_the_disk_are_found_out(ground: Ground):
    def hasty(folder: Path) -> None:
        with device_life.synchronous_normal():
            device_life.work(folder)

    report = ground.cut("work", hasty, seed=1, seeds=1, at_most=100)
    assert len(report.broken) > 30
    assert any("LostTail" in one or "no tail is lost" in one for one in report.broken)


@pytest.mark.slow
def test_a_photo_whose_folder_is_not_synced_is_found_out(ground: Ground, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.store.durable_files.fsync_folder", lambda _: None)
    report = ground.cut("work", device_life.work, seed=1, seeds=1, at_most=150)
    assert any("photo" in one for one in report.broken)


def cut_files(
    ground: Ground, act: Callable[[Path], None], check: Callable[[Path, list[str]], None], at_most: int | None = 60
) -> Report:
    logged = log_work(ground.place / "files", forked(partial(act, ground.place / "files")))
    return cut_everywhere(logged, check, ground.place, seed=drawn_seed(), seeds=2, at_most=at_most)


def test_a_secret_is_there_whole_once_it_was_told(ground: Ground):
    (ground.place / "files").mkdir()
    assert cut_files(ground, device_files.make_secret, device_files.check_secret).broken == []


@pytest.mark.parametrize("at_most", [pytest.param(60, marks=pytest.mark.slow), pytest.param(None, marks=pytest.mark.long_faults)])
def test_a_store_that_is_being_set_aside_loses_nothing(at_most: int | None, ground: Ground):
    (ground.place / "files").mkdir()
    device_files.spoil(ground.place / "files")
    check = partial(device_files.check_set_aside, device_files.digests(ground.place / "files"))
    assert cut_files(ground, device_files.set_aside, check, at_most).broken == []


def test_a_vault_that_leaves_is_whole_or_gone(ground: Ground):
    (ground.place / "files").mkdir()
    device_files.settled(ground.place / "files")
    assert cut_files(ground, device_files.leave, device_files.check_left).broken == []
