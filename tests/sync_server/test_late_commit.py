"""A commit that comes late is never skipped by a reader's cursor: serials are taken and committed under one lock."""

import asyncio
import threading

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from sync_server.accept import Acceptor, Portion
from sync_server.database import Database
from sync_server.register import standing_of_person
from sync_server.station_mark import MarkFile
from tests.entries_made import an_observation
from tests.sync_server.fakes import Device, House


class SlowCommit:
    """Stops a transaction between its last row and its commit until it is let go."""

    def __init__(self) -> None:
        self.written, self.go_on = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.written.set()
        assert self.go_on.wait(30)


def second_process(house: House, tmp_path, before_commit) -> tuple[Acceptor, Database]:
    """What another process of the station on the same database would have: engine, lock and threads of its own."""
    database = Database(house.settings.database)
    folder = tmp_path / "second"
    folder.mkdir()
    acceptor = Acceptor(
        database,
        house.running.station,
        MarkFile(folder),
        now_ms=house.clock.now_ms,
        random_bytes=bytes,
        before_commit=before_commit,
    )
    return acceptor, database


async def push_both(house: House, slow: Acceptor, first: Device, second: Device, late: SlowCommit, reader: Device) -> None:
    """``first`` is written and not committed when ``second`` comes and a reader pulls."""
    held_back = asyncio.create_task(asyncio.to_thread(slow.take, [Portion(first.writer, first.frames()[:1])]))
    assert await asyncio.to_thread(late.written.wait, 30)
    overtaking = asyncio.create_task(second.push())
    await asyncio.sleep(0.3)
    await reader.pull()
    late.go_on.set()
    await held_back
    await overtaking


def test_all_that_one_transaction_reads_is_of_one_state(house):
    def roles(connection: Connection) -> list[str]:
        return sorted(standing_of_person(connection, "person:P02", "", house.clock.ms).roles["DON"])

    with house.running.database.read() as connection:
        before = roles(connection)
        house.give_role("P02", "can_bo")
        assert roles(connection) == before == ["thanh_vien"]
    with house.running.database.read() as connection:
        assert roles(connection) == ["can_bo", "thanh_vien"]


def test_what_goes_wrong_with_a_row_is_told_without_the_row(house):
    for open_transaction in (house.running.database.write, house.running.database.read):
        with pytest.raises(DBAPIError) as failed, open_transaction() as connection:
            connection.execute(text("SELECT word FROM nowhere WHERE word = :said"), {"said": "Lò Thị Én"})
        assert "nowhere" in str(failed.value)
        assert "Lò Thị" not in str(failed.value)


@pytest.mark.parametrize("turn", range(3))
async def test_a_reader_who_pulls_between_two_commits_skips_neither(house, enrolled, tmp_path, turn):
    first, second, reader = await enrolled("P03"), await enrolled("P01"), await enrolled("C01")
    one, other = first.write(an_observation()), second.write(an_observation())
    late = SlowCommit()
    slow, database = second_process(house, tmp_path, late)
    await reader.pull()
    await push_both(house, slow, first, second, late, reader)
    await reader.pull()
    assert reader.sees([one, other]) == [True, True]
    database.close()


async def test_many_pushers_and_a_reader_at_once_lose_nothing(house, enrolled, tmp_path):
    pushers = [await enrolled(person) for person in ("P01", "P03", "T01", "P02")]
    reader = await enrolled("C01")
    entries = [device.write(an_observation()) for device in pushers for _ in range(30)]
    others, database = second_process(house, tmp_path, lambda: None)

    async def through_http(device: Device) -> None:
        for seq in range(1, 31):
            await device.push(seq, seq)

    def through_the_other_process(device: Device) -> None:
        for seq in range(1, 31):
            others.take([Portion(device.writer, device.frames(seq, seq))])

    pushing = [
        *(asyncio.create_task(through_http(device)) for device in pushers[:2]),
        *(asyncio.create_task(asyncio.to_thread(through_the_other_process, device)) for device in pushers[2:]),
    ]
    while not all(task.done() for task in pushing):
        await reader.pull(limit=7)
    await asyncio.gather(*pushing)
    await reader.pull()
    assert all(reader.sees(entries))
    database.close()
