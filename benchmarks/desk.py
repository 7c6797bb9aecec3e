"""Group ``desk``: the commander's page on a hundred thousand records, each time in a process of its own."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.big_station import BIG, BigDesk, big_desk
from benchmarks.figures import Figure

ROOT = Path(__file__).parents[1]
OPENINGS = 3


class DeskNotShown(Exception):
    """The page did not come to its controls; the child's words say why."""


def measure() -> Iterator[Figure]:
    desk = big_desk()
    _run(desk, "prepare")
    runs = [_run(desk, "open") for _ in range(OPENINGS - 1)]
    runs.append(_run(desk, "work"))
    worked, size = runs[-1], f"{BIG.observations} observations, {BIG.patrols} patrols, {BIG.fixes} fixes"
    opened_s = [run["open_s"] for run in runs]
    apart = f"key derivation apart ({statistics.median(run['kdf_s'] for run in runs):.2f} s)"
    yield Figure("desk.open_s", statistics.median(opened_s), "s", f"PIN accepted to the first page's controls, {apart}; {size}")
    yield Figure(
        "desk.open_cpu_s", statistics.median(run["open_cpu_s"] for run in runs), "s", "of this process, in the same time"
    )
    drawn = "until the rows in sight are drawn, the slowest"
    yield Figure("desk.filter_ms", worked["filter_ms"], "ms", f"{drawn} of the filters")
    yield Figure("desk.search_ms", worked["search_ms"], "ms", f"{drawn} of the searches, the pause of typing apart")
    yield Figure("desk.page_ms", worked["page_ms"], "ms", f"{drawn} of the pages of inbox and register")
    goal = "goal 500 ms"
    yield Figure(
        "desk.line_ms", worked["line_ms"], "ms", f"from the rail to the line's first page, its ways traced before; {goal}"
    )
    yield Figure("desk.course_ms", worked["course_ms"], "ms", f"the course of a patrol drawn, the slowest of four; {goal}")
    yield Figure("desk.retention_ms", worked["retention_ms"], "ms", f"the first page of what falls due in three years; {goal}")
    for what in ("filter", "search", "page", "line", "course", "retention"):
        yield Figure(f"desk.{what}_cpu_ms", worked[f"{what}_cpu_ms"], "ms", "of this process in the same time, the median")
    yield Figure("desk.report_s", worked["report_s"], "s", "the figures of a year, drawn")
    yield Figure("desk.map_ms", worked["map_ms"], "ms", "the records in sight, gathered and drawn, the slowest of three depths")
    yield Figure("desk.peak_mb", worked["peak_mb"], "MB", "most memory that the process had, the page's work in")


def _run(desk: BigDesk, what: str) -> dict[str, float]:
    environment = {**os.environ, "TUAN_TRA_FOLDER": str(desk.folder), "TUAN_TRA_SECRET_FILE": str(desk.secret_file)}
    command = [sys.executable, "-m", "benchmarks.desk_child", what]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeskNotShown(done.stderr[-3000:])
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures
