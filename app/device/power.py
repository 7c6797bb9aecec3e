"""How much is left in the battery."""

import logging
from typing import Protocol

import flet as ft

log = logging.getLogger(__name__)


class Power(Protocol):
    async def read_percent(self) -> int | None:
        """0-100; None where the device does not tell."""
        ...


class FletPower:
    """The device's battery, through the page that shows the app."""

    def __init__(self) -> None:
        self._battery = ft.Battery()

    async def read_percent(self) -> int | None:
        try:
            return await self._battery.get_battery_level()
        except (RuntimeError, TimeoutError) as silent:
            log.info("the battery does not answer: %s", silent)
            return None
