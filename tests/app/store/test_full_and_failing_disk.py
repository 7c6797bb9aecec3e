"""A full or failing disk: what was not saved is said not to be, and what was shown as saved stays."""

import errno
import resource
import sqlite3
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.store.durable_files import UNFINISHED, make_folder
from app.store.opening import open_store
from app.store.outcomes import FoundAtOpen, LostTail, StoreDoubtful, Unlocked
from app.store.sealing import SealBroken
from app.store.set_aside import HEAD, JOURNAL, PHOTOS, SNAPSHOT
from tests.app.store.fakes import PIN, SECRET, Device, observation, record


@pytest.fixture
def device(tmp_path):
    return Device(tmp_path / "store")


@contextmanager
def files_no_longer_than(size_bytes):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill(store):
    for _ in range(50):
        record(store, observation("x" * 4_000))


def test_a_full_disk_refuses_an_entry_whole_and_the_next_one_fits_again(device):
    store = device.create()
    record(store)
    connection = store._file.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill(store)
    stood_at = store.stands_at
    connection.execute("PRAGMA max_page_count = 100000")
    assert record(store).seq == stood_at.seq + 1
    assert store.check_chain() is None
    store.close()


def test_after_a_commit_that_failed_nothing_is_saved_until_the_store_is_opened_again(device):
    store = device.create()
    saved = [record(store).seq for _ in range(3)]
    wal = device.folder / f"{JOURNAL}-wal"
    with files_no_longer_than(wal.stat().st_size + 100):
        with pytest.raises(sqlite3.OperationalError):
            record(store)
        with pytest.raises(StoreDoubtful):
            record(store)
    with pytest.raises(StoreDoubtful):
        record(store)
    store.close()
    store, found = open_store(device.folder, SECRET, device.means)
    assert found == FoundAtOpen()
    assert store.unlock(PIN) == Unlocked()
    assert [seq for seq, raw in store.own_raws() if raw] == saved
    assert record(store).seq == 4
    store.close()


def test_a_head_file_that_cannot_be_written_is_shown_and_caught_up(device):
    store = device.create()
    record(store)
    head = device.folder / "head"
    kept = head.read_bytes()
    head.unlink()
    head.mkdir()
    record(store)
    assert store.head_behind
    head.rmdir()
    head.write_bytes(kept)
    record(store)
    assert not store.head_behind
    store.close()
    assert device.look() == FoundAtOpen()


def test_a_photo_whose_row_was_never_written_is_told_and_taken_in(device):
    store = device.create()
    raw = b"pixels" * 400_000
    kept = store.photos.keep(raw)
    store._file.connection.execute("DELETE FROM photo")
    store.close()
    store, found = open_store(device.folder, SECRET, device.means)
    assert found.stray_photos == 1
    store.unlock(PIN)
    assert store.photos.read(kept.sha256) == raw
    store.close()
    assert device.look().stray_photos == 0


def test_a_torn_photo_is_told_and_stays(device):
    store = device.create()
    kept = store.photos.keep(b"pixels" * 400_000)
    (path,) = (device.folder / "photos").iterdir()
    path.write_bytes(path.read_bytes()[:1_500_000])
    with pytest.raises(SealBroken):
        store.photos.read(kept.sha256)
    path.rename(path.with_name("0123" + UNFINISHED))
    store.close()
    store, found = open_store(device.folder, SECRET, device.means)
    assert (found.unfinished_photos, found.missing_photos) == (1, 1)
    assert len(list((device.folder / "photos").iterdir())) == 1
    store.close()


def fail_to_read(monkeypatch, name):
    """The disk gives every file but this one."""
    opened, read = Path.open, Path.read_bytes

    def refuse(path):
        if path.name == name:
            raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr(Path, "open", lambda path, *how, **rest: refuse(path) or opened(path, *how, **rest))
    monkeypatch.setattr(Path, "read_bytes", lambda path: refuse(path) or read(path))


def test_a_snapshot_that_the_disk_does_not_give_only_costs_time(device, monkeypatch):
    store = device.create()
    record(store)
    assert store.write_snapshot()
    store.close()
    fail_to_read(monkeypatch, SNAPSHOT)
    store = device.open()
    assert store.unlock(PIN) == Unlocked()
    assert len(store.sending.unsent(10)) == 1
    store.close()


def test_a_head_file_that_the_disk_does_not_give_is_told_and_still_vouches_at_the_next_open(device, monkeypatch):
    store = device.create()
    record(store)
    store.close()
    old = (device.folder / JOURNAL).read_bytes()
    store = device.open()
    record(store)
    store.close()
    (device.folder / JOURNAL).write_bytes(old)
    with monkeypatch.context() as failing:
        fail_to_read(failing, HEAD)
        store, found = open_store(device.folder, SECRET, device.means)
        assert found == FoundAtOpen(head_unreadable=True)
        assert store.unlock(PIN) == Unlocked()
        store.close()
    found = device.look()
    assert isinstance(found.lost_tail, LostTail)
    assert (found.lost_tail.journal_seq, found.lost_tail.head_seq) == (1, 2)


def test_a_stray_photo_that_the_disk_does_not_give_is_told_and_taken_in_once_it_does(device, monkeypatch):
    store = device.create()
    kept = store.photos.keep(b"pixels")
    store._file.connection.execute("DELETE FROM photo")
    store.close()
    (path,) = (device.folder / PHOTOS).iterdir()
    with monkeypatch.context() as failing:
        fail_to_read(failing, path.name)
        store = device.open()
        assert store.unlock(PIN) == Unlocked(damaged_photos=1)
        assert store.leave().photos == 1
        store.close()
    store = device.open()
    assert store.unlock(PIN) == Unlocked()
    assert store.photos.read(kept.sha256) == b"pixels"
    store.close()


def test_a_folder_among_the_photos_is_passed_over(device):
    store = device.create()
    record(store)
    store.close()
    (device.folder / PHOTOS / "x").mkdir()
    store, found = open_store(device.folder, SECRET, device.means)
    assert found == FoundAtOpen()
    assert store.unlock(PIN) == Unlocked()
    store.close()


def test_pieces_of_a_photo_cannot_be_swapped_or_left_out(device):
    store = device.create()
    kept = store.photos.keep(bytes(3_000_000))
    (path,) = (device.folder / "photos").iterdir()
    sound = path.read_bytes()
    head, piece = len(sound) - 3_000_000 - 3 * 16, 1_048_576 + 16
    first, second = sound[head : head + piece], sound[head + piece : head + 2 * piece]
    for harmed in (sound[:head] + second + first + sound[head + 2 * piece :], sound[: head + 2 * piece], sound[:-1]):
        path.write_bytes(harmed)
        with pytest.raises(SealBroken):
            store.photos.read(kept.sha256)
    path.write_bytes(sound)
    assert store.photos.read(kept.sha256) == bytes(3_000_000)
    store.close()


def test_a_new_folder_is_on_disk_before_anything_in_it(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr("app.store.durable_files.fsync_folder", synced.append)
    make_folder(tmp_path / "device" / "writer")
    assert synced == [tmp_path / "device", tmp_path]
    make_folder(tmp_path / "device" / "writer")
    assert len(synced) == 2
