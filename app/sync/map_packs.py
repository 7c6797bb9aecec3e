"""Fetches map packs from the station: in as many pieces as the link needs, and believed only by their hash."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import IO, Final

from app.sync.answers import NotOurStation, ServerRefused
from app.sync.server_client import ServerClient
from journal.map_packs import OfferedPack, OfferedPacks

PIECE_BYTES: Final = 262_144
"""Written at once, and on the loop: a thread that still wrote after the fetch was stopped would mix its bytes into the next."""
COMING: Final = ".coming"
PARTIAL, WHOLE, RANGE = 206, 200, "range"


async def offered_packs(client: ServerClient) -> tuple[OfferedPack, ...]:
    """What the station offers, the newest first. Raises :class:`ExchangeFailed`."""
    return (await client.ask("GET", "/map-packs", with_token=True)).read_as(OfferedPacks).packs


def coming_file(folder: Path, sha256: str) -> Path:
    """Where the bytes of a pack lie while they are fetched; what is there survives the app."""
    return folder / f"{sha256}{COMING}"


def fetched_bytes(folder: Path, sha256: str) -> int:
    """How much of a pack is here already."""
    path = coming_file(folder, sha256)
    return path.stat().st_size if path.exists() else 0


async def fetch_pack(client: ServerClient, pack: OfferedPack, folder: Path, told: Callable[[int], None]) -> Path:
    """The whole pack as a file in ``folder``, which goes on from where an earlier call stopped. ``told`` hears the bytes so far.

    Raises :class:`ExchangeFailed`, with :class:`NotOurStation` when the bytes do not have the hash: they are thrown away then;
    OSError when the disk is full.
    """
    path = coming_file(folder, pack.sha256)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    if fetched_bytes(folder, pack.sha256) > pack.size_bytes:
        path.unlink()
    if fetched_bytes(folder, pack.sha256) < pack.size_bytes:
        await _fetch_rest(client, pack, path, told)
    if await asyncio.to_thread(_hash_of, path) != pack.sha256:
        path.unlink()
        raise NotOurStation("other bytes than the map pack's")
    return path


async def _fetch_rest(client: ServerClient, pack: OfferedPack, path: Path, told: Callable[[int], None]) -> None:
    here = fetched_bytes(path.parent, pack.sha256)
    headers = {"Range": f"bytes={here}-"} if here else {}
    try:
        async with client.open(
            "GET", f"/map-packs/{pack.sha256}", expect=frozenset({WHOLE, PARTIAL}), headers=headers, with_token=True
        ) as stream:
            if stream.status == PARTIAL and not stream.headers.get("content-range", "").startswith(f"bytes {here}-"):
                raise NotOurStation("another part than the one asked for")
            # A station that gives the whole instead of the rest is taken at its word.
            size_bytes = here if stream.status == PARTIAL else 0
            with path.open("ab" if size_bytes else "wb") as file:
                await _write_down(stream.chunks, file, size_bytes, pack, told)
    except ServerRefused as refused:
        if refused.problem.code == RANGE:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        raise


async def _write_down(
    chunks: AsyncIterator[bytes], file: IO[bytes], size_bytes: int, pack: OfferedPack, told: Callable[[int], None]
) -> None:
    """Appends what comes, to the last byte before a break or a stop: a bad link brings no whole piece at once."""
    waiting = bytearray()
    try:
        async for chunk in chunks:
            size_bytes += len(chunk)
            if size_bytes > pack.size_bytes:
                raise NotOurStation("a map pack without end")
            waiting += chunk
            if len(waiting) >= PIECE_BYTES or size_bytes == pack.size_bytes:
                piece, waiting = waiting, bytearray()
                file.write(piece)
                told(size_bytes)
    finally:
        file.write(waiting)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
