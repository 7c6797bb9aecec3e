"""A bit that flips at rest, in any file of a store: it is found, or it changes nothing that anybody reads."""

import logging
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from app.store.opening import open_store
from app.store.outcomes import StoreDoubtful, StoreNewer, StoreUnreadable, Unlocked
from app.store.sealing import SealBroken
from app.store.set_aside import HEAD, JOURNAL, PHOTOS, SNAPSHOT, VAULT, rescue_entries
from journal.entries import PhotoTaken
from journal.exchange import Page
from tests.app.store.fakes import PIN, SECRET, START_MS, Device, OtherWriter, observation, record
from tests.faults.power_cuts import drawn_seed, folder_in_memory

FILES = {
    "the database": JOURNAL,
    "the WAL": f"{JOURNAL}-wal",
    "the head file": HEAD,
    "the snapshot": SNAPSHOT,
    "the vault": VAULT,
}
RECEIVED, OWN, OTHERS = 4, 12, 6
PHOTO = Random(4).randbytes(1_500_000)


@dataclass(frozen=True)
class Truth:
    """What the store held before a bit flipped."""

    folder: Path
    own: dict[int, bytes]
    others: int
    photo: str
    states: dict[int, str]


def fill(device: Device) -> Truth:
    """Half of it is in the database, half of it still in the WAL, as after a kill."""
    store = device.create()
    for number in range(OWN - 2):
        record(store, observation(f"quan sát {number}", priority="khan" if number == 7 else "thap"))
        if number == OWN // 2:
            store._file.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = store.photos.keep(PHOTO)
    named = PhotoTaken(
        of=record(store).ref, sha256=kept.sha256, size_bytes=len(PHOTO), media_type="image/jpeg", taken_ms=START_MS
    )
    record(store, named)
    other = OtherWriter()
    store.apply_page(Page("DON", 5, tuple(other.write(observation(f"của người khác {n}")) for n in range(OTHERS))))
    unsent = store.sending.unsent(100)
    store.settle(*device.station.receipt(store.vault.identity.writer, unsent[RECEIVED - 1], held={2: "no_role"}))
    store.write_snapshot()
    own = {seq: raw for seq, raw in store.own_raws() if raw is not None}
    states = dict(store._file.connection.execute("SELECT seq, state FROM entry WHERE link IS NOT NULL"))
    left = device.folder.with_name("left")
    shutil.copytree(device.folder, left)
    store.close()
    return Truth(left, own, OTHERS, kept.sha256, states)


@pytest.fixture
def filled() -> Iterator[tuple[Device, Truth]]:
    logging.disable(logging.ERROR)
    with folder_in_memory() as place:
        device = Device(place / "device")
        yield device, fill(device)
    logging.disable(logging.NOTSET)


