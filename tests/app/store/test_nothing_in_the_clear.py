"""A phone that is found: nothing recorded may be read from its files, with a live WAL, after a kill, or after a lock."""

import base64
import multiprocessing
import os
import signal
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from journal.entries import PhotoTaken
from journal.exchange import Page
from tests.app.store.fakes import START_MS, Device, OtherWriter, observation, record
from tests.views_alone import ViewsAlone

WORDS = "Vết giày ở Khe Cát, biển số 14A-123.45"
DRAFT = "Nháp: Lò Thị Én"
PHOTO = b"\xff\xd8\xff\xe0JFIF" + b"pixels of a face " * 70_000
LATITUDE, LONGITUDE = 215_123_456, 1_067_654_321


def canaries(sha256: str) -> dict[str, bytes]:
    """Every way in which what was recorded might show."""
    found = {"photo": PHOTO[:40], "pixels": b"pixels of a face", "hash": sha256.encode(), "raw hash": bytes.fromhex(sha256)}
    for text in ("Vết giày", "Khe Cát", "14A-123.45", "14A12345", "Lò Thị Én", "Tổ trưởng", "dau_vet", "person:P01", "tên nháp"):
        for form in ("NFC", "NFD"):
            shaped = unicodedata.normalize(form, text)
            for coding in ("utf-8", "utf-16-le", "utf-16-be"):
                found[f"{text} {form} {coding}"] = shaped.encode(coding)
            for shift in range(3):
                encoded = base64.b64encode(b"x" * shift + shaped.encode())[4 * (shift > 0) : -4]
                found[f"{text} {form} base64 {shift}"] = encoded if len(encoded) > 5 else shaped.encode()
    for number in (LATITUDE, LONGITUDE):
        found[f"{number} text"] = str(number).encode()
        found[f"{number} degrees"] = f"{number / 1e7:.6f}".encode()
        for order in ("big", "little"):
            found[f"{number} {order}"] = number.to_bytes(4, order)
    return found


def scan(folder, sha256: str) -> list[tuple[str, str]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in files)
    return [(path.name, what) for path in files for what, needle in canaries(sha256).items() if needle in path.read_bytes()]


def fill(device: Device):
    """A store with everything that can be in one; returns it open, with its WAL."""
    store = device.create()
    seen = record(store, observation(WORDS, priority="khan", latitude_e7=LATITUDE))
    kept = store.photos.keep(PHOTO)
    record(
        store,
        PhotoTaken(of=seen.ref, sha256=kept.sha256, size_bytes=kept.size_bytes, media_type="image/jpeg", taken_ms=START_MS),
    )
    store.act(lambda pen: (pen.keep_draft("tên nháp", DRAFT.encode()), pen.keep_fix(b"%d %d" % (LATITUDE, LONGITUDE))))
    store.apply_page(Page("DON", 3, (OtherWriter().write(observation(WORDS, latitude_e7=LATITUDE)),)))
    store.photos.note_upload(kept.sha256, 3, f"/photos/upload/{kept.sha256}")
    store.settle_photo(device.station.photo_receipt(kept.sha256, kept.size_bytes))
    store.settle(*device.station.receipt(store.vault.identity.writer, store.sending.unsent(1)[0], held={1: "no_role"}))
    store.write_snapshot()
    return store, kept.sha256


def test_the_scan_finds_what_is_in_the_clear(tmp_path):
    (tmp_path / "x-wal").write_bytes(b"..." + "Vết giày".encode("utf-16-le") + LATITUDE.to_bytes(4, "little"))
    assert {what for _, what in scan(tmp_path, "5a" * 32)} == {"Vết giày NFC utf-16-le", f"{LATITUDE} little"}


def test_no_file_holds_anything_recorded_while_the_store_is_in_use(tmp_path):
    store, sha256 = fill(Device(tmp_path / "store", random_bytes=os.urandom))
    assert scan(tmp_path / "store", sha256) == []
    store.lock()
    record(store, observation(WORDS))
    assert scan(tmp_path / "store", sha256) == []
    store.close()


def sort_at_length(connection: sqlite3.Connection) -> list[str]:
    """Files of its own that SQLite has open while it reads off a sorted list of eight megabytes, and keeps as much aside."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
    connection.execute("CREATE TEMP TABLE aside (text)")
    connection.execute(f"{numbers} INSERT INTO aside SELECT hex(randomblob(100)) FROM n")
    sorted_rows = connection.execute("SELECT text FROM aside ORDER BY text")
    sorted_rows.fetchone()
    targets = [path.readlink().name for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return [name for name in targets if name.startswith("etilqs_")]


def test_what_the_views_sort_at_length_lies_in_no_file():
    with closing(sqlite3.connect(":memory:")) as careless:
        assert sort_at_length(careless)
    views = ViewsAlone()
    with views.session() as session:
        assert sort_at_length(session.connection().connection.driver_connection) == []
    views.close()


def test_what_goes_wrong_while_a_row_is_written_is_told_without_the_row():
    views = ViewsAlone()
    with views.session() as session:
        session.connection().exec_driver_sql("DROP TABLE search")
        session.commit()
        with pytest.raises(OperationalError) as failed:
            session.connection().exec_driver_sql("INSERT INTO search(rowid, folded) VALUES (?,?)", (1, WORDS))
    views.close()
    assert "search" in str(failed.value)
    assert WORDS not in str(failed.value)


@pytest.mark.slow
def test_no_file_holds_anything_recorded_after_a_kill(tmp_path):
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_fill_and_wait, args=(tmp_path / "store", theirs))
    child.start()
    sha256 = ours.recv()
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert scan(tmp_path / "store", sha256) == []


def _fill_and_wait(folder, pipe):
    store, sha256 = fill(Device(folder, random_bytes=os.urandom))
    pipe.send(sha256)
    while True:
        record(store, observation(WORDS, latitude_e7=LATITUDE))
