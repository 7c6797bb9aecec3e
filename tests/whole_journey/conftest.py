"""A post whose phone and desk have joined it, for one test, closed afterwards."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes import TrueTime
from tests.whole_journey.device import Device
from tests.whole_journey.ground import first_day
from tests.whole_journey.post import Post


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    template, ms = first_day()
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    copied = Post(tmp_path, TrueTime(ms))
    copied.start()
    yield copied
    copied.stop()


@pytest_asyncio.fixture
async def phone(post: Post) -> AsyncIterator[Device]:
    """The patrol leader's, joined and unlocked."""
    device = post.new_device("phone1")
    await device.open()
    yield device
    await device.close()


@pytest_asyncio.fixture
async def desk(post: Post) -> AsyncIterator[Device]:
    """The commander's, joined and unlocked."""
    device = post.new_device("desk")
    await device.open()
    yield device
    await device.close()
