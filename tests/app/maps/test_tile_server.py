"""MBTiles packs and the tiles they serve: real files, real sockets."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest
from PIL import Image

from app.maps.mbtiles import MbtilesPack
from app.maps.packs import Bounds, PackFault, PackUnreadable
from app.maps.tile_server import TRANSPARENT_PNG, TileServer
from tests.app.maps.made_packs import PINE, write_mbtiles

NOON = datetime(2026, 11, 5, 5, 0, tzinfo=UTC)
TOKEN = "q7Zr-2_x"


def jpeg() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (256, 256), "#0F5132").save(written, "JPEG")
    return written.getvalue()


JPEG = jpeg()


@pytest.fixture
def pack_path(tmp_path: Path) -> Path:
    described = {
        "name": "Thung lũng",
        "bounds": "103.7,20.8,104.0,21.0",
        "minzoom": "2",
        "maxzoom": "3",
        "attribution": "A",
    }
    tiles = [(2, 1, 3, PINE), (3, 5, 0, b""), (3, 5, 1, JPEG)]
    return write_mbtiles(tmp_path / "thung lũng.mbtiles", described, tiles)


@pytest.fixture
async def template(pack_path: Path) -> AsyncIterator[str]:
    pack = MbtilesPack.open(pack_path)
    server = TileServer(now=lambda: NOON)
    yield (await server.start({"p": pack}, token=TOKEN)).replace("{pack}", "p")
    await server.stop()
    pack.close()


def test_a_pack_tells_its_name_area_and_zooms(pack_path: Path) -> None:
    pack = MbtilesPack.open(pack_path)
    assert (pack.name, pack.attribution, pack.min_zoom, pack.max_zoom) == ("Thung lũng", "A", 2, 3)
    assert pack.bounds == Bounds(103.7, 20.8, 104.0, 21.0)
    assert pack.bounds.holds(20.9, 103.8)
    assert not pack.bounds.holds(20.9, 105.0)
    assert pack.bounds.centre == pytest.approx((20.9, 103.85))
    pack.close()


def test_rows_are_counted_from_the_north(pack_path: Path) -> None:
    pack = MbtilesPack.open(pack_path)
    assert pack.tile(2, 1, 0) == PINE
    assert pack.tile(2, 1, 3) is None
    assert pack.tile(2, 9, 0) is None
    assert pack.tile(-1, 0, 0) is None
    assert pack.tile(64, 0, 0) is None
    pack.close()


def test_a_pack_without_metadata_still_opens_by_its_tiles(tmp_path: Path) -> None:
    pack = MbtilesPack.open(write_mbtiles(tmp_path / "vung.mbtiles", {"bounds": "x"}, [(4, 0, 0, PINE), (9, 0, 0, PINE)]))
    assert (pack.name, pack.min_zoom, pack.max_zoom) == ("vung", 4, 9)
    assert pack.bounds.holds(20.9, 103.8)
    pack.close()


def test_opening_a_pack_leaves_nothing_beside_it_and_changes_nothing(pack_path: Path) -> None:
    before = pack_path.read_bytes()
    pack = MbtilesPack.open(pack_path)
    assert pack.tile(2, 1, 0) == PINE
    assert [found.name for found in pack_path.parent.iterdir()] == [pack_path.name]
    pack.close()
    assert pack_path.read_bytes() == before


def test_a_broken_pack_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    rubbish = tmp_path / "hong.mbtiles"
    rubbish.write_bytes(b"this is not a map" * 100)
    empty_file = tmp_path / "rong.mbtiles"
    empty_file.touch()
    cases = [
        (tmp_path / "khong-co.mbtiles", PackFault.MISSING),
        (rubbish, PackFault.NOT_A_PACK),
        (empty_file, PackFault.NOT_A_PACK),
        (write_mbtiles(tmp_path / "khong-o.mbtiles", {}, []), PackFault.EMPTY),
        (write_mbtiles(tmp_path / "vec-to.mbtiles", {"format": "pbf"}, [(0, 0, 0, b"x")]), PackFault.VECTOR),
    ]
    for path, fault in cases:
        with pytest.raises(PackUnreadable) as told:
            MbtilesPack.open(path)
        assert told.value.fault is fault
        assert told.value.path == path


def test_damage_inside_a_pack_is_told_when_its_tile_is_read(tmp_path: Path) -> None:
    tiles = [(12, column, 0, PINE * 20) for column in range(40)]
    path = write_mbtiles(tmp_path / "dut.mbtiles", {"minzoom": "12", "maxzoom": "12"}, tiles)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\xa5" * (len(whole) - len(whole) // 2))
    pack = MbtilesPack.open(path)
    with pytest.raises(PackUnreadable) as told:
        [pack.tile(12, column, 4095) for column in range(40)]
    assert told.value.fault is PackFault.DAMAGED
    pack.close()


async def test_a_tile_arrives_with_the_headers_the_map_control_needs(template: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(template.format(z=2, x=1, y=0))
    assert (answer.status_code, answer.content) == (200, PINE)
    assert answer.headers["content-type"] == "image/png"
    assert parsedate_to_datetime(answer.headers["date"]) == NOON
    assert answer.headers["cache-control"] == "max-age=86400"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_one_connection_carries_many_tiles(template: str) -> None:
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as client:
        for _ in range(5):
            answer = await client.get(template.format(z=2, x=1, y=0))
            assert answer.content == PINE
            missing = await client.get(template.format(z=2, x=0, y=0))
            assert (missing.status_code, missing.content) == (404, b"")
        connections = client._transport._pool.connections  # type: ignore[attr-defined]
        assert len(connections) == 1


async def test_an_empty_tile_is_transparent_and_the_type_is_told_from_the_bytes(template: str) -> None:
    async with httpx.AsyncClient() as client:
        empty = await client.get(template.format(z=3, x=5, y=7))
        photo = await client.get(template.format(z=3, x=5, y=6))
    assert empty.content == TRANSPARENT_PNG
    assert Image.open(io.BytesIO(empty.content)).convert("RGBA").getpixel((0, 0))[3] == 0
    assert photo.headers["content-type"] == "image/jpeg"


async def test_head_tells_the_size_and_sends_no_tile(template: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.head(template.format(z=2, x=1, y=0))
        again = await client.get(template.format(z=2, x=1, y=0))
    assert answer.headers["content-length"] == str(len(PINE))
    assert answer.content == b""
    assert again.content == PINE


async def test_without_the_secret_of_this_run_nothing_is_served(template: str) -> None:
    address = template.format(z=2, x=1, y=0)
    async with httpx.AsyncClient() as client:
        for wrong in (
            address.replace(TOKEN, "guess"),
            address.replace(f"/{TOKEN}", ""),
            address.replace("/p/", "/other/"),
            address.replace("/2/", "/two/"),
        ):
            answer = await client.get(wrong)
            assert (answer.status_code, answer.content) == (404, b"")
        assert (await client.post(address, content=b"x")).status_code == 405


async def test_a_stopped_server_takes_no_more_requests(pack_path: Path) -> None:
    pack = MbtilesPack.open(pack_path)
    server = TileServer()
    address = (await server.start({"p": pack}, token=TOKEN)).format(pack="p", z=2, x=1, y=0)
    with pytest.raises(RuntimeError):
        await server.start({"p": pack}, token=TOKEN)
    async with httpx.AsyncClient() as client:
        assert (await client.get(address)).status_code == 200
        await server.stop()
        with pytest.raises(httpx.TransportError):
            await client.get(address)
    await server.stop()
    pack.close()


async def test_a_token_that_cannot_stand_in_an_address_is_refused(pack_path: Path) -> None:
    pack = MbtilesPack.open(pack_path)
    for unfit in ("", "a/b", "a b", "đồn"):
        with pytest.raises(ValueError, match="token"):
            await TileServer().start({"p": pack}, token=unfit)
    pack.close()
