"""Part of group ``field``: what a record costs a tired hand, counted by the browser test on the real page."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure

ROOT = Path(__file__).parents[1]
TEST = "tests/browser/test_few_touches.py"
COUNTED = ROOT / "build" / "few_touches.json"
NOTES = {
    "quick_report": "pocket to a text that can be read over the radio; taps and typed fields",
    "observation_with_photo": "from the patrol's screen to saved",
    "nothing_found": "and one takes it back",
}


def measure_interactions() -> Iterator[Figure]:
    """The counts of this run: what an earlier one left is thrown away first."""
    COUNTED.unlink(missing_ok=True)
    told = subprocess.run([sys.executable, "-m", "pytest", "-q", TEST], cwd=ROOT, stdout=sys.stderr, check=False)
    counted = json.loads(COUNTED.read_text(encoding="utf-8")) if COUNTED.exists() else {}
    yield from (Figure(f"field.{what}_interactions", counted[what], "", note) for what, note in NOTES.items() if what in counted)
    if told.returncode != 0 or counted.keys() != NOTES.keys():
        raise RuntimeError(f"{TEST} did not count everything: what it said is above")
