"""Map packs of the station: added on its command line, listed, and given to enrolled devices in pieces."""

import argparse
import errno
import hashlib
import io
import resource
from pathlib import Path

import pytest

from journal.map_packs import OfferedPacks
from sync_server.command_setting import Setting
from sync_server.commands import COMMANDS
from sync_server.map_packs import MapPackFolder
from tests.sync_server.fakes import House, problem

PACK = b"PMTiles\x03" + bytes(range(256)) * 4_000
SHA256 = hashlib.sha256(PACK).hexdigest()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "Xã Mường Thạo.pmtiles"
    path.write_bytes(PACK)
    return path


def command(house: House, *arguments: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    COMMANDS["map-pack"].arguments(parser)
    out = io.StringIO()
    setting = Setting(house.settings.folder, house.clock.now_ms, lambda _: b"", out, str)
    house.settings.keep()
    return COMMANDS["map-pack"].run(setting, parser.parse_args(arguments)), out.getvalue()


async def test_a_pack_is_added_listed_given_and_removed(house, enrolled, pack):
    device = await enrolled("P01")
    assert OfferedPacks.unpack((await device.ask("GET", "/map-packs")).content).packs == ()
    status, said = command(house, "add", str(pack))
    assert (status, SHA256 in said) == (0, True)
    (card,) = OfferedPacks.unpack((await device.ask("GET", "/map-packs")).content).packs
    assert (card.sha256, card.size_bytes, card.name, card.format) == (SHA256, len(PACK), "Xã Mường Thạo", "pmtiles")
    whole = await device.ask("GET", f"/map-packs/{SHA256}")
    assert (whole.status_code, whole.content) == (200, PACK)
    assert SHA256 in command(house, "list")[1]
    assert command(house, "remove", SHA256)[0] == 0
    assert command(house, "remove", SHA256)[0] == 1
    gone = await device.ask("GET", f"/map-packs/{SHA256}")
    assert problem(gone).code == "not_found"


async def test_a_broken_link_goes_on_where_it_stopped(house, enrolled, pack):
    device = await enrolled("P01")
    MapPackFolder(house.settings.map_packs_folder).add(pack, "x", 1)
    rest = await device.ask("GET", f"/map-packs/{SHA256}", headers={"range": "bytes=1000000-"})
    assert (rest.status_code, rest.content) == (206, PACK[1_000_000:])
    assert rest.headers["content-range"] == f"bytes 1000000-{len(PACK) - 1}/{len(PACK)}"
    beyond = await device.ask("GET", f"/map-packs/{SHA256}", headers={"range": f"bytes={len(PACK)}-"})
    assert (beyond.status_code, problem(beyond).code) == (416, "range")


async def test_who_is_not_enrolled_gets_no_map(house, pack):
    MapPackFolder(house.settings.map_packs_folder).add(pack, "x", 1)
    async with house.client() as stranger:
        assert (await stranger.get("/map-packs")).status_code == 401
        assert (await stranger.get(f"/map-packs/{SHA256}")).status_code == 401


def test_what_is_no_pack_is_not_offered(house, tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK" * 100)
    status, said = command(house, "add", str(path))
    assert status == 1
    assert "MBTiles" in said
    assert command(house, "add", str(tmp_path / "nothing"))[0] == 1
    assert command(house, "list") == (0, "\n")


def test_of_a_pack_for_which_there_is_no_room_nothing_stays(house, pack):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, before[1]))
    try:
        status, said = command(house, "add", str(pack))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (status, "File too large" in said) == (1, True)
    assert list(house.settings.map_packs_folder.iterdir()) == []


def test_of_a_pack_after_which_there_is_no_room_for_its_card_nothing_stays(house, pack, monkeypatch):
    def full(_file: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert command(house, "add", str(pack))[0] == 1
    assert list(house.settings.map_packs_folder.iterdir()) == []


async def test_half_a_pack_or_a_card_without_one_is_not_offered(house, enrolled, pack):
    device = await enrolled("P01")
    folder = MapPackFolder(house.settings.map_packs_folder)
    card = folder.add(pack, "x", 1)
    folder.path_of(card).unlink()
    (folder.folder / "rubbish.json").write_text("{")
    assert OfferedPacks.unpack((await device.ask("GET", "/map-packs")).content).packs == ()
