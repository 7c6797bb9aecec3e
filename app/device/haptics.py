"""What the hand feels: a short beat while something is held, a long shake when somebody must look."""

import logging
from typing import Protocol

import flet as ft

log = logging.getLogger(__name__)


class Haptics(Protocol):
    async def beat(self) -> None:
        """Short: something goes on."""
        ...

    async def shake(self) -> None:
        """As strong as the device can: look here."""
        ...


class FletHaptics:
    """The device's own, through the page of the running handler; silent where there is none."""

    def __init__(self) -> None:
        self._feedback: ft.HapticFeedback | None = None

    async def beat(self) -> None:
        await self._feel(strong=False)

    async def shake(self) -> None:
        await self._feel(strong=True)

    async def _feel(self, *, strong: bool) -> None:
        try:
            if self._feedback is None:
                self._feedback = ft.HapticFeedback()
            felt = self._feedback.vibrate if strong else self._feedback.heavy_impact
            await felt()  # type: ignore[no-untyped-call]  # Flet left it without types
        except (RuntimeError, TimeoutError) as silent:
            log.info("nothing was felt: %s", silent)
