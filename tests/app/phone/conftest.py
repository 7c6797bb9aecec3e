"""A phone that has joined and is open, as most tests of its screens begin."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.app.phone.fakes import OpenPhone, PhoneMade


@pytest.fixture
def made(tmp_path: Path) -> PhoneMade:
    return PhoneMade(tmp_path)


@pytest.fixture
async def phone(made: PhoneMade) -> AsyncIterator[OpenPhone]:
    await made.enrol()
    opened = await made.open()
    await opened.unlock()
    yield opened
    await opened.close()
