"""A vault leaves a device only when the station has everything in it."""

import pytest

from app.store.leaving import Left, Remains
from app.store.outcomes import Unlocked
from app.store.set_aside import PHOTOS, VAULT
from app.store.vaults import LEAVING, erase_folder, find_vaults, vault_folder
from journal.entries import PhotoTaken
from tests.app.store.fakes import PIN, START_MS, Device, make_identity, record


@pytest.fixture
def device(tmp_path):
    return Device(tmp_path / "device" / "a")


def settle_all(device, store) -> None:
    last = store.sending.unsent(100)[-1]
    store.settle(*device.station.receipt(store.vault.identity.writer, last))


def name_photo(store, raw: bytes) -> str:
    kept = store.photos.keep(raw)
    seen = record(store)
    record(
        store,
        PhotoTaken(
            of=seen.ref, sha256=kept.sha256, size_bytes=kept.size_bytes, media_type="image/jpeg", width_px=1, height_px=1,
            origin="camera", taken_ms=START_MS,
        ),
    )  # fmt: skip
    return kept.sha256


def test_a_vault_with_an_unsent_entry_stays(device):
    store = device.create()
    record(store)
    assert store.leave() == Remains(entries=1)
    store.close()
    store = device.open()
    assert store.leave() == Remains(entries=1)
    assert store.unlock(PIN) == Unlocked()
    store.close()


def test_a_vault_with_an_unsent_photo_stays_also_before_the_pin(device):
    store = device.create()
    name_photo(store, b"photo")
    settle_all(device, store)
    assert store.leave() == Remains(photos=1)
    store.close()
    store = device.open()
    assert store.leave() == Remains(photos=1)
    store.close()


def flip_bit(store, table: str, column: str, row: int = 1) -> None:
    connection = store._file.connection
    (was,) = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()
    flipped = bytearray(was.encode() if isinstance(was, str) else was)
    flipped[-1] ^= 1
    harmed = flipped.decode() if isinstance(was, str) else bytes(flipped)
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (harmed, row))


SEALED = [("photo", "blob"), ("photo", "name"), ("photo", "state"), ("photo_naming", "blob")]


@pytest.mark.parametrize(("table", "column"), SEALED)
def test_a_flipped_bit_in_what_tells_of_a_photo_neither_hides_it_nor_lets_the_vault_go(device, table, column):
    store = device.create()
    digest = name_photo(store, b"photo")
    settle_all(device, store)
    flip_bit(store, table, column)
    for _ in range(2):
        store.close()
        store = device.open()
        assert store.remains().photos >= 1
        for _ in range(2):
            assert store.unlock(PIN) == Unlocked()
            assert (store.waiting().photos, store.remains().photos) == (1, 1)
            assert [photo.sha256 for photo in store.photos.waiting()] == [digest]
            assert store.photos.read(digest) == b"photo"
            store.lock()
            assert store.waiting().photos == 1
    assert store.unlock(PIN) == Unlocked()
    assert isinstance(store.leave(), Remains)
    store.settle_photo(device.station.photo_receipt(digest, 5))
    assert store.leave() == Left()


def test_a_photo_whose_row_and_file_are_both_damaged_is_told_and_keeps_the_vault(device):
    store = device.create()
    name_photo(store, b"photo")
    settle_all(device, store)
    flip_bit(store, "photo", "blob")
    (path,) = (device.folder / PHOTOS).iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    for _ in range(2):
        store.close()
        store = device.open()
        assert store.unlock(PIN) == Unlocked(damaged_photos=1)
        store.lock()
        assert store.waiting().photos == 1
        assert store.unlock(PIN) == Unlocked(damaged_photos=1)
        assert (store.waiting().photos, store.leave()) == (1, Remains(photos=1))
    assert path.exists()
    store.close()


def test_a_photo_whose_naming_and_entry_are_both_damaged_is_told_and_keeps_the_vault(device):
    store = device.create()
    digest = name_photo(store, b"photo")
    settle_all(device, store)
    flip_bit(store, "photo_naming", "blob")
    flip_bit(store, "entry", "blob", row=2)
    for _ in range(2):
        store.close()
        store = device.open()
        unlocked = store.unlock(PIN)
        assert isinstance(unlocked, Unlocked)
        assert (len(unlocked.damaged), unlocked.damaged_photos) == (1, 1)
        assert (store.waiting().photos, store.leave()) == (1, Remains(photos=1))
    store.settle_photo(device.station.photo_receipt(digest, 5))
    assert store.leave() == Left()


def test_drafts_and_fixes_are_work_too(device):
    store = device.create()
    store.act(lambda pen: pen.keep_draft("observation:1", b"{}"))
    store.act(lambda pen: pen.keep_fix(b"fix"))
    store.act(lambda pen: pen.keep_draft("settings", b"{}"))
    assert store.leave(lambda name: name != "settings") == Remains(drafts=1, fixes=1)
    store.close()


def test_a_photo_of_a_dropped_draft_does_not_keep_the_vault_but_is_counted(device):
    store = device.create()
    store.photos.keep(b"dropped")
    assert store.remains() == Remains(loose_photos=1)
    store.close()
    store = device.open()
    assert store.remains() == Remains(photos=1)
    store.close()


def test_once_the_station_has_everything_the_vault_goes_without_a_trace(device):
    store = device.create()
    digest = name_photo(store, b"photo")
    settle_all(device, store)
    receipt = device.station.photo_receipt(digest, 5)
    store.settle_photo(receipt)
    assert store.leave() == Left()
    assert list(device.folder.parent.iterdir()) == []


def test_a_removal_that_was_cut_off_is_finished_at_the_next_start(device):
    device.create().close()
    leaving = device.folder.with_name(device.folder.name + LEAVING)
    device.folder.rename(leaving)
    (leaving / VAULT).unlink()
    assert find_vaults(device.folder.parent) == ()
    assert not leaving.exists()


def test_nothing_else_is_erased(device):
    device.create().close()
    with pytest.raises(ValueError, match="let go"):
        erase_folder(device.folder)
    assert find_vaults(device.folder.parent) == (device.folder,)


def test_one_device_secret_opens_each_vault_and_no_vault_opens_another(tmp_path):
    first = Device(tmp_path / "device" / "a")
    first.create().close()
    second = Device(vault_folder(tmp_path / "device", make_identity(first.station, 9).writer))
    second.folder.mkdir()
    swapped = (first.folder / VAULT).read_text().replace(make_identity(first.station).writer, second.folder.name)
    (second.folder / VAULT).write_text(swapped)
    assert len(find_vaults(tmp_path / "device")) == 2
    assert first.look().lost_tail is None
    with pytest.raises(Exception, match="secret does not open"):
        second.open()
