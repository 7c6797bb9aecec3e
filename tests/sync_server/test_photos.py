"""Photos: in pieces that survive a broken line, kept under their hash, given only to who may see them."""

import asyncio
import hashlib
import os
from base64 import b64encode

import pytest

from journal.wire import PhotoReceipt, PhotoStanding
from tests.entries_made import a_photo, an_observation
from tests.sync_server.dead_lines import fall_silent
from tests.sync_server.fakes import Device, House, problem

PHOTO = bytes(range(256)) * 1_000
SHA256 = hashlib.sha256(PHOTO).hexdigest()
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = TUS | {"Content-Type": "application/offset+octet-stream"}


async def begin(device: Device, raw: bytes = PHOTO, sha256: str | None = None):
    name = b64encode((sha256 or hashlib.sha256(raw).hexdigest()).encode()).decode()
    headers = TUS | {
        "Upload-Length": str(len(raw)),
        "Upload-Metadata": f"sha256 {name},media_type {b64encode(b'image/jpeg').decode()}",
    }
    return await device.ask("POST", "/photos", headers=headers)


async def add(device: Device, place: str, offset: int, piece: bytes, **headers: str):
    return await device.ask("PATCH", place, content=piece, headers=PIECE | {"Upload-Offset": str(offset)} | headers)


async def upload(device: Device, raw: bytes = PHOTO) -> PhotoReceipt:
    place = (await begin(device, raw)).headers["location"]
    response = await add(device, place, 0, raw)
    assert response.status_code == 200, response.text
    return read_receipt(device.house, response.content)


def read_receipt(house: House, content: bytes) -> PhotoReceipt:
    standing = PhotoStanding.unpack(content)
    assert standing.receipt.holds_for(house.running.station.public_key)
    return PhotoReceipt.unpack(standing.receipt.message)


async def test_a_photo_in_three_pieces_gets_one_receipt_that_names_its_hash(enrolled, house):
    device = await enrolled("P03")
    place = (await begin(device)).headers["location"]
    for offset in (0, 100_000):
        response = await add(device, place, offset, PHOTO[offset : offset + 100_000])
        assert (response.status_code, response.headers["upload-offset"]) == (204, str(offset + 100_000))
        assert (await device.ask("HEAD", place, headers=TUS)).headers["upload-offset"] == str(offset + 100_000)
    receipt = read_receipt(house, (await add(device, place, 200_000, PHOTO[200_000:])).content)
    assert (receipt.sha256, receipt.size_bytes, receipt.epoch) == (SHA256, len(PHOTO), house.epoch)


async def add_and_fall_silent(device: Device, place: str, raw: bytes) -> asyncio.Task[object]:
    headers = PIECE | {"Upload-Offset": "0"}
    return await fall_silent(lambda body: device.ask("PATCH", place, content=body, headers=headers), raw)


@pytest.mark.parametrize("asked", ["HEAD", "POST"])
async def test_a_line_that_died_without_a_word_holds_nothing_up_and_loses_no_byte(enrolled, asked):
    device = await enrolled("P03")
    place = (await begin(device)).headers["location"]
    hanging = await add_and_fall_silent(device, place, PHOTO[:70_001])
    again = await (begin(device) if asked == "POST" else device.ask("HEAD", place, headers=TUS))
    assert again.headers["upload-offset"] == "70001"
    assert problem(await hanging).code == "not_whole"
    assert (await add(device, place, 70_001, PHOTO[70_001:])).status_code == 200


async def test_a_station_that_dies_in_a_long_piece_asks_for_less_than_a_quarter_mebibyte_again(enrolled, house):
    raw = PHOTO * 4
    device = await enrolled("P03")
    place = (await begin(device, raw)).headers["location"]
    hanging = await add_and_fall_silent(device, place, raw[:1_000_000])
    house.restart()
    device.http = house.client()
    held = int((await device.ask("HEAD", place, headers=TUS)).headers["upload-offset"])
    assert 1_000_000 - 262_144 - 32_768 <= held <= 1_000_000
    assert (await add(device, place, held, raw[held:])).status_code == 200
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)


async def test_a_piece_at_a_wrong_offset_is_refused_with_the_right_one(enrolled):
    device = await enrolled("P03")
    place = (await begin(device)).headers["location"]
    await add(device, place, 0, PHOTO[:1_000])
    response = await add(device, place, 500, PHOTO[500:1_500])
    assert (problem(response).code, response.headers["upload-offset"]) == ("offset", "1000")


async def test_bytes_with_another_hash_are_thrown_away_and_get_no_receipt(enrolled):
    device = await enrolled("P03")
    place = (await begin(device, sha256=hashlib.sha256(b"other").hexdigest())).headers["location"]
    assert problem(await add(device, place, 0, PHOTO)).code == "photo_hash"
    assert (await device.ask("HEAD", place, headers=TUS)).status_code == 404


async def test_a_piece_whose_checksum_does_not_fit_does_not_count(enrolled):
    device = await enrolled("P03")
    place = (await begin(device)).headers["location"]
    wrong = "sha256 " + b64encode(hashlib.sha256(b"x").digest()).decode()
    response = await add(device, place, 0, PHOTO[:5_000], **{"Upload-Checksum": wrong})
    assert (response.status_code, problem(response).code) == (460, "checksum")
    right = "sha1 " + b64encode(hashlib.sha1(PHOTO[:5_000]).digest()).decode()
    assert (await add(device, place, 0, PHOTO[:5_000], **{"Upload-Checksum": right})).headers["upload-offset"] == "5000"


async def test_what_is_stored_already_is_receipted_without_sending_it_again(enrolled, house):
    first, second = await enrolled("P03"), await enrolled("P01")
    await upload(first)
    response = await begin(second)
    assert (response.status_code, read_receipt(house, response.content).sha256) == (200, SHA256)


