"""The sealed snapshot: it comes back whole or not at all, and holds no entry's bytes."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.store.queries import observation_detail, observations_page
from app.store.sealing import PIECE_BYTES
from app.store.snapshot_file import Snapshot, read_snapshot, write_snapshot
from journal.exchange import Link
from tests.app.store.fakes import PIN, Device, observation, record

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
SNAPSHOT = Snapshot("epoch", 41, Link(7, b"\5" * 32), bytes(range(256)) * (PIECE_BYTES // 128) + b"the end")


def write(path: Path, snapshot: Snapshot = SNAPSHOT) -> bytes:
    write_snapshot(path, snapshot, KEY.public_key().public_bytes_raw(), bytes)
    return path.read_bytes()


@pytest.mark.parametrize("views", [b"", b"x", SNAPSHOT.views])
def test_a_snapshot_comes_back_with_its_place_in_the_journal(tmp_path: Path, views: bytes):
    snapshot = Snapshot("epoch", 41, Link(7, b"\5" * 32), views)
    write(tmp_path / "snapshot", snapshot)
    assert read_snapshot(tmp_path / "snapshot", KEY) == snapshot


@pytest.mark.parametrize("place", [0, 5, 6, 7, 8, 40, 90, 300, PIECE_BYTES, -20, -1])
def test_a_snapshot_that_was_changed_or_cut_anywhere_is_not_used(tmp_path: Path, place: int):
    whole, path = write(tmp_path / "snapshot"), tmp_path / "snapshot"
    changed = bytearray(whole)
    changed[place] ^= 1
    path.write_bytes(changed)
    assert read_snapshot(path, KEY) is None
    path.write_bytes(whole[:place])
    assert read_snapshot(path, KEY) is None


def test_an_unlock_from_a_snapshot_still_reads_and_folds_the_entries_behind_it(tmp_path: Path):
    device = Device(tmp_path / "store")
    store = device.create()
    seen = record(store, observation("before the snapshot"))
    assert store.write_snapshot()
    later = record(store, observation("after it"))
    store.close()
    again = device.open()
    again.unlock(PIN)
    assert {line.subject for line in again.ask(observations_page).lines} == {seen.ref, later.ref}
    detail = again.ask(lambda views: observation_detail(views, seen.ref))
    assert detail is not None
    assert detail.state.recorded.description == "before the snapshot"
    again.close()
