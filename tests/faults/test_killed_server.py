"""The server's process is killed again and again while devices push: nothing with a receipt is missing, each entry is once."""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random

import httpx
import pytest

from tests.app.sync.served import free_port
from tests.faults.power_cuts import drawn_seed
from tests.faults.pushing import Pusher, check_once
from tests.faults.server_process import ServerProcess, server_factory
from tests.sync_server.conftest import PEOPLE
from tests.sync_server.fakes import Device, build_house

DEVICES = ("P01", "P02", "P03", "T01")


async def found(folder: Path, drawn: Random) -> tuple[str, str, list[Pusher]]:
    """A station with four devices; its server is not running."""
    house = build_house(folder)
    house.settle_people(PEOPLE)
    key = house.running.station.public_key
    pushers = []
    for person in DEVICES:
        device = Device(house)
        await device.enrol(person)
        await device.close()
        pushers.append(Pusher(device, key, Random(drawn.random())))
    house.close()
    address = f"http://127.0.0.1:{free_port()}"
    house.settings.model_copy(update={"address": address}).keep()
    return address, house.settings.database, pushers


async def push_until_it_dies(pushers: list[Pusher], address: str, answered: asyncio.Semaphore) -> None:
    async def one(pusher: Pusher) -> None:
        async with httpx.AsyncClient(base_url=address, timeout=20) as http:
            pusher.device.http = http
            while await pusher.push():
                answered.release()

    await asyncio.gather(*(one(pusher) for pusher in pushers))


async def wait_for_a_moment(answered: asyncio.Semaphore, drawn: Random) -> None:
    """Some pushes are answered, others are under way."""
    for _ in range(drawn.randint(0, 6)):
        async with asyncio.timeout(20):
            await answered.acquire()
    await asyncio.sleep(drawn.random() * 0.05)


async def kill_while_pushing(folder: Path, kills: int) -> None:
    seed = drawn_seed()
    drawn = Random(seed)
    address, database_url, pushers = await found(folder, drawn)
    context = server_factory()
    for number in range(kills):
        server = ServerProcess(context, folder, address)
        await asyncio.to_thread(server.wait)
        answered = asyncio.Semaphore(0)
        pushing = asyncio.create_task(push_until_it_dies(pushers, address, answered))
        await wait_for_a_moment(answered, drawn)
        await asyncio.to_thread(server.kill)
        await pushing
        if number % 50 == 49:
            check_once(database_url, pushers)
    server = ServerProcess(context, folder, address)
    await asyncio.to_thread(server.wait)
    for pusher in pushers:
        async with httpx.AsyncClient(base_url=address, timeout=20) as http:
            pusher.device.http = http
            assert await pusher.push(), "after the last kill all that waited is taken"
            assert pusher.received_to == len(pusher.device.chain)
    await asyncio.to_thread(server.kill)
    rows = check_once(database_url, pushers)
    answers = sum((pusher.answers for pusher in pushers), Counter[str]())
    print(f"seed {seed}: {kills} kills, {rows} entries, {dict(answers)}")  # noqa: T201


@pytest.mark.slow
async def test_nothing_with_a_receipt_is_missing_after_ten_kills_of_the_server(tmp_path: Path):
    await kill_while_pushing(tmp_path, 10)


@pytest.mark.long_faults
@pytest.mark.timeout(7_200)
async def test_nothing_with_a_receipt_is_missing_after_five_hundred_kills_of_the_server(tmp_path: Path):
    await kill_while_pushing(tmp_path, 500)
