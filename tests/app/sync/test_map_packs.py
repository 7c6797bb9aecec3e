"""Map packs from the station: over broken links, believed by their hash, and on the shelf only when they are sound."""

import asyncio
import hashlib
from itertools import pairwise

import pytest

from app.maps.shelf import SPARE_BYTES
from app.state.map_packs import MapPacks
from app.sync.allowance import LinkNow
from app.sync.answers import NotOurStation, ServerUnreachable
from app.sync.map_packs import coming_file, fetch_pack, fetched_bytes, offered_packs
from journal.map_packs import OfferedPack
from sync_server.map_packs import MapPackFolder
from tests.app.maps.made_packs import PINE, write_mbtiles
from tests.fakes import Mishap
from tests.whole_journey.device import Device
from tests.whole_journey.post import Post

AREA = {"name": "Xã Mường Thạo", "bounds": "103.7,20.8,104.0,21.0"}


@pytest.fixture
def offered(post: Post, tmp_path) -> OfferedPack:
    tiles = [(14, column, row, PINE + bytes(4_000)) for column in range(20) for row in range(20)]
    source = write_mbtiles(tmp_path / "xa.mbtiles", AREA, tiles)
    return MapPackFolder(post.settings.map_packs_folder).add(source, "Xã Mường Thạo", 5)


@pytest.fixture
def maps(tmp_path) -> MapPacks:
    return MapPacks(tmp_path / "device" / "maps", None, lambda: "token")


async def until_done(maps: MapPacks) -> None:
    async with asyncio.timeout(20):
        while maps.coming is not None and maps.coming.runs:  # noqa: ASYNC110  told only to those who draw
            await asyncio.sleep(0.01)


async def test_a_pack_is_fetched_and_shown(offered, phone: Device, maps):
    await maps.open()
    heard: list[int] = []
    maps.watch(lambda: heard.append(maps.coming.done_bytes if maps.coming else -1))
    assert await maps.ask_offered(phone.client) == (offered,)
    maps.start_fetching(phone.client, offered, LinkNow())
    await until_done(maps)
    (pack,) = maps.installed
    assert (pack.name, pack.fault) == ("Xã Mường Thạo", None)
    assert max(heard) == offered.size_bytes
    assert maps.used_bytes == offered.size_bytes
    assert await maps.ask_offered(phone.client) == ()
    assert maps.pack_at(20.9, 103.8) == pack
    assert maps.tiles_of(pack).endswith(f"/token/{pack.key}/{{z}}/{{x}}/{{y}}.png")
    await maps.drop(pack.key)
    assert maps.installed == ()
    await maps.close()


async def test_a_broken_fetch_goes_on_where_it_stopped(offered, phone: Device, tmp_path):
    folder, pieces = tmp_path / "maps", []
    for cut in (1_200_000, 400_000):
        phone.network.plan(Mishap.CUT_REPLY, on="/map-packs/", after_bytes=cut)
        with pytest.raises(ServerUnreachable):
            await fetch_pack(phone.client, offered, folder, lambda _: None)
        pieces.append(fetched_bytes(folder, offered.sha256))
    assert 0 < pieces[0] <= pieces[1] < offered.size_bytes
    path = await fetch_pack(phone.client, offered, folder, lambda _: None)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == offered.sha256


async def test_a_link_that_breaks_after_a_few_bytes_still_brings_a_pack_further(offered, phone: Device, tmp_path):
    here = [0]
    for _ in range(3):
        phone.network.plan(Mishap.CUT_REPLY, on="/map-packs/", after_bytes=100_000)
        with pytest.raises(ServerUnreachable):
            await fetch_pack(phone.client, offered, tmp_path, lambda _: None)
        here.append(fetched_bytes(tmp_path, offered.sha256))
    assert all(after > before for before, after in pairwise(here))
    path = await fetch_pack(phone.client, offered, tmp_path, lambda _: None)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == offered.sha256


async def test_a_pack_with_other_bytes_is_thrown_away(offered, phone: Device, tmp_path):
    half = coming_file(tmp_path, offered.sha256)
    half.write_bytes(b"x" * 1_000)
    with pytest.raises(NotOurStation):
        await fetch_pack(phone.client, offered, tmp_path, lambda _: None)
    assert not half.exists()
    half.write_bytes(b"x" * (offered.size_bytes + 1))
    assert (await fetch_pack(phone.client, offered, tmp_path, lambda _: None)).stat().st_size == offered.size_bytes


