"""A station whose machine is gone is put up again from a disk and a paper; whoever finds the disk alone reads nothing."""

import asyncio
import io
import random
import shutil
from argparse import Namespace
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url

from journal.entries import EpochBegan, read_entry
from sync_server.backup import ARCHIVE_SUFFIX
from sync_server.command_setting import Setting
from sync_server.commands import COMMANDS
from sync_server.main import create_server
from sync_server.running import LOST_OWN_ENTRIES
from sync_server.settings import Settings
from sync_server.station import RECOVERY_FILE
from tests.entries_made import a_photo, an_observation
from tests.postgres import postgres_address, run_tool
from tests.sync_server.fakes import Device, House, build_house
from tests.sync_server.test_photos import PHOTO, SHA256, begin, upload

SEEN = "Dấu chân ở khe suối"


@pytest.fixture
def database_url() -> str:
    """Of PostgreSQL the database stays with its own tools: that is a test of its own."""
    return ""


@dataclass
class Desk:
    """Where somebody types commands."""

    house: House
    paper: str
    said: str = ""

    def run(self, folder: Path, name: str, **asked: object) -> int:
        out = io.StringIO()
        setting = Setting(folder, self.house.clock.now_ms, random.Random(name).randbytes, out, lambda _: self.paper)
        by_default = {"keep": 14, "database": ""}
        with ThreadPoolExecutor(1) as process:  # a loop of its own, as a command's process has
            status = process.submit(COMMANDS[name].run, setting, Namespace(**{**by_default, **asked})).result()
        self.said = out.getvalue()
        return status

    def back_up(self, place: Path, keep: int = 14) -> Path:
        assert self.run(self.house.settings.folder, "backup", place=place, keep=keep) == 0, self.said
        return max(place.glob(f"*/*{ARCHIVE_SUFFIX}"))

    def put_up(self, archive: Path, folder: Path) -> House:
        """The station out of a copy, at work."""
        assert self.run(folder, "restore", file=archive) == 0, self.said
        return self.open(folder)

    def open(self, folder: Path) -> House:
        settings = Settings.load(folder)
        app = create_server(settings, now_ms=self.house.clock.now_ms, random_bytes=random.Random("again").randbytes)
        return House(settings, self.house.clock, app)


def page_of(house: House) -> str:
    """The recovery key as the paper has it."""
    return (house.settings.keys_folder / RECOVERY_FILE).read_text("utf-8").split("\n\n")[1]


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, page_of(house))


def move(device: Device, house: House) -> None:
    """The device finds the station at work in its new place, and takes up its epoch."""
    device.house, device.http, device.token, device.nonce = house, house.client(), None, None
    device.epoch, device.cursors, device.visible = house.epoch, {}, {}


async def test_after_a_fire_the_station_stands_again_with_its_records_photos_and_devices(house, enrolled, desk, tmp_path):
    author, reader = await enrolled("P03"), await enrolled("C01")
    entries = [author.write(an_observation()), author.write(a_photo(f"{author.writer}.1", sha256=SHA256))]
    await author.push()
    await upload(author)
    archive = desk.back_up(tmp_path / "disk")
    entries.append(author.write(an_observation()))
    lost = (await author.push()).epoch
    house.close()
    for one in house.settings.folder.iterdir():
        if one.name != "disk":
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    again = desk.put_up(archive, tmp_path / "new machine")
    for device in (author, reader):
        move(device, again)
    assert again.running.station.writer == house.running.station.writer
    assert again.epoch != lost
    receipt = await author.push()
    assert (receipt.to_seq, receipt.held) == (3, ())
    await reader.pull()
    assert reader.sees(entries) == [True, True, True]
    assert (await reader.ask("GET", f"/photos/{SHA256}")).content == PHOTO
    again.close()


async def test_own_numbers_that_were_used_after_the_copy_are_not_used_again(house, enrolled, desk, tmp_path):
    archive = desk.back_up(tmp_path / "disk")
    house.give_role("P02", "can_bo")
    with house.running.database.read() as connection:
        used = house.acceptor.own_head(connection).seq
    again = desk.put_up(archive, tmp_path / "new machine")
    raws = [row.raw for row in _own_entries(again)]
    began = [read_entry(raw) for raw in raws if isinstance(read_entry(raw).body, EpochBegan)]
    assert began[-1].seq > used
    assert began[-1].seq > LOST_OWN_ENTRIES
    assert began[-1].body.reason == "restored from a backup"
    again.close()


def _own_entries(house: House):
    with house.running.database.read() as connection:
        question = "select raw from entry where writer = :w order by seq"
        return connection.exec_driver_sql(question, {"w": house.running.station.writer}).all()


