"""What one phone carries for others: its shelf, the door by which bundles come while somebody watches, and their delivery."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.store.carried import CarriedBundle, CarriedShelf, CarriedState
from app.sync.answers import ExchangeFailed
from app.sync.bundle import take_replies
from app.sync.delivery import deliver_carried
from app.sync.discovery import PHONE_KIND, FindNear, Interfaces, Near, find_near, local_addresses, made_known
from app.sync.neighbours import TakenFrom, Taking
from app.sync.state import Phase
from journal.neighbour import TakerCard

if TYPE_CHECKING:
    from app.state.handset import Handset

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Door:
    """The open door as a screen shows it. ``card`` is None on a phone without a local network."""

    code: str
    card: TakerCard | None
    coming_bytes: int
    last: TakenFrom | None


class Carrying:
    """One for each phone. ``now_ms`` is the wall clock."""

    def __init__(
        self,
        folder: Path,
        now_ms: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        look: FindNear = find_near,
    ) -> None:
        self.shelf = CarriedShelf(folder)
        self.carried: tuple[CarriedBundle, ...] = ()
        self._now_ms = now_ms
        self._random_bytes = random_bytes
        self._find_near = look
        self.interfaces: Interfaces = ()
        """Where to look and be found; nothing means in every network of this phone."""
        self._watchers: list[Callable[[], None]] = []
        self._taking: Taking | None = None
        self._last: TakenFrom | None = None
        self._hosts: tuple[str, ...] = ()
        self._known: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._delivering: asyncio.Task[None] | None = None
        self._glance: asyncio.Task[None] | None = None
        self._looks: set[asyncio.Task[tuple[Near, ...]]] = set()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls ``changed`` on the loop whenever what is told here differs. Returns how to stop."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed) if changed in self._watchers else None

    def _tell(self) -> None:
        for changed in list(self._watchers):
            changed()

    async def open(self) -> None:
        """Once, when the app starts."""
        await asyncio.to_thread(self.shelf.tidy, self._now_ms())
        await self.look_over()

    async def close(self) -> None:
        await self.shut_door()
        running = [*self._looks, *(task for task in (self._delivering, self._glance) if task is not None)]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def look_over(self) -> None:
        self.carried = await asyncio.to_thread(self.shelf.all)
        self._tell()

    # --- taking -------------------------------------------------------------------------------------------------------

    @property
    def door(self) -> Door | None:
        """None while nobody may bring anything."""
        taking = self._taking
        if taking is None:
            return None
        return Door(taking.code, taking.card(self._hosts) if self._hosts else None, taking.coming_bytes, taking.last)

    async def open_door(self, handset: "Handset") -> None:
        """From now on, and until it is shut, others of the same station may bring bundles. Raises OSError."""
        if self._taking is not None or handset.notebook is None:
            return
        identity = handset.notebook.identity
        taking = Taking(
            self.shelf, identity, now_ms=self._now_ms, random_bytes=self._random_bytes, told=self._taken
        )  # fmt: skip
        await taking.start()
        self._taking, self._hosts = taking, local_addresses()[:8]
        self._tell()
        words = {"station": identity.station.station, "writer": identity.writer}
        self._known = asyncio.get_running_loop().create_task(self._make_known(identity.writer, taking.port, words))

    async def _make_known(self, name: str, port: int, words: dict[str, str]) -> None:
        """Until it is cancelled. Saying so takes seconds, for which the door does not wait."""
        async with made_known(PHONE_KIND, name, port, words, self._hosts, interfaces=self.interfaces):
            await asyncio.Event().wait()

    async def shut_door(self) -> None:
        """Harmless while it is shut."""
        taking, self._taking = self._taking, None
        known, self._known = self._known, None
        if known is not None:
            known.cancel()
            self._ending.add(known)
            known.add_done_callback(self._ending.discard)
        if taking is not None:
            await taking.stop()
            self._tell()
        # Whoever waits here may be cancelled with the page; a second cancellation would break off the farewell to the network.
        if self._ending:
            await asyncio.wait(self._ending)

    def _taken(self) -> None:
        """One that came whole is on its way at once, whoever else is still midway."""
        taking = self._taking
        if taking is not None and (taking.coming_bytes == 0 or taking.last is not self._last):
            self._last = taking.last
            self._glance = asyncio.get_running_loop().create_task(self.look_over())
        self._tell()

    # --- delivering ---------------------------------------------------------------------------------------------------

    def follow(self, handset: "Handset") -> None:
        """After each round that a station answered: what waits for it and may travel is brought there, in the background.

        What it says to the own work, such as no, is no matter of others. A call for help has the link for itself.
        """
        if _calls_for_help(handset):
            if self._delivering is not None:
                self._delivering.cancel()
            return
        state, notebook = handset.sync_state, handset.notebook
        if state is None or state.phase not in {Phase.IDLE, Phase.REFUSED} or notebook is None or handset.client is None:
            return
        station = notebook.station.station
        waits = any(one.state is CarriedState.WAITING and one.station == station for one in self.carried)
        if (waits or self.shelf.owes_notes) and (self._delivering is None or self._delivering.done()):
            self._delivering = asyncio.get_running_loop().create_task(self._deliver(handset))

    async def _deliver(self, handset: "Handset") -> None:
        if handset.notebook is None or handset.client is None:
            return
        try:
            allowance = handset.phone.allowance
            await deliver_carried(handset.client, handset.notebook.station, self.shelf, self._now_ms, self._tell, allowance)
        except ExchangeFailed as failed:
            log.info("a bundle is not delivered yet: %s", failed)
        except Exception:
            log.exception("a bundle could not be delivered")
        await self._tell_own_people(handset)
        await self.look_over()

    async def _tell_own_people(self, handset: "Handset") -> None:
        """Others who share this phone learn at once what the station said to them."""
        for one in handset.phone.handsets:
            if one.notebook is not None:
                replies = await asyncio.to_thread(self.shelf.replies_for, one.notebook.writer)
                await take_replies(one.notebook, replies)

    # --- who is near --------------------------------------------------------------------------------------------------

    async def look_around(self, station: str, kind: str = PHONE_KIND) -> tuple[Near, ...]:
        """Phones of this station that take bundles in the local network, or the station itself.

        A look goes on to its end, whoever stops waiting.
        """
        look = asyncio.get_running_loop().create_task(self._find_near(kind, station, interfaces=self.interfaces))
        self._looks.add(look)
        look.add_done_callback(self._looks.discard)
        return await asyncio.shield(look)

    # --- by finger ----------------------------------------------------------------------------------------------------

    async def try_again(self, bundle: str) -> None:
        await asyncio.to_thread(self.shelf.try_again, bundle, self._now_ms())
        await self.look_over()

    async def throw_away(self, bundle: str) -> None:
        await asyncio.to_thread(self.shelf.throw_away, bundle)
        await self.look_over()


def _calls_for_help(handset: "Handset") -> bool:
    """Whether a call of anybody on this phone has not got through yet."""
    runners = [one.runner for one in handset.phone.handsets if one.runner is not None]
    return any(runner.help_line.state.waits for runner in runners)
