"""Drive the app in a real Chromium through what a screen reader sees: identifiers, names and words."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Locator, Page, Route, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as NotThere

from tests.browser.fetch_browser import NOTHING_WORKS, find_chromium

SCREENS: Final = Path(__file__).parents[2] / "build" / "screens"

CHROMIUM_ARGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--force-prefers-reduced-motion",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-client-side-phishing-detection",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--metrics-recording-only",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication",
)

# Two browsers, their stations and phones may share two busy cores; what takes longer than this is not coming.
SLOWEST_MS: Final = 60_000

# Flet's web client asks for one animation library from a public network; the app does without.
_OUTSIDE: Final = "https://cdn.jsdelivr.net/**"


async def _refuse(route: Route) -> None:
    await route.abort()


class FletPage:
    """One open page of the app."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def open(self, url: str, *, timeout_ms: float = 30_000) -> None:
        """Open a page and turn its semantics tree on, by which everything else finds its way."""
        await self.page.goto(url)
        await self.wake(timeout_ms=timeout_ms)

    async def wake(self, *, timeout_ms: float = 30_000) -> None:
        """Turn the semantics tree on, after opening or reloading."""
        door = self.page.locator("flt-semantics-placeholder")
        await door.wait_for(state="attached", timeout=timeout_ms)
        await door.evaluate("element => element.click()")
        first = self.page.locator("flt-semantics-host flt-semantics").first
        await first.wait_for(state="attached", timeout=timeout_ms)

    def by_id(self, ident: str) -> Locator:
        """Find a part by its identifier."""
        return self.page.locator(f'[flt-semantics-identifier="{ident}"]')

    def by_start(self, start: str) -> Locator:
        """Find parts whose identifiers begin so."""
        return self.page.locator(f'[flt-semantics-identifier^="{start}"]')

    def button(self, name: str) -> Locator:
        """Find something to press by its whole name; an icon's name sits on the node around it."""
        around = self.page.locator(f'flt-semantics[aria-label="{name}"] [role=button]')
        return self.page.get_by_role("button", name=name, exact=True).or_(around).last

    async def click(self, name: str) -> None:
        """Press the button with this name."""
        await self.button(name).click()

    async def press(self, ident: str) -> None:
        """Press the part with this identifier; what lies far down a page is not there before the page is scrolled."""
        size = self.page.viewport_size or {"width": 0, "height": 0}
        for _ in range(5):
            try:
                await self.by_id(ident).last.click(timeout=6_000)
            except NotThere:
                await self.page.mouse.move(size["width"] / 2, size["height"] / 2)
                await self.page.mouse.wheel(0, 250)
            else:
                return
        await self.by_id(ident).last.click()

    async def gone(self, ident: str, *, timeout_ms: float = 30_000) -> None:
        """Wait until no part has this identifier."""
        await self.by_id(ident).last.wait_for(state="detached", timeout=timeout_ms)

    async def wait_for_camera(self) -> None:
        """Wait as a person does: a shutter that is touched before the camera is ready does nothing."""
        await self.by_id("shutter").last.wait_for(state="attached")
        await self._words("Đang chuẩn bị máy ảnh").wait_for(state="detached")

    def _words(self, words: str) -> Locator:
        """Find words as text or as the name of something."""
        return self.page.get_by_text(words).or_(self.page.locator(f'flt-semantics[aria-label*="{words}"]')).last

    async def press_first(self, start: str) -> None:
        """Press the uppermost part whose identifier starts so."""
        await self.by_start(start).first.click()

    async def open_tab(self, number: int) -> None:
        """Press one of the tabs at the bottom of a phone, counted from the left from 0."""
        await self.page.get_by_role("tab").nth(number).click()

    async def bring_into_sight(self, ident: str) -> tuple[float, float]:
        """Scroll with the wheel until this part can be touched; give its middle."""
        size = self.page.viewport_size or {"width": 0, "height": 0}
        for _ in range(12):
            box = await self.by_id(ident).last.bounding_box()
            assert box is not None, f"{ident} is not on the screen"
            if box["y"] + box["height"] <= size["height"]:
                break
            await self.page.mouse.move(size["width"] / 2, size["height"] - 40)
            await self.page.mouse.wheel(0, 200)
            await self.page.wait_for_timeout(300)
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    async def hold(self, ident: str, *, hold_ms: float) -> None:
        """Hold the part with this identifier."""
        x, y = await self.bring_into_sight(ident)
        await self.page.mouse.move(x, y)
        await self.page.mouse.down()
        await self.page.wait_for_timeout(hold_ms)
        await self.page.mouse.up()

    async def fill(self, label: str, text: str) -> None:
        """Type into the field with this label; raises AssertionError when the text does not stay."""
        field = self.page.locator(f'input[aria-label="{label}"], textarea[aria-label="{label}"]').last
        for _ in range(5):
            await field.click()
            await field.fill(text)
            # Flutter may put its own value back right after the focus.
            await self.page.wait_for_timeout(400)
            if await field.input_value() == text:
                return
        raise AssertionError(f"{label!r} does not take {text!r}")

    async def fill_until(self, label: str, text: str, shows: str) -> None:
        """Type and press Enter, again as a person would, until these words are there: a page under way drops the key."""
        for patience_ms in (5_000, 5_000, 15_000):
            await self.fill(label, text)
            await self.page.keyboard.press("Enter")
            with suppress(NotThere):
                await self.see(shows, timeout_ms=patience_ms)
                return
        raise AssertionError(f"{label!r} took {text!r}, and {shows!r} is not there")

    async def see(self, words: str, *, timeout_ms: float = SLOWEST_MS) -> None:
        """Wait until these words are on the screen, as text or as the name of something."""
        await self._words(words).wait_for(state="attached", timeout=timeout_ms)

    async def text(self) -> str:
        """Give all words on the screen, names of parts included, one a line."""
        names: list[str] = await self.page.locator("flt-semantics-host [aria-label]").evaluate_all(
            "elements => elements.map(element => element.getAttribute('aria-label'))"
        )
        shown = await self.page.locator("flt-semantics-host").inner_text()
        return "\n".join([shown, *names])

    async def enlarge_text(self, percent: int) -> None:
        """Set the size of text as a person would in the browser (100 is normal)."""
        await self.page.evaluate("size => document.documentElement.style.fontSize = size", f"{16 * percent / 100}px")
        await self.page.wait_for_timeout(600)

    async def screenshot(self, name: str) -> Path:
        """Keep what is on the screen as build/screens/<name>.png."""
        path = SCREENS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        await self.settle()
        await self.page.screenshot(path=path)
        return path

    async def settle(self) -> None:
        """Wait until nothing moves any more; a hand that holds no mouse leaves no grey button and no tooltip behind."""
        await self.page.mouse.move(0, 0)
        await self.page.wait_for_timeout(400)

    async def picture(self, name: str) -> None:
        """As ``screenshot``, for a test whose pictures somebody wants to see: ``TUAN_TRA_PICTURES=1``. Each costs a second."""
        if "TUAN_TRA_PICTURES" in os.environ:
            await self.screenshot(name)

    async def testify(self) -> None:
        """Say what was on the screen when a test failed: its words in the output, its picture as build/screens/failed.png."""
        with suppress(PlaywrightError):
            print(await self.text())  # noqa: T201 (pytest shows it beside the failure)
            await self.page.screenshot(path=SCREENS / "failed.png", timeout=10_000)


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start one Chromium; share it between tests, a start costs seconds."""
    found = find_chromium()
    assert found is not None, NOTHING_WORKS
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(CHROMIUM_ARGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def new_page(browser: Browser, *, width: int = 360, height: int = 800, **context: Any) -> AsyncIterator[FletPage]:
    """Give a page of its own, 360 x 800 unless said; `context` may set geolocation, permissions, locale."""
    owned = await browser.new_context(viewport={"width": width, "height": height}, **context)
    owned.set_default_timeout(SLOWEST_MS)
    await owned.route(_OUTSIDE, _refuse)
    page = FletPage(await owned.new_page())
    try:
        yield page
    except BaseException:
        await page.testify()
        raise
    finally:
        await owned.close()
