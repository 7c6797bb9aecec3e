"""The maps of one phone, shared by all who use it: the packs it carries, the one shown, the one being fetched."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from app.maps.opening import open_pack
from app.maps.packs import PackFault, PackUnreadable
from app.maps.shelf import FreeBytes, InstalledPack, PackShelf, best_pack, free_bytes_at, key_of
from app.maps.tile_server import TileServer
from app.sync.allowance import LinkNow
from app.sync.answers import ExchangeFailed, NotOurStation, ServerUnreachable
from app.sync.map_packs import COMING, fetch_pack, fetched_bytes, offered_packs
from app.sync.server_client import ServerClient
from journal.map_packs import OfferedPack

log = logging.getLogger(__name__)

GIVEN: Final = "given"
"""The key of the pack that the settings name: it came with the app and cannot be thrown away."""
DEARER_LINK: Final = "dearer_link"
WAITS_S: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Between tries on a broken link; after the last one a person is asked."""


@dataclass(frozen=True)
class Coming:
    """A pack on its way: from the station, or copied from a file. ``fault`` is a code for the words when it stopped."""

    name: str
    size_bytes: int
    done_bytes: int = 0
    offered: OfferedPack | None = None
    fault: str | None = None
    agreed: LinkNow = field(default_factory=LinkNow)
    """The link that a person saw when they began."""

    @property
    def runs(self) -> bool:
        return self.fault is None


