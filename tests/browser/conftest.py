"""What all browser tests of a run share: one Chromium and one post that was built; both cost seconds."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.driver import open_browser
from tests.browser.post import BuiltPost, build_post


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Give the shared browser; tests that use it run on the session's loop."""
    async with open_browser() as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def built(tmp_path_factory: pytest.TempPathFactory) -> BuiltPost:
    """Give the post that tests copy."""
    return await build_post(tmp_path_factory.mktemp("built"))
