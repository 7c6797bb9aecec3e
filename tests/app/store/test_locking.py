"""The PIN, its tries, the lock and the recovery; and that recording goes on without any of them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlmodel import Session, select

from app.store.kept_entries import HERE
from app.store.outcomes import (
    LockedOut,
    PinWeakness,
    StoreLocked,
    Unlocked,
    WeakPin,
    WrongPin,
    WrongRecoveryKey,
)
from app.store.pin import judge_pin
from app.store.tables import KeptRow
from tests.app.store.fakes import OTHER_PIN, PIN, Device, observation, record


@pytest.fixture
def device(tmp_path):
    return Device(tmp_path / "store")


def seen(session: Session) -> dict[str, str]:
    return {row.ref: row.custody for row in session.exec(select(KeptRow))}


def test_what_was_recorded_is_seen_at_once_and_again_after_a_restart(device):
    store = device.create()
    first, second = record(store), record(store, observation("vết xe"))
    assert store.ask(seen) == {first.ref: HERE, second.ref: HERE}
    store.close()
    store = device.open()
    assert store.unlock(PIN) == Unlocked()
    assert store.ask(seen) == {first.ref: HERE, second.ref: HERE}
    store.close()


def test_a_sealed_entry_is_not_readable_without_the_pin(device):
    store = device.create()
    record(store)
    store.close()
    store = device.open()
    assert store.locked
    with pytest.raises(StoreLocked):
        store.ask(seen)
    assert [raw for _, raw in store.own_raws()] == [None]
    store.close()


def test_a_locked_device_goes_on_recording_and_sending(device):
    store = device.create()
    before = record(store)
    store.lock()
    after = record(store, observation("ghi khi đã khóa"))
    assert [one.seq for one in store.sending.unsent(10)] == [before.seq, after.seq]
    assert next(raw for _, raw in store.own_raws()) is None
    assert store.unlock(PIN) == Unlocked()
    assert set(store.ask(seen)) == {before.ref, after.ref}
    assert store.check_chain() is None
    store.close()


def test_after_a_kill_and_before_the_pin_only_urgent_entries_go_out(device):
    store = device.create()
    record(store)
    urgent = record(store, observation("khẩn", priority="khan"))
    store.close()
    store = device.open()
    assert store.sending.unsent(10) == []
    (copy,) = store.sending.urgent()
    assert copy.seq == urgent.seq
    assert "khẩn".encode() in copy.raw
    assert store.unlock(PIN) == Unlocked()
    assert [one.seq for one in store.sending.unsent(10)] == [1, 2]
    store.close()


def test_the_pin_wrap_is_destroyed_after_ten_wrong_pins_and_the_station_recovers_the_store(device):
    store = device.create()
    entry = record(store)
    store.close()
    store = device.open()
    assert [store.unlock("111222") for _ in range(9)] == [WrongPin(left) for left in range(9, 0, -1)]
    assert store.unlock("111222") == LockedOut()
    assert store.unlock(PIN) == LockedOut()
    record(store, observation("vẫn ghi được"))
    assert store.recover(X25519PrivateKey.generate(), OTHER_PIN) == WrongRecoveryKey()
    assert store.recover(device.station.recovery_key, "123456") == WeakPin(PinWeakness.STAIRS)
    assert store.recover(device.station.recovery_key, OTHER_PIN) == Unlocked()
    assert entry.ref in store.ask(seen)
    store.close()
    store = device.open()
    assert store.unlock(OTHER_PIN) == Unlocked()
    store.close()


def test_a_try_counts_even_if_the_app_is_killed_while_it_is_made(device, monkeypatch):
    store = device.create()
    store.close()
    store = device.open()

    def die(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.store.vault.stretch_pin", die)
    for _ in range(10):
        with pytest.raises(KeyboardInterrupt):
            store.unlock("111222")
    monkeypatch.undo()
    store.close()
    store = device.open()
    assert store.unlock(PIN) == LockedOut()
    store.close()


def test_the_right_pin_gives_all_tries_back(device):
    store = device.create()
    store.lock()
    assert store.unlock("111222") == WrongPin(9)
    assert store.unlock(PIN) == Unlocked()
    assert store.vault.tries_left == 10
    store.close()


def test_a_changed_pin_opens_and_the_old_one_does_not(device):
    store = device.create()
    assert store.change_pin("111222", OTHER_PIN) == WrongPin(9)
    assert store.change_pin(PIN, OTHER_PIN) == Unlocked()
    store.lock()
    assert store.unlock(PIN) == WrongPin(9)
    assert store.unlock(OTHER_PIN) == Unlocked()
    store.close()


@pytest.mark.parametrize(
    ("pin", "weakness"),
    [
        ("12345", PinWeakness.TOO_SHORT),
        ("000000", PinWeakness.ONE_DIGIT),
        ("345678", PinWeakness.STAIRS),
        ("987654", PinWeakness.STAIRS),
        ("890123", PinWeakness.STAIRS),
        ("121212", PinWeakness.REPEATED),
        ("258258", PinWeakness.REPEATED),
        ("020975", PinWeakness.DATE),
        ("19750902", PinWeakness.DATE),
        ("284917", None),
        ("rừng xanh", None),
    ],
)
def test_easy_pins_are_refused_with_a_reason(pin, weakness):
    assert judge_pin(pin) is weakness


def test_checking_the_pin_of_an_open_store_opens_and_closes_nothing(device):
    store = device.create()
    entry = record(store)
    assert store.check_pin(PIN) == Unlocked()
    assert store.ask(seen) == {entry.ref: HERE}
    store.lock()
    assert store.check_pin(PIN) == Unlocked()
    assert store.locked
    store.close()


def test_a_wrong_pin_at_a_check_counts_as_one_of_the_ten_tries_and_the_right_one_gives_them_back(device):
    store = device.create()
    assert store.check_pin(OTHER_PIN) == WrongPin(9)
    assert store.check_pin(OTHER_PIN) == WrongPin(8)
    assert store.check_pin(PIN) == Unlocked()
    for left in range(9, 0, -1):
        assert store.check_pin(OTHER_PIN) == WrongPin(left)
    assert store.check_pin(OTHER_PIN) == LockedOut()
    assert store.check_pin(PIN) == LockedOut()
    assert not store.locked
    store.close()
