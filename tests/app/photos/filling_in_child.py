"""Fills the small disk that this process was given: photos until they are refused, then words to the last 5 MB.

Run as ``python -m tests.app.photos.filling_in_child DISK PHOTO [limit]``; the last line of its output says what happened. With
``limit`` the folder lies on a large disk, and the same room is counted off by hand.
"""

import asyncio
import json
import shutil
import sys
from pathlib import Path

from PIL import Image

from app.record import FieldRecorder, ObservationForm, PhotoForm, PhotoRefused, Recorded
from app.store.notebook import Notebook
from app.store.space import TEXT_ENDS_BYTES
from journal.catalogue import load_catalogue
from tests.app.photos.hostile import coded
from tests.app.photos.world import new_notebook
from tests.app.store.fakes import PIN, SECRET, Clocks

ROOM_BYTES = 60_000_000


def used_bytes(place: Path) -> int:
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def free_on(place: Path, *, limited: bool) -> int:
    return ROOM_BYTES - used_bytes(place) if limited else shutil.disk_usage(place).free


def leave_free(place: Path, free_bytes: int, *, limited: bool) -> None:
    """Another app takes the rest."""
    taken = free_on(place, limited=limited) - free_bytes
    with (place / "of-another-app").open("wb") as file:
        for _ in range(taken // 65_536):
            file.write(bytes(65_536))


async def record(field: FieldRecorder, number: int) -> int:
    done = await field.record_observation(ObservationForm("khong_phat_hien", description=f"Dấu giày ở khúc suối thứ {number}"))
    return int(isinstance(done, Recorded))


async def fill(place: Path, raw: bytes, *, limited: bool) -> dict[str, object]:
    clocks = Clocks()
    notebook = await new_notebook(place / "device", clocks)
    if limited:
        notebook._store.photos._files._free_bytes = lambda _: free_on(place, limited=True)
    field = FieldRecorder(notebook, load_catalogue(), clocks)
    kept, refused = [], ""
    for number in range(200):
        taken = await field.darkroom.take(raw + bytes([number]))  # other bytes each time, the same picture
        if isinstance(taken, PhotoRefused):
            refused = taken.reason
            break
        kept.append(taken)
    free_at_refusal = free_on(place, limited=limited)
    saved = sum([await record(field, number) for number in range(200)])
    leave_free(place, TEXT_ENDS_BYTES, limited=limited)
    saved_at_5_mb = sum([await record(field, number) for number in range(20)])
    small = await field.darkroom.take(coded(Image.new("RGB", (30, 20)), "JPEG"))
    readable = sum([await notebook.read_photo(one.sha256) is not None for one in kept])
    await notebook.close()
    again = await Notebook.open(place / "device", device_secret=SECRET, read_clocks=clocks)
    await again.unlock(PIN)
    found = len(await again.unsent(10_000))
    unfinished = again.found_at_open.unfinished_photos
    await again.close()
    return {
        "photos_kept": len(kept), "photos_readable": readable, "refused": refused, "free_at_refusal": free_at_refusal,
        "texts_after": saved, "texts_at_5_mb": saved_at_5_mb, "texts_told_saved": saved + saved_at_5_mb,
        "found_after_restart": found, "unfinished": unfinished, "small_refused": not isinstance(small, PhotoForm),
    }  # fmt: skip


if __name__ == "__main__":
    told = asyncio.run(fill(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), limited=len(sys.argv) > 3))
    sys.stdout.write(json.dumps(told) + "\n")