async def test_whoever_finds_the_disk_reads_nothing_on_it(house, enrolled, desk, tmp_path):
    author = await enrolled("P03")
    author.write(an_observation(description=SEEN))
    await author.push()
    await upload(author)
    desk.back_up(tmp_path / "disk")
    keys = (house.settings.keys_folder / "keys.json").read_bytes()
    files = [one for one in (tmp_path / "disk").rglob("*") if one.is_file()]
    assert len(files) == 2
    for file in files:
        content = file.read_bytes()
        assert not any(word in content for word in (SEEN.encode(), PHOTO[:64], keys[:40], b"SQLite format 3"))
        assert file.stat().st_mode & 0o077 == 0
    assert not list(house.settings.folder.glob("backup*"))


async def test_a_copy_is_of_one_moment_though_pushes_come_meanwhile(house, enrolled, desk, tmp_path):
    author = await enrolled("P03")
    for _ in range(600):
        author.write(an_observation())

    async def push_all() -> None:
        for first in range(1, 601, 20):
            await author.push(first, first + 19)

    archive, _ = await asyncio.gather(asyncio.to_thread(desk.back_up, tmp_path / "disk"), push_all())
    again = desk.put_up(archive, tmp_path / "new machine")
    with again.running.database.read() as connection:
        assert connection.exec_driver_sql("pragma integrity_check").scalar_one() == "ok"
        question = "select seq, link from entry where writer = :w order by seq"
        held = connection.exec_driver_sql(question, {"w": author.writer}).all()
        head = connection.exec_driver_sql("select head_seq from chain where writer = :w", {"w": author.writer}).scalar() or 0
    assert [(row.seq, row.link) for row in held] == [(one.seq, one.link) for one in author.chain[:head]]
    move(author, again)
    assert (await author.push(head + 1)).to_seq == 600
    again.close()


def test_what_a_copy_took_is_written_down(house, desk, tmp_path):
    desk.back_up(tmp_path / "disk")
    with house.running.database.read() as connection:
        rows = connection.exec_driver_sql("select person, at_ms from access_log where what = 'backup'").all()
    assert [tuple(row) for row in rows] == [(f"station:{house.running.station.writer}", house.clock.ms)]


async def test_a_photo_is_sealed_once_and_leaves_the_disk_when_the_station_erased_it(house, enrolled, desk, tmp_path):
    author = await enrolled("P03")
    await upload(author)
    desk.back_up(tmp_path / "disk")
    assert "1 photos lie beside it, 1 of them new" in desk.said
    house.clock.pass_by(86_400_000)
    desk.back_up(tmp_path / "disk")
    assert "1 photos lie beside it, 0 of them new" in desk.said
    with house.running.database.write() as connection:
        connection.exec_driver_sql("delete from photo")
    desk.back_up(tmp_path / "disk")
    assert not list((tmp_path / "disk").rglob("*.sealed"))


async def test_a_photo_that_the_storage_lost_is_named_and_the_rest_is_kept(house, enrolled, desk, tmp_path):
    author = await enrolled("P03")
    await upload(author)
    for file in (house.settings.folder / "photos").rglob(SHA256):
        file.write_bytes(PHOTO[:-1] + b"x")
    assert desk.run(house.settings.folder, "backup", place=tmp_path / "disk") == 1
    assert SHA256 in desk.said
    assert list((tmp_path / "disk").rglob(f"*{ARCHIVE_SUFFIX}"))


async def test_a_photo_that_the_copy_lacks_is_taken_again_from_a_device(house, enrolled, desk, tmp_path):
    author = await enrolled("P03")
    await upload(author)
    await begin(author, b"half of another" * 100)
    archive = desk.back_up(tmp_path / "disk")
    for file in (tmp_path / "disk").rglob("*.sealed"):
        file.unlink()
    again = desk.put_up(archive, tmp_path / "new machine")
    assert SHA256 in desk.said
    move(author, again)
    assert (await upload(author)).sha256 == SHA256
    with again.running.database.read() as connection:
        assert connection.exec_driver_sql("select count(*) from upload").scalar_one() == 0
    again.close()


def test_old_archives_leave_the_disk(house, desk, tmp_path):
    for _ in range(4):
        house.clock.pass_by(86_400_000)
        newest = desk.back_up(tmp_path / "disk", keep=2)
    left = sorted((tmp_path / "disk").rglob(f"*{ARCHIVE_SUFFIX}"))
    assert (len(left), left[-1]) == (2, newest)


def test_an_archive_of_a_clock_that_ran_ahead_does_not_drive_out_the_one_made_now(house, desk, tmp_path):
    house.clock.pass_by(4 * 365 * 86_400_000)
    ahead = desk.back_up(tmp_path / "disk")
    house.clock.pass_by(-4 * 365 * 86_400_000)
    desk.back_up(tmp_path / "disk", keep=1)
    left = list((tmp_path / "disk").rglob(f"*{ARCHIVE_SUFFIX}"))
    assert len(left) == 1
    assert left != [ahead]


