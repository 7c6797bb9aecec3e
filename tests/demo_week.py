"""The demo as its own process on loopback, filled with its invented week, and what its devices can read of it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import Session

from app.store.notebook import Notebook
from app.store.queries import (
    ObservationFilter,
    ObservationLine,
    case_detail,
    cases_page,
    counted_rows,
    desk_counts,
    held_entries,
    observation_detail,
    observations_page,
    orders_issued,
    patrol_detail,
    patrols_page,
    persons,
    places,
    queue_for_review,
    units,
    urgent_observations,
)
from demo.processes import ROOT

FILLED_WITHIN_S: Final = 240.0
ENDS_WITHIN_S: Final = 30.0
FROM_MS: Final = 1_700_000_000_000
UNTIL_MS: Final = 1_900_000_000_000
_ADDRESS = re.compile(r"(Phone|Desk)\s+(http://127\.0\.0\.1:\d+)")


@dataclass
class RunningDemo:
    """``python -m demo`` while it runs."""

    folder: Path
    phone: str
    desk: str
    process: subprocess.Popen[bytes]

    def end(self) -> int:
        """Tells it to end as a system does; gives its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ENDS_WITHIN_S)


@contextmanager
def running_demo(folder: Path, *, before_desk: Path | None = None) -> Iterator[RunningDemo]:
    """The demo in this folder, from its start until both pages are said to be there; filled first if it is new.

    A new one leaves a copy in ``before_desk`` of how it stood before the desk decided anything.
    """
    kept = {} if before_desk is None else {"TUAN_TRA_DEMO_BEFORE_DESK": str(before_desk)}
    folder.mkdir(parents=True, exist_ok=True)
    told = folder.with_name(f"{folder.name}.out")
    with told.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo"],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TUAN_TRA_DEMO_FOLDER": str(folder), "TUAN_TRA_DEMO_ANY_PORT": "1", **kept},
        )
    try:
        addresses = _await_addresses(process, told)
        yield RunningDemo(folder, addresses["Phone"], addresses["Desk"], process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(ENDS_WITHIN_S)


def _await_addresses(process: subprocess.Popen[bytes], told: Path) -> dict[str, str]:
    until = time.monotonic() + FILLED_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        addresses = dict(_ADDRESS.findall(told.read_text(errors="replace")))
        if len(addresses) == 2:
            return addresses
        time.sleep(0.1)
    raise AssertionError(f"the demo did not start:\n{told.read_text(errors='replace')[-3000:]}")


async def all_observations(notebook: Notebook) -> list[ObservationLine]:
    lines: list[ObservationLine] = []
    cursor: str | None = None
    while True:
        page = await notebook.ask(lambda views, at=cursor: observations_page(views, ObservationFilter(), at))
        lines += page.lines
        cursor = page.following
        if cursor is None:
            return lines


async def read_pages(notebook: Notebook) -> dict[str, object]:
    """Everything that a desk shows of the week, by the name of the question."""
    lines = await all_observations(notebook)
    return {"lines": lines, **await notebook.ask(lambda views: _read_the_rest(views, [line.subject for line in lines]))}


def _read_the_rest(views: Session, seen: list[str]) -> dict[str, object]:
    own_units = tuple(units(views))
    return {
        "observations": [observation_detail(views, subject) for subject in seen],
        "patrols": [patrol_detail(views, patrol.subject) for patrol in patrols_page(views)],
        "cases": [case_detail(views, case.subject) for case in cases_page(views)],
        "orders": [orders_issued(views, unit) for unit in own_units],
        "counts": desk_counts(views, own_units),
        "queue": queue_for_review(views, own_units),
        "urgent": urgent_observations(views),
        "held": held_entries(views),
        "units": units(views),
        "persons": persons(views, UNTIL_MS),
        "places": places(views),
        "counted": counted_rows(views, FROM_MS, UNTIL_MS),
    }
