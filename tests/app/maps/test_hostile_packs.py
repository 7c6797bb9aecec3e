"""PMTiles packs, and packs of both kinds that mean harm: each ends in a stated fault, at once, and costs little."""

import gzip
import io
import random
import sqlite3
import struct
import time
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image
from pmtiles.tile import Compression, Entry, TileType, serialize_directory
from pmtiles.writer import Writer

from app.maps.opening import check_pack, is_sound_tile, open_pack
from app.maps.packs import WORLD, Bounds, PackFault, PackUnreadable
from tests.app.maps.made_packs import PINE, SAND, bomb, write_mbtiles, write_pmtiles


def fault_of(path: Path) -> PackFault:
    with pytest.raises(PackUnreadable) as told:
        check_pack(path)
    return told.value.fault


def patched(path: Path, at: int, raw: bytes) -> Path:
    whole = bytearray(path.read_bytes())
    whole[at : at + len(raw)] = raw
    path.write_bytes(whole)
    return path


def test_tiles_of_the_library_s_writer_are_found(tmp_path):
    tiles = [(2, 3, 1, PINE), (14, 12_915, 7_216, SAND), (14, 12_916, 7_216, SAND), (15, 1, 1, b"")]
    pack = open_pack(write_pmtiles(tmp_path / "a.pmtiles", tiles))
    assert (pack.name, pack.attribution, pack.min_zoom, pack.max_zoom) == ("Thung lũng", "A", 2, 15)
    assert pack.bounds == Bounds(103.7, 20.8, 104.0, 21.0)
    assert pack.tile(2, 3, 1) == PINE
    assert pack.tile(14, 12_916, 7_216) == SAND
    assert pack.tile(14, 12_917, 7_216) is None
    assert pack.tile(2, 9, 9) is None
    pack.close()
    with pytest.raises(PackUnreadable):
        pack.tile(2, 3, 1)


def test_an_index_in_leaves_is_followed(tmp_path):
    tiles = [(8, column, row, PINE[:-1] + bytes([column, row])) for column in range(96) for row in range(96)]
    pack = open_pack(write_pmtiles(tmp_path / "many.pmtiles", tiles))
    assert pack.tile(8, 40, 77) == PINE[:-1] + bytes([40, 77])
    assert pack.tile(8, 97, 0) is None
    pack.close()


def test_a_pack_of_either_kind_is_told_by_what_it_begins_with(tmp_path):
    for path in (
        write_pmtiles(tmp_path / "wrong.mbtiles", [(0, 0, 0, PINE)]),
        write_mbtiles(tmp_path / "wrong.pmtiles", {}, [(0, 0, 0, PINE)]),
    ):
        check_pack(path)


def test_vector_packs_are_refused_by_name(tmp_path):
    assert fault_of(write_pmtiles(tmp_path / "v.pmtiles", [(0, 0, 0, b"x")], tile_type=TileType.MVT)) is PackFault.VECTOR
    packed = write_mbtiles(tmp_path / "v.mbtiles", {}, [(0, 0, 0, bomb(10))])
    assert fault_of(packed) is PackFault.VECTOR


def test_headers_that_lie_are_damage(tmp_path):
    path = tmp_path / "lies.pmtiles"
    good = write_pmtiles(path, [(0, 0, 0, PINE)]).read_bytes()
    far, lies = struct.pack("<Q", 1 << 62), {7: b"\x02", 8: b"\xff" * 8, 16: b"\xff" * 8, 56: struct.pack("<Q", 1 << 62)}
    for at, raw in {**lies, 24: far, 97: b"\x09", 98: b"\x02", 99: b"\x07", 101: b"\x40"}.items():
        path.write_bytes(good)
        assert fault_of(patched(path, at, raw)) in {PackFault.NOT_A_PACK, PackFault.DAMAGED}, at
    for size in (0, 7, 20, 126, 127, 140, len(good) - 1):
        path.write_bytes(good[:size])
        assert fault_of(path) in {PackFault.NOT_A_PACK, PackFault.DAMAGED}, size


def test_an_area_outside_the_earth_is_refused(tmp_path):
    upside_down = write_pmtiles(tmp_path / "a.pmtiles", [(0, 0, 0, PINE)], area_e7=(10, 50, 20, 40))
    assert fault_of(upside_down) is PackFault.BAD_AREA
    assert fault_of(write_mbtiles(tmp_path / "a.mbtiles", {"bounds": "nan,1,2,3"}, [(0, 0, 0, PINE)])) is PackFault.BAD_AREA
    nowhere = open_pack(write_pmtiles(tmp_path / "b.pmtiles", [(0, 0, 0, PINE)], area_e7=(0, 0, 0, 0)))
    assert nowhere.bounds == WORLD
    nowhere.close()


