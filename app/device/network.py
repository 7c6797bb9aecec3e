"""What kind of link the device has: the post's Wi-Fi, or a mobile network that may be dear, or another country's."""

import logging
from enum import StrEnum

import flet as ft

log = logging.getLogger(__name__)


class Link(StrEnum):
    WIFI = "wifi"
    MOBILE = "mobile"
    NONE = "none"
    UNKNOWN = "unknown"


_FREE = frozenset({ft.ConnectivityType.WIFI, ft.ConnectivityType.ETHERNET})


class FletNetwork:
    """The device's link as the system tells it; it says nothing of whether the station answers."""

    def __init__(self) -> None:
        self._connectivity = ft.Connectivity()

    async def read_link(self) -> Link:
        try:
            links = frozenset(await self._connectivity.get_connectivity())
        except (RuntimeError, TimeoutError) as silent:
            log.info("the link is not told: %s", silent)
            return Link.UNKNOWN
        if links & _FREE:
            return Link.WIFI
        if ft.ConnectivityType.MOBILE in links:
            return Link.MOBILE
        return Link.NONE if links <= {ft.ConnectivityType.NONE} else Link.UNKNOWN
