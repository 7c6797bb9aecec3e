"""Fills a small disk with a station or with a device's store, then makes room, and says what came of it as one JSON line.

``python -m tests.faults.full_disk_child station|device FOLDER``. FOLDER is a small disk of its own where the system allows one;
else the length of each file is bounded (``limited``), which refuses like a full disk, if with another word.
"""

import asyncio
import json
import logging
import os
import resource
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from random import Random

from app.store.opening import open_store
from app.store.outcomes import StoreDoubtful
from app.store.space import NoRoom, free_bytes_at
from tests.app.store.fakes import PIN, SECRET, Device, observation, record
from tests.entries_made import an_observation
from tests.faults.pushing import Pusher, check_once
from tests.sync_server import fakes
from tests.sync_server.conftest import PEOPLE
from tests.sync_server.test_photos import add, begin

BALLAST_BYTES = 3_000_000
FILE_BYTES = 1_500_000
FAILURES = 12


class SmallDisk:
    """Room that can be given back: a file in the way, or a bound on the length of files."""

    def __init__(self, folder: Path, *, limited: bool) -> None:
        self._ballast = folder / "ballast"
        self._limited = limited
        self._ballast.write_bytes(b"" if limited else bytes(BALLAST_BYTES))
        self._bound(FILE_BYTES)

    def make_room(self) -> None:
        self._ballast.unlink()
        self._bound(resource.RLIM_INFINITY)

    def _bound(self, size_bytes: int) -> None:
        if self._limited:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))


async def fill_station(folder: Path, disk: SmallDisk) -> dict[str, object]:
    """Text and photos come until nothing fits, and a while longer."""
    house = fakes.build_house(folder / "station")
    house.settle_people(PEOPLE)
    device = fakes.Device(house)
    await device.enrol("P03")
    pusher = Pusher(device, house.running.station.public_key, Random(1))
    photos, answers = dict[str, bytes](), Counter[str]()
    failed = number = 0
    while failed < FAILURES:
        number += 1
        for _ in range(20):
            device.write(an_observation(description="x" * 1_500))
        failed += not await pusher.push()
        raw = Random(number).randbytes(60_000)
        begun = await begin(device, raw)
        answers[f"begin {begun.status_code}"] += 1
        if begun.status_code == 201:
            added = await add(device, begun.headers["location"], 0, raw)
            answers[f"piece {added.status_code}"] += 1
            if added.status_code == 200:
                photos[sha256(raw).hexdigest()] = raw
    reads = (await device.http.get(f"/push/{device.writer}")).status_code
    disk.make_room()
    pusher.unsure = True
    went_on = await pusher.push()
    files = {sha256(path.read_bytes()).hexdigest() for path in (folder / "station" / "photos").rglob("*") if path.is_file()}
    rows = check_once(house.settings.database, [pusher])
    await device.close()
    house.close()
    kept = all(digest in files for digest in photos)
    return {
        "reads": reads,
        "went_on": went_on,
        "rows": rows,
        "photos": len(photos),
        "kept": kept,
        "answers": pusher.answers | answers,
    }


def fill_device(folder: Path, disk: SmallDisk) -> dict[str, object]:
    """Records and photos until nothing fits, and a while longer; what was not saved was said."""
    device = Device(folder / "store")
    store = device.create()
    saved, photos, failures = dict[int, str](), set[str](), Counter[str]()
    number = 0
    free_bytes = -1
    while failures.total() - failures[NoRoom.__name__] < FAILURES:
        number += 1
        keep: Callable[[], object] = lambda: saved.update(save(store, number))  # noqa: B023, E731  called at once
        if number % 50 == 5:
            keep = lambda: photos.add(store.photos.keep(os.urandom(40_000)).sha256)  # noqa: B023, E731
        try:
            keep()
        except StoreDoubtful as failed:
            failures[type(failed).__name__] += 1
            with suppress(sqlite3.Error, OSError):
                store.close()
            store = open_store(device.folder, SECRET, device.means)[0]
            store.unlock(PIN)
        except (sqlite3.OperationalError, NoRoom, OSError) as failed:
            failures[type(failed).__name__] += 1
            if free_bytes < 0 and not isinstance(failed, NoRoom):
                free_bytes = free_bytes_at(folder)
    disk.make_room()
    with suppress(StoreDoubtful):
        store.close()
    store, found = open_store(device.folder, SECRET, device.means)
    store.unlock(PIN)
    held = {seq: sha256(raw).hexdigest() for seq, raw in store.own_raws() if raw is not None}
    whole = all(sha256(store.photos.read(digest) or b"").hexdigest() == digest for digest in photos)
    record(store)
    told = {
        "saved": len(saved), "free_bytes": free_bytes, "photos": len(photos), "failures": failures, "whole": whole,
        "kept": saved.items() <= held.items(), "lost_tail": found.lost_tail is not None,
        "half": found.unfinished_photos, "chain": store.check_chain() is None,
    }  # fmt: skip
    store.close()
    return told


def save(store, number: int) -> dict[int, str]:  # type: ignore[no-untyped-def]
    entry = record(store, observation(f"quan sát {number} " + "x" * 7_000))
    return {entry.seq: sha256(store.sending._raws[entry.seq]).hexdigest()}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    place = Path(sys.argv[2])
    small = SmallDisk(place, limited="limited" in sys.argv[3:])
    told = asyncio.run(fill_station(place, small)) if sys.argv[1] == "station" else fill_device(place, small)
    print(json.dumps(told))  # noqa: T201
