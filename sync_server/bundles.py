"""A bundle that somebody brought: opened and checked as a whole, then taken in like the push and the photos that it holds.

Nothing is kept of a bundle that does not open to its last byte. What it holds is as idempotent as when its writer sends it, and
who brought it changes nothing: signatures say who wrote.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select

from journal.bundle import BundledPhoto, BundleOpening, BundleReader, BundleReply, BundleUnreadable, open_bundle
from journal.exchange import PushReader
from journal.wire import PushOpening, Signed, WireUnreadable
from sync_server.arriving import Taken
from sync_server.problems import Refused
from sync_server.push_taking import PushTaking
from sync_server.register import WRITERS
from sync_server.running import Running


async def take_bundle(running: Running, file: Path) -> Taken:
    """Takes in the bundle in a file, text first.

    Raises :class:`Refused`: ``unreadable`` changes nothing; after any other, frames that were taken before it stay.
    """
    keys = await running.database.reading(_public_keys)
    try:
        await asyncio.to_thread(_check, running, file, keys)
        with _reading(running, file) as reader:
            opening = reader.opening(keys.get)
            taking = PushTaking(running, PushReader())
            pieces = _one_after_another(reader.part(opening.push_bytes))
            push = await taking.take(pieces) if opening.push_bytes else None
            photos = [await _take_photo(running, opening.writer, photo, reader) for photo in opening.photos]
    except (BundleUnreadable, WireUnreadable) as unreadable:
        raise Refused("unreadable", str(unreadable)) from None
    return Taken(BundleReply(writer=opening.writer, push=push, photos=tuple(photos)), taking.count, len(photos))


def _public_keys(connection: Connection) -> dict[str, bytes]:
    return {row.writer: row.public_key for row in connection.execute(select(WRITERS.c.writer, WRITERS.c.public_key))}


@contextmanager
def _reading(running: Running, file: Path) -> Iterator[BundleReader]:
    with file.open("rb") as stream:
        yield BundleReader(open_bundle(running.station.writer, running.station.sealing_key, stream.read))


def _check(running: Running, file: Path, keys: dict[str, bytes]) -> BundleOpening:
    """Reads a bundle to its last byte: every piece opens, the push is one, every photo has its hash. Keeps nothing."""
    with _reading(running, file) as reader:
        opening = reader.opening(keys.get)
        if not opening.push_bytes and not opening.photos:
            raise BundleUnreadable("a bundle of nothing")
        push = PushReader()
        for chunk in reader.part(opening.push_bytes):
            for part in push.read(chunk):
                if isinstance(part, PushOpening) and part.writer != opening.writer:
                    raise BundleUnreadable("the push is another writer's")
        if opening.push_bytes and not push.whole:
            raise BundleUnreadable("the push is not whole")
        for photo in opening.photos:
            digest = hashlib.sha256()
            for chunk in reader.part(photo.size_bytes):
                digest.update(chunk)
            if digest.hexdigest() != photo.sha256:
                raise BundleUnreadable("a photo does not have its hash")
        reader.end()
    return opening


async def _take_photo(running: Running, writer: str, photo: BundledPhoto, reader: BundleReader) -> Signed:
    pieces = reader.part(photo.size_bytes)
    here = await running.uploads.receipt(photo.sha256)
    if here is not None:
        for _ in pieces:
            continue  # passed over: the station has these bytes
        return here.receipt
    kept = await running.uploads.take_whole(writer, photo.sha256, photo.size_bytes, photo.media_type, pieces)
    return kept.receipt


async def _one_after_another(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