class MapPacks:
    """One for each process. What blocks runs in a thread; whoever watches is told on the loop."""

    def __init__(self, folder: Path, given: Path | None, token: Callable[[], str], free_bytes: FreeBytes = free_bytes_at) -> None:
        """``given`` is a pack that came with the app; ``token`` makes the secret of this run's tile addresses."""
        self.shelf = PackShelf(folder, free_bytes)
        self._given = given
        self._token = token
        self._server = TileServer()
        self._watchers: list[Callable[[], None]] = []
        self._fetching: asyncio.Task[None] | None = None
        self._one_change = asyncio.Lock()
        self.template: str | None = None
        """Address of tiles with {pack}, {z}, {x} and {y}; None when they cannot be served."""
        self.installed: tuple[InstalledPack, ...] = ()
        self.chosen: str | None = None
        self.coming: Coming | None = None
        self.meridian_deg: float | None = None
        """Of the province's VN-2000 maps."""

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls ``changed`` whenever what is told here differs. Returns how to stop."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed) if changed in self._watchers else None

    async def open(self) -> None:
        """Once, when the app starts. A map that cannot be shown keeps nobody from recording."""
        await asyncio.to_thread(self._open_given)
        await self._look_over(await asyncio.to_thread(self.shelf.open_all))
        try:
            self.template = await self._server.start(self.shelf.open_packs, token=self._token())
        except OSError as taken:
            log.warning("no tiles: %s", taken)

    def _open_given(self) -> None:
        if self._given is None:
            return
        try:
            self.shelf.open_packs[GIVEN] = open_pack(self._given)
        except PackUnreadable as broken:
            log.warning("no map: %s", broken)

    async def close(self) -> None:
        await self.stop_fetching()
        await self._server.stop()
        self.shelf.close()

    # --- which one is shown -------------------------------------------------------------------------------------------

    def pack_at(self, latitude: float, longitude: float) -> InstalledPack | None:
        """The pack to show at a place in degrees: the chosen one, else the most detailed one there."""
        return best_pack(self.installed, self.chosen, latitude, longitude)

    @property
    def first(self) -> InstalledPack | None:
        """The pack to begin with when no place is known."""
        return best_pack(self.installed, self.chosen, 0.0, 0.0)

    def tiles_of(self, pack: InstalledPack | None) -> str | None:
        """The address template of a pack's tiles, with {z}, {x} and {y}."""
        if pack is None or self.template is None:
            return None
        return self.template.replace("{pack}", pack.key)

    @property
    def used_bytes(self) -> int:
        return sum(pack.size_bytes for pack in self.installed if pack.key != GIVEN)

    async def choose(self, key: str | None) -> None:
        """None lets the place decide."""
        await asyncio.to_thread(self.shelf.choose, key)
        await self._look_over()

    async def keep_meridian(self, meridian_deg: float | None) -> None:
        """By which the province of this post maps; every position is then also told in its grid."""
        await asyncio.to_thread(self.shelf.keep_meridian, meridian_deg)
        await self._look_over()

    async def drop(self, key: str) -> None:
        if key == GIVEN:
            return
        async with self._one_change:
            await asyncio.to_thread(self.shelf.drop, key)
            await self._look_over()

    async def _look_over(self, found: tuple[InstalledPack, ...] | None = None) -> None:
        listed = await asyncio.to_thread(self.shelf.look_over) if found is None else found
        self.chosen, self.meridian_deg = await asyncio.to_thread(lambda: (self.shelf.chosen, self.shelf.meridian_deg))
        given = self.shelf.open_packs.get(GIVEN)
        if given is not None:
            size_bytes = given.path.stat().st_size
            words = (given.min_zoom, given.max_zoom, given.attribution)
            listed = (InstalledPack(GIVEN, given.name, size_bytes, given.bounds, *words), *listed)
        self.installed = listed
        self._tell()

    def _tell(self) -> None:
        for changed in list(self._watchers):
            changed()

    # --- from a file --------------------------------------------------------------------------------------------------

    async def take_in(self, source: Path, name: str) -> PackFault | None:
        """Copies a pack from a file that somebody picked; None when it is on the shelf."""
        loop = asyncio.get_running_loop()
        self.coming = Coming(name, await asyncio.to_thread(_size_of, source))
        self._tell()

        def told(done_bytes: int) -> None:
            loop.call_soon_threadsafe(self._note_done, done_bytes)

        try:
            async with self._one_change:
                await asyncio.to_thread(self.shelf.take_in, source, name, told)
        except PackUnreadable as broken:
            log.info("a pack was not taken: %s", broken)
            self.coming = replace(self.coming, fault=broken.fault.value)
            self._tell()
            return broken.fault
        await self._look_over()
        self.coming = None
        self._tell()
        return None

    def forget_coming(self) -> None:
        """What was said about the last pack has been read."""
        if self.coming is not None and not self.coming.runs:
            self.coming = None
            self._tell()

    def _note_done(self, done_bytes: int) -> None:
        if self.coming is not None:
            self.coming = replace(self.coming, done_bytes=done_bytes)
            self._tell()

    # --- from the station ---------------------------------------------------------------------------------------------

    async def ask_offered(self, client: ServerClient) -> tuple[OfferedPack, ...]:
        """What the station offers and is not here yet. What was begun and is offered no more is thrown away.

        Raises :class:`ExchangeFailed`.
        """
        offered = await offered_packs(client)
        wanted = {f"{pack.sha256}{COMING}" for pack in offered}
        for left in self.shelf.folder.glob(f"*{COMING}"):
            if left.name not in wanted:
                left.unlink()
        here = {pack.key for pack in self.installed}
        return tuple(pack for pack in offered if key_of(pack.sha256) not in here)

    def fetched_of(self, pack: OfferedPack) -> int:
        """Bytes of it that an earlier, broken fetch has left here."""
        return fetched_bytes(self.shelf.folder, pack.sha256)

    def start_fetching(self, client: ServerClient, pack: OfferedPack, link: LinkNow) -> None:
        """In the background, over broken links, until it is here or a person stops it; one at a time.

        ``link`` is what the person saw of the present one.
        """
        if self._fetching is not None and not self._fetching.done():
            return
        self.coming = Coming(pack.name, pack.size_bytes, self.fetched_of(pack), pack, agreed=link)
        self._tell()
        self._fetching = asyncio.get_running_loop().create_task(self._fetch(client, pack))

    async def stop_fetching(self) -> None:
        """What has come stays, and the next time goes on there."""
        await self._break_off()
        if self.coming is not None and self.coming.offered is not None:
            self.coming = None
            self._tell()

    async def follow_link(self, link: LinkNow) -> None:
        """A link that costs more than the one that a person began on: they are asked before the rest comes by it."""
        coming = self.coming
        if coming is None or coming.offered is None or not coming.runs or coming.done_bytes >= coming.size_bytes:
            return
        if (link.metered and not coming.agreed.metered) or (link.roaming and not coming.agreed.roaming):
            await self._break_off()
            self.coming = replace(coming, done_bytes=self.fetched_of(coming.offered), fault=DEARER_LINK)
            self._tell()

    async def _break_off(self) -> None:
        if self._fetching is not None and not self._fetching.done():
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    async def _fetch(self, client: ServerClient, pack: OfferedPack) -> None:
        try:
            fault = await self._fetch_patiently(client, pack)
        except Exception:
            log.exception("a map pack could not be fetched")
            fault = "failed"
        if fault is None:
            await self._look_over()
            self.coming = None
            self._tell()
        elif self.coming is not None:
            self.coming = replace(self.coming, fault=fault)
            self._tell()

    async def _fetch_patiently(self, client: ServerClient, pack: OfferedPack) -> str | None:
        """None when the pack is on the shelf, else a code for the words."""
        if not await asyncio.to_thread(self.shelf.has_room_for, pack.size_bytes - self.fetched_of(pack)):
            return PackFault.NO_ROOM.value
        waits = list(WAITS_S)
        while True:
            before = self.fetched_of(pack)
            try:
                path = await fetch_pack(client, pack, self.shelf.folder, self._note_done)
                break
            except NotOurStation as other:
                log.info("no map pack came: %s", other)
                return "not_ours"
            except ServerUnreachable as broken:
                log.info("a map pack stopped: %s", broken)
                if self.fetched_of(pack) > before:
                    waits = list(WAITS_S)
                if not waits:
                    return "unreachable"
                await asyncio.sleep(waits.pop(0))
            except ExchangeFailed as refused:
                log.info("the station gives no map pack: %s", refused)
                return "refused"
            except OSError as full:
                log.info("no room for a map pack: %s", full)
                return PackFault.NO_ROOM.value
        try:
            async with self._one_change:
                await asyncio.to_thread(self.shelf.put_away, path, pack.sha256, pack.name)
        except PackUnreadable as broken:
            path.unlink(missing_ok=True)
            return broken.fault.value
        return None


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