async def test_two_stations_on_one_disk_leave_each_other_what_they_have(house, enrolled, desk, tmp_path):
    author = await enrolled("P03")
    await upload(author)
    desk.back_up(tmp_path / "disk", keep=1)
    before = sorted(one for one in (tmp_path / "disk").rglob("*") if one.is_file())
    other = build_house(tmp_path / "other", seed=9)
    Desk(other, "").back_up(tmp_path / "disk", keep=1)
    other.close()
    assert all(one.exists() for one in before)


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_database_that_is_not_this_stations_is_left_as_it_is(tmp_path):
    with postgres_address() as address, postgres_address() as empty:
        house = build_house(tmp_path / "station", address)
        desk = Desk(house, page_of(house))
        archive = desk.back_up(tmp_path / "disk")
        house.close()
        assert desk.run(tmp_path / "new machine", "restore", file=archive, database=empty) == 1
        assert "not that of this station" in desk.said
        engine = create_engine(empty)
        assert inspect(engine).get_table_names() == []
        engine.dispose()
        assert desk.run(tmp_path / "new machine", "restore", file=archive, database=f"{empty}_gone") == 1
        assert "No station was put up" in desk.said
        assert [one.name for one in tmp_path.glob("new machine*")] == []


def _flip(content: bytes) -> bytes:
    return content[:5_000] + bytes([content[5_000] ^ 1]) + content[5_001:]


@pytest.mark.parametrize(
    "spoil",
    [_flip, lambda c: c[:-100], lambda c: c + b"more", lambda _: b"", lambda _: b"something else" * 100],
    ids=["a byte changed", "cut off", "longer", "empty", "another file"],
)
def test_an_archive_that_was_changed_puts_up_nothing(house, desk, tmp_path, spoil: Callable[[bytes], bytes]):
    archive = desk.back_up(tmp_path / "disk")
    archive.write_bytes(spoil(archive.read_bytes()))
    assert desk.run(tmp_path / "new machine", "restore", file=archive) == 1
    assert "Nothing was changed" in desk.said
    assert [one.name for one in tmp_path.glob("new machine*")] == []


@pytest.mark.parametrize("typed", ["", "abcd", "A" * 43, "ngày mai"])
def test_another_key_than_that_on_the_paper_opens_nothing(house, desk, tmp_path, typed):
    archive = desk.back_up(tmp_path / "disk")
    assert replace(desk, paper=typed).run(tmp_path / "new machine", "restore", file=archive) == 1
    assert [one.name for one in tmp_path.glob("new machine*")] == []


def test_no_station_is_put_up_over_another(house, desk, tmp_path):
    archive = desk.back_up(tmp_path / "disk")
    before = sorted(str(one) for one in house.settings.folder.rglob("*"))
    assert desk.run(house.settings.folder, "restore", file=archive) == 1
    assert "not empty" in desk.said
    assert sorted(str(one) for one in house.settings.folder.rglob("*")) == before


def test_a_place_that_takes_nothing_is_named(house, desk, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    assert desk.run(house.settings.folder, "backup", place=tmp_path / "file" / "disk") == 1
    assert "No copy was made" in desk.said


def test_a_copy_with_its_database_is_never_put_up_onto_another_one(house, desk, tmp_path):
    archive = desk.back_up(tmp_path / "disk")
    assert desk.run(tmp_path / "new machine", "restore", file=archive, database="postgresql+psycopg://x/y") == 1
    assert "with its database" in desk.said


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
async def test_with_postgresql_the_dump_and_the_copy_together_put_the_station_up(tmp_path):
    with postgres_address() as address, postgres_address() as new_address:
        house = build_house(tmp_path / "station", address)
        house.settle_people({"P03": ("DON", "can_bo"), "C01": ("DON", "chi_huy")})
        author = Device(house)
        await author.enrol("P03")
        entry = author.write(an_observation())
        await author.push()
        page = (house.settings.keys_folder / RECOVERY_FILE).read_text("utf-8")
        desk = Desk(house, page.split("\n\n")[1])
        archive = desk.back_up(tmp_path / "disk")
        assert "pg_dump" in desk.said
        run_tool("pg_dump", "--format=custom", f"--file={tmp_path / 'dump'}", _plain(address))
        house.close()
        assert desk.run(tmp_path / "new machine", "restore", file=archive) == 1
        assert "--database" in desk.said
        run_tool("pg_restore", f"--dbname={_plain(new_address)}", str(tmp_path / "dump"))
        assert desk.run(tmp_path / "new machine", "restore", file=archive, database=new_address) == 0, desk.said
        again = desk.open(tmp_path / "new machine")
        reader = Device(again)
        await reader.enrol("C01")
        await reader.pull()
        assert reader.sees([entry]) == [True]
        for one in (author, reader):
            await one.close()
        again.close()


def _plain(address: str) -> str:
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
