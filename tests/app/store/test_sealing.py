"""The ciphers: what was sealed opens only where it was sealed, whole, with its own key."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.argon import ArgonCost, stretch_pin
from app.store.sealing import PIECE_BYTES, SealBroken, derive_key, place_of, seal, seal_pieces, unseal, unseal_pieces
from tests.app.store.fakes import Device, observation, record

KEY = bytes(range(32))


def test_argon2id_gives_the_known_answer():
    """Test vector of the reference implementation: argon2id, v=19, 64 MiB, t=2, p=1."""
    known = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
    assert stretch_pin("password", b"somesalt", ArgonCost(memory_kib=65_536, passes=2)).hex() == known


def test_a_row_does_not_open_in_another_place_or_with_a_flipped_bit():
    sealed = seal(KEY, b"content", place_of("entry", "w", 1, 1), os.urandom)
    assert unseal(KEY, sealed, place_of("entry", "w", 1, 1)) == b"content"
    for place in (place_of("entry", "w", 2, 1), place_of("draft", "w", 1, 1), place_of("entry", "w", 1, 2)):
        with pytest.raises(SealBroken):
            unseal(KEY, sealed, place)
    for position in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[position] ^= 1
        with pytest.raises(SealBroken):
            unseal(KEY, bytes(flipped), place_of("entry", "w", 1, 1))
    with pytest.raises(SealBroken):
        unseal(KEY, sealed[:5], place_of("entry", "w", 1, 1))


def test_keys_for_two_purposes_have_nothing_in_common():
    assert derive_key(KEY, b"one") != derive_key(KEY, b"two")
    assert derive_key(KEY, b"one", b"salt") != derive_key(KEY, b"one")


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES]), st.binary(min_size=1, max_size=9))
def test_pieces_come_back_whole_and_no_piece_can_be_cut_off(size, pattern):
    plain = (pattern * (size // len(pattern) + 1))[:size]
    pieces = list(seal_pieces(KEY, plain))
    assert unseal_pieces(KEY, b"".join(pieces)) == plain
    with pytest.raises(SealBroken):
        unseal_pieces(KEY, b"".join(pieces[:-1]))
    with pytest.raises(SealBroken):
        unseal_pieces(KEY, b"".join([*pieces, pieces[-1]]))


def test_no_nonce_is_used_twice_in_a_journal(tmp_path):
    store = Device(tmp_path / "store", random_bytes=os.urandom).create()
    for number in range(200):
        record(store, observation(f"{number}"))
    nonces = [blob[:12] for (blob,) in store._file.connection.execute("SELECT blob FROM entry")]
    assert len(set(nonces)) == 200
    store.close()


def test_every_commit_waits_for_the_disk(tmp_path):
    store = Device(tmp_path / "store").create()
    asked = ("journal_mode", "synchronous", "foreign_keys", "mmap_size")
    held = [store._file.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
    assert held == ["wal", 2, 1, 0]
    store.close()


def test_a_pen_that_outlives_its_transaction_writes_nothing(tmp_path):
    store = Device(tmp_path / "store").create()
    pen, _ = store.act(lambda pen: pen)
    with pytest.raises(RuntimeError, match="over"):
        pen.keep_fix(b"fix")
    store.close()


def test_the_reading_key_is_nowhere_without_pin_or_recovery_key(tmp_path):
    device = Device(tmp_path / "store")
    store = device.create()
    reading_key = store.vault.recover(device.station.recovery_key)
    assert isinstance(reading_key, X25519PrivateKey)
    assert reading_key.public_key().public_bytes_raw() == store.vault.reading_public_key
    store.close()
    for path in (path for path in device.folder.rglob("*") if path.is_file()):
        assert reading_key.private_bytes_raw() not in path.read_bytes()
