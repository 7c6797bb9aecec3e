"""Who read what is written down, and what it said is not."""

import json

from sqlalchemy import select

from sync_server.running import ACCESS_LOG
from tests.entries_made import an_observation
from tests.sync_server.fakes import House

SECRET = "nothing of this in the log"


def logged(house: House) -> list[tuple[str, str, str, int, str]]:
    with house.running.database.read() as connection:
        rows = connection.execute(select(ACCESS_LOG).order_by(ACCESS_LOG.c.id)).all()
    assert SECRET not in repr(rows)
    return [(row.person, row.what, row.about, row.count, row.result) for row in rows]


async def test_a_pull_that_brings_something_is_logged_with_its_count_and_without_its_content(enrolled, house):
    author, reader = await enrolled("P03"), await enrolled("C01")
    author.write(an_observation(description=SECRET))
    await author.push()
    pulled = await reader.pull()
    await reader.pull()
    assert logged(house) == [("person:C01", "pull", "DON,STATION", len(pulled.given), "ok")]


async def test_a_refusal_is_logged_with_who_wanted_what(enrolled, house):
    member = await enrolled("P02")
    await member.ask("POST", "/join-codes", content=json.dumps({"person": "person:P03"}).encode())
    assert logged(house) == [("person:P02", "issue_join_codes", "DON", 1, "refused")]
