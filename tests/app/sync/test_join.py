"""Joining a station over real TLS: the join code's pin is all that a new device believes."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from app.sync.answers import NotOurStation, ServerRefused, ServerUnreachable
from app.sync.join import Way, ask_to_join, ask_whether_confirmed, await_confirmation
from app.sync.server_client import ServerClient, fetch_ca
from journal.wire import StationCard
from tests.app.sync.served import free_port, served
from tests.fakes import MORNING_MS
from tests.whole_journey.post import LEADER, Post

WAY = Way(lambda: MORNING_MS, os.urandom)


@pytest_asyncio.fixture
async def station(tmp_path: Path) -> AsyncIterator[Post]:
    post = Post(tmp_path, address=f"https://127.0.0.1:{free_port()}")
    post.found()
    async with served(post):
        yield post
    post.stop()


def a_client(address: str, ca_pem: str | None) -> ServerClient:
    return ServerClient(
        address,
        ca_pem=ca_pem,
        sign=lambda _: b"",
        public_key=bytes(32),
        now_ms=lambda: MORNING_MS,
        random_bytes=os.urandom,
    )


async def test_a_device_joins_by_its_code_and_a_person_who_sees_the_same_number(station: Post):
    code = station.running.enrolling.issue_code(LEADER)
    assert code.ca_sha256 is not None
    asked = await ask_to_join(code, device_name="phone", platform="android", way=WAY)
    assert (asked.reply.state, asked.reply.person, asked.reply.unit) == ("waiting", LEADER, "DON")
    assert asked.station.ca_pem == station.running.station.ca_pem
    assert asked.address == station.settings.address

    async def person_looks(_: float) -> None:
        station.running.enrolling.confirm(asked.reply.writer, None)

    joined = await await_confirmation(asked, WAY, person_looks)
    assert joined.reply.state == "confirmed"
    assert joined.reply.check_number == asked.reply.check_number


async def test_who_is_not_confirmed_for_hours_asks_ever_less_often_and_what_that_costs_is_counted(station: Post):
    asked = await ask_to_join(station.running.enrolling.issue_code(LEADER), device_name="phone", platform=None, way=WAY)
    waits: list[float] = []
    counted: list[int] = []

    async def person_looks_after_hours(wait_s: float) -> None:
        waits.append(wait_s)
        if sum(waits) >= 7_200 or len(waits) > 300:
            station.running.enrolling.confirm(asked.reply.writer, None)

    joined = await await_confirmation(asked, replace(WAY, counted=counted.append), person_looks_after_hours)
    assert joined.reply.state == "confirmed"
    assert waits[:20] == [2.0] * 20
    assert len(waits) < 200
    assert max(waits) <= 60
    assert sum(counted) > 5_000 * len(waits)


async def test_who_cannot_ask_for_a_while_is_confirmed_all_the_same(station: Post):
    asked = await ask_to_join(station.running.enrolling.issue_code(LEADER), device_name="phone", platform=None, way=WAY)
    station.running.enrolling.confirm(asked.reply.writer, None)
    nowhere = replace(asked, address=f"https://127.0.0.1:{free_port()}")
    asking = asyncio.create_task(await_confirmation(nowhere, WAY, lambda _: asyncio.sleep(0.01)))
    await asyncio.sleep(0.2)
    assert not asking.done()
    asking.cancel()


async def test_a_device_that_is_turned_away_stays_outside(station: Post):
    asked = await ask_to_join(station.running.enrolling.issue_code(LEADER), device_name="phone", platform=None, way=WAY)
    station.running.enrolling.refuse(asked.reply.writer)
    assert (await ask_whether_confirmed(asked, WAY)).reply.state == "refused"


async def test_a_code_serves_one_device(station: Post):
    code = station.running.enrolling.issue_code(LEADER)
    await ask_to_join(code, device_name="phone", platform=None, way=WAY)
    with pytest.raises(ServerRefused) as refused:
        await ask_to_join(code, device_name="another", platform=None, way=WAY)
    assert refused.value.problem.code == "join_code"


async def test_a_certificate_that_the_code_does_not_name_ends_the_joining(station: Post):
    code = station.running.enrolling.issue_code(LEADER).model_copy(update={"ca_sha256": "0" * 64})
    with pytest.raises(NotOurStation, match="join code"):
        await ask_to_join(code, device_name="phone", platform=None, way=WAY)


async def test_another_station_at_the_address_is_not_joined(station: Post):
    code = station.running.enrolling.issue_code(LEADER).model_copy(update={"station": "a" * 16})
    with pytest.raises(NotOurStation, match="another station"):
        await ask_to_join(code, device_name="phone", platform=None, way=WAY)


async def test_the_own_authority_is_believed_and_no_other(station: Post, tmp_path: Path):
    pin = station.running.enrolling.issue_code(LEADER).ca_sha256
    assert pin is not None
    ca_pem = await fetch_ca(station.settings.address, pin)
    async with a_client(station.settings.address, ca_pem) as client:
        card = (await client.ask("GET", "/station")).read_as(StationCard)
        assert card.station == station.running.station.writer
    other = Post(tmp_path / "other")
    other.found()
    for wrong in (other.running.station.ca_pem, None):
        async with a_client(station.settings.address, wrong) as client:
            with pytest.raises(NotOurStation, match="certificate"):
                await client.ask("GET", "/station")
    other.stop()


async def test_an_address_where_nobody_answers_is_unreachable():
    async with a_client(f"http://127.0.0.1:{free_port()}", None) as client:
        with pytest.raises(ServerUnreachable, match="no connection"):
            await client.ask("GET", "/station")


async def test_something_that_speaks_no_http_is_unreachable():
    async def mumble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ready\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    port = free_port()
    async with await asyncio.start_server(mumble, "127.0.0.1", port), a_client(f"http://127.0.0.1:{port}", None) as client:
        with pytest.raises(ServerUnreachable):
            await client.ask("GET", "/station")
