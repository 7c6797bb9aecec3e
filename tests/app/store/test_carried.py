"""The shelf of others' bundles: whole or not at all, bounded, never at the cost of the own work."""

import errno
import hashlib
import random

import pytest

from app.store import carried
from app.store.carried import ANSWERS_FOR_MS, KEPT_FREE_BYTES, MOST_BUNDLES, CarriedShelf
from app.store.space import NoRoom
from journal.bundle import HEAD_BYTES, BundleReply, BundleUnreadable, seal_bundle
from journal.names import WriterId

STATION, OTHER = WriterId("et3o22wl7yiatqbq"), WriterId("kzdvvj2umnduyauf")
WRITER = "kzdvvj2umnduyauf"


def a_bundle(n: int = 1, station: WriterId = STATION) -> bytes:
    return b"".join(seal_bundle(station, bytes([9]) + bytes(31), [b"x" * 500], random.Random(n).randbytes))


def name_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def put(shelf: CarriedShelf, raw: bytes, now_ms: int = 1) -> None:
    arriving = shelf.begin(name_of(raw), len(raw))
    arriving.add(raw)
    shelf.keep(arriving, station=STATION, writer=WRITER, now_ms=now_ms)


@pytest.fixture
def shelf(tmp_path):
    return CarriedShelf(tmp_path / "carried", lambda _: KEPT_FREE_BYTES * 10)


def test_what_was_taken_is_there_after_a_start(shelf, tmp_path):
    put(shelf, a_bundle())
    again = CarriedShelf(tmp_path / "carried")
    again.tidy(2)
    assert [one.writer for one in again.waiting(STATION)] == [WRITER]
    assert again.path_of(name_of(a_bundle())).read_bytes() == a_bundle()


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-1], lambda raw: raw[:-1] + b"?", lambda raw: b"x" * len(raw)])
def test_a_bundle_that_came_otherwise_than_offered_is_not_kept(shelf, spoil):
    raw = a_bundle()
    arriving = shelf.begin(name_of(raw), len(raw))
    arriving.add(spoil(raw))
    with pytest.raises(BundleUnreadable):
        shelf.keep(arriving, station=STATION, writer=WRITER, now_ms=1)
    arriving.drop()
    assert shelf.all() == ()
    assert list((shelf.path_of(name_of(raw)).parent).iterdir()) == []


def test_a_bundle_for_another_station_or_longer_than_offered_is_not_kept(shelf):
    raw = a_bundle(station=OTHER)
    arriving = shelf.begin(name_of(raw), len(raw))
    arriving.add(raw)
    with pytest.raises(BundleUnreadable, match="another station"):
        shelf.keep(arriving, station=STATION, writer=WRITER, now_ms=1)
    arriving.drop()
    longer = shelf.begin(name_of(raw), HEAD_BYTES)
    with pytest.raises(BundleUnreadable, match="more bytes"):
        longer.add(raw)
    longer.drop()


def test_there_is_an_end_to_how_much_one_phone_carries(tmp_path):
    free = [KEPT_FREE_BYTES + 100]
    shelf = CarriedShelf(tmp_path / "carried", lambda _: free[0])
    with pytest.raises(NoRoom):
        shelf.begin("a" * 64, 101)
    free[0] = KEPT_FREE_BYTES * 10
    for n in range(MOST_BUNDLES):
        put(shelf, a_bundle(n))
    assert shelf.room_bytes() == 0
    with pytest.raises(NoRoom):
        shelf.begin("a" * 64, 1)
    shelf.delivered(name_of(a_bundle(0)), BundleReply(writer=WRITER), 5)
    assert shelf.room_bytes() > 0


def test_bundles_that_come_side_by_side_do_not_count_on_the_same_room(tmp_path):
    shelf = CarriedShelf(tmp_path / "carried", lambda _: KEPT_FREE_BYTES + 100)
    first = shelf.begin("a" * 64, 60)
    with pytest.raises(NoRoom):
        shelf.begin("b" * 64, 60)
    first.drop()
    shelf.begin("b" * 64, 60).drop()


def test_only_what_the_station_refuses_can_be_thrown_away(shelf):
    raw = a_bundle()
    put(shelf, raw)
    shelf.throw_away(name_of(raw))
    assert len(shelf.waiting(STATION)) == 1
    shelf.refused(name_of(raw), "gap", 3)
    shelf.try_again(name_of(raw), 4)
    assert len(shelf.waiting(STATION)) == 1
    shelf.refused(name_of(raw), "gap", 5)
    shelf.throw_away(name_of(raw))
    assert shelf.all() == ()


def test_answers_wait_for_their_writer_for_weeks_and_half_a_bundle_not_at_all(shelf):
    raw = a_bundle()
    put(shelf, raw)
    shelf.delivered(name_of(raw), BundleReply(writer=WRITER), 10)
    half = shelf.begin("b" * 64, 10)
    half.add(b"half")
    half._file.close()
    shelf.tidy(10 + ANSWERS_FOR_MS)
    assert shelf.replies_for(WRITER) == (BundleReply(writer=WRITER),)
    assert shelf.replies_for("other") == ()
    assert not list(shelf.path_of("b" * 64).parent.glob("*.coming"))
    shelf.tidy(11 + ANSWERS_FOR_MS)
    assert shelf.all() == ()


def test_a_bundle_stays_whose_note_cannot_be_read_now(shelf, tmp_path):
    raw = a_bundle()
    put(shelf, raw)
    note = shelf.path_of(name_of(raw)).with_suffix(".json")
    said = note.read_bytes()
    note.write_bytes(said.replace(b'"waiting"', b'"of_a_newer_version"'))
    CarriedShelf(note.parent).tidy(5)
    note.write_bytes(said)
    assert [one.bundle for one in shelf.waiting(STATION)] == [name_of(raw)]
    assert shelf.path_of(name_of(raw)).read_bytes() == raw


def test_what_the_station_said_while_the_disk_was_full_holds_and_is_written_down_once_there_is_room(shelf, tmp_path, monkeypatch):
    raw, reply = a_bundle(), BundleReply(writer=WRITER)
    put(shelf, raw)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as disk:
        disk.setattr(carried, "write_durably", full)
        shelf.delivered(name_of(raw), reply, 2)
        assert shelf.waiting(STATION) == ()
        assert shelf.replies_for(WRITER) == (reply,)
        assert shelf.path_of(name_of(raw)).read_bytes() == raw
        assert [one.bundle for one in CarriedShelf(tmp_path / "carried").waiting(STATION)] == [name_of(raw)]
    assert shelf.owes_notes
    assert shelf.waiting(STATION) == ()
    assert not shelf.owes_notes
    assert not shelf.path_of(name_of(raw)).exists()
    assert CarriedShelf(tmp_path / "carried").replies_for(WRITER) == (reply,)


def test_a_name_that_is_no_hash_reaches_no_file(shelf):
    for name in ("../../vault", "a" * 63, "A" * 64, ""):
        with pytest.raises(ValueError, match="no name"):
            shelf.begin(name, 1)
