"""What no honest device sends: each request ends in a stated refusal, nothing changes, and memory stays bounded."""

import hashlib
import resource
from pathlib import Path

import httpx
import pytest

from journal.wire import Problem
from sync_server.problems import TITLES
from sync_server.tables import StationTable
from tests.entries_made import an_observation
from tests.faults.hostile_requests import SHAPES, Ground, begin
from tests.sync_server.conftest import PEOPLE
from tests.sync_server.fakes import Device, House, build_house

NOT_OF_THE_JOURNAL = {"access_log", "token"}
MAY_GROW_KIB = 160 * 1_024
"""The requests themselves are made in this process, the largest of 50 MB."""


def fingerprint(house: House) -> str:
    """Of every row of the journal, its views, and every file beside it."""
    digest = hashlib.sha256()
    with house.running.database.read() as connection:
        for table in StationTable.metadata.sorted_tables:
            if table.name not in NOT_OF_THE_JOURNAL:
                digest.update(repr(sorted(map(repr, connection.execute(table.select()).all()))).encode())
    for path in sorted(house.settings.folder.rglob("*")):
        if path.is_file() and not path.name.startswith("journal."):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def told(answer: httpx.Response) -> str:
    """The problem's code; the status where there is none. An undocumented failure is an error here."""
    if answer.headers.get("content-type") != "application/problem+json" or not answer.content:
        return str(answer.status_code)
    problem = Problem.unpack(answer.content)
    assert TITLES[problem.code][0] == answer.status_code
    return problem.code


async def lay_out(folder: Path) -> tuple[House, Ground]:
    house = build_house(folder)
    house.settle_people(PEOPLE)
    own, victim = Device(house), Device(house)
    await own.enrol("P01")
    await victim.enrol("P03")
    places = []
    for device in (own, victim):
        for _ in range(3):
            device.write(an_observation())
        begun = await begin("1000", hashlib.sha256(device.writer.encode()).hexdigest())(Ground(device, device, "", ""))
        places.append(begun.headers["location"])
    await victim.push()
    return house, Ground(own, victim, *places)


def test_there_are_at_least_forty_of_them():
    assert len(SHAPES) >= 40


@pytest.mark.slow
async def test_a_hostile_request_changes_nothing_and_is_told_why(tmp_path: Path):
    house, ground = await lay_out(tmp_path)
    before, wrong = fingerprint(house), list[str]()
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, (ask, expected) in SHAPES.items():
        answer = await ask(ground)
        code = told(answer)
        if code not in expected:
            wrong.append(f"{name}: {code} and not {sorted(expected)}: {answer.text[:200]}")
        if (now := fingerprint(house)) != before:
            wrong.append(f"{name}: something changed")
            before = now
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_kib
    print(f"{len(SHAPES)} shapes, memory grew by {grown_kib} KiB")  # noqa: T201
    print(*wrong, sep="\n")  # noqa: T201
    assert wrong == []
    assert grown_kib < MAY_GROW_KIB
    assert (await ground.own.push()).to_seq == 3
    for device in (ground.own, ground.victim):
        await device.close()
    house.close()
