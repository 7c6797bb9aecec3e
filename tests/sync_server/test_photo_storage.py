"""One contract for both stores of photos: a folder and an S3 bucket."""

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest

from sync_server.photo_storage import PhotoStorage, StorageFailed, WrongBytes
from tests.s3 import empty_bucket, lead_to, serve_s3

RAW = random.Random(3).randbytes(700_000)
SHA256 = hashlib.sha256(RAW).hexdigest()


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    with serve_s3() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path, monkeypatch) -> PhotoStorage:
    if request.param == "folder":
        return PhotoStorage((tmp_path / "photos").as_uri(), random_bytes=os.urandom)
    address = request.getfixturevalue("s3_address")
    empty_bucket(address)
    return PhotoStorage(lead_to(address, monkeypatch), random_bytes=os.urandom)


@pytest.fixture
def file(tmp_path) -> Path:
    made = tmp_path / "came"
    made.write_bytes(RAW)
    return made


async def read(storage: PhotoStorage, start: int = 0, end: int = len(RAW)) -> bytes:
    return b"".join([chunk async for chunk in storage.read(SHA256, start, end)])


async def test_what_was_kept_is_read_back_byte_for_byte(storage, file):
    await storage.keep(SHA256, file)
    assert await read(storage) == RAW
    assert await read(storage, 300_000, 300_010) == RAW[300_000:300_010]


async def test_bytes_of_another_hash_are_never_kept(storage, file):
    file.write_bytes(RAW[:-1])
    with pytest.raises(WrongBytes):
        await storage.keep(SHA256, file)
    with pytest.raises(StorageFailed):
        await read(storage)


async def test_keeping_again_changes_nothing(storage, file):
    await storage.keep(SHA256, file)
    await storage.keep(SHA256, file)
    assert await storage.holds_unchanged(SHA256, len(RAW))


async def test_a_photo_that_rotted_in_the_store_is_noticed_and_mended_by_sending_it_again(storage, file):
    await storage.keep(SHA256, file)
    await spoil(storage)
    assert not await storage.holds_unchanged(SHA256, len(RAW))
    await storage.keep(SHA256, file)
    assert await storage.holds_unchanged(SHA256, len(RAW))


async def spoil(storage: PhotoStorage) -> None:
    await obstore.put_async(storage._store, f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}", RAW[:-1] + b"x")


async def test_a_removed_photo_is_gone_and_removing_again_is_no_error(storage, file):
    await storage.keep(SHA256, file)
    await storage.remove(SHA256)
    await storage.remove(SHA256)
    assert not await storage.holds_unchanged(SHA256, len(RAW))


async def test_nothing_is_left_beside_the_photo(tmp_path, file):
    storage = PhotoStorage((tmp_path / "photos").as_uri(), random_bytes=os.urandom)
    await storage.keep(SHA256, file)
    assert [path.name for path in (tmp_path / "photos").rglob("*") if path.is_file()] == [SHA256]
