"""One Chromium for all browser tests of a run: a start costs seconds."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.driver import open_browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Give the shared browser; tests that use it run on the session's loop."""
    async with open_browser() as opened:
        yield opened
