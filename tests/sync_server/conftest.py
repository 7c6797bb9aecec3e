"""Stations on both databases, and devices that are closed at the end."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from tests.postgres import postgres_address
from tests.sync_server.fakes import Device, House, build_house
from tests.sync_server.two_servers import Pair

PEOPLE = {
    "P01": ("DON", "to_truong"),
    "P02": ("DON", "thanh_vien"),
    "P03": ("DON", "can_bo"),
    "C01": ("DON", "chi_huy"),
    "T01": ("DON", "truc_ban"),
    "K01": ("DON", "ky_thuat"),
    "X01": ("CAX", "chi_huy"),
    "X02": ("CAX", "can_bo"),
}

NewDevice = Callable[[str], Awaitable[Device]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")])])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    with postgres_address() as address:
        yield address


@pytest.fixture
def house(tmp_path, database_url) -> Iterator[House]:
    made = build_house(tmp_path, database_url)
    made.settle_people(PEOPLE)
    yield made
    made.close()


@pytest.fixture
async def enrolled(house) -> AsyncIterator[NewDevice]:
    """Makes devices of people: ``await enrolled("P01")``."""
    devices: list[Device] = []

    async def make(person: str) -> Device:
        device = Device(house)
        devices.append(device)
        await device.enrol(person)
        return device

    yield make
    for device in devices:
        await device.close()


@pytest.fixture
async def pair(tmp_path) -> AsyncIterator[Pair]:
    made = Pair.build(tmp_path)
    yield made
    await made.close()
