"""What is near is found by its station's name, and by no other."""

import asyncio
from errno import ENETUNREACH

import pytest

from app.sync.discovery import PHONE_KIND, STATION_KIND, Near, find_near, local_addresses, made_known

LOOPBACK = ("127.0.0.1",)


async def test_what_is_near_is_found_by_its_station_and_its_kind():
    words = {"station": "et3o22wl7yiatqbq", "writer": "kzdvvj2umnduyauf"}
    async with made_known(PHONE_KIND, "kzdvvj2umnduyauf", 4_711, words, LOOPBACK, interfaces=LOOPBACK):
        async with asyncio.timeout(30):
            while not (found := await find_near(PHONE_KIND, words["station"], look_s=0.6, interfaces=LOOPBACK)):
                pass
        assert found == (Near(LOOPBACK, 4_711, words["writer"]),)
        asked = ((PHONE_KIND, "a" * 16), (STATION_KIND, words["station"]))
        others = await asyncio.gather(*(find_near(*one, look_s=0.6, interfaces=LOOPBACK) for one in asked))
    assert others == [(), ()]


async def test_where_nobody_can_be_heard_nothing_is_found_and_nothing_said(monkeypatch: pytest.MonkeyPatch):
    def deaf(_interfaces):
        raise OSError(ENETUNREACH, "no multicast here")

    monkeypatch.setattr("app.sync.discovery._ears", deaf)
    assert await find_near(PHONE_KIND, "a" * 16) == ()
    async with made_known(PHONE_KIND, "x", 1, {}, LOOPBACK):
        pass


def test_addresses_of_this_device_are_those_of_local_networks():
    assert all(not address.startswith("127.") for address in local_addresses())
