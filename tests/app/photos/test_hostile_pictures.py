"""Whatever file is picked, it ends in a stated outcome, in little memory and time, and the app goes on."""

import json
import os
import subprocess
import sys

import pytest

from app.record.photos import PhotoRefused, read_original
from demo.processes import ROOT
from tests.app.photos.hostile import make_all, make_large_files

MOST_ABOVE_REST_MB = 300
LONGEST_S = 8.0


def take_in_child(folder):
    """How each file of the folder ended, by name, in a process that has to live to the end."""
    child = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.app.photos.taking_in_child", str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr[-3000:]
    return {one["name"]: one for one in map(json.loads, child.stdout.splitlines())}


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_every_hostile_file_ends_in_a_stated_outcome_and_little_memory(tmp_path):
    right = {}
    for made in make_all():
        (tmp_path / made.name).write_bytes(made.raw)
        assert made.name not in right
        right[made.name] = made.right
    for path, outcomes in make_large_files(tmp_path):
        right[path.name] = outcomes
    assert {one.split()[0] for one in set().union(*right.values())} == {"copies", "opaque", "refused"}
    ended = take_in_child(tmp_path)
    wrong = {name: ended[name]["ended"] for name in right if ended[name]["ended"] not in right[name]}
    assert wrong == {}
    large = {name: round(one["peak_mb"]) for name, one in ended.items() if one["peak_mb"] > MOST_ABOVE_REST_MB}
    assert large == {}
    slow = {name: one["took_s"] for name, one in ended.items() if one["took_s"] > LONGEST_S}
    assert slow == {}


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    for name in ("pipe.jpg", "not-there.jpg", "."):
        assert read_original(tmp_path / name) == PhotoRefused("unreadable")