@pytest.mark.parametrize("kept", [None, PHOTO[:-1] + b"x"], ids=["lost", "rotten"])
async def test_a_photo_that_the_disk_did_not_keep_gets_no_receipt_and_is_taken_again(enrolled, house, kept):
    device = await enrolled("P03")
    await upload(device)
    (file,) = (house.settings.folder / "photos").rglob(SHA256)
    file.unlink() if kept is None else file.write_bytes(kept)
    assert (await device.ask("GET", f"/photos/{SHA256}/receipt")).status_code == 404
    assert (await upload(device)).sha256 == SHA256
    assert (await device.ask("GET", f"/photos/{SHA256}")).content == PHOTO


async def test_a_lost_last_answer_is_made_good_by_asking_for_the_receipt(enrolled, house):
    device = await enrolled("P03")
    await upload(device)
    receipt = await device.ask("GET", f"/photos/{SHA256}/receipt")
    assert read_receipt(house, receipt.content).sha256 == SHA256


async def test_files_that_a_dying_station_left_go_a_day_later_and_those_of_uploads_stay(enrolled, house):
    device = await enrolled("P03")
    place = (await begin(device)).headers["location"]
    await add(device, place, 0, PHOTO[:1_000])
    folder, yesterday_s = house.settings.uploads_folder, house.clock.now_ms() / 1000 - 86_401
    (folder / "old").touch()
    for file in folder.iterdir():
        os.utime(file, (yesterday_s, yesterday_s))
    (folder / "new").touch()
    house.restart()
    assert sorted(file.name for file in folder.iterdir()) == sorted(["new", place.rpartition("/")[2]])
    device.http = house.client()
    assert (await add(device, place, 1_000, PHOTO[1_000:])).status_code == 200


async def test_an_upload_goes_on_after_the_station_was_restarted(enrolled, house):
    device = await enrolled("P03")
    place = (await begin(device)).headers["location"]
    await add(device, place, 0, PHOTO[:70_000])
    house.restart()
    device.http = house.client()
    assert (await device.ask("HEAD", place, headers=TUS)).headers["upload-offset"] == "70000"
    assert (await add(device, place, 70_000, PHOTO[70_000:])).status_code == 200


async def test_what_the_disk_holds_beyond_the_told_offset_is_cut_off(enrolled, house):
    device = await enrolled("P03")
    place = (await begin(device)).headers["location"]
    await add(device, place, 0, PHOTO[:70_000])
    file = house.settings.uploads_folder / place.rsplit("/", 1)[1]
    file.write_bytes(PHOTO[:70_000] + bytes(30_000))
    assert (await add(device, place, 70_000, PHOTO[70_000:])).status_code == 200


async def test_an_upload_expires_after_days_and_its_bytes_go(enrolled, house):
    device = await enrolled("P03")
    place = (await begin(device)).headers["location"]
    house.clock.pass_by(8 * 86_400_000)
    assert (await device.ask("HEAD", place, headers=TUS)).status_code == 410
    await begin(device, PHOTO[:100])
    assert not (house.settings.uploads_folder / place.rsplit("/", 1)[1]).exists()


async def test_an_upload_of_somebody_else_does_not_exist(enrolled):
    author, other = await enrolled("P03"), await enrolled("P01")
    place = (await begin(author)).headers["location"]
    assert (await add(other, place, 0, PHOTO)).status_code == 404


async def test_only_who_may_see_an_entry_that_names_it_gets_a_photo(enrolled):
    author, commander, stranger = await enrolled("P03"), await enrolled("C01"), await enrolled("X01")
    seen = author.write(an_observation())
    author.write(a_photo(seen.ref, sha256=SHA256, size_bytes=len(PHOTO)))
    await author.push()
    await upload(author)
    assert (await commander.ask("GET", f"/photos/{SHA256}")).content == PHOTO
    assert (await stranger.ask("GET", f"/photos/{SHA256}")).status_code == 404
    assert (await stranger.ask("GET", f"/photos/{SHA256}/receipt")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-99", 0, 100), ("bytes=255900-", 255_900, 256_000), ("bytes=-10", 255_990, 256_000)]
)
async def test_a_stretch_of_a_photo_can_be_asked_for(enrolled, asked, start, end):
    device = await enrolled("P03")
    await upload(device)
    response = await device.ask("GET", f"/photos/{SHA256}", headers={"range": asked})
    assert (response.status_code, response.content) == (206, PHOTO[start:end])
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/256000"


async def test_a_device_cannot_have_uploads_without_end(enrolled, house):
    device = await enrolled("P03")
    answers = [await begin(device, PHOTO[: n + 1]) for n in range(house.settings.limits.uploads_each + 1)]
    assert problem(answers[-1]).code == "too_many_uploads"
    assert {one.status_code for one in answers[:-1]} == {201}


async def test_a_photo_larger_than_the_limit_is_not_begun(enrolled):
    device = await enrolled("P03")
    name = b64encode(SHA256.encode()).decode()
    headers = TUS | {"Upload-Length": "26214401", "Upload-Metadata": f"sha256 {name}"}
    assert problem(await device.ask("POST", "/photos", headers=headers)).code == "too_large"


async def test_an_upload_has_its_name_on_disk_before_anybody_is_told_of_it(enrolled, house, monkeypatch):
    synced = []
    monkeypatch.setattr("sync_server.uploads.sync_folder", lambda folder: synced.append(sorted(folder.iterdir())))
    place = (await begin(await enrolled("P03"))).headers["location"]
    assert synced == [[house.settings.uploads_folder / place.rsplit("/", 1)[1]]]
