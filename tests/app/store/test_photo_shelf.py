"""A photo waits until an entry names it, and leaves the device only with the station's receipt; what left stays away."""

import pytest

from app.store.outcomes import PhotoReceived, PhotoReleased
from journal.entries import PhotoTaken, RenditionMade
from tests.app.store.fakes import START_MS, Device, Station, record, reopen


@pytest.fixture
def device(tmp_path):
    return Device(tmp_path / "store")


def test_a_photo_waits_until_named_and_leaves_only_with_the_stations_receipt(device):
    store = device.create()
    raw = bytes(range(256)) * 9_000
    kept = store.photos.keep(raw)
    assert store.photos.waiting() == []
    seen = record(store)
    photo = PhotoTaken(of=seen.ref, sha256=kept.sha256, size_bytes=kept.size_bytes, media_type="image/jpeg", taken_ms=START_MS)
    record(store, photo)
    (waiting,) = store.photos.waiting()
    assert (waiting.role, waiting.size_bytes, waiting.sent_to) == ("original", len(raw), 0)
    store.photos.note_upload(kept.sha256, 512, "/photos/upload/1")
    store.lock()
    (waiting,) = store.photos.waiting()
    assert (waiting.sent_to, waiting.upload) == (512, "/photos/upload/1")
    assert store.photos.read(kept.sha256) == raw
    assert store.release_photo(Station(99).photo_receipt(kept.sha256, len(raw))).why == "not_signed"
    assert store.release_photo(device.station.photo_receipt("0" * 64, 5)).why == "unknown_photo"
    assert store.photos.read(kept.sha256) == raw
    receipt = device.station.photo_receipt(kept.sha256, len(raw))
    assert type(store.settle_photo(receipt)).__name__ == "PhotoReceived"
    assert store.photos.waiting() == []
    assert type(store.release_photo(receipt)).__name__ == "PhotoReleased"
    assert store.photos.read(kept.sha256) is None
    assert list((device.folder / "photos").iterdir()) == []
    store = reopen(device, store)
    store.close()


def test_a_photo_that_left_stays_away_though_the_receipt_of_an_upload_under_way_comes_after(device):
    store = device.create()
    kept = store.photos.keep(bytes(9_000))
    seen = record(store)
    record(
        store, PhotoTaken(of=seen.ref, sha256=kept.sha256, size_bytes=kept.size_bytes, media_type="image/jpeg", taken_ms=START_MS)
    )
    receipt = device.station.photo_receipt(kept.sha256, kept.size_bytes)
    assert store.release_photo(receipt) == PhotoReleased()
    assert store.settle_photo(receipt) == PhotoReceived()
    store.begin_epoch("1" * 16)
    assert store.photos.waiting() == []
    store = reopen(device, store)
    assert store.photos.missing == 0
    store.close()


def test_a_damaged_row_of_a_photo_that_the_station_has_is_written_anew_and_the_photo_is_not_sent_again(device):
    store = device.create()
    raw = bytes(range(256)) * 400
    kept = store.photos.keep(raw)
    seen = record(store)
    record(
        store, PhotoTaken(of=seen.ref, sha256=kept.sha256, size_bytes=kept.size_bytes, media_type="image/jpeg", taken_ms=START_MS)
    )
    store.settle_photo(device.station.photo_receipt(kept.sha256, len(raw)))
    store._file.connection.execute("UPDATE photo SET blob = zeroblob(92)")
    for _ in range(2):
        store = reopen(device, store)
        assert (store.photos.waiting(), store.photos.may_leave()) == ([], [kept])
    assert store.photos.read(kept.sha256) == raw
    store.close()


def test_what_the_station_has_may_leave_and_what_is_fetched_again_is_here_after_a_restart(device):
    store = device.create()
    raws = {"original": bytes(range(256)) * 400, "preview": bytes(9_000), "unsent": bytes(range(256)) * 500}
    kept = {name: store.photos.keep(raw) for name, raw in raws.items()}
    seen, photos = record(store), {}
    for name in ("original", "unsent"):
        one = kept[name]
        photo = PhotoTaken(of=seen.ref, sha256=one.sha256, size_bytes=one.size_bytes, media_type="image/jpeg", taken_ms=START_MS)
        photos[name] = record(store, photo)
    made = kept["preview"]
    size = {"size_bytes": made.size_bytes, "width_px": 8, "height_px": 8}
    preview = RenditionMade(role="preview", sha256=made.sha256, media_type="image/jpeg", **size)
    store.act(lambda pen: pen.write(preview, subject=photos["original"].ref))
    for name in ("original", "preview"):
        store.settle_photo(device.station.photo_receipt(kept[name].sha256, kept[name].size_bytes))
    assert store.photos.may_leave() == [kept["original"]]
    store.release_photo(device.station.photo_receipt(kept["original"].sha256, kept["original"].size_bytes))
    assert store.photos.may_leave() == []
    for _ in range(8):
        store.photos.keep(raws["original"], foreign=True)
        store = reopen(device, store)
        assert store.photos.read(kept["original"].sha256) == raws["original"]
        assert store.photos.may_leave() == [kept["original"]]
        store.release_photo(device.station.photo_receipt(kept["original"].sha256, kept["original"].size_bytes))
    assert store.photos.read(kept["preview"].sha256) == raws["preview"]
    store.close()
