"""GET /photos/{sha256}: for who may see an entry that names it. GET /photos/{sha256}/receipt: that the station holds it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from sync_server.photo_storage import StorageFailed
from sync_server.problems import Refused
from sync_server.routes.parts import NO_STORE, Here, answer
from sync_server.running import Running
from sync_server.serve import find_photo

router = APIRouter()
RANGE = re.compile(r"^bytes=(\d{0,12})-(\d{0,12})$")


@dataclass(frozen=True)
class Stretch:
    """Bytes from ``start`` to ``end``, not included."""

    start: int
    end: int


def read_range(header: str | None, size_bytes: int) -> Stretch | None:
    """The one range that was asked for; None for the whole. Raises :class:`Refused` (``range``)."""
    if header is None:
        return None
    found = RANGE.match(header)
    if found is None or not (found[1] or found[2]):
        return None
    start = int(found[1]) if found[1] else max(0, size_bytes - int(found[2]))
    end = min(int(found[2]) + 1, size_bytes) if found[1] and found[2] else size_bytes
    if start >= end:
        raise Refused("range", headers={"Content-Range": f"bytes */{size_bytes}"})
    return Stretch(start, end)


@router.get("/photos/{sha256}")
async def fetch(sha256: str, request: Request, running: Here) -> Response:
    standing = await running.who(request)
    photo = await running.database.reading(lambda connection: find_photo(connection, standing, sha256))
    if photo is None:
        raise Refused("not_found")
    stretch = read_range(request.headers.get("range"), photo.size_bytes)
    start, end = (stretch.start, stretch.end) if stretch else (0, photo.size_bytes)
    body = await _opened(running, sha256, start, end)
    await running.database.writing(lambda: running.log(standing, "photo", sha256))
    headers = {**NO_STORE, "Accept-Ranges": "bytes", "Content-Length": str(end - start), "DPoP-Nonce": running.gate.nonce()}
    headers |= {"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"}
    if stretch:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{photo.size_bytes}"
    return StreamingResponse(body, 206 if stretch else 200, headers, photo.media_type)


async def _opened(running: Running, sha256: str, start: int, end: int) -> AsyncIterator[bytes]:
    """The body, once its first bytes are there: a store that does not answer is a problem document, not half an answer."""
    source = running.storage.read(sha256, start, end)
    try:
        first = await anext(source, b"")
    except StorageFailed as failed:
        raise Refused("storage_failed", str(failed)) from failed

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for chunk in source:
            yield chunk

    return whole()


@router.get("/photos/{sha256}/receipt")
async def receipt(sha256: str, request: Request, running: Here) -> Response:
    standing = await running.who(request)
    photo = await running.database.reading(lambda connection: find_photo(connection, standing, sha256))
    found = await running.uploads.receipt(sha256) if photo is not None else None
    if found is None:
        raise Refused("not_found")
    return answer(found, running)
