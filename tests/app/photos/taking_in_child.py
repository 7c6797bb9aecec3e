"""Takes every file of a folder into a real notebook and tells, for each, how it ended, how long it took and what memory it took.

Run as ``python -m tests.app.photos.taking_in_child FOLDER`` in a process of its own: a crash is seen, and memory is its own.
"""

import asyncio
import json
import re
import sys
import tempfile
import time
from pathlib import Path

from app.record.photos import Darkroom, PhotoRefused
from tests.app.photos.world import new_notebook
from tests.app.store.fakes import Clocks

STATUS = Path("/proc/self/status")


def memory_mb(field: str) -> float:
    """``VmRSS`` now, or ``VmHWM``, the most since it was forgotten."""
    found = re.search(rf"{field}:\s+(\d+) kB", STATUS.read_text())
    assert found is not None
    return int(found[1]) / 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


async def take_all(paths: list[Path]) -> None:
    clocks = Clocks()
    with tempfile.TemporaryDirectory() as place:
        notebook = await new_notebook(Path(place) / "device", clocks)
        darkroom = Darkroom(notebook, lambda: clocks.wall_ms)
        rest_mb = memory_mb("VmRSS")
        for path in paths:
            forget_peak()
            began = time.perf_counter()
            taken = await darkroom.take(path)
            took_s, peak_mb = time.perf_counter() - began, memory_mb("VmHWM") - rest_mb
            if isinstance(taken, PhotoRefused):
                ended = f"refused {taken.reason}"
            else:
                ended = f"opaque {taken.no_copies}" if taken.no_copies else "copies"
                assert await notebook.read_photo(taken.sha256) == path.read_bytes()
                assert [one.role for one in taken.copies] == ([] if taken.no_copies else ["preview", "full"])
            sys.stdout.write(json.dumps({"name": path.name, "ended": ended, "took_s": took_s, "peak_mb": peak_mb}) + "\n")
            sys.stdout.flush()
        await notebook.close()


if __name__ == "__main__":
    asyncio.run(take_all(sorted(Path(sys.argv[1]).iterdir())))
