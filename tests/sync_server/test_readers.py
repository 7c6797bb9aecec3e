"""What another program may read: its units and kinds, until its end, every reading written down, never more than its scope."""

import base64
import io
from argparse import ArgumentParser
from pathlib import Path

import pytest
from sqlalchemy import select

from journal.entries import CaseLinked, CaseOpened, Shared, Voided
from journal.open_formats.shaping import name_feature
from sync_server.command_setting import Setting
from sync_server.commands import COMMANDS
from sync_server.fold_again import fold_again
from sync_server.for_others.features import FEATURES
from sync_server.for_others.readers import end_reader
from sync_server.running import ACCESS_LOG
from tests.entries_made import an_amendment, an_observation
from tests.sync_server.fakes import House, problem
from tests.sync_server.readable import CANARY, PLATE, Readable, a_token, at, make_readable, read

DAY_MS = 86_400_000
ENDINGS = ("geojson", "gpx", "kml", "csv", "xlsx")


@pytest.fixture
async def there(house, enrolled) -> Readable:
    return await make_readable(house, await enrolled("P01"))


async def kinds_read(house: House, token: str, query: str = "") -> list[str]:
    answer = await read(house, f"/collections/observations/items{query}", token)
    assert answer.status_code == 200, answer.text
    return sorted(one["properties"]["kind"] for one in answer.json()["features"])


def logged(house: House) -> list[tuple[str, str, int, str]]:
    with house.running.database.read() as connection:
        rows = connection.execute(select(ACCESS_LOG).where(ACCESS_LOG.c.what == "read").order_by(ACCESS_LOG.c.id)).all()
    return [(row.person, row.about, row.count, row.result) for row in rows]


async def test_without_a_token_and_with_another_nothing_is_read(house, there):
    for token in (None, "ttr_nothing"):
        answer = await read(house, "/collections", token)
        assert problem(answer).code == "invalid_token"
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_also_serves_as_the_password_of_anybody(house, there):
    basic = base64.b64encode(f"excel:{a_token(house)}".encode()).decode()
    assert (await read(house, "/collections", None, authorization=f"Basic {basic}")).status_code == 200


async def test_a_reader_ends_at_its_hour_and_when_it_is_ended_and_that_it_came_again_is_written_down(house, there):
    token, other = a_token(house, days=1), a_token(house, "other")
    house.clock.pass_by(DAY_MS)
    assert (await read(house, "/collections", token)).status_code == 401
    with house.running.database.write() as connection:
        assert end_reader(connection, "other", house.clock.ms)
    assert (await read(house, "/collections", other)).status_code == 401
    assert [(person, result) for person, _, _, result in logged(house)] == [
        ("reader:gis", "refused"), ("reader:other", "refused"),
    ]  # fmt: skip


async def test_every_reading_is_written_down_with_its_count(house, there):
    token = a_token(house)
    await kinds_read(house, token)
    await read(house, "/collections/patrols/files/gpx", token)
    assert logged(house) == [("reader:gis", "observations", 2, "ok"), ("reader:gis", "patrols gpx", 1, "ok")]


async def test_of_another_unit_and_of_kinds_it_does_not_name_a_reader_gets_nothing(house, there):
    assert await kinds_read(house, a_token(house, "other-unit", units={"CAX"})) == []
    assert await kinds_read(house, a_token(house, "traces", kinds={"dau_vet"})) == ["dau_vet"]
    assert await kinds_read(house, a_token(house, "tips", kinds={"tin_bao"})) == ["tin_bao"]
    assert (
        problem(await read(house, "/collections/patrols/items", a_token(house, "no-patrols", kinds={"dau_vet"}))).code
        == "not_found"
    )


async def test_sharing_with_a_unit_gives_its_readers_nothing(house, enrolled, there):
    duty = await enrolled("T01")
    duty.write(Shared(with_units=("CAX",)), there.west)
    await duty.push()
    assert await kinds_read(house, a_token(house, units={"CAX"})) == []


@pytest.mark.parametrize("ending", ENDINGS)
async def test_free_words_plates_tips_persons_and_writers_are_in_no_byte_that_leaves(house, there, ending):
    token = a_token(house, kinds={"dau_vet", "van_chuyen", "tin_bao", "patrol", "place"})
    raw = b""
    for name in ("observations", "patrols", "places"):
        raw += (await read(house, f"/collections/{name}/files/{ending}", token)).content
        raw += (await read(house, f"/collections/{name}/items", token)).content
    writer = there.west.partition(".")[0]
    for secret in (CANARY, PLATE, "012.34", "person:", "Chốt 1", writer):
        assert secret.encode() not in raw, secret
        assert repr(secret.encode())[2:-1].encode() not in raw


