"""Where the device is: a stream of fixes while it is asked for, with the reason said when there is none."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import flet as ft
import flet_geolocator as fg

from app.patrol.modes import Sampling
from journal.clock import milliseconds
from journal.track.fixes import Fix

MOST_ALTITUDE_M = 9_000


class NoFix(StrEnum):
    """Why there is no position."""

    WAITING = "waiting"
    PERMISSION = "permission"
    OFF = "off"
    BROKEN = "broken"


@dataclass(frozen=True)
class TrackNotice:
    """Words of the permanent notification while a track is recorded (Android)."""

    title: str
    text: str


OnFix = Callable[[Fix], Awaitable[None]]
OnTrouble = Callable[[NoFix], None]


class Location(Protocol):
    """A receiver of positions."""

    async def start(self, on_fix: OnFix, on_trouble: OnTrouble, notice: TrackNotice, sampling: Sampling) -> None: ...

    async def change(self, sampling: Sampling) -> None:
        """Asks for fixes at another pace; nothing happens while nobody listens."""
        ...

    async def stop(self) -> None: ...


@ft.value
class AndroidTrack(fg.GeolocatorAndroidConfiguration):
    """Flat keys: the plugin's Dart side reads these, and starts its foreground service by them."""

    foreground_notification_title: str | None = None
    foreground_notification_text: str | None = None
    foreground_notification_channel_name: str | None = None
    foreground_notification_enable_wake_lock: bool = False
    foreground_notification_set_ongoing: bool = False


class FletLocation:
    """The device's own receiver, through the page that shows the app."""

    def __init__(self, page: ft.Page) -> None:
        self._page = page
        self._geolocator: fg.Geolocator | None = None
        self._notice = TrackNotice("", "")

    async def start(self, on_fix: OnFix, on_trouble: OnTrouble, notice: TrackNotice, sampling: Sampling) -> None:
        """Asks for permission and starts the stream; each fix is handed over as it comes."""
        self._notice = notice
        geolocator = self._geolocator or fg.Geolocator(configuration=configure(self._platform, notice, sampling))
        self._geolocator = geolocator  # a service that nobody holds is dropped

        async def hand_over(event: fg.GeolocatorPositionChangeEvent) -> None:
            fix = read_fix(event.position)
            if fix is not None:
                await on_fix(fix)

        geolocator.on_position_change = hand_over
        geolocator.on_error = lambda _: on_trouble(NoFix.BROKEN)
        on_trouble(NoFix.WAITING)
        status = await geolocator.request_permission()
        if status in {fg.GeolocatorPermissionStatus.DENIED, fg.GeolocatorPermissionStatus.DENIED_FOREVER}:
            on_trouble(NoFix.PERMISSION)
            return
        geolocator.update()

    async def change(self, sampling: Sampling) -> None:
        """The plugin ends its stream and begins a new one."""
        if self._geolocator is not None:
            self._geolocator.configuration = configure(self._platform, self._notice, sampling)
            self._geolocator.update()

    async def stop(self) -> None:
        if self._geolocator is not None:
            self._geolocator.on_position_change = None
            self._geolocator.on_error = None
            self._geolocator.update()
            self._geolocator = None

    @property
    def _platform(self) -> ft.PagePlatform | None:
        return None if self._page.web else self._page.platform


def configure(platform: ft.PagePlatform | None, notice: TrackNotice, sampling: Sampling) -> fg.GeolocatorConfiguration:
    """What the receiver of this platform is asked; None is a browser, which knows no interval and no notification."""
    accuracy = fg.GeolocatorPositionAccuracy.BEST if sampling.fine else fg.GeolocatorPositionAccuracy.HIGH
    if platform == ft.PagePlatform.ANDROID:
        return AndroidTrack(
            accuracy=accuracy,
            distance_filter=sampling.step_m,
            interval_duration=ft.Duration(seconds=sampling.interval_s),
            foreground_notification_title=notice.title,
            foreground_notification_text=notice.text,
            foreground_notification_channel_name=notice.title,
            foreground_notification_enable_wake_lock=True,
            foreground_notification_set_ongoing=True,
        )
    if platform == ft.PagePlatform.IOS:
        return fg.GeolocatorIosConfiguration(
            accuracy=accuracy,
            distance_filter=sampling.step_m,
            pause_location_updates_automatically=False,
            show_background_location_indicator=True,
        )
    return fg.GeolocatorConfiguration(accuracy=accuracy, distance_filter=sampling.step_m)


def read_fix(position: fg.GeolocatorPosition) -> Fix | None:
    """The fix in what the plugin gave; None for numbers that are no place (NaN, infinite, beyond the poles)."""
    latitude, longitude = position.latitude, position.longitude
    if latitude is None or longitude is None or position.timestamp is None:
        return None
    if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004
        return None
    return Fix(
        at_ms=milliseconds(position.timestamp),
        latitude_e7=round(latitude * 1e7),
        longitude_e7=round(longitude * 1e7),
        accuracy_mm=_millimetres(position.accuracy, 10**7) or None,  # the plugin says 0 where nobody knows
        altitude_mm=_millimetres(position.altitude, MOST_ALTITUDE_M),
        mocked=bool(position.mocked),
    )


def _millimetres(metres: float | None, most_m: int) -> int | None:
    if metres is None or not math.isfinite(metres) or abs(metres) > most_m:
        return None
    return round(metres * 1000)
