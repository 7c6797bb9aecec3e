"""A post with its devices for one test, closed afterwards."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.whole_journey.device import Device
from tests.whole_journey.post import COMMANDER, LEADER, Post


@pytest_asyncio.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    founded = Post(tmp_path)
    founded.found()
    yield founded
    founded.stop()


@pytest_asyncio.fixture
async def phone(post: Post) -> AsyncIterator[Device]:
    """The patrol leader's, joined and unlocked."""
    device = post.new_device("phone")
    await device.begin(await post.join(device, LEADER))
    yield device
    await device.close()


@pytest_asyncio.fixture
async def desk(post: Post) -> AsyncIterator[Device]:
    """The commander's."""
    device = post.new_device("desk")
    await device.begin(await post.join(device, COMMANDER))
    yield device
    await device.close()
