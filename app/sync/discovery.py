"""Who is near in the local network: the station's hub, and phones that take others' bundles. DNS-SD (RFC 6763) over mDNS.

What is heard is a hint where to knock, from anybody: the station proves itself by its certificate, a phone by its key. Where the
network or the system keeps multicast away, nothing is heard, and an address that a person types leads there as well.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Protocol

from app.later import Later

if TYPE_CHECKING:
    import ifaddr
    import zeroconf
    from zeroconf import asyncio as zeroconf_asyncio
else:
    ifaddr, zeroconf, zeroconf_asyncio = Later("ifaddr"), Later("zeroconf"), Later("zeroconf.asyncio")

log = logging.getLogger(__name__)

STATION_KIND: Final = "_tuan-tra._tcp.local."
PHONE_KIND: Final = "_tuan-tra-phone._tcp.local."
LOOK_S: Final = 3.0
ASK_MS: Final = 1_500
MOST_FOUND: Final = 16
Interfaces = Sequence[str]
"""Addresses of this device in whose networks to look; none for all."""


@dataclass(frozen=True)
class Near:
    """Something of one's own station in the local network. ``writer`` is a phone's, empty for the station itself."""

    hosts: tuple[str, ...]
    port: int
    writer: str = ""


def local_addresses() -> tuple[str, ...]:
    """Addresses of this device in its local networks and hotspots, those of its own hotspot among them."""
    found = [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return tuple(one for one in found if ip_address(one).is_private and not ip_address(one).is_loopback)


async def find_near(kind: str, station: str, *, look_s: float = LOOK_S, interfaces: Interfaces = ()) -> tuple[Near, ...]:
    """What of this kind says that it belongs to ``station``; nothing where nobody can be heard."""
    try:
        ears = _ears(interfaces)
    except OSError as deaf:
        log.info("nobody can be heard here: %s", deaf)
        return ()
    heard: list[str] = []

    def hear(name: str, state_change: zeroconf.ServiceStateChange, **_: object) -> None:
        if state_change is zeroconf.ServiceStateChange.Added and name not in heard:
            heard.append(name)

    browser = zeroconf_asyncio.AsyncServiceBrowser(ears.zeroconf, kind, handlers=[hear])
    try:
        await asyncio.sleep(look_s)
        asked = [_ask(ears, kind, name, station) for name in heard[:MOST_FOUND]]
        return tuple(near for near in await asyncio.gather(*asked) if near is not None)
    finally:
        await browser.async_cancel()
        await ears.async_close()


async def _ask(ears: zeroconf_asyncio.AsyncZeroconf, kind: str, name: str, station: str) -> Near | None:
    told = zeroconf_asyncio.AsyncServiceInfo(kind, name)
    if not await told.async_request(ears.zeroconf, ASK_MS) or told.port is None:
        return None
    words = told.decoded_properties
    if words.get("station") != station:
        return None
    hosts = tuple(told.parsed_addresses(zeroconf.IPVersion.V4Only))
    return Near(hosts, told.port, words.get("writer") or "") if hosts else None


class FindNear(Protocol):
    """:func:`find_near`, or what stands for it where nobody is near."""

    async def __call__(self, kind: str, station: str, *, interfaces: Interfaces = ()) -> tuple[Near, ...]: ...


@asynccontextmanager
async def made_known(
    kind: str, name: str, port: int, words: dict[str, str], hosts: Sequence[str], *, interfaces: Interfaces = ()
) -> AsyncIterator[None]:
    """While the block runs, who looks for this kind finds ``hosts`` and ``port``. Where that cannot be, nothing is said."""
    told = zeroconf_asyncio.AsyncServiceInfo(
        kind, f"{name}.{kind}", port=port, parsed_addresses=list(hosts), properties=words, server=f"{name}.local."
    )
    try:
        mouth = _ears(interfaces)
    except OSError as mute:
        log.info("nobody can be told here: %s", mute)
        yield
        return
    try:
        await (await mouth.async_register_service(told, allow_name_change=True))
        yield
    finally:
        await mouth.async_close()


def _ears(interfaces: Interfaces) -> zeroconf_asyncio.AsyncZeroconf:
    chosen = list(interfaces) if interfaces else zeroconf.InterfaceChoice.All
    return zeroconf_asyncio.AsyncZeroconf(interfaces=chosen, ip_version=zeroconf.IPVersion.V4Only)
