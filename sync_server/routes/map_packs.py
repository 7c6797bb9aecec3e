"""GET /map-packs: what this station offers. GET /map-packs/{sha256}: the bytes, whole or from where a broken link stopped."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from journal.map_packs import OfferedPacks
from sync_server.map_packs import MapPackFolder
from sync_server.problems import Refused
from sync_server.routes.parts import NO_STORE, Here, answer
from sync_server.routes.photos import read_range
from sync_server.running import Running

router = APIRouter()
PIECE_BYTES = 262_144


def folder_of(running: Running) -> MapPackFolder:
    return MapPackFolder(running.settings.map_packs_folder)


@router.get("/map-packs")
async def offered(request: Request, running: Here) -> Response:
    await running.who(request)
    return answer(OfferedPacks(packs=await asyncio.to_thread(folder_of(running).offered)), running)


@router.get("/map-packs/{sha256}")
async def fetch(sha256: str, request: Request, running: Here) -> Response:
    """Every enrolled device may have it; ``Range`` as for photos."""
    standing = await running.who(request)
    folder = folder_of(running)
    card = await asyncio.to_thread(folder.find, sha256)
    if card is None:
        raise Refused("not_found")
    stretch = read_range(request.headers.get("range"), card.size_bytes)
    start, end = (stretch.start, stretch.end) if stretch else (0, card.size_bytes)
    await running.database.writing(lambda: running.log(standing, "map_pack", sha256))
    headers = {**NO_STORE, "Accept-Ranges": "bytes", "Content-Length": str(end - start), "DPoP-Nonce": running.gate.nonce()}
    headers |= {"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"}
    if stretch:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{card.size_bytes}"
    body = _pieces(folder.path_of(card), start, end)
    return StreamingResponse(body, 206 if stretch else 200, headers, "application/octet-stream")


async def _pieces(path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            piece = await asyncio.to_thread(file.read, min(PIECE_BYTES, end - start))
            if not piece:
                return
            start += len(piece)
            yield piece
