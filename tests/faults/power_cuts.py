"""Runs a piece of work once, and then what comes after each power cut in it."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.faults.disk import Crash, Disk, after_each, crashes
from tests.faults.io_log import Acked, Event, record

Check = Callable[[Path, list[str]], None]


def drawn_seed() -> int:
    """``FAULT_SEED`` runs a seed again."""
    return int(os.environ.get("FAULT_SEED", time.time_ns() % 1_000_000))


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """In memory where there is such a place: what a power cut takes is decided here, not by the disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="tuan-tra-power-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@dataclass(frozen=True)
class Logged:
    """A piece of work: the disk as it was before it, to be followed once, and its log."""

    name: str
    disk: Disk
    events: Sequence[Event]

    @property
    def told(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Acked)]


def log_work(folder: Path, start: Callable[[], int]) -> Logged:
    """Does a piece of work in this folder."""
    disk = Disk(folder)
    return Logged(folder.name, disk, record(folder, start))


@dataclass
class Report:
    """What came of all power cuts of one log."""

    name: str
    events: int
    cuts: int
    broken: list[str]

    def __str__(self) -> str:
        return f"{self.name}: {self.events} events, {self.cuts} power cuts, {len(self.broken)} broke a promise"


def cut_everywhere(
    logged: Logged, check: Check, place: Path, *, seed: int, seeds: int, at_most: int | None = None, spared: str = ""
) -> Report:
    """Checks each power cut with ``seeds`` kinds of luck, or ``at_most`` of them drawn by ``seed``."""
    cuts = crashes(logged.events, range(seed, seed + seeds))
    if at_most is not None and at_most < len(cuts):
        cuts = Random(seed).sample(cuts, at_most)
    report = Report(logged.name, len(logged.events), len(cuts), [])
    for cut, left, acked in after_each(logged.disk, logged.events, cuts, place, spared):
        report.broken += _judge(cut, left, acked, check)
        shutil.rmtree(left)
    print(f"seed {seed}: {report}")  # noqa: T201
    return report


def _judge(cut: Crash, left: Path, acked: list[str], check: Check) -> list[str]:
    try:
        check(left, acked)
    except Exception as broken:  # noqa: BLE001  whatever the real code raises is the finding
        return [f"{cut}, after {acked[-1:]}: {type(broken).__name__}: {broken}"]
    return []
