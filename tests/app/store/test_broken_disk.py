"""What a bad disk does: a lost tail, garbage, flipped bits, a wrong secret. It is told, set aside, and never replaced."""

import shutil

import pytest

from app.store.head_file import LINE_BYTES, HeadFile
from app.store.opening import create_store, open_store
from app.store.outcomes import LostTail, StoreMissing, StoreNewer, StoreUnreadable, Unlocked, WrongPin
from app.store.set_aside import HEAD, JOURNAL, VAULT, rescue_entries
from app.store.vault import Identity, VaultUnreadable, read_vault_file
from journal.entries import PhotoTaken
from journal.exchange import Link, Page
from journal.names import name_entry
from journal.wire import from_text, to_text
from tests.app.store.fakes import CHEAP, PIN, SECRET, START_MS, Device, OtherWriter, make_identity, observation, record


@pytest.fixture
def device(tmp_path):
    return Device(tmp_path / "store")


def test_a_tail_lost_by_the_disk_is_told_once_and_written_down(device, tmp_path):
    store = device.create()
    record(store)
    store.close()
    shutil.copy(device.folder / JOURNAL, tmp_path / "old")
    store = device.open()
    for _ in range(3):
        record(store)
    store.close()
    shutil.copy(tmp_path / "old", device.folder / JOURNAL)
    store, found = open_store(device.folder, SECRET, device.means)
    assert found.lost_tail == LostTail(1, 4, name_entry(store.vault.identity.writer, 2))
    store.unlock(PIN)
    assert b"tail_lost" in dict(store.own_raws())[2]
    assert store.check_chain() is None
    store.close()
    store, found = open_store(device.folder, SECRET, device.means)
    assert found.lost_tail is None
    store.close()


def test_a_torn_wal_is_found_by_the_head_file(device, tmp_path):
    store = device.create()
    for _ in range(3):
        record(store)
    for name in (VAULT, JOURNAL, f"{JOURNAL}-wal", HEAD):
        (tmp_path / "image").mkdir(exist_ok=True)
        shutil.copy(device.folder / name, tmp_path / "image" / name)
    store.close()
    wal = tmp_path / "image" / f"{JOURNAL}-wal"
    wal.write_bytes(wal.read_bytes()[:-2_000])
    store, found = open_store(tmp_path / "image", SECRET, device.means)
    assert found.lost_tail is not None
    assert found.lost_tail.journal_seq < found.lost_tail.head_seq == 3
    store.close()


def test_an_app_that_died_between_commit_and_head_file_lost_nothing(device):
    store = device.create()
    record(store)
    store.close()
    head = (device.folder / HEAD).read_bytes()
    store = device.open()
    record(store)
    store.close()
    (device.folder / HEAD).write_bytes(head + b"torn line")
    store, found = open_store(device.folder, SECRET, device.means)
    assert found.lost_tail is None
    record(store)
    store.close()
    assert HeadFile(device.folder / HEAD).last == store.stands_at


def test_the_head_file_is_compacted_and_passes_over_a_torn_line(tmp_path):
    head = HeadFile(tmp_path / "head")
    for seq in range(1, 2_100):
        head.append(Link(seq, seq.to_bytes(32, "big")))
    assert (tmp_path / "head").stat().st_size < 100 * LINE_BYTES
    with (tmp_path / "head").open("ab") as file:
        file.write(b"x" * 20)
    again = HeadFile(tmp_path / "head")
    assert again.last == Link(2_099, (2_099).to_bytes(32, "big"))
    again.append(Link(2_100, bytes(32)))
    assert HeadFile(tmp_path / "head").last == Link(2_100, bytes(32))


def break_header(device):
    path = device.folder / JOURNAL
    path.write_bytes(b"garbage!" * 16 + path.read_bytes()[128:])


def lose_journal(device):
    (device.folder / JOURNAL).unlink()


def empty_journal(device):
    (device.folder / JOURNAL).write_bytes(b"")


def garble_vault(device):
    (device.folder / VAULT).write_text('{"vault": 1, "writer": "x"')


