"""Where photos lie: a folder or a bucket, named by their hash. Nothing gets its name before its stored bytes were hashed."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from sync_server.durable import sync_file, sync_folder

CHUNK_BYTES = 262_144


class StorageFailed(Exception):
    """The store did not take, give or confirm the bytes; nothing may be said to be kept."""


class WrongBytes(Exception):
    """The bytes do not have the hash that they are to be known by."""


class PhotoStorage:
    """Content-addressed bytes. ``place`` is ``file:///folder`` or ``s3://bucket/prefix``."""

    def __init__(self, place: str, *, random_bytes: Callable[[int], bytes]) -> None:
        split = urlsplit(place)
        self._folder = Path(unquote(split.path)) if split.scheme == "file" else None
        self._random_bytes = random_bytes
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._store: ObjectStore = from_url(place) if self._folder is None else LocalStore(self._folder)

    async def keep(self, sha256: str, file: Path) -> None:
        """Stores a file's bytes for good. Raises :class:`WrongBytes`, :class:`StorageFailed`; then nothing has the final name."""
        found, size_bytes = await asyncio.to_thread(_hash_file, file)
        if found != sha256:
            raise WrongBytes(sha256)
        try:
            if await self._holds(sha256, size_bytes):
                return
            beside = f"coming/{sha256}.{self._random_bytes(6).hex()}"
            await obstore.put_async(self._store, beside, file)
            if await self._hash_stored(beside) != sha256:
                raise StorageFailed("the store gives back other bytes than it was given")
            await obstore.rename_async(self._store, beside, _key(sha256))
            if not await self._holds(sha256, size_bytes):
                raise StorageFailed("the store does not hold what it took")
        except (BaseError, OSError) as failed:
            raise StorageFailed(type(failed).__name__) from failed
        await asyncio.to_thread(self._make_durable, sha256)

    def _make_durable(self, sha256: str) -> None:
        """A bucket answers when it is durable; a folder only after fsync of the file and of each folder above it."""
        if self._folder is None:
            return
        file = self._folder / _key(sha256)
        sync_file(file)
        for folder in (file.parent.parent, self._folder):
            sync_folder(folder)

    async def _holds(self, sha256: str, size_bytes: int) -> bool:
        """Looks at the stored bytes, not at what anybody remembers of them."""
        try:
            found = await obstore.head_async(self._store, _key(sha256))
            return found["size"] == size_bytes and await self._hash_stored(_key(sha256)) == sha256
        except FileNotFoundError:
            return False

    async def _hash_stored(self, key: str) -> str:
        digest = hashlib.sha256()
        result = await obstore.get_async(self._store, key)
        async for chunk in result.stream(min_chunk_size=CHUNK_BYTES):
            digest.update(bytes(chunk))
        return digest.hexdigest()

    async def holds_unchanged(self, sha256: str, size_bytes: int) -> bool:
        """Whether the stored bytes still have their hash. Raises :class:`StorageFailed`."""
        try:
            return await self._holds(sha256, size_bytes)
        except (BaseError, OSError) as failed:
            raise StorageFailed(type(failed).__name__) from failed

    async def read(self, sha256: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Bytes ``start`` to ``end`` (not included), in chunks. Raises :class:`StorageFailed`."""
        try:
            while start < end:
                until = min(start + CHUNK_BYTES, end)
                yield bytes(await obstore.get_range_async(self._store, _key(sha256), start=start, end=until))
                start = until
        except (BaseError, OSError) as failed:
            raise StorageFailed(type(failed).__name__) from failed

    async def remove(self, sha256: str) -> None:
        """Destroys the bytes of a photo that the law says must go."""
        try:
            await obstore.delete_async(self._store, _key(sha256))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as failed:
            raise StorageFailed(type(failed).__name__) from failed


def is_place(place: str) -> bool:
    """Whether photos can be said to lie there; nothing is asked of it yet."""
    try:
        PhotoStorage(place, random_bytes=bytes)
    except (BaseError, ValueError):
        return False
    return True


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _hash_file(file: Path) -> tuple[str, int]:
    """Hash and size of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), stream.tell()
