"""Who told a tip: sealed on its way and at rest, opened only for a commander of its unit who says why, and written down."""

import json
import random

from sqlalchemy import select

from journal.entries import SourceSealed
from journal.tip_source import TipSource, seal_source
from journal.wire import from_text, to_text
from sync_server.running import ACCESS_LOG
from tests.entries_made import an_observation
from tests.sync_server.fakes import Device, House, problem

CANARY = "bác chủ quán dưới gốc đa"
PHONE = "0999 123 321"
SOURCE = TipSource(CANARY, PHONE, "gọi sau chín giờ tối")
WHY = "Gọi lại để xác minh giờ xe qua"


def a_box(device: Device, source: TipSource = SOURCE) -> SourceSealed:
    assert device.card is not None
    box = seal_source(source, from_text(device.card.sealing_key), device.writer, random.Random(5).randbytes)
    return SourceSealed(box=to_text(box))


async def told(device: Device) -> str:
    seen = device.write(an_observation("tin_bao"))
    device.write(a_box(device), seen.ref)
    receipt = await device.push()
    assert receipt.held == ()
    return seen.ref


async def ask_for(device: Device, subject: str, reason: str = WHY):
    return await device.ask("POST", f"/sources/{subject}", content=json.dumps({"reason": reason}).encode())


def logged(house: House) -> list[tuple[str, str, str, str | None]]:
    with house.running.database.read() as connection:
        rows = connection.execute(select(ACCESS_LOG).where(ACCESS_LOG.c.what == "open_source").order_by(ACCESS_LOG.c.id)).all()
    assert CANARY not in repr(rows)
    return [(row.person, row.about, row.result, row.reason) for row in rows]


async def test_a_commander_opens_the_source_with_a_reason_that_stays_in_the_log(enrolled, house):
    author, commander = await enrolled("P03"), await enrolled("C01")
    tip = await told(author)
    answer = await ask_for(commander, tip)
    assert answer.status_code == 200
    (source,) = answer.json()["sources"]
    assert (source["name"], source["phone"], source["person"]) == (CANARY, PHONE, "person:P03")
    assert answer.headers["cache-control"] == "no-store"
    assert logged(house) == [("person:C01", tip, "ok", WHY)]


async def test_the_author_the_duty_officer_and_another_unit_open_nothing_and_that_is_written_down(enrolled, house):
    author, duty, stranger = await enrolled("P03"), await enrolled("T01"), await enrolled("X01")
    tip = await told(author)
    for device in (author, duty, stranger):
        assert problem(await ask_for(device, tip)).code == "not_allowed"
    assert [(person, result) for person, _, result, _ in logged(house)] == [
        ("person:P03", "refused"), ("person:T01", "refused"), ("person:X01", "refused"),
    ]  # fmt: skip


async def test_without_a_reason_nothing_is_opened_and_nothing_logged(enrolled, house):
    author, commander = await enrolled("P03"), await enrolled("C01")
    tip = await told(author)
    assert problem(await ask_for(commander, tip, "   ")).code == "invalid"
    assert logged(house) == []


async def test_a_record_without_a_source_has_nothing_to_open(enrolled):
    author, commander = await enrolled("P03"), await enrolled("C01")
    seen = author.write(an_observation("tin_bao"))
    await author.push()
    assert problem(await ask_for(commander, seen.ref)).code == "not_found"
    assert problem(await ask_for(commander, f"{author.writer}.99")).code == "not_allowed"


async def test_the_answer_to_another_units_commander_does_not_tell_whether_a_record_is_there(enrolled, house):
    author, stranger = await enrolled("P03"), await enrolled("X01")
    tip, none = await told(author), f"{author.writer}.99"
    answers = [(await ask_for(stranger, subject)).json() for subject in (tip, none)]
    assert answers[0] == answers[1]
    assert logged(house) == [("person:X01", subject, "refused", None) for subject in (tip, none)]


async def test_what_was_told_is_in_no_byte_that_the_station_keeps_or_passes_on(enrolled, house):
    author, commander = await enrolled("P03"), await enrolled("C01")
    tip = await told(author)
    await ask_for(commander, tip)
    pulled = await commander.pull()
    assert any(b"source_sealed" in raw for raw in pulled.given)
    kept = b"".join(path.read_bytes() for path in house.settings.folder.rglob("*") if path.is_file())
    with house.running.database.read() as connection:
        for table in ("entry", "subject", "access_log"):
            kept += repr(connection.exec_driver_sql(f"select * from {table}").all()).encode()
    for raw in (kept, *pulled.given):
        assert CANARY.encode() not in raw
        assert repr(CANARY)[1:-1].encode() not in raw
        assert PHONE.encode() not in raw


async def test_a_box_copied_into_another_record_opens_nothing(enrolled):
    author, thief, commander = await enrolled("P03"), await enrolled("P01"), await enrolled("C01")
    await told(author)
    copied = thief.write(an_observation("tin_bao"))
    thief.write(a_box(author), copied.ref)
    await thief.push()
    assert (await ask_for(commander, copied.ref)).json()["sources"] == []


async def test_nobody_seals_a_source_into_what_another_recorded(enrolled):
    author, other = await enrolled("P03"), await enrolled("P01")
    tip = await told(author)
    other.write(a_box(other), tip)
    assert [one.reason for one in (await other.push()).held] == ["not_author"]
