"""Where the camera looks: compass bearing of the back camera from the magnetic field and gravity (Android and iOS)."""

import math
from typing import Final, NamedTuple, Protocol

import flet as ft

FLAT: Final = 0.35
"""Sine of about 20°: a camera that looks straight up or down has no bearing."""
LEAST_FIELD: Final = 1e-6


class Vector(NamedTuple):
    """In the axes of the device: x to the right, y to its top, z out of the screen."""

    x: float
    y: float
    z: float


class Compass(Protocol):
    """Tells where the camera looks, while it is awake."""

    def wake(self) -> None: ...

    def rest(self) -> None: ...

    def read_bearing_deg(self) -> int | None:
        """Degrees from magnetic north, 0 to 359 (true north differs by under 2° in Vietnam); None when nobody can tell."""


def camera_bearing_deg(field: Vector, gravity: Vector) -> int | None:
    """The bearing of the axis that points out of the back of the device.

    ``field`` in µT, ``gravity`` as an accelerometer at rest gives it (m/s², pointing up). East is field × up, north is up × east:
    the frame of Android's ``SensorManager.getRotationMatrix``.
    """
    east = _cross(field, gravity)
    north = _cross(gravity, east)
    east_size, north_size = math.hypot(*east), math.hypot(*north)
    if min(east_size, north_size) < LEAST_FIELD:
        return None
    to_east, to_north = -east.z / east_size, -north.z / north_size
    if math.hypot(to_east, to_north) < FLAT:
        return None
    return round(math.degrees(math.atan2(to_east, to_north))) % 360


def _cross(one: Vector, other: Vector) -> Vector:
    return Vector(
        one.y * other.z - one.z * other.y,
        one.z * other.x - one.x * other.z,
        one.x * other.y - one.y * other.x,
    )


class NoCompass:
    """Of a device without these sensors."""

    def wake(self) -> None:
        return

    def rest(self) -> None:
        return

    def read_bearing_deg(self) -> int | None:
        return None


class FletCompass:
    """The device's own sensors; they run only while the camera is open."""

    def __init__(self) -> None:
        self._field: Vector | None = None
        self._gravity: Vector | None = None
        self._magnetometer: ft.Magnetometer | None = None
        self._accelerometer: ft.Accelerometer | None = None

    def wake(self) -> None:
        def took_field(event: ft.MagnetometerReadingEvent) -> None:
            self._field = Vector(event.x, event.y, event.z)

        def took_gravity(event: ft.AccelerometerReadingEvent) -> None:
            self._gravity = Vector(event.x, event.y, event.z)

        self._magnetometer = ft.Magnetometer(on_reading=took_field)
        self._accelerometer = ft.Accelerometer(on_reading=took_gravity)

    def rest(self) -> None:
        for sensor in (self._magnetometer, self._accelerometer):
            if sensor is not None:
                sensor.enabled = False
                sensor.update()
        self._magnetometer = self._accelerometer = self._field = self._gravity = None

    def read_bearing_deg(self) -> int | None:
        if self._field is None or self._gravity is None:
            return None
        return camera_bearing_deg(self._field, self._gravity)


def compass_of(page: ft.Page) -> Compass:
    """The sensors of this page's device; a browser and a desk have none."""
    return FletCompass() if not page.web and page.platform is not None and page.platform.is_mobile() else NoCompass()
