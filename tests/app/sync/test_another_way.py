"""The station at another address of the local network: found or typed, and believed only by its own certificate."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import httpx
import pytest

from app.state.handset import Handset
from app.state.nearby_station import BACK_AFTER_MS, LOOK_AGAIN_MS, MOST_TRIED, NearbyStation, read_way
from app.state.shared_phone import SharedPhone
from app.sync.answers import NotOurStation, ServerUnreachable
from app.sync.discovery import STATION_KIND, Near, find_near
from app.sync.join import Way, ask_to_join, ask_whether_confirmed
from app.sync.push import JournalPush
from app.sync.run import SyncRunner
from app.sync.server_client import NearWay, ServerClient
from app.sync.state import Phase, SyncState
from sync_server.announce import stay_findable
from tests.app.sync.served import free_port, served
from tests.whole_journey.bookkeeping import on_server
from tests.whole_journey.device import Device
from tests.whole_journey.post import LEADER, Post

USUAL, NEARBY = "127.0.0.2", "127.0.0.1"
"""The certificate names the first; the server listens on the second."""


async def count_nothing(_: int) -> None: ...


@asynccontextmanager
async def away_from_home(tmp_path: Path) -> AsyncIterator[tuple[Post, Device, ServerClient]]:
    """A device that joined; then the usual address no longer leads to the station, which is served nearby."""
    port = free_port()
    post = Post(tmp_path, address=f"https://{USUAL}:{port}")
    post.found()
    device = post.new_device("phone1")
    code = post.running.enrolling.issue_code(LEADER)
    way = Way(device.watch.now_ms, device.random_bytes, _straight(post))
    asked = await ask_to_join(code, device_name="p", platform="test", way=way)
    post.running.enrolling.confirm(asked.reply.writer, None)
    joined = await ask_whether_confirmed(asked, way)
    await device.begin(replace(joined, address=post.address))
    client = ServerClient(
        post.address, ca_pem=joined.station.ca_pem, sign=device.notebook.sign, public_key=device.notebook.public_key,
        now_ms=device.watch.now_ms, random_bytes=device.random_bytes,
    )  # fmt: skip
    yield post, device, client
    await client.close()
    await device.close()
    post.stop()


def _straight(post: Post):
    return httpx.ASGITransport(app=post.server)


async def test_what_does_not_go_to_the_usual_address_goes_to_the_station_nearby(tmp_path):
    async with away_from_home(tmp_path) as (post, device, client), served(post):
        await device.field.record_nothing_found(patrol=None, position=None)
        push = JournalPush(device.notebook, client, count_nothing)
        with pytest.raises(ServerUnreachable):
            await push.send()
        client.way = NearWay(NEARBY, post.settings.port)
        assert await push.send() is not None
        assert (device.notebook.writer, 1) in on_server(post.database_file)
        assert (await client.ask("GET", "/map-packs", with_token=True)).status == 200


async def test_another_server_at_that_address_is_not_believed(tmp_path):
    async with away_from_home(tmp_path / "ours") as (post, _device, client):
        stranger = Post(tmp_path / "other", address=post.address)
        stranger.found()
        async with served(stranger):
            client.way = NearWay(NEARBY, post.settings.port)
            with pytest.raises(NotOurStation):
                await client.ask("GET", "/station")
        stranger.stop()


async def test_a_station_whose_settings_say_so_is_found_by_its_devices(tmp_path):
    port = free_port()
    post = Post(tmp_path, address=f"https://{NEARBY}:{port}")
    post.settings = post.settings.model_copy(update={"announce": True, "announce_on": (NEARBY,)})
    post.found()
    announcing = asyncio.create_task(stay_findable(post.running))
    async with asyncio.timeout(30):
        while not (found := await find_near(STATION_KIND, post.running.station.writer, look_s=0.6, interfaces=(NEARBY,))):
            pass
    assert found == (Near((NEARBY,), port),)
    announcing.cancel()
    await asyncio.gather(announcing, return_exceptions=True)
    quiet = post.settings.model_copy(update={"announce": False})
    await stay_findable(replace(post.running, settings=quiet))
    post.stop()


class Seeker:
    """A device whose rounds are told by hand."""

    def __init__(self, *found: Near, typed: str | None = None) -> None:
        self.now_ms, self.nudged, self.looks = 1_000_000, 0, 0
        self.found = found
        self.client = ServerClient(
            "https://don.example:8443", ca_pem=None, sign=lambda _: b"", public_key=bytes(32), now_ms=lambda: self.now_ms,
            random_bytes=bytes,
        )  # fmt: skip
        self.nearby = NearbyStation(
            self.client, self._look, now_ms=lambda: self.now_ms, typed=lambda: typed, nudge=self._nudge
        )  # fmt: skip

    async def _look(self) -> tuple[Near, ...]:
        self.looks += 1
        return self.found

    def _nudge(self) -> None:
        self.nudged += 1

    async def fails(self) -> None:
        self.now_ms += 1_000
        state = SyncState(Phase.WAITING, next_try_at=datetime.fromtimestamp(self.now_ms / 1000, UTC))
        for _ in range(3):
            self.nearby.follow(state)
        await asyncio.sleep(0.01)

    def goes_well(self) -> None:
        self.nearby.follow(SyncState(Phase.IDLE))


async def test_each_place_that_was_found_is_tried_once_and_then_the_usual_one_again():
    seeker = Seeker(Near(("10.0.0.1", "10.0.0.2"), 8443))
    for host in ("10.0.0.1", "10.0.0.2"):
        await seeker.fails()
        assert seeker.client.way == NearWay(host, 8443)
    await seeker.fails()
    assert (seeker.client.way, seeker.looks, seeker.nudged) == (None, 1, 2)
    await seeker.fails()
    assert seeker.looks == 1
    seeker.now_ms += LOOK_AGAIN_MS
    await seeker.fails()
    assert (seeker.client.way, seeker.looks) == (NearWay("10.0.0.1", 8443), 2)


async def test_somebody_who_names_a_hundred_places_keeps_nobody_from_the_usual_address_for_long():
    seeker = Seeker(*(Near(tuple(f"10.0.{phone}.{host}" for host in range(1, 20)), 8443) for phone in range(5)), typed="10.1.1.1")
    ways = []
    for _ in range(200):
        await seeker.fails()
        if (way := seeker.client.way) is None:
            break
        ways.append(way.host)
    assert ways[:2] == ["10.1.1.1", "10.0.0.1"]
    assert {f"10.0.{phone}.1" for phone in range(5)} <= set(ways)
    assert len(ways) <= MOST_TRIED


async def test_somebody_who_names_a_hundred_stations_keeps_nobody_from_the_one_that_is_there():
    seeker = Seeker(*(Near((f"10.0.0.{host}",), 8443) for host in range(100)), Near(("10.1.1.1",), 8443))
    ways = set[NearWay | None]()
    for _ in range(150):
        seeker.now_ms += LOOK_AGAIN_MS
        await seeker.fails()
        ways.add(seeker.client.way)
        if NearWay("10.1.1.1", 8443) in ways:
            break
    assert NearWay("10.1.1.1", 8443) in ways


async def test_the_usual_address_is_tried_again_after_a_while_and_the_way_nearby_is_not_forgotten():
    seeker = Seeker(typed="10.0.0.9")
    await seeker.fails()
    assert seeker.client.way == NearWay("10.0.0.9", 8443)
    seeker.goes_well()
    assert seeker.client.way == NearWay("10.0.0.9", 8443)
    seeker.now_ms += BACK_AFTER_MS + 1
    seeker.goes_well()
    assert seeker.client.way is None
    await seeker.fails()
    assert (seeker.client.way, seeker.looks) == (NearWay("10.0.0.9", 8443), 1)


async def test_on_another_network_the_usual_address_comes_first_and_the_way_through_the_last_one_is_forgotten():
    seeker = Seeker(Near(("10.0.0.1", "10.0.0.2"), 8443))
    await seeker.fails()
    seeker.goes_well()
    asked: list[NearWay | None] = []
    handset = Handset(cast(SharedPhone, SimpleNamespace()))
    handset.nearby = seeker.nearby

    async def change_network() -> None:
        asked.append(seeker.client.way)

    handset.runner = cast(SyncRunner, SimpleNamespace(change_network=change_network))
    await handset.change_network()
    assert asked == [None]
    await seeker.fails()
    assert (seeker.client.way, seeker.looks) == (NearWay("10.0.0.1", 8443), 2)


async def test_what_was_looked_for_in_a_round_that_the_change_broke_off_leads_nobody_from_the_usual_address():
    heard = asyncio.Event()
    seeker = Seeker(Near(("10.0.0.1",), 8443))

    async def look() -> tuple[Near, ...]:
        await heard.wait()
        return seeker.found

    seeker.nearby._look = look
    seeker.nearby.forget_way()
    await seeker.fails()
    seeker.goes_well()
    heard.set()
    await asyncio.sleep(0.01)
    assert (seeker.client.way, seeker.nudged) == (None, 0)


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("192.168.8.2", NearWay("192.168.8.2", 8443)),
        (" https://192.168.8.2:9000/ ", NearWay("192.168.8.2", 9000)),
        ("don.lan", NearWay("don.lan", 8443)),
        ("", None),
        ("a/b", None),
        ("x@y", None),
        ("host:port", None),
        ("[::1]:99", NearWay("::1", 99)),
    ],
)
def test_what_a_person_types_as_the_stations_address(text, way):
    assert read_way(text, "https://don.example:8443") == way
