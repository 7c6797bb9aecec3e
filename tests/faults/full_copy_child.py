"""Copies a station onto a disk that has too little room, and puts one up there; says what came of it as one JSON line.

``python -m tests.faults.full_copy_child copies FOLDER [limited]``, as :mod:`tests.faults.full_disk_child` has it.
"""

import asyncio
import json
import logging
import sys
import tempfile
from collections.abc import Awaitable
from hashlib import sha256
from pathlib import Path
from random import Random

from sqlalchemy.exc import DBAPIError

from sync_server.backup import back_up
from sync_server.photo_storage import StorageFailed
from sync_server.restore import PutUp, put_up, read_recovery_key
from tests.entries_made import an_observation
from tests.faults.full_disk_child import SmallDisk
from tests.sync_server.conftest import PEOPLE
from tests.sync_server.fakes import Device, House, build_house
from tests.sync_server.test_backup import page_of
from tests.sync_server.test_photos import upload

PHOTOS = [Random(number).randbytes(2_000_000) for number in range(5)]
"""More than there is room for before some is made, and less than afterwards."""


async def restore(house: House, archive: Path, folder: Path) -> PutUp:
    key, clock = read_recovery_key(page_of(house)), house.clock
    return await put_up(archive, key, folder, now_ms=clock.now_ms, random_bytes=Random(7).randbytes)


def names_in(folder: Path, pattern: str) -> list[str]:
    return sorted(one.name for one in folder.glob(pattern))


def photos_in(station: Path) -> set[str]:
    return {sha256(one.read_bytes()).hexdigest() for one in (station / "photos").rglob("*") if one.is_file()}


async def fails(act: Awaitable[object]) -> bool:
    try:
        await act
    except (OSError, DBAPIError, StorageFailed):
        return True
    return False


async def fill_copies(place: Path, elsewhere: Path, *, limited: bool) -> dict[str, object]:
    house = build_house(elsewhere / "station")
    house.settle_people(PEOPLE)
    device = Device(house)
    await device.enrol("P03")
    device.write(an_observation())
    await device.push()
    old = (await back_up(house.running, place / "disk", keep=14)).archive
    for raw in PHOTOS:
        await upload(device, raw)
    whole = (await back_up(house.running, elsewhere / "disk", keep=14)).archive
    disk = SmallDisk(place, limited=limited)
    told: dict[str, object] = {"restore_failed": await fails(restore(house, whole, place / "station"))}
    told["left_of_it"] = names_in(place, "station*")
    house.clock.pass_by(60_000)
    told["backup_failed"] = await fails(back_up(house.running, place / "disk", keep=14))
    told["left_in_the_clear"] = names_in(elsewhere / "station", "backup*")
    told["old_opens"] = (await restore(house, old, elsewhere / "old")).missing == ()
    disk.make_room()
    house.clock.pass_by(60_000)
    new = (await back_up(house.running, place / "disk", keep=14)).archive
    made = await restore(house, new, elsewhere / "new")
    told["new_is_whole"] = made.missing == () and photos_in(elsewhere / "new") == {sha256(raw).hexdigest() for raw in PHOTOS}
    await device.close()
    house.close()
    return told


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="tuan-tra-copies-") as name:
        print(json.dumps(asyncio.run(fill_copies(Path(sys.argv[2]), Path(name), limited="limited" in sys.argv[3:]))))  # noqa: T201
