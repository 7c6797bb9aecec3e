"""How long a cold start takes: from the process to the unlock screen's controls, the browser's or phone's engine apart."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.notebooks import make_notebook

RUNS = 5
ROOT = Path(__file__).parents[1]
READY = b"unlock screen"
CHILD = f"""
import asyncio
from app.main import make_main
from app.state.settings import read_settings
from tests.flet_session import FletSession

async def start():
    page = await FletSession.start(make_main(read_settings()), answers={{"get_battery_level": 50, "get_connectivity": ["wifi"]}})
    while not page.sees("Nhập mã PIN"):
        await asyncio.sleep(0.002)
        await page.settle()
    print("{READY.decode()}", flush=True)

asyncio.run(start())
"""


def measure_first_screen() -> Iterator[Figure]:
    """The median of five starts on a vault of one person; the child is ended as soon as its screen is there."""
    with tempfile.TemporaryDirectory(prefix="tuan-tra-bench-") as folder:
        environment = asyncio.run(_set_up(Path(folder)))
        took_s = [_start(environment) for _ in range(RUNS)]
    yield Figure("field.first_screen_s", statistics.median(took_s), "s", f"process start to the PIN pad, median of {RUNS}")


async def _set_up(folder: Path) -> dict[str, str]:
    place, notebook = await make_notebook(folder / "device" / "vault")
    await notebook.close()
    secret = folder / "secret"
    secret.write_bytes(place.secret)
    return {**os.environ, "TUAN_TRA_FOLDER": str(folder), "TUAN_TRA_SECRET_FILE": str(secret)}


def _start(environment: dict[str, str]) -> float:
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", CHILD], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    try:
        if child.stdout is None or child.stdout.readline().strip() != READY:
            raise RuntimeError("the app did not show its unlock screen")
        return time.perf_counter() - began
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
