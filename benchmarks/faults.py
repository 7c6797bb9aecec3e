"""Group ``faults``: worlds of bad luck played by seed, and how many planted bugs the laws see.

``SEEDS`` in the environment says how many worlds; 20,000 of them take the better part of an hour on two cores.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.figures import Figure

SEEDS = 300
SEEDS_FOR_A_BUG = 60


def measure() -> Iterator[Figure]:
    cores = str(os.cpu_count() or 1)
    played = _run("simulator", "--seeds", os.environ.get("SEEDS", str(SEEDS)), "--processes", cores)
    per_s = played["seeds"] / played["wall_s"]
    yield Figure("faults.seeds", played["seeds"], "seeds", f"{played['wall_s']:.0f} s on {cores} cores")
    yield Figure("faults.broken", played["broken"], "seeds", "in which a law did not hold")
    yield Figure("faults.seeds_per_s", per_s, "seeds/s", f"{played['cpu_s'] / played['seeds']:.2f} s of one core each")
    planted = _run("planted", "--seeds", str(SEEDS_FOR_A_BUG), "--processes", cores)
    yield Figure("faults.planted", planted["planted"], "bugs", "each in real code")
    yield Figure("faults.caught", 100 * planted["caught"] / planted["planted"], "%", f"within {SEEDS_FOR_A_BUG} seeds each")


def _run(module: str, *arguments: str) -> dict[str, float]:
    """What a run prints last; a law that broke is told on standard error and is no failure of the measurement."""
    command = [sys.executable, "-m", f"tests.faults.{module}", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