@pytest.mark.parametrize("harm", [break_header, lose_journal, empty_journal, garble_vault])
def test_an_unreadable_store_is_set_aside_whole_and_never_replaced(device, harm):
    store = device.create()
    record(store)
    store.photos.keep(b"photo")
    store.close()
    harm(device)
    before = {path.name: path.read_bytes() for path in device.folder.iterdir() if path.is_file() and path.name != "in-use"}
    with pytest.raises(StoreUnreadable) as told:
        device.open()
    aside = told.value.set_aside
    assert aside.name.startswith("set-aside-2026")
    after = {path.name: path.read_bytes() for path in aside.iterdir() if path.is_file()}
    assert {name: after[name] for name in before} == before
    assert len(list((aside / "photos").iterdir())) == 1
    store = device.create()
    record(store)
    store.close()
    assert {path.name: path.read_bytes() for path in aside.iterdir() if path.is_file()} == after


def test_with_another_device_secret_the_store_is_set_aside_and_the_station_rescues_every_entry(device):
    store = device.create()
    raws = [record(store, observation(f"quan sát {n}")) for n in range(5)]
    unsent = store.sending.unsent(10)
    store.close()
    with pytest.raises(StoreUnreadable) as told:
        device.open(secret=bytes(32))
    rescued = list(rescue_entries(told.value.set_aside, device.station.recovery_key))
    assert [one.raw for one in rescued] == [one.raw for one in unsent]
    assert [one.ref for one in rescued] == [entry.ref for entry in raws]
    assert [one.link for one in rescued] == [one.link for one in unsent]


def test_a_store_of_a_newer_app_is_left_as_it_is(device):
    store = device.create()
    store.close()
    path = device.folder / VAULT
    path.write_text(path.read_text().replace('"vault": 1', '"vault": 2'))
    with pytest.raises(StoreNewer):
        device.open()
    assert path.exists()
    with pytest.raises(VaultUnreadable):
        read_vault_file(device.folder / "nothing.json")


def test_a_flipped_bit_in_a_row_is_told_and_others_rows_are_pulled_again(device):
    store = device.create()
    record(store)
    record(store)
    other = OtherWriter()
    page = Page("DON", 5, (other.write(observation("của người khác")),))
    store.apply_page(page)
    for row in (1, 3):
        blob = bytearray(store._file.connection.execute("SELECT blob FROM entry WHERE row = ?", (row,)).fetchone()[0])
        blob[20] ^= 1
        store._file.connection.execute("UPDATE entry SET blob = ? WHERE row = ?", (bytes(blob), row))
    store.lock()
    assert store.unlock(PIN) == Unlocked(damaged=(name_entry(store.vault.identity.writer, 1),))
    fault = store.check_chain()
    assert fault is not None
    assert fault.seq == 1
    assert store.receiving.cursors().by_stream == {"DON": 0}
    assert len(store.apply_page(page).arrived) == 1
    store.close()


def test_a_waiting_entry_that_is_damaged_is_told_also_where_a_snapshot_shows_it(device):
    store = device.create()
    record(store)
    record(store)
    assert store.write_snapshot()
    store._file.connection.execute("UPDATE entry SET blob = zeroblob(length(blob)) WHERE seq = 2")
    store.close()
    store = device.open()
    assert store.unlock(PIN) == Unlocked(damaged=(name_entry(store.vault.identity.writer, 2),))
    assert not store.waiting().stuck
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(1)[0]))
    assert store.waiting().stuck
    store.close()


BLOBS = [
    ("entry", "blob"),
    ("entry", "held"),
    ("write_key", "box"),
    ("urgent", "blob"),
    ("scratch_fix", "blob"),
    ("draft", "blob"),
    ("receipt", "blob"),
    ("photo", "blob"),
    ("photo_naming", "blob"),
    ("standing", "sealed"),
]