def with_index(path: Path, raw: bytes) -> Path:
    """A pack whose first index is these bytes."""
    write_pmtiles(path, [(0, 0, 0, PINE)])
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(raw)
    return patched(path, 8, struct.pack("<QQ", size, len(raw)))


def test_an_index_that_unpacks_without_end_costs_little(tmp_path):
    path = with_index(tmp_path / "bomb.pmtiles", bomb(300_000_000))
    tracemalloc.start()
    assert fault_of(path) is PackFault.DAMAGED
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_an_index_that_counts_to_infinity_or_points_at_itself_is_damage(tmp_path):
    endless = gzip.compress(b"\xff" * 9 + b"\x01")
    assert fault_of(with_index(tmp_path / "count.pmtiles", endless)) is PackFault.DAMAGED
    assert fault_of(with_index(tmp_path / "long.pmtiles", gzip.compress(b"\xff" * 30))) is PackFault.DAMAGED
    assert fault_of(with_index(tmp_path / "first.pmtiles", gzip.compress(b"\x01\x00\x01\x05\x00"))) is PackFault.DAMAGED
    path = write_pmtiles(tmp_path / "loop.pmtiles", [(0, 0, 0, PINE)])
    itself = serialize_directory([Entry(0, 0, 40, 0)])
    itself = serialize_directory([Entry(0, 0, len(itself), 0)])
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(itself)
    patched(path, 8, struct.pack("<QQ", size, len(itself)))
    assert fault_of(patched(path, 40, struct.pack("<QQ", size, len(itself)))) is PackFault.DAMAGED


def test_no_random_damage_gets_past_as_a_surprise(tmp_path):
    good = write_pmtiles(tmp_path / "good.pmtiles", [(3, c, r, PINE) for c in range(8) for r in range(8)]).read_bytes()
    other = write_mbtiles(tmp_path / "good.mbtiles", {"bounds": "1,2,3,4"}, [(3, 1, 1, PINE)]).read_bytes()
    path = tmp_path / "damaged.pack"
    for seed in range(600):
        chance = random.Random(seed)
        whole = bytearray(good if seed % 2 else other)
        for _ in range(1 + seed % 7):
            whole[chance.randrange(400 if seed % 3 else len(whole))] = chance.randrange(256)
        path.write_bytes(whole)
        try:
            check_pack(path)
            pack = open_pack(path)
            for column in range(8):
                pack.tile(3, column, 1)
            pack.close()
        except PackUnreadable:
            continue


def test_tables_that_count_to_infinity_are_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("app.maps.mbtiles.LONGEST_ANSWER_S", 0.3)
    path = write_mbtiles(tmp_path / "slow.mbtiles", {"name": "x"}, [(0, 0, 0, PINE)])
    with sqlite3.connect(path) as file:
        file.execute("DROP TABLE tiles")
        file.execute(
            "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT max(i) AS zoom_level, 0 AS tile_column, 0 AS tile_row, NULL AS tile_data FROM n"
        )
    file.close()
    began = time.monotonic()
    assert fault_of(path) is PackFault.TOO_SLOW
    assert time.monotonic() - began < 3


def test_a_blob_larger_than_any_tile_is_not_read(tmp_path):
    path = write_mbtiles(tmp_path / "large.mbtiles", {"name": "x" * 5_000}, [(0, 0, 0, bytes(40_000_000))])
    tracemalloc.start()
    assert fault_of(path) is PackFault.DAMAGED
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_picture_of_a_billion_pixels_is_not_given_to_the_screen():
    written = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(written, "PNG")
    assert len(written.getvalue()) < 200_000
    assert not is_sound_tile(written.getvalue())
    assert not is_sound_tile(b"<svg/>")
    assert not is_sound_tile(PINE[:20])
    assert not is_sound_tile(bytes(3_000_000))
    assert is_sound_tile(PINE)


def test_a_pack_that_holds_nothing_is_empty(tmp_path):
    path = tmp_path / "none.pmtiles"
    with path.open("wb") as file:
        described = {"tile_type": TileType.PNG, "tile_compression": Compression.NONE, "min_zoom": 0, "max_zoom": 0}
        corners = dict.fromkeys(("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7", "center_lon_e7", "center_lat_e7"), 0)
        writer = Writer(file)
        writer.tile_entries.append(Entry(0, 0, 1, 1))
        writer.finalize({**described, **corners, "center_zoom": 0}, {})
    empty = serialize_directory([])
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(empty)
    assert fault_of(patched(path, 8, struct.pack("<QQ", size, len(empty)))) is PackFault.EMPTY
