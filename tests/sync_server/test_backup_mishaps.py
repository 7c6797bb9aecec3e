"""Copies of a station that has come to harm, or that are harmed themselves: what is whole on the disk stays, and is put up."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from sync_server import backup
from sync_server.backup import ARCHIVE_SUFFIX, back_up
from tests.entries_made import an_observation
from tests.sync_server.fakes import House
from tests.sync_server.test_backup import Desk, move, page_of
from tests.sync_server.test_epochs import back_up as image_of
from tests.sync_server.test_epochs import restore as put_back
from tests.sync_server.test_photos import SHA256, upload

DAY_MS = 86_400_000


@pytest.fixture
def database_url() -> str:
    return ""


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, page_of(house))


async def test_a_database_with_broken_pages_drives_out_no_archive_that_is_whole(house, enrolled, desk, tmp_path):
    author = await enrolled("P03")
    author.write(an_observation())
    await author.push()
    whole = desk.back_up(tmp_path / "disk", keep=1)
    house.clock.pass_by(DAY_MS)
    break_a_page(house.settings.folder / "journal.sqlite")
    assert desk.run(house.settings.folder, "backup", place=tmp_path / "disk", keep=1) == 1
    assert "pages of the database are broken" in desk.said
    assert list((tmp_path / "disk").rglob(f"*{ARCHIVE_SUFFIX}")) == [whole]
    again = desk.put_up(whole, tmp_path / "new machine")
    with again.running.database.read() as connection:
        question = "select count(*) from entry where writer = :w"
        assert connection.exec_driver_sql(question, {"w": author.writer}).scalar_one() == 1
    again.close()


def break_a_page(file: Path) -> None:
    """Of an index that no command reads first."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
        (page_bytes,) = connection.execute("pragma page_size").fetchone()
        (root,) = connection.execute("select rootpage from sqlite_master where name = 'granted_by_stream'").fetchone()
    content = bytearray(file.read_bytes())
    content[(root - 1) * page_bytes + 200 : root * page_bytes - 200] = b"\xff" * (page_bytes - 400)
    file.write_bytes(content)


async def test_a_photo_that_the_disk_does_not_give_is_named_and_the_station_stands(house, enrolled, desk, tmp_path):
    author = await enrolled("P03")
    await upload(author)
    archive = desk.back_up(tmp_path / "disk")
    for sealed in (tmp_path / "disk").rglob("*.sealed"):
        sealed.unlink()
        sealed.symlink_to("/proc/self/mem")  # opens, and fails at the first byte as a worn disk does
    again = desk.put_up(archive, tmp_path / "new machine")
    assert SHA256 in desk.said
    move(author, again)
    assert (await upload(author)).sha256 == SHA256
    again.close()


async def test_of_two_copies_at_a_time_the_second_is_told_and_the_first_is_whole(house, enrolled, desk, tmp_path, monkeypatch):
    author = await enrolled("P03")
    await upload(author)
    read, status = house.running.storage.read, list[int]()

    async def read_while_another_begins(sha256: str, start: int, end: int) -> AsyncIterator[bytes]:
        status.append(desk.run(house.settings.folder, "backup", place=tmp_path / "disk"))
        async for chunk in read(sha256, start, end):
            yield chunk

    monkeypatch.setattr(house.running.storage, "read", read_while_another_begins)
    done = await back_up(house.running, tmp_path / "disk", keep=14)
    assert (status, "another copy of this station is being made" in desk.said) == ([1], True)
    desk.put_up(done.archive, tmp_path / "new machine").close()
    assert "with 1 photos" in desk.said


async def test_a_copy_that_clears_up_takes_no_photo_of_the_next(house, enrolled, desk, tmp_path, monkeypatch):
    author = await enrolled("P03")
    await upload(author)
    read, drop_old, status = house.running.storage.read, backup._drop_old, list[int]()

    async def read_while_a_photo_comes(sha256: str, start: int, end: int) -> AsyncIterator[bytes]:
        await upload(author, b"another")
        async for chunk in read(sha256, start, end):
            yield chunk

    def drop_while_another_begins(newest: Path, keep: int) -> int:
        monkeypatch.undo()
        house.clock.pass_by(1_000)
        status.append(desk.run(house.settings.folder, "backup", place=tmp_path / "disk"))
        return drop_old(newest, keep)

    monkeypatch.setattr(house.running.storage, "read", read_while_a_photo_comes)
    monkeypatch.setattr(backup, "_drop_old", drop_while_another_begins)
    await back_up(house.running, tmp_path / "disk", keep=14)
    assert status == [1], "what it seals would be taken for erased"
    desk.put_up(desk.back_up(tmp_path / "disk"), tmp_path / "new machine").close()
    assert "with 2 photos" in desk.said


async def test_a_restored_station_takes_no_photo_from_the_archives_that_name_it(house, enrolled, desk, tmp_path):
    author = await enrolled("P03")
    image_of(house, tmp_path / "image", author, with_mark=False)
    await upload(author)
    newer = desk.back_up(tmp_path / "disk")
    house.clock.pass_by(DAY_MS)
    put_back(house, tmp_path / "image")
    desk.back_up(tmp_path / "disk")
    desk.put_up(newer, tmp_path / "new machine").close()
    assert "with 1 photos" in desk.said
    house.clock.pass_by(DAY_MS)
    desk.back_up(tmp_path / "disk", keep=1)
    assert not list((tmp_path / "disk").rglob("*.sealed")), "it leaves with the last archive that may name it"
