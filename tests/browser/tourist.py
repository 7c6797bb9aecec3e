"""One who goes through all screens: finds what leads on, waits for what it opens, and says where they are."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from playwright.async_api import TimeoutError as NotThere

from tests.browser.driver import FletPage

TODAY, MAP, LOG, SEND = range(4)
"""Tabs of the phone, from the left."""
OnStop = Callable[[str], Awaitable[None]]

OPENS_WITHIN_MS: Final = 12_000
TAP_WITHIN_MS: Final = 8_000
SCROLL_PX: Final = 260
MOST_SCROLLS: Final = 64
SETTLED_MS: Final = 120
HOME: Final = "quick-report"


@dataclass(frozen=True)
class Tourist:
    """A page, and who is told the name of each screen as it is shown."""

    page: FletPage
    stop: OnStop

    async def scroll(self, by: int) -> None:
        size = self.page.page.viewport_size or {"width": 360, "height": 800}
        await self.page.page.mouse.move(size["width"] / 2, size["height"] * 0.6)
        await self.page.page.mouse.wheel(0, by)
        await self.page.page.wait_for_timeout(SETTLED_MS)

    async def is_there(self, ident: str) -> bool:
        return await self.page.by_id(ident).count() > 0

    async def see(self, ident: str, *, timeout_ms: float = OPENS_WITHIN_MS) -> None:
        await self.page.by_id(ident).last.wait_for(state="attached", timeout=timeout_ms)

    async def tap(self, ident: str) -> None:
        """Presses this part; scrolls down to it, then from the top."""
        for turn in range(MOST_SCROLLS):
            part = self.page.by_id(ident).last
            if await part.count():
                box = await part.bounding_box()
                height = (self.page.page.viewport_size or {"height": 800})["height"]
                if box is not None and box["y"] > -1 and box["y"] + min(box["height"], 56) / 2 < height:
                    with suppress(NotThere):
                        await part.click(timeout=TAP_WITHIN_MS)
                        return
            await self.scroll(-20_000 if turn == MOST_SCROLLS // 2 else SCROLL_PX)
        raise AssertionError(f"{ident} cannot be pressed")

    async def open(self, ident: str, screen: str, name: str | None = None) -> None:
        """Presses what leads on, waits for the other screen, stops there; once more when the page moved under the finger."""
        for _ in range(2):
            await self.tap(ident)
            with suppress(NotThere):
                await self.see(screen)
                break
        else:
            raise AssertionError(f"{ident} does not open {screen}")
        if name is not None:
            await self.stop(name)

    async def back(self, screen: str) -> None:
        await self.open("back", screen)

    async def tab(self, number: int, screen: str, name: str | None = None) -> None:
        await self.page.open_tab(number)
        await self.see(screen)
        if name is not None:
            await self.stop(name)

    async def come_home(self) -> None:
        """To the first tab, from wherever something went wrong."""
        for _ in range(8):
            if await self.page.page.get_by_role("tab").count():
                await self.page.open_tab(TODAY)
                await self.see(HOME)
                return
            for way in ("sos-put-away", "pointed-close", "hand-in-done", "back"):
                if await self.is_there(way):
                    with suppress(NotThere):
                        await self.page.by_id(way).last.click(timeout=TAP_WITHIN_MS)
                    break
            await self.page.page.wait_for_timeout(700)
        raise AssertionError("there is no way back to the first tab")
