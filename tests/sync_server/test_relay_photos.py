"""Photos between a station and the province: a disk that did not keep one holds up nothing else."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from sync_server.parcels import LACKING_MS, take_parcel
from sync_server.photo_storage import StorageFailed
from tests.entries_made import a_photo, an_observation
from tests.sync_server.test_photos import upload
from tests.sync_server.two_servers import Pair, written

PHOTO = bytes(range(256)) * 3_000
SHA256 = hashlib.sha256(PHOTO).hexdigest()


async def bring_while_the_store_is_away(pair: Pair, monkeypatch: pytest.MonkeyPatch, *photos: bytes) -> None:
    """The photo comes to the province whole, and these with it; none can be kept there."""
    await pair.join("DON:chi_huy")
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    for raw in (PHOTO, *photos):
        await written(phone, a_photo(seen.ref, sha256=hashlib.sha256(raw).hexdigest(), size_bytes=len(raw)))
        await upload(phone, raw)

    async def away(_sha256: str, _file: Path) -> None:
        raise StorageFailed("away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(pair.province.running.storage, "keep", away)
        async with asyncio.timeout(20):
            await pair.call()


@pytest.mark.parametrize("kept", [None, PHOTO[:-1] + b"x"], ids=["lost", "rotten"])
async def test_a_photo_that_the_stations_disk_did_not_keep_is_not_sent_without_end(pair, kept):
    await pair.join("DON:chi_huy")
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    await written(phone, a_photo(seen.ref, sha256=SHA256, size_bytes=len(PHOTO)))
    await upload(phone, PHOTO)
    (file,) = (pair.station.settings.folder / "photos").rglob(SHA256)
    file.unlink() if kept is None else file.write_bytes(kept)
    async with asyncio.timeout(20):
        await pair.call()
    assert (pair.station.running.station.writer, SHA256) in pair.province.running.lacking
    await upload(phone, PHOTO)
    pair.station.clock.pass_by(LACKING_MS)
    for _ in range(2):  # asked for in one, given in the next
        await pair.call()
    assert await pair.province.running.uploads.receipt(SHA256) is not None


async def test_a_photo_that_came_whole_while_the_store_was_away_is_kept_once_it_is_back(pair, monkeypatch):
    await bring_while_the_store_is_away(pair, monkeypatch)
    await pair.call()
    assert await pair.province.running.uploads.receipt(SHA256) is not None


async def test_a_photo_that_came_whole_is_not_kept_once_its_record_was_taken_back(pair, monkeypatch):
    await bring_while_the_store_is_away(pair, monkeypatch)
    pair.give(take=("DON:chi_huy",))
    await pair.call()
    assert await pair.province.running.uploads.receipt(SHA256) is None


async def test_two_letters_at_a_time_that_find_the_same_whole_photo_are_both_taken(pair, monkeypatch):
    await bring_while_the_store_is_away(pair, monkeypatch)
    raw = (await pair.file_up()).raw
    came = await asyncio.gather(*(take_parcel(pair.province.running, raw) for _ in range(2)))
    assert sum(one.photos for one in came) == 1


async def test_a_letter_does_not_wait_for_every_photo_while_the_store_is_away(pair, monkeypatch):
    """A bucket that cannot be reached says so after seconds, and a call is given up after a minute."""
    await bring_while_the_store_is_away(pair, monkeypatch, PHOTO + b"2", PHOTO + b"3")
    tried = list[str]()

    async def away(sha256: str, _file: Path) -> None:
        tried.append(sha256)
        raise StorageFailed("away")

    monkeypatch.setattr(pair.province.running.storage, "keep", away)
    await pair.call_once()
    assert len(tried) == 1
