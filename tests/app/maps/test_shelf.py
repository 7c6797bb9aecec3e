"""The packs of a device: taken in whole or not at all, chosen, thrown away, never at the cost of recording."""

from pathlib import Path

import pytest

from app.maps.packs import PackFault, PackUnreadable
from app.maps.shelf import SPARE_BYTES, PackShelf, best_pack
from tests.app.maps.made_packs import PINE, SAND, write_mbtiles, write_pmtiles

HERE = (20.9, 103.8)
AREA = {"bounds": "103.7,20.8,104.0,21.0"}


@pytest.fixture
def shelf(tmp_path: Path) -> PackShelf:
    return PackShelf(tmp_path / "maps")


def test_packs_of_both_kinds_are_kept_and_listed(tmp_path, shelf):
    assert shelf.open_all() == ()
    assert shelf.chosen is None
    heard: list[int] = []
    coarse = shelf.take_in(write_mbtiles(tmp_path / "a.mbtiles", {**AREA, "name": "Thô"}, [(9, 1, 1, PINE)]), "a", heard.append)
    fine = shelf.take_in(write_pmtiles(tmp_path / "b.pmtiles", [(15, 1, 1, SAND)], name=""), "Bản đồ xã")
    assert heard[-1] == (tmp_path / "a.mbtiles").stat().st_size
    again = PackShelf(tmp_path / "maps")
    listed = {pack.key: pack for pack in again.open_all()}
    assert {key: pack.name for key, pack in listed.items()} == {coarse: "Thô", fine: "Bản đồ xã"}
    assert set(again.open_packs) == {coarse, fine}
    assert listed[fine].size_bytes == (tmp_path / "b.pmtiles").stat().st_size
    again.close()
    shelf.close()


def test_the_same_pack_twice_is_one(tmp_path, shelf):
    source = write_mbtiles(tmp_path / "a.mbtiles", AREA, [(9, 1, 1, PINE)])
    assert shelf.take_in(source, "a") == shelf.take_in(source, "b")
    assert len(shelf.look_over()) == 1
    assert shelf.open_packs[shelf.look_over()[0].key].tile(9, 1, 510) == PINE
    shelf.close()


def test_the_pack_is_chosen_by_a_person_or_by_the_place(tmp_path, shelf):
    coarse = shelf.take_in(write_mbtiles(tmp_path / "a.mbtiles", AREA, [(9, 1, 1, PINE)]), "a")
    fine = shelf.take_in(write_pmtiles(tmp_path / "b.pmtiles", [(15, 1, 1, SAND)]), "b")
    elsewhere = shelf.take_in(write_mbtiles(tmp_path / "c.mbtiles", {"bounds": "1,1,2,2"}, [(16, 1, 1, SAND)]), "c")
    packs = shelf.look_over()
    assert best_pack(packs, shelf.chosen, *HERE).key == fine
    assert best_pack(packs, None, 1.5, 1.5).key == elsewhere
    shelf.choose(coarse)
    assert best_pack(packs, PackShelf(shelf.folder).chosen, *HERE).key == coarse
    shelf.choose(None)
    assert shelf.chosen is None
    shelf.drop(fine)
    shelf.drop(fine)
    left = shelf.look_over()
    assert best_pack(left, fine, *HERE).key == coarse
    assert {pack.key for pack in left} == {coarse, elsewhere}
    assert best_pack((), None, *HERE) is None
    shelf.close()


def test_a_pack_that_cannot_be_used_leaves_nothing_behind(tmp_path, shelf):
    broken = tmp_path / "x.mbtiles"
    broken.write_bytes(b"PMTiles\x03" + bytes(300))
    with pytest.raises(PackUnreadable):
        shelf.take_in(broken, "x")
    assert not shelf.folder.exists() or not list(shelf.folder.iterdir())


def test_a_pack_that_leaves_no_room_for_recording_is_refused(tmp_path):
    source = write_mbtiles(tmp_path / "a.mbtiles", AREA, [(9, 1, 1, PINE)])
    shelf = PackShelf(tmp_path / "maps", free_bytes=lambda _: SPARE_BYTES + source.stat().st_size - 1)
    with pytest.raises(PackUnreadable) as told:
        shelf.take_in(source, "a")
    assert told.value.fault is PackFault.NO_ROOM
    assert shelf.look_over() == ()


def test_a_pack_that_broke_on_the_shelf_is_listed_with_its_fault_and_can_be_thrown_away(tmp_path, shelf):
    key = shelf.take_in(write_mbtiles(tmp_path / "a.mbtiles", AREA, [(9, 1, 1, PINE)]), "a")
    shelf.close()
    (shelf.folder / f"{key}.pack").write_bytes(b"rubbish")
    later = PackShelf(shelf.folder)
    (listed,) = later.open_all()
    assert listed.fault is PackFault.NOT_A_PACK
    assert best_pack((listed,), key, *HERE) is None
    later.drop(key)
    assert later.look_over() == ()