def flip(path: Path, drawn: Random) -> str:
    raw = bytearray(path.read_bytes())
    bit = drawn.randrange(8 * len(raw))
    raw[bit // 8] ^= 1 << bit % 8
    path.write_bytes(raw)
    return f"bit {bit} of {len(raw)} bytes of {path.name}"


def outcome(device: Device, folder: Path, truth: Truth) -> str:
    """How it was found, or ``harmless``. Raises AssertionError where a record changed, or is missing, without a word."""
    try:
        store, found = open_store(folder, SECRET, device.means)
    except StoreUnreadable as told:
        return "set aside" if (told.set_aside / VAULT).exists() else "set aside without its vault"
    except StoreNewer:
        return "taken for a newer one"
    try:
        if found.lost_tail is not None:
            return "a lost tail is told"
        if found.missing_photos or found.stray_photos or found.unfinished_photos:
            return "a photo is missed"
        seen = _read_all(store, truth)
        if seen == "harmless":
            _go_on(device, store, folder)
        return seen
    finally:
        with suppress(StoreDoubtful):
            store.close()


def _go_on(device: Device, store, folder: Path) -> None:
    """What is recorded from now on can be read as well, also what is recorded before the PIN."""
    for _ in range(2):
        entry, last = record(store), store.stands_at
        store.close()
        store, _ = open_store(folder, SECRET, device.means)
        assert store.stands_at == last
    written = record(store)
    assert store.unlock(PIN) == Unlocked(), "what was recorded after the flip can be read"
    assert {entry.seq, written.seq} <= {seq for seq, raw in store.own_raws() if raw is not None}
    assert store.check_chain() is None
    store.close()


def _read_all(store, truth: Truth) -> str:
    unlocked = store.unlock(PIN)
    if not isinstance(unlocked, Unlocked):
        return f"the PIN does not open it: {type(unlocked).__name__}"
    if unlocked.damaged:
        return "a damaged entry is told"
    if (fault := store.check_chain()) is not None:
        return f"the chain is broken at {fault.seq}"
    own = {seq: raw for seq, raw in store.own_raws() if raw is not None}
    assert own == truth.own, "own entries have the same bytes"
    _check_sending(store, truth)
    try:
        photo = store.photos.read(truth.photo)
    except SealBroken:
        return "a broken photo is told"
    assert photo is not None, "a photo is here whose file is whole"
    assert sha256(photo).hexdigest() == truth.photo, "a photo has the same bytes"
    assert truth.photo in {one.sha256 for one in store.photos.waiting()}, "a photo without a receipt waits"
    others = store._file.connection.execute("SELECT count(*) FROM entry WHERE state = 'pulled'").fetchone()[0]
    if others != truth.others:
        assert store.receiving.cursors().by_stream == {}, "others' entries that are lost here are asked for again"
        return "others' entries are asked for again"
    return "harmless"


def _check_sending(store, truth: Truth) -> None:
    """What has no receipt is still sent, and nothing is shown as better than it is."""
    waiting = {one.seq for one in store.sending.unsent(100)}
    assert {seq for seq, state in truth.states.items() if state == "unsent"} <= waiting, "what has no receipt waits"


def run(filled: tuple[Device, Truth], what: str, flips: int) -> Counter[str]:
    device, truth = filled
    seed = drawn_seed()
    drawn, seen, silent = Random(seed), Counter[str](), list[str]()
    for number in range(flips):
        folder = truth.folder.with_name(f"flipped-{number}")
        shutil.copytree(truth.folder, folder)
        path = next((folder / PHOTOS).iterdir()) if what == "a photo" else folder / FILES[what]
        where = flip(path, drawn)
        try:
            seen[outcome(device, folder, truth)] += 1
        except Exception as missed:  # noqa: BLE001  whatever the real code raises is the finding
            silent.append(f"{where}: {type(missed).__name__}: {missed}")
        shutil.rmtree(folder)
    print(f"seed {seed}: {what}, {flips} flips: {dict(seen)}, unnoticed: {len(silent)}")  # noqa: T201
    assert silent == [], f"seed {seed}"
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("what", [*FILES, "a photo"])
def test_a_flipped_bit_is_found_or_changes_nothing(what: str, filled: tuple[Device, Truth]):
    seen = run(filled, what, 36)
    assert sum(seen.values()) == 36


@pytest.mark.long_faults
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("what", [*FILES, "a photo"])
def test_a_flipped_bit_is_found_or_changes_nothing_in_a_thousand_tries(what: str, filled: tuple[Device, Truth]):
    run(filled, what, 1_000)


@pytest.mark.slow
def test_a_wal_torn_anywhere_is_told_and_nothing_is_replaced(filled: tuple[Device, Truth]):
    device, truth = filled
    seed = drawn_seed()
    drawn, seen = Random(seed), Counter[str]()
    for number in range(40):
        folder = truth.folder.with_name(f"torn-{number}")
        shutil.copytree(truth.folder, folder)
        wal = folder / f"{JOURNAL}-wal"
        wal.write_bytes(wal.read_bytes()[: drawn.randrange(wal.stat().st_size)])
        seen[outcome(device, folder, truth)] += 1
        shutil.rmtree(folder)
    print(f"seed {seed}: torn WAL: {dict(seen)}")  # noqa: T201


def test_what_was_set_aside_is_rescued_by_the_station(filled: tuple[Device, Truth]):
    device, truth = filled
    head = (truth.folder / JOURNAL).read_bytes()
    (truth.folder / JOURNAL).write_bytes(b"garbage!" * 16 + head[128:])
    with pytest.raises(StoreUnreadable) as told:
        open_store(truth.folder, SECRET, device.means)
    journal = told.value.set_aside / JOURNAL
    journal.write_bytes(head[:128] + journal.read_bytes()[128:])
    rescued = {one.ref: one.raw for one in rescue_entries(told.value.set_aside, device.station.recovery_key)}
    assert set(truth.own.values()) <= set(rescued.values())
