"""Who read what is written down, and what it said is not."""

import json
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from sync_server.running import ACCESS_LOG
from tests.entries_made import a_photo, an_observation
from tests.sync_server.fakes import Device, House, problem
from tests.sync_server.test_photos import PHOTO, SHA256, upload
from tests.sync_server.test_sources import a_box

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


async def looked(device: Device, **asked: str) -> dict[str, Any]:
    answer = await device.ask("GET", "/access-log", query=f"?{urlencode(asked)}")
    assert answer.status_code == 200, answer.content
    return answer.json()


async def test_a_commander_sees_who_has_a_record_and_who_asked_for_what_of_it(enrolled):
    author, commander, stranger = await enrolled("P03"), await enrolled("C01"), await enrolled("X01")
    tip = author.write(an_observation("tin_bao"))
    author.write(a_box(author), tip.ref)
    await author.push()
    await stranger.pull()
    assert (await looked(commander, about=tip.ref))["copies"] == []
    await commander.pull()
    await commander.ask("POST", f"/sources/{tip.ref}", content=b'{"reason":"Verify"}')
    await author.ask("POST", f"/sources/{tip.ref}", content=b'{"reason":"Curious"}')
    told = await looked(commander, about=tip.ref)
    assert [copy["person"] for copy in told["copies"]] == ["person:C01"]
    seen = [(one["person"], one["what"], one["result"], one.get("reason"), one["subject"]) for one in told["looks"]]
    assert ("person:C01", "open_source", "ok", "Verify", tip.ref) in seen
    assert ("person:C01", "inspect", "ok", None, tip.ref) in seen
    assert SECRET not in repr(told)


async def test_who_looked_at_what_is_another_units_is_not_told_nor_whether_it_is_there(enrolled, house):
    author, commander, stranger = await enrolled("P03"), await enrolled("C01"), await enrolled("X01")
    record = author.write(an_observation())
    author.write(a_photo(record.ref, sha256=SHA256, size_bytes=len(PHOTO)))
    await author.push()
    await upload(author, PHOTO)
    await commander.pull()
    assert (await commander.ask("GET", f"/photos/{SHA256}")).status_code == 200
    (seen, *_) = (await looked(commander, about=SHA256))["looks"]
    assert (seen["person"], seen["what"], seen["subject"]) == ("person:C01", "photo", record.ref)
    asked = (record.ref, f"{author.writer}.99", SHA256, "0" * 64, "DON,STATION", "DON", "person:C01")
    answers = [await stranger.ask("GET", "/access-log", query=f"?{urlencode({'about': about})}") for about in asked]
    assert {problem(answer).code for answer in answers} == {"not_allowed"}
    assert len({answer.content for answer in answers}) == 1
    refused = [row for row in logged(house) if row[0] == "person:X01"]
    assert refused == [("person:X01", "inspect", about, 1, "refused") for about in asked]


async def test_what_people_of_other_units_asked_for_is_not_told_and_who_may_not_inspect_is_told_nothing(enrolled):
    commander, stranger, duty = await enrolled("C01"), await enrolled("X01"), await enrolled("T01")
    await stranger.ask("GET", "/held")
    await duty.ask("GET", "/held")
    assert {one["person"] for one in (await looked(commander))["looks"]} == {"person:T01"}
    assert (await looked(commander, person="person:X01"))["looks"] == []
    assert problem(await duty.ask("GET", "/access-log")).code == "not_allowed"
