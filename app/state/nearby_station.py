"""The station in the local network: looked for when its usual address does not answer, and left again for that one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import zip_longest
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.sync.discovery import STATION_KIND, Near
from app.sync.server_client import NearWay, ServerClient
from app.sync.state import Phase, SyncState

if TYPE_CHECKING:
    from app.state.shared_phone import SharedPhone

log = logging.getLogger(__name__)

LOOK_AGAIN_MS = 60_000
"""Between looks at the network while nothing answers."""
BACK_AFTER_MS = 600_000
"""So long the way through the local network is used before the usual address is tried again."""
MOST_TRIED = 12
"""Places before the usual address is tried again. Anybody may name a hundred, and each holds up all for ten seconds."""
USUAL_PORT = 443
Look = Callable[[], Awaitable[tuple[Near, ...]]]


class NearbyStation:
    """For one client of one person. ``typed`` is the address that a person set, or None; ``nudge`` begins a round."""

    def __init__(
        self,
        client: ServerClient,
        look: Look,
        *,
        now_ms: Callable[[], int],
        typed: Callable[[], str | None],
        nudge: Callable[[], None],
    ) -> None:
        self._client = client
        self._look = look
        self._now_ms = now_ms
        self._typed = typed
        self._nudge = nudge
        self._to_try: list[NearWay] = []
        self._tried: set[NearWay] = set()
        """In this network, in vain; they come again once all that is heard was tried."""
        self._since_ms = 0
        self._looked_ms: int | None = None
        self._judged: object = None
        self._looking: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, phone: "SharedPhone", client: ServerClient, station: str, nudge: Callable[[], None]) -> "NearbyStation":
        return cls(
            client,
            lambda: phone.carrying.look_around(station, STATION_KIND),
            now_ms=phone.now_ms,
            typed=lambda: phone.preferences.station_nearby,
            nudge=nudge,
        )

    def follow(self, state: SyncState) -> None:
        """After each round. On loopback there is nothing to look for."""
        if not self._client.address.startswith("https:") or state.phase not in {Phase.IDLE, Phase.WAITING}:
            return
        if state.phase is Phase.IDLE:
            self._stay_or_go_back()
        elif state.next_try_at != self._judged:  # the same round is told several times
            self._judged = state.next_try_at
            self._go_on()

    def forget_way(self) -> None:
        """The device is on another network: what was found in the last one leads nowhere, and this one was not looked at."""
        if self._looking is not None:
            self._looking.cancel()
        self._client.way, self._to_try, self._looked_ms = None, [], None
        self._tried.clear()

    async def stop(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _stay_or_go_back(self) -> None:
        way = self._client.way
        if way is None:
            if self._looking is not None:
                self._looking.cancel()  # the usual address answers again; what is heard now may be anybody
            return
        self._tried.discard(way)
        if self._now_ms() - self._since_ms > BACK_AFTER_MS:
            self._to_try = [way]
            self._client.way = None

    def _go_on(self) -> None:
        """The last try found no station where it was looked for."""
        if self._to_try:
            self._take(self._to_try.pop(0))
            return
        self._client.way = None
        due = self._looked_ms is None or abs(self._now_ms() - self._looked_ms) > LOOK_AGAIN_MS
        if due and (self._looking is None or self._looking.done()):
            self._looked_ms = self._now_ms()
            self._looking = asyncio.get_running_loop().create_task(self._find())

    async def _find(self) -> None:
        typed = read_way(self._typed() or "", self._client.address)
        heard = [[NearWay(host, near.port) for host in near.hosts] for near in await self._look()]
        in_turn = [way for ways in zip_longest(*heard) for way in ways if way is not None and way != typed]
        if self._tried.issuperset(in_turn):
            self._tried.clear()
        fresh = [way for way in in_turn if way not in self._tried]
        self._to_try = [*([typed] if typed is not None else []), *fresh][:MOST_TRIED]
        if self._to_try:
            log.info("the station may be at %d places nearby", len(self._to_try))
            self._take(self._to_try.pop(0))

    def _take(self, way: NearWay) -> None:
        self._client.way, self._since_ms = way, self._now_ms()
        self._tried.add(way)
        self._nudge()


def read_way(text: str, usual: str) -> NearWay | None:
    """A host with or without a port, ``https://`` in front forgiven; None for anything else. The usual port is the address's."""
    squeezed = "".join(text.split()).removeprefix("https://").rstrip("/")
    if not squeezed or "/" in squeezed or "@" in squeezed:
        return None
    try:
        parts, usual_port = urlsplit(f"//{squeezed}"), urlsplit(usual).port or USUAL_PORT
        return NearWay(parts.hostname, parts.port or usual_port) if parts.hostname else None
    except ValueError:
        return None
