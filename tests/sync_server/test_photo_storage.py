"""One contract for both stores of photos: a folder and an S3 bucket."""

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import httpx
import obstore
import pytest
from moto.server import ThreadedMotoServer

from sync_server.photo_storage import PhotoStorage, StorageFailed, WrongBytes

RAW = random.Random(3).randbytes(700_000)
SHA256 = hashlib.sha256(RAW).hexdigest()
BUCKET = "photos"


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path, monkeypatch) -> PhotoStorage:
    if request.param == "folder":
        return PhotoStorage((tmp_path / "photos").as_uri(), random_bytes=os.urandom)
    address = request.getfixturevalue("s3_address")
    settings = {
        "ENDPOINT": address,
        "ACCESS_KEY_ID": "key",
        "SECRET_ACCESS_KEY": "secret",
        "REGION": "us-east-1",
        "ALLOW_HTTP": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    make_bucket(address)
    return PhotoStorage(f"s3://{BUCKET}/station", random_bytes=os.urandom)


def make_bucket(address: str) -> None:
    httpx.post(f"{address}/moto-api/reset")
    httpx.put(f"{address}/{BUCKET}").raise_for_status()


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
