"""The station lets devices in its local networks find it: DNS-SD (RFC 6763) over mDNS. They believe its certificate, not this."""

import asyncio
import logging
from ipaddress import ip_address

import ifaddr
from zeroconf import InterfaceChoice, IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from sync_server.running import Running

log = logging.getLogger("sync_server")

KIND = "_tuan-tra._tcp.local."


def own_addresses() -> list[str]:
    """IPv4 addresses of this machine, but for loopback."""
    found = [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return [address for address in found if not ip_address(address).is_loopback]


async def stay_findable(running: Running) -> None:
    """Until it is cancelled, if the settings say so. A network without multicast is logged and harms nothing else."""
    settings, station = running.settings, running.station.writer
    if not settings.announce or not settings.address.startswith("https:"):
        return
    hosts = list(settings.announce_on) or own_addresses()
    told = AsyncServiceInfo(
        KIND, f"{station}.{KIND}", port=settings.port, parsed_addresses=hosts, properties={"station": station},
        server=f"{station}.local.",
    )  # fmt: skip
    try:
        mouth = AsyncZeroconf(interfaces=list(settings.announce_on) or InterfaceChoice.All, ip_version=IPVersion.V4Only)
    except OSError:
        log.exception("the station cannot be announced in its network")
        return
    try:
        await (await mouth.async_register_service(told, allow_name_change=True))
        await asyncio.Event().wait()
    finally:
        await mouth.async_close()
