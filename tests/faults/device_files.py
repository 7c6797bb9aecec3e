"""What else a device does to its files: a secret made, a store set aside, a vault that leaves; and what must be left."""

import asyncio
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from app.device.secrets import SecretFile
from app.store.leaving import Left
from app.store.opening import open_store
from app.store.outcomes import StoreMissing, StoreUnreadable
from app.store.set_aside import JOURNAL, VAULT
from app.store.vaults import find_vaults
from tests.app.store.fakes import PIN, SECRET, record
from tests.faults.device_life import STORE, device_in, must
from tests.faults.io_log import acknowledge


def make_secret(folder: Path) -> None:
    """The first start of an app on a device without a keystore."""
    secret = asyncio.run(SecretFile(folder / "device" / "secret").make())
    acknowledge(f"secret {secret.hex()}")


def check_secret(left: Path, words: list[str]) -> None:
    """None was made, or the one that was told."""
    there = asyncio.run(SecretFile(left / "device" / "secret").fetch())
    told = [word.split()[1] for word in words]
    must(not told or (there is not None and there.hex() == told[0]), "the secret that was told is there")


def spoil(folder: Path) -> None:
    """A store whose journal cannot be read."""
    device = device_in(folder)
    store = device.create()
    record(store)
    store.photos.keep(b"pixels")
    store.close()
    journal = device.folder / JOURNAL
    journal.write_bytes(b"garbage!" * 16 + journal.read_bytes()[128:])


def set_aside(folder: Path) -> None:
    """It is moved aside, and a new one begun."""
    device = device_in(folder, seed=8)
    with suppress(StoreUnreadable):
        device.open()
    acknowledge("set aside")
    store = device.create()
    record(store)
    acknowledge("created")
    store.close()


def digests(folder: Path) -> set[str]:
    return {sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file() and path.name != "in-use"}


def check_set_aside(spoilt: set[str], left: Path, words: list[str]) -> None:
    """Every byte of the old store is somewhere, and the device can go on."""
    must(spoilt <= digests(left), "what cannot be read is set aside, never overwritten")
    device = device_in(left, seed=9)
    try:
        store = device.open()
    except (StoreMissing, StoreUnreadable):
        must("created" not in words, "the new store is there")
        store = device.create()
    store.unlock(PIN)
    record(store)
    store.close()
    must(spoilt <= digests(left), "what was set aside stays")


def settled(folder: Path) -> None:
    """A store whose entries are all at the station."""
    device = device_in(folder)
    store = device.create()
    for _ in range(3):
        record(store)
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(10)[-1]))
    store.close()


def leave(folder: Path) -> None:
    """The vault goes from the device."""
    store = device_in(folder, seed=8).open()
    store.unlock(PIN)
    assert store.leave() == Left()
    acknowledge("left")


def check_left(left: Path, words: list[str]) -> None:
    """The vault is whole, or it is gone; half of one is never shown."""
    vaults = find_vaults(left)
    must(not words or not vaults, "a vault that left is gone")
    for vault in vaults:
        must(vault.name == STORE and (vault / VAULT).exists(), "a vault that is shown is the old one")
        store, found = open_store(vault, SECRET, device_in(left, seed=9).means)
        store.unlock(PIN)
        must(found.lost_tail is None and len([raw for _, raw in store.own_raws() if raw]) == 3, "and it is whole")
        store.close()