@pytest.mark.parametrize(("table", "column"), BLOBS)
def test_a_flipped_bit_in_any_sealed_column_leaves_the_rest_usable(device, table, column):
    store = device.create()
    seen = record(store)
    record(store, observation("khẩn", priority="khan"))
    kept = store.photos.keep(b"pixels")
    photo = PhotoTaken(of=seen.ref, sha256=kept.sha256, size_bytes=6, media_type="image/jpeg", taken_ms=START_MS)
    record(store, photo)
    store.act(lambda pen: (pen.keep_fix(b"fix"), pen.keep_draft("form", b"draft")))
    store.apply_page(Page("DON", 5, (OtherWriter().write(observation()),)))
    store.photos.note_upload(kept.sha256, 3, "/upload")
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(1)[0], held={1: "no_role"}))
    connection = store._file.connection
    rows = connection.execute(f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()
    assert rows
    for row, blob in rows:
        harmed = bytes([*blob[:-1], blob[-1] ^ 1])
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (harmed, row))
    store.close()
    store = device.open()
    assert isinstance(store.unlock(PIN), Unlocked)
    store.sending.urgent()
    store.waiting()
    store.receiving.cursors()
    store.act(lambda pen: (pen.take_fixes(), pen.drafts()))
    assert record(store).seq == 4
    store.close()


def test_a_secret_that_was_not_read_rightly_touches_nothing(device):
    device.create().close()
    with pytest.raises(ValueError, match="32 bytes"):
        device.open(secret=b"")
    device.open().close()


def test_a_creation_that_was_cut_off_is_moved_aside_and_done_again(device):
    device.create().close()
    (device.folder / VAULT).unlink()
    store = device.create()
    assert [path.name for path in device.folder.iterdir() if path.is_dir() and path.name.startswith("set-aside")]
    record(store)
    store.close()


def test_the_journal_of_another_writer_is_not_taken_for_ours(device, tmp_path):
    store = device.create()
    record(store)
    store.close()
    other = Device(tmp_path / "other")
    create_store(other.folder, make_identity(other.station, seed=20), PIN, SECRET, other.means, CHEAP).close()
    shutil.copy(device.folder / JOURNAL, other.folder / JOURNAL)
    with pytest.raises(StoreUnreadable, match="another writer"):
        other.open()


def test_a_creation_with_another_key_than_the_enrolled_one_leaves_no_store(device):
    theirs, ours = make_identity(device.station, seed=20), make_identity(device.station)
    mixed = Identity(theirs.enrolment, ours.station, ours.signing_key, ours.salt_keys)
    with pytest.raises(ValueError, match="another key"):
        create_store(device.folder, mixed, PIN, SECRET, device.means, CHEAP)
    with pytest.raises(StoreMissing):
        device.open()
    device.create().close()


def test_a_flipped_bit_in_the_reading_key_of_the_vault_loses_nothing_that_is_recorded_after(device):
    device.create().close()
    path = device.folder / VAULT
    kept = read_vault_file(path)
    swapped = from_text(kept.reading_public_key)
    swapped = bytes([swapped[0] ^ 4]) + swapped[1:]
    path.write_text(kept.model_copy(update={"reading_public_key": to_text(swapped)}).model_dump_json())
    store = device.open()
    written = record(store)
    photo = store.photos.keep(b"pixels")
    store.close()
    store = device.open()
    assert store.unlock(PIN) == Unlocked()
    assert store.photos.read(photo.sha256) == b"pixels"
    assert [seq for seq, raw in store.own_raws() if raw] == [written.seq]
    store.close()


@pytest.mark.parametrize("field", ["pin_wrap", "pin_salt"])
def test_a_wrap_of_the_pin_that_is_damaged_is_told_as_a_wrong_pin_and_the_recovery_key_still_opens(device, field):
    device.create().close()
    path = device.folder / VAULT
    kept = read_vault_file(path)
    path.write_text(kept.model_copy(update={field: "*" + getattr(kept, field)[1:]}).model_dump_json())
    store = device.open()
    assert isinstance(store.unlock(PIN), WrongPin)
    assert store.recover(device.station.recovery_key, "48205917") == Unlocked()
    store.close()
