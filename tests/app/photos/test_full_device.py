"""A full device: no half photo stays, what is said is true, and words are recorded to the last."""

import errno
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.record import FieldRecorder, PhotoForm, PhotoRefused
from app.store.photo_files import PhotoFiles
from app.store.space import KEPT_FOR_TEXT_BYTES, NoRoom, is_full
from demo.processes import ROOT
from journal.catalogue import load_catalogue
from tests.app.photos.hostile import coded, scene
from tests.app.photos.world import new_notebook
from tests.app.store.fakes import Clocks

IN_A_SMALL_DISK = "mkdir -p {place} && mount -t tmpfs -o size={size} tmpfs {place} && exec {python} -m {child} {place} {photo}"


def may_mount() -> bool:
    """Whether this machine lets a test have a small disk of its own."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    return tried.returncode == 0


class FullDisk:
    """Bytes left, as the system would tell; a test takes them away."""

    def __init__(self, free_bytes: int) -> None:
        self.free_bytes = free_bytes

    def ask(self, _folder: Path) -> int:
        return self.free_bytes


def sealed_files(tmp_path: Path, disk: FullDisk) -> PhotoFiles:
    return PhotoFiles(tmp_path / "photos", b"\x09" + bytes(31), lambda count: bytes(range(count % 256)) or b"", disk.ask)


def test_the_last_of_the_disk_is_kept_for_text(tmp_path):
    disk = FullDisk(KEPT_FOR_TEXT_BYTES + 999)
    files = sealed_files(tmp_path, disk)
    with pytest.raises(NoRoom):
        files.keep(bytes(1_000))
    assert list((tmp_path / "photos").iterdir()) == []
    files.keep(bytes(999))
    assert len(files.names()) == 1


def test_a_disk_that_fills_up_half_way_keeps_no_half_photo(tmp_path, monkeypatch):
    files = sealed_files(tmp_path, FullDisk(10**9))

    def no_room_left(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("app.store.durable_files.os.fsync", no_room_left)
    with pytest.raises(NoRoom):
        files.keep(bytes(3_000_000))
    assert list((tmp_path / "photos").iterdir()) == []


def test_only_a_full_disk_is_called_full():
    assert is_full(OSError(errno.ENOSPC, "full"))
    assert is_full(NoRoom("kept for text"))
    assert not is_full(OSError(errno.EIO, "broken"))
    assert not is_full(ValueError("else"))


def fill_in_child(tmp_path: Path, size: str) -> dict[str, object]:
    """What happened on a disk of this size, mounted for the child alone; on a machine that forbids that, in a plain folder."""
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(coded(scene(2000, 1500), "JPEG", quality=95))
    place = tmp_path / "disk"
    child = "tests.app.photos.filling_in_child"
    if may_mount():
        script = IN_A_SMALL_DISK.format(place=place, size=size, python=sys.executable, child=child, photo=photo)
        command = ["unshare", "-rm", "sh", "-c", script]
    else:
        place.mkdir()
        command = [sys.executable, "-m", child, str(place), str(photo), "limit"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_on_a_real_small_disk_photos_stop_first_and_text_is_saved_to_the_last(tmp_path):
    told = fill_in_child(tmp_path, "60m")
    assert told["photos_kept"] >= 1
    assert told["refused"] == "no_room"
    assert told["free_at_refusal"] >= KEPT_FOR_TEXT_BYTES - 1_000_000
    assert told["texts_after"] == 200
    assert told["unfinished"] == 0
    assert told["texts_at_5_mb"] == 20
    assert told["found_after_restart"] == told["texts_told_saved"]
    assert told["photos_readable"] == told["photos_kept"]


async def test_a_copy_without_room_costs_only_the_copy(tmp_path):
    clocks = Clocks()
    notebook = await new_notebook(tmp_path / "device", clocks)
    raw = coded(scene(1200, 900), "JPEG")
    disk = FullDisk(KEPT_FOR_TEXT_BYTES + len(raw))
    notebook._store.photos._files._free_bytes = lambda _: (
        disk.ask(tmp_path) - sum(one.stat().st_size for one in (tmp_path / "device" / "photos").iterdir())
    )
    darkroom = FieldRecorder(notebook, load_catalogue(), clocks).darkroom
    taken = await darkroom.take(raw)
    assert isinstance(taken, PhotoForm)
    assert (taken.no_copies, taken.copies) == ("no_room", ())
    assert await notebook.read_photo(taken.sha256) == raw
    assert await darkroom.take(coded(scene(640, 480), "PNG")) == PhotoRefused("no_room")
    await notebook.close()
