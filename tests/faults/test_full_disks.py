"""A disk that is full, at the station, on the device or of copies: what was not kept was said not to be, the rest is whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.space import TEXT_ENDS_BYTES
from demo.processes import ROOT
from tests.app.photos.test_full_device import may_mount

CHILDREN = {
    "station": "tests.faults.full_disk_child",
    "device": "tests.faults.full_disk_child",
    "copies": "tests.faults.full_copy_child",
}


def fill(end: str, place: Path) -> dict[str, object]:
    """On a disk of 12 MB of its own, or with bounded files where the system gives none."""
    if may_mount():
        script = f"mount -t tmpfs -o size=12m tmpfs {place} && exec {sys.executable} -m {CHILDREN[end]} {end} {place}"
        command = ["unshare", "-rm", "sh", "-c", script]
    else:
        command = [sys.executable, "-m", CHILDREN[end], end, str(place), "limited"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr[-3_000:]
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    print(end, told)  # noqa: T201
    return told


@pytest.mark.slow
def test_a_full_station_gives_no_receipt_for_what_it_does_not_hold_and_goes_on_when_there_is_room(tmp_path: Path):
    told = fill("station", tmp_path)
    assert told["reads"] == 200
    assert told["kept"]
    assert told["went_on"]
    assert told["rows"]


@pytest.mark.slow
def test_a_full_device_says_what_it_did_not_save_and_keeps_the_rest(tmp_path: Path):
    told = fill("device", tmp_path)
    assert told["failures"]
    assert int(str(told["free_bytes"])) < TEXT_ENDS_BYTES, "text is saved down to the last of the disk"
    assert (told["kept"], told["whole"], told["chain"]) == (True, True, True)
    assert (told["lost_tail"], told["half"]) == (False, 0)


@pytest.mark.long_faults
def test_a_full_disk_takes_no_half_copy_and_puts_up_no_half_station(tmp_path: Path):
    assert fill("copies", tmp_path) == {
        "restore_failed": True,
        "left_of_it": [],
        "backup_failed": True,
        "left_in_the_clear": [],
        "old_opens": True,
        "new_is_whole": True,
    }