async def test_a_fetch_that_a_person_stops_keeps_what_came(offered, phone: Device, maps, monkeypatch):
    monkeypatch.setattr("app.state.map_packs.WAITS_S", (30.0,))
    phone.network.plan(Mishap.CUT_REPLY, on="/map-packs/", after_bytes=1_200_000)
    await maps.open()
    maps.start_fetching(phone.client, offered, LinkNow())
    async with asyncio.timeout(10):
        while maps.fetched_of(offered) < 1_000_000:  # noqa: ASYNC110  the disk tells nobody
            await asyncio.sleep(0.01)
    await maps.stop_fetching()
    assert maps.coming is None
    assert maps.fetched_of(offered) > 1_000_000
    maps.start_fetching(phone.client, offered, LinkNow())
    await until_done(maps)
    assert len(maps.installed) == 1
    await maps.close()


@pytest.mark.parametrize("dearer", [LinkNow(metered=True), LinkNow(roaming=True)])
async def test_a_fetch_that_a_person_began_on_a_cheaper_link_asks_them_first(offered, phone: Device, maps, monkeypatch, dearer):
    monkeypatch.setattr("app.state.map_packs.WAITS_S", (0.05,) * 100)
    phone.network.plan(Mishap.CUT_REPLY, on="/map-packs/", after_bytes=100_000)
    await maps.open()
    maps.start_fetching(phone.client, offered, LinkNow())
    async with asyncio.timeout(10):
        while not maps.fetched_of(offered):  # noqa: ASYNC110  the disk tells nobody
            await asyncio.sleep(0.01)
    await maps.follow_link(LinkNow())
    assert maps.coming.runs
    await maps.follow_link(dearer)
    assert maps.coming.fault == "dearer_link"
    here = maps.fetched_of(offered)
    await asyncio.sleep(0.2)
    assert maps.fetched_of(offered) == here < offered.size_bytes
    maps.start_fetching(phone.client, offered, dearer)
    await maps.follow_link(dearer)
    await until_done(maps)
    assert len(maps.installed) == 1
    await maps.close()


async def test_what_stops_a_fetch_is_said(offered, phone: Device, post, tmp_path, monkeypatch):
    monkeypatch.setattr("app.state.map_packs.WAITS_S", ())
    full = MapPacks(tmp_path / "full", None, lambda: "t", free_bytes=lambda _: SPARE_BYTES)
    full.start_fetching(phone.client, offered, LinkNow())
    await until_done(full)
    assert full.coming.fault == "no_room"
    full.forget_coming()
    assert full.coming is None
    maps = MapPacks(tmp_path / "maps", None, lambda: "t")
    phone.network.go_down()
    maps.start_fetching(phone.client, offered, LinkNow())
    await until_done(maps)
    assert maps.coming.fault == "unreachable"
    phone.network.mend()
    MapPackFolder(post.settings.map_packs_folder).remove(offered.sha256)
    maps.start_fetching(phone.client, offered, LinkNow())
    await until_done(maps)
    assert maps.coming.fault == "refused"


async def test_what_is_offered_no_more_is_not_kept_half_fetched(offered, phone: Device, maps):
    maps.shelf.folder.mkdir(parents=True)
    coming_file(maps.shelf.folder, "0" * 64).write_bytes(b"old")
    coming_file(maps.shelf.folder, offered.sha256).write_bytes(b"half")
    await maps.ask_offered(phone.client)
    assert fetched_bytes(maps.shelf.folder, "0" * 64) == 0
    assert maps.fetched_of(offered) == 4
    assert await offered_packs(phone.client) == (offered,)


async def test_a_file_that_is_no_pack_is_said_and_nothing_is_kept(maps, tmp_path):
    rubbish = tmp_path / "x.mbtiles"
    rubbish.write_bytes(b"rubbish")
    assert await maps.take_in(rubbish, "x") == "not_a_pack"
    assert maps.coming.fault == "not_a_pack"
    good = write_mbtiles(tmp_path / "y.mbtiles", AREA, [(1, 0, 0, PINE)])
    assert await maps.take_in(good, "y") is None
    await maps.choose(maps.installed[0].key)
    assert maps.chosen == maps.installed[0].key
    await maps.close()
