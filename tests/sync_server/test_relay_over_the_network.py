"""The station's own loop calls the province over a real line with the province's own certificates; and the command line."""

import asyncio
import io
import random
import socket
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from journal.wire import JoinCode
from sync_server.admitting import confirm_station, issue_station_code
from sync_server.commands import COMMANDS, Setting
from sync_server.joining import join_province
from sync_server.problems import Refused
from sync_server.station import server_certificate
from sync_server.uplink import call_over_tls, keep_line
from tests.entries_made import an_observation
from tests.sync_server.fakes import ADDRESS, House
from tests.sync_server.two_servers import Pair, an_order, facts_there, written

LOOKS = 1_200
LUCK = random.Random(9)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def on_the_network(house: House) -> AsyncIterator[None]:
    """The server behind a real socket with TLS."""
    certificate, key = server_certificate(house.settings, house.clock.ms)
    server = uvicorn.Server(
        uvicorn.Config(
            house.app, host="127.0.0.1", port=house.settings.port, ssl_certfile=certificate, ssl_keyfile=key, lifespan="off",
            log_level="critical",
        )
    )  # fmt: skip
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


async def until(what) -> None:
    for _ in range(LOOKS):
        if what():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


@pytest.fixture
async def apart(tmp_path) -> AsyncIterator[Pair]:
    made = Pair.build(tmp_path, address=f"https://127.0.0.1:{free_port()}")
    yield made
    await made.close()


async def test_the_stations_loop_brings_news_both_ways_over_tls_and_comes_back_after_a_break(apart):
    pair, code = apart, issue_station_code(apart.province.running)
    async with on_the_network(pair.province):
        wrong = code.model_copy(update={"ca_sha256": "0" * 64}).as_text()
        with pytest.raises(Refused, match="join_code"):
            await join_province(pair.station.running, wrong, call_over_tls)
        await join_province(pair.station.running, code.as_text(), call_over_tls)
        confirm_station(pair.province.running, pair.station.running.station.writer)
        pair.give("DON:chi_huy")
        pair.station.running.settings = pair.station.settings.model_copy(update={"relay_every_s": 0.1})
        phone, desk = await pair.phone(), await pair.reader()
        line = asyncio.create_task(keep_line(pair.station.running))
        seen = await written(phone, an_observation())
        await until(lambda: facts_there(pair.province, seen))
        order = await written(desk, an_order(), unit="TINH")
        await until(lambda: facts_there(pair.station, order))
    later = await written(phone, an_observation())
    await until(lambda: pair.at_station.trouble)
    async with on_the_network(pair.province):
        await until(lambda: facts_there(pair.province, later))
        await until(lambda: not pair.at_station.trouble)
    line.cancel()
    await asyncio.gather(line, return_exceptions=True)


async def test_a_database_that_fails_once_ends_no_line(pair: Pair):
    await pair.join("DON:chi_huy")
    running, phone = pair.station.running, await pair.phone()
    running.settings = pair.station.settings.model_copy(update={"relay_every_s": 0.01})
    seen = await written(phone, an_observation())
    reading, failures = running.database.reading, [OperationalError("select", {}, OSError("restarted"))]

    async def fail_once(ask: Callable[[Connection], object]) -> object:
        if failures:
            raise failures.pop()
        return await reading(ask)

    running.database.reading = fail_once
    line = asyncio.create_task(keep_line(running, lambda _address, _ca: pair.province.client()))
    await until(lambda: line.done() or facts_there(pair.province, seen))
    assert not failures
    assert not line.done()
    line.cancel()
    await asyncio.gather(line, return_exceptions=True)
    running.database.reading = reading


async def test_an_exchange_that_fails_by_itself_is_noted_as_trouble(pair: Pair):
    """Else the desk would read that the province was reached."""
    await pair.join("DON:chi_huy")

    def fail(_request: httpx.Request) -> httpx.Response:
        raise OperationalError("select", {}, OSError("restarted"))

    with pytest.raises(OperationalError):
        await pair.call(httpx.AsyncClient(transport=httpx.MockTransport(fail), base_url=ADDRESS))
    assert pair.at_station.trouble == "OperationalError"


