"""Bundles on their way in. What came of one whose line broke stays for its carrier to go on from.

It stays in this run of the station only, a day long, and one for each carrier: whoever is turned to zero loses time and nothing
else, for the carrier has the whole bundle until it is answered.
"""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import ClientDisconnect

from journal.bundle import BundleReply
from journal.clock import DAY_MS
from sync_server.problems import Refused
from sync_server.turns import Turns

KEPT_FREE_BYTES = 67_108_864
"""Of the station's disk; a bundle that would leave less is not taken."""
LATER = frozenset({"not_whole", "too_slow", "busy", "storage_failed"})
"""Refusals after which a carrier comes again; what it has brought so far waits for it."""


@dataclass(frozen=True)
class Announced:
    """What a carrier says of a bundle before it comes: its name, its size, and from where its bytes go on.

    Without a name nobody can go on with it, and its end is where its bytes end.
    """

    size_bytes: int
    sha256: str | None = None
    offset: int = 0


@dataclass(frozen=True)
class Taken:
    """A bundle that was taken in: the answer for its writer, and how much was in it."""

    reply: BundleReply
    entries: int
    photos: int


TakeIn = Callable[[Path], Awaitable[Taken]]


@dataclass
class _Part:
    """What came of a bundle; ``taken`` once it was whole, for a carrier whose answer was lost."""

    carrier: str
    file: Path
    held_bytes: int = 0
    touched_ms: int = 0
    taken: Taken | None = None


class ArrivingBundles:
    """All that carriers bring now. One request at a time for each bundle: the newest ends the one before it."""

    def __init__(self, folder: Path, *, now_ms: Callable[[], int], random_bytes: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._parts: dict[str, _Part] = {}
        self._turns = Turns()

    def forget_all(self) -> None:
        """What was arriving when the station died: each power cut may leave a quarter of a gigabyte that nobody asks for."""
        for file in self._folder.glob("*"):
            file.unlink(missing_ok=True)

    async def held_bytes(self, carrier: str, sha256: str) -> int:
        """How much of a bundle is here, once a request that still brings it has ended. Raises :class:`Refused` (``busy``)."""
        name = _name(carrier, sha256)
        async with self._turns.alone(name):
            part = self._parts.get(name)
            return part.held_bytes if part is not None else 0

    async def take(self, carrier: str, announced: Announced, body: AsyncIterator[bytes], take_in: TakeIn) -> Taken:
        """Goes on with a bundle and has it taken in once it is whole. Raises :class:`Refused`, ClientDisconnect.

        A line that breaks leaves what came; what is refused leaves nothing.
        """
        name = _name(carrier, announced.sha256 or self._random_bytes(16).hex())
        async with self._turns.alone(name) as turn:
            part = self._part_of(name, carrier, announced)
            if part.taken is None:
                try:
                    part.taken = await self._take_rest(part, announced, turn.while_wanted(body), take_in)
                except BaseException as ended:
                    if announced.sha256 is None or not _comes_again(ended):
                        self._drop(name)
                    raise
                part.file.unlink(missing_ok=True)
                if announced.sha256 is None:
                    self._drop(name)
            return part.taken

    def _part_of(self, name: str, carrier: str, announced: Announced) -> _Part:
        part = self._parts.get(name)
        held_bytes = part.held_bytes if part is not None else 0
        if announced.offset != held_bytes:
            raise Refused("offset", f"the bundle is at {held_bytes}", headers={"Upload-Offset": str(held_bytes)})
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(self._folder).free - (announced.size_bytes - held_bytes) < KEPT_FREE_BYTES:
            raise Refused("storage_failed", "there is no room for it")
        if part is None:
            self._forget_others(carrier)
            part = self._parts[name] = _Part(carrier, self._folder / self._random_bytes(16).hex())
        part.touched_ms = self._now_ms()
        return part

    def _forget_others(self, carrier: str) -> None:
        """Whoever begins another bundle is done with the one before, and who did not come for a day begins anew."""
        for name, part in list(self._parts.items()):
            is_over = part.carrier == carrier or part.touched_ms <= self._now_ms() - DAY_MS
            if is_over and not self._turns.is_held(name):
                self._drop(name)

    async def _take_rest(self, part: _Part, announced: Announced, body: AsyncIterator[bytes], take_in: TakeIn) -> Taken:
        with part.file.open("ab") as stream:
            async for chunk in body:
                await asyncio.to_thread(stream.write, chunk)
                part.held_bytes += len(chunk)
        if announced.sha256 is not None:
            if part.held_bytes < announced.size_bytes:
                raise Refused("not_whole", f"the bundle is at {part.held_bytes}")
            if await asyncio.to_thread(_hash_of, part.file) != announced.sha256:
                raise Refused("photo_hash")
        return await take_in(part.file)

    def _drop(self, name: str) -> None:
        part = self._parts.pop(name)
        part.file.unlink(missing_ok=True)


def _name(carrier: str, sha256: str) -> str:
    return f"{carrier} {sha256}"


def _hash_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _comes_again(ended: BaseException) -> bool:
    return isinstance(ended, ClientDisconnect) or (isinstance(ended, Refused) and ended.code in LATER)