async def test_a_coarse_reader_learns_no_place_more_exactly_by_searching(house, there):
    token = a_token(house, kinds={"dau_vet", "patrol"}, coarse=True)
    (seen,) = (await read(house, "/collections/observations/items", token)).json()["features"]
    assert seen["geometry"]["coordinates"] == [103.805, 20.895]
    assert await kinds_read(house, token, "?bbox=103.8049,20.8949,103.8051,20.8951") == ["dau_vet"]
    assert await kinds_read(house, token, "?bbox=103.7999,20.8899,103.8001,20.8901") == []
    (patrol,) = (await read(house, "/collections/patrols/items?bbox=0,0,1,1", token)).json()["features"]
    assert patrol["geometry"] is None


async def test_what_is_corrected_reads_so_and_what_is_taken_back_is_gone(house, enrolled, there):
    token = a_token(house)
    assert await kinds_read(house, token) == ["dau_vet", "van_chuyen"]
    officer = await enrolled("P03")
    own = officer.write(an_observation("dau_vet", position=at(1_038_000_000)))
    officer.write(an_amendment(own.ref, {"values.people_min": 9}), own.ref)
    await officer.push()
    answer = await read(house, f"/collections/observations/items/{name_feature(own.ref)}", token)
    assert answer.json()["properties"]["people_min"] == 9
    officer.write(Voided(reason="by mistake"), own.ref)
    await officer.push()
    assert (await read(house, f"/collections/observations/items/{name_feature(own.ref)}", token)).status_code == 404


async def test_what_lies_in_the_case_of_a_possible_victim_is_not_read(house, enrolled, there):
    token = a_token(house)
    commander = await enrolled("C01")
    case = commander.write(CaseOpened(code="VA-1", title="…", restricted=True))
    commander.write(CaseLinked(item=there.west), case.ref)
    await commander.push()
    assert await kinds_read(house, token) == ["van_chuyen"]


async def test_features_thrown_away_with_the_views_come_back_at_the_next_reading(house, there):
    token = a_token(house)
    before = await kinds_read(house, token)
    fold_again(house.running.database, house.running.station.writer)
    with house.running.database.read() as connection:
        assert connection.execute(select(FEATURES)).all() == []
    assert await kinds_read(house, token) == before


async def test_a_selection_by_kind_unit_box_and_time_is_the_same_as_a_file(house, there):
    token = a_token(house)
    query = "?kind=van_chuyen,moc&unit=DON&bbox=103,20,104,21&datetime=2026-11-05T00:00:00Z/.."
    raw = (await read(house, f"/collections/observations/files/csv{query}", token)).content.decode("utf-8-sig")
    assert [line.split(",")[2] for line in raw.splitlines()] == ["kind", "van_chuyen"]
    assert problem(await read(house, "/collections/observations/files/shp", token)).code == "not_found"


def run(folder: Path, house: House, *arguments: str) -> tuple[int, str]:
    out, parser = io.StringIO(), ArgumentParser()
    COMMANDS[arguments[0]].arguments(parser)
    asked = parser.parse_args(list(arguments[1:]))
    setting = Setting(folder, house.clock.now_ms, house.running.random_bytes, out, str)
    return COMMANDS[arguments[0]].run(setting, asked), out.getvalue()


async def test_readers_are_made_listed_and_ended_on_the_command_line(house, there):
    folder = house.settings.folder
    status, token = run(
        folder, house, "reader", "add", "gis", "--unit", "DON", "--kind", "moc", "--kind", "dau_vet", "--days", "2"
    )
    assert status == 0
    assert await kinds_read(house, token.strip()) == ["dau_vet"]
    assert "gis  valid  until 2026-11-07T00:00:00Z  units DON; kinds dau_vet,moc" in run(folder, house, "reader", "list")[1]
    assert run(folder, house, "reader", "add", "gis", "--unit", "DON")[0] == 1
    assert run(folder, house, "reader", "add", "two", "--unit", "DON", "--days", "400")[0] == 1
    assert run(folder, house, "reader", "add", "two", "--unit", "DON", "--kind", "nothing")[0] == 1
    assert run(folder, house, "reader", "end", "gis")[0] == 0
    assert "gis  ended" in run(folder, house, "reader", "list")[1]
    assert (await read(house, "/collections", token.strip())).status_code == 401