def say(house: House, *words: object) -> tuple[int, str]:
    """What ``python -m sync_server relay …`` says in a server's folder."""
    parser, said = ArgumentParser(), io.StringIO()
    COMMANDS["relay"].arguments(parser)
    asked = parser.parse_args([str(word) for word in words])
    setting = Setting(house.settings.folder, house.clock.now_ms, LUCK.randbytes, said, str)
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(COMMANDS["relay"].run, setting, asked).result(), said.getvalue()


async def test_an_administrator_admits_looks_and_carries_files_by_the_command_line(tmp_path, pair: Pair):
    status, code = say(pair.province, "code")
    assert status == 0
    assert code.startswith("TT1.")
    assert JoinCode.from_text(code).station == pair.province.running.station.writer
    await join_province(pair.station.running, code, lambda _address, _ca: pair.province.client())
    own, other = pair.station.running.station.writer, pair.province.running.station.writer
    assert pair.at_province.check_number in say(pair.province, "state")[1]
    assert say(pair.province, "confirm", own) == (0, "Station is let in.\n")
    assert say(pair.station, "roles", other, "--give", "DON:chi_huy")[0] == 0
    assert say(pair.station, "roles", other, "--give", "XYZ:chi_huy")[0] == 1
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    up, down = tmp_path / "up.tuantra", tmp_path / "down.tuantra"
    assert "1 entries, 0 photos" in say(pair.station, "make", other, up)[1]
    assert "1 new entries, 0 of them held" in say(pair.province, "bring", up)[1]
    assert facts_there(pair.province, seen) == (phone.chain[0].raw, None, True)
    say(pair.province, "make", own, down)
    assert say(pair.station, "bring", down)[0] == 0
    assert "has ours as of 2026-11-05 00:00 UTC" in say(pair.station, "state")[1]
    _spoil(up)
    status, words = say(pair.province, "bring", up)
    assert status == 1
    assert "was changed" in words
    assert say(pair.province, "end", own)[0] == 0
    assert say(pair.province, "make", own, down)[0] == 1


async def test_a_station_that_never_has_a_line_joins_by_files(tmp_path, pair: Pair):
    own, other = pair.station.running.station.writer, pair.province.running.station.writer
    card, ask, up = (tmp_path / name for name in ("card", "ask", "up"))
    code = say(pair.province, "code", "--card", card)[1]
    _spoil(card)
    assert say(pair.station, "join", code, "--card", card, "--ask", ask)[0] == 1
    say(pair.province, "code", "--card", card)
    assert say(pair.station, "join", code, "--card", card, "--ask", ask, "--give", "DON:chi_huy")[0] == 0
    assert own in say(pair.province, "asked", ask)[1]
    assert say(pair.province, "confirm", own)[0] == 0
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    assert say(pair.station, "make", other, up)[0] == 0
    assert say(pair.province, "bring", up)[0] == 0
    assert facts_there(pair.province, seen) == (phone.chain[0].raw, None, True)


async def test_a_join_with_a_role_that_there_is_not_joins_nothing(tmp_path, pair: Pair):
    card, ask = tmp_path / "card", tmp_path / "ask"
    code = say(pair.province, "code", "--card", card)[1]
    status, words = say(pair.station, "join", code, "--card", card, "--ask", ask, "--give", "XYZ:chi_huy")
    assert (status, "XYZ:chi_huy: no such unit or role" in words) == (1, True)
    assert (ask.exists(), say(pair.station, "state")[1]) == (False, "")


def _spoil(file: Path) -> None:
    raw = file.read_bytes()
    file.write_bytes(raw[:-20] + bytes([raw[-20] ^ 1]) + raw[-19:])
