"""What kind of link the device has: the post's Wi-Fi, or a mobile network that may be dear, or another country's."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

import flet as ft

from app.device.android_link import SystemWord

log = logging.getLogger(__name__)


class Link(StrEnum):
    WIFI = "wifi"
    """Or a cable."""
    MOBILE = "mobile"
    NONE = "none"
    UNKNOWN = "unknown"
    """The device does not tell."""


@dataclass(frozen=True)
class LinkSeen:
    """``metered`` and ``roaming`` are None where the system says nothing of them."""

    link: Link = Link.UNKNOWN
    metered: bool | None = None
    roaming: bool | None = None

    @property
    def costs(self) -> bool:
        """Whether bytes count: what the system says, else whether it is a mobile network. A hotspot may be a dear Wi-Fi."""
        return self.link is Link.MOBILE if self.metered is None else self.metered


Heard = Callable[[LinkSeen], Awaitable[None]]


class Network(Protocol):
    """The device's link as the system tells it; it says nothing of whether the station answers."""

    async def read(self) -> LinkSeen: ...

    def watch(self, heard: Heard) -> None:
        """Tells each change from now on."""


_FREE: Final = frozenset({ft.ConnectivityType.WIFI, ft.ConnectivityType.ETHERNET})


class FletNetwork:
    """By Flet's service, which knows kinds of links; ``ask_system`` knows more where the system lets itself be asked."""

    def __init__(self, ask_system: Callable[[], SystemWord | None] = lambda: None) -> None:
        self._connectivity = ft.Connectivity()
        self._ask_system = ask_system

    async def read(self) -> LinkSeen:
        try:
            return self._judge(await self._connectivity.get_connectivity())
        except (RuntimeError, TimeoutError) as silent:
            log.info("the link is not told: %s", silent)
            return LinkSeen()

    def watch(self, heard: Heard) -> None:
        async def changed(event: ft.ConnectivityChangeEvent) -> None:
            await heard(self._judge(event.connectivity))

        self._connectivity.on_change = changed

    def _judge(self, told: Sequence[ft.ConnectivityType]) -> LinkSeen:
        link = _name_link(frozenset(told))
        word = self._ask_system() if link in {Link.WIFI, Link.MOBILE} else None
        return LinkSeen(link) if word is None else LinkSeen(link, word.metered, word.roaming)


def _name_link(told: frozenset[ft.ConnectivityType]) -> Link:
    """A tunnel or a tether counts as mobile where nothing else is told: what may be dear is not called free."""
    if told & _FREE:
        return Link.WIFI
    return Link.NONE if told <= {ft.ConnectivityType.NONE} else Link.MOBILE
