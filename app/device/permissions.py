"""What the person lets the app use: asked of the system, never guessed."""

import logging
from enum import StrEnum
from typing import Final, Protocol

import flet as ft
import flet_permission_handler as fp

log = logging.getLogger(__name__)


class Allowed(StrEnum):
    """``UNKNOWN`` where the system does not tell."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Right(StrEnum):
    """Something a phone asks its owner about."""

    LOCATION = "location"
    CAMERA = "camera"
    NOTIFICATIONS = "notifications"


class Permissions(Protocol):
    """The rights that the app has on this device."""

    async def read(self, right: Right) -> Allowed: ...

    async def open_settings(self) -> None:
        """Shows the system's page where they are given."""
        ...


class SilentPermissions:
    """A device that tells nothing of rights."""

    async def read(self, right: Right) -> Allowed:
        return Allowed.UNKNOWN

    async def open_settings(self) -> None:
        return None


_ASKED: Final = {
    Right.LOCATION: fp.Permission.LOCATION_WHEN_IN_USE,
    Right.CAMERA: fp.Permission.CAMERA,
    Right.NOTIFICATIONS: fp.Permission.NOTIFICATION,
}
_GIVEN: Final = frozenset({fp.PermissionStatus.GRANTED, fp.PermissionStatus.LIMITED, fp.PermissionStatus.PROVISIONAL})
_TELLING: Final = frozenset({ft.PagePlatform.ANDROID, ft.PagePlatform.IOS, ft.PagePlatform.WINDOWS})


class FletPermissions:
    """The device's own word, through the page that shows the app."""

    def __init__(self, page: ft.Page) -> None:
        self._page = page
        self._handler: fp.PermissionHandler | None = None

    async def read(self, right: Right) -> Allowed:
        """Asks nobody: what was never asked for reads as not given."""
        if not self._tells:
            return Allowed.UNKNOWN
        # A browser knows one right to the position, a phone several.
        asked = fp.Permission.LOCATION if self._page.web and right is Right.LOCATION else _ASKED[right]
        try:
            status = await self._hold().get_status(asked)
        except (RuntimeError, TimeoutError) as silent:
            log.info("the device does not tell about %s: %s", right, silent)
            return Allowed.UNKNOWN
        if status is None:
            return Allowed.UNKNOWN
        return Allowed.YES if status in _GIVEN else Allowed.NO

    async def open_settings(self) -> None:
        if self._tells and not self._page.web:
            await self._hold().open_app_settings()

    @property
    def _tells(self) -> bool:
        return bool(self._page.web) or self._page.platform in _TELLING

    def _hold(self) -> fp.PermissionHandler:
        self._handler = self._handler or fp.PermissionHandler()  # a service that nobody holds is dropped
        return self._handler
