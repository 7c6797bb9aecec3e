"""A bundle that somebody brings: taken in whole, once, with receipts for its writer; or refused, and nothing changes."""

import asyncio
import hashlib
import io
import random
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from sqlalchemy import select

from journal.bundle import (
    BUNDLE_TYPE,
    HEAD_BYTES,
    PIECE_BYTES,
    BundledPhoto,
    BundleOpening,
    BundleReply,
    bundle_plain,
    seal_bundle,
)
from journal.exchange import write_push
from journal.wire import PhotoReceipt, Receipt, from_text
from sync_server.admission import ENTRIES
from sync_server.command_setting import Setting
from sync_server.commands import COMMANDS
from sync_server.tables import AccessLogRow, PhotoRow, table_of
from tests.entries_made import a_photo, an_observation
from tests.sync_server.conftest import PEOPLE
from tests.sync_server.dead_lines import fall_silent
from tests.sync_server.fakes import Device, House, build_house, problem

PHOTO = random.Random(4).randbytes(PIECE_BYTES)
SHA256 = hashlib.sha256(PHOTO).hexdigest()
PHOTOS = table_of(PhotoRow)


def bundle_of(device: Device, *photos: bytes, first_seq: int = 1, push: bytes | None = None, **changed: object) -> bytes:
    """What this device would hand to a carrier."""
    assert device.card is not None
    if push is None:
        push = b"".join(write_push(device.writer, first_seq, device.frames(first_seq)))
    named = {hashlib.sha256(raw).hexdigest(): raw for raw in photos}
    opening = BundleOpening(
        station=device.card.station, epoch=device.epoch, writer=device.writer, made_ms=1, push_bytes=len(push),
        photos=tuple(BundledPhoto(sha256=name, size_bytes=len(raw), media_type="image/jpeg") for name, raw in named.items()),
    ).model_copy(update=changed)  # fmt: skip
    plain = bundle_plain(device.key, opening, push, lambda photo: named.get(photo.sha256, PHOTO))
    return b"".join(seal_bundle(device.card.station, from_text(device.card.sealing_key), plain, random.Random(1).randbytes))


async def bring(carrier: Device, bundle: bytes | AsyncIterator[bytes]) -> httpx.Response:
    return await carrier.ask("POST", "/bundles", content=bundle, headers={"content-type": BUNDLE_TYPE})


def held(house: House) -> tuple[list[tuple[str, int, str | None]], set[str]]:
    """Entries of people and photos that the station holds."""
    query = select(ENTRIES.c.writer, ENTRIES.c.seq, ENTRIES.c.reason).where(ENTRIES.c.writer != house.running.station.writer)
    with house.running.database.read() as connection:
        entries = [(row.writer, row.seq, row.reason) for row in connection.execute(query.order_by(ENTRIES.c.arrived))]
        return entries, set(connection.execute(select(PHOTOS.c.sha256)).scalars())


def leftovers(house: House) -> list[Path]:
    folders = (house.settings.bundles_folder, house.settings.uploads_folder)
    return [path for folder in folders if folder.exists() for path in folder.iterdir()]


async def test_what_a_carrier_brings_is_received_as_if_its_writer_had_sent_it(enrolled, house):
    writer, carrier, reader = await enrolled("P03"), await enrolled("P01"), await enrolled("C01")
    seen = writer.write(an_observation())
    writer.write(a_photo(seen.ref, sha256=SHA256, size_bytes=len(PHOTO)))
    response = await bring(carrier, bundle_of(writer, PHOTO))
    assert response.status_code == 200, response.text
    reply = BundleReply.unpack(response.content)
    assert reply.push is not None
    receipt = Receipt.unpack(reply.push.receipt.message)
    assert (reply.writer, receipt.writer, receipt.to_seq) == (writer.writer, writer.writer, 2)
    assert receipt.link == writer.chain[1].link.hex()
    words = [reply.push.receipt, *reply.photos]
    assert all(word.holds_for(house.running.station.public_key) for word in words)
    assert [PhotoReceipt.unpack(word.message).sha256 for word in reply.photos] == [SHA256]
    await reader.pull()
    assert reader.sees([seen]) == [True]
    assert (await reader.ask("GET", f"/photos/{SHA256}")).content == PHOTO
    assert leftovers(house) == []


async def test_a_bundle_brought_again_changes_nothing_and_is_answered_alike(enrolled, house):
    writer, carrier = await enrolled("P03"), await enrolled("P01")
    writer.write(an_observation())
    bundle = bundle_of(writer, PHOTO)
    first = BundleReply.unpack((await bring(carrier, bundle)).content)
    before = held(house)
    second = BundleReply.unpack((await bring(writer, bundle)).content)
    assert held(house) == before
    assert first == second
    assert (await writer.push()).to_seq == 1
    assert held(house) == before


async def test_a_bundle_changed_in_any_region_is_refused_and_nothing_changes(enrolled, house):
    writer, carrier = await enrolled("P03"), await enrolled("P01")
    writer.write(an_observation())
    bundle, before = bundle_of(writer, PHOTO), held(house)
    places = [3, 20, 40, 80, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 300, HEAD_BYTES + PIECE_BYTES + 3, len(bundle) - 1]
    spoilt = [bundle[:place] + bytes([bundle[place] ^ 1]) + bundle[place + 1 :] for place in places]
    for wrong in [*spoilt, bundle[:-1], bundle[: HEAD_BYTES + PIECE_BYTES + 16], bundle + b"x", b"", bundle[1:]]:
        assert problem(await bring(carrier, wrong)).code == "unreadable"
    assert held(house) == before
    assert leftovers(house) == []


async def test_a_bundle_that_says_other_than_it_holds_is_refused_and_nothing_changes(enrolled, house):
    writer, carrier, other = await enrolled("P03"), await enrolled("P01"), await enrolled("P02")
    writer.write(an_observation())
    before = held(house)
    lying = BundledPhoto(sha256="0" * 64, size_bytes=len(PHOTO), media_type="image/jpeg")
    half = b"".join(write_push(writer.writer, 1, writer.frames()))[:-3]
    others = b"".join(write_push(other.writer, 1, writer.frames()))
    for wrong in (
        bundle_of(writer, photos=(lying,)),
        bundle_of(writer, push=half),
        bundle_of(writer, push=others),
        bundle_of(writer, push=b"no push"),
        bundle_of(writer, push=b""),
        bundle_of(writer, PHOTO, push_bytes=3),
        bundle_of(writer, writer=other.writer),
        bundle_of(writer, bundle=2),
    ):
        assert problem(await bring(carrier, wrong)).code == "unreadable"
    assert held(house) == before


async def test_of_a_bundle_during_which_the_station_died_nothing_stays_on_its_disk(enrolled, house):
    carrier = await enrolled("P01")
    hanging = await fall_silent(lambda body: bring(carrier, body), b"x" * 100_000)
    house.restart()
    assert list(house.settings.bundles_folder.iterdir()) == []
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)


async def test_only_an_enrolled_device_brings_a_bundle_and_it_is_written_down(enrolled, house):
    writer, carrier = await enrolled("P03"), await enrolled("P01")
    writer.write(an_observation())
    response = await writer.http.post("/bundles", content=bundle_of(writer), headers={"content-type": BUNDLE_TYPE})
    assert problem(response).code == "invalid_token"
    wrong_type = await carrier.ask("POST", "/bundles", content=b"x", headers={"content-type": "text/plain"})
    assert problem(wrong_type).code == "media_type"
    await bring(carrier, bundle_of(writer))
    log = table_of(AccessLogRow)
    with house.running.database.read() as connection:
        row = connection.execute(select(log).where(log.c.what == "bundle")).one()
    assert (row.writer, row.about, row.count) == (carrier.writer, writer.writer, 1)


async def test_what_a_bundle_holds_of_a_revoked_device_is_kept_and_held(enrolled, house):
    writer, carrier = await enrolled("P03"), await enrolled("P01")
    writer.write(an_observation())
    house.running.enrolling.revoke(writer.writer, "lost")
    reply = BundleReply.unpack((await bring(carrier, bundle_of(writer))).content)
    assert reply.push is not None
    assert [one.reason for one in Receipt.unpack(reply.push.receipt.message).held] == ["revoked"]


async def test_photos_travel_when_all_words_are_received(enrolled):
    writer, carrier = await enrolled("P03"), await enrolled("P01")
    seen = writer.write(an_observation())
    writer.write(a_photo(seen.ref, sha256=SHA256, size_bytes=len(PHOTO)))
    await writer.push()
    reply = BundleReply.unpack((await bring(carrier, bundle_of(writer, PHOTO, push=b""))).content)
    assert (reply.push, len(reply.photos)) == (None, 1)


async def test_entries_after_a_gap_are_refused_and_the_bundle_may_come_again(enrolled, house):
    writer, carrier = await enrolled("P03"), await enrolled("P01")
    for _ in range(3):
        writer.write(an_observation())
    later = bundle_of(writer, first_seq=3)
    assert problem(await bring(carrier, later)).code == "gap"
    await writer.push(1, 2)
    assert (await bring(carrier, later)).status_code == 200
    assert len(held(house)[0]) == 3


async def test_the_station_takes_a_bundle_from_a_file_and_leaves_the_answer_beside_it(tmp_path, enrolled, house):
    writer = await enrolled("P03")
    writer.write(an_observation())
    file = tmp_path / "card" / "bundle.tuantra"
    file.parent.mkdir()
    file.write_bytes(bundle_of(writer, PHOTO))
    said = io.StringIO()
    setting = Setting(house.settings.folder, house.clock.now_ms, random.Random(2).randbytes, said, str)
    taken = _run_command(setting, "take", file)
    assert taken == 0
    assert "1 entries and 1 photos" in said.getvalue()
    answer = BundleReply.unpack((file.parent / "bundle.tuantra.answer").read_bytes())
    assert answer.writer == writer.writer
    file.write_bytes(b"no bundle")
    assert _run_command(setting, "take", file) == 1


def _run_command(setting: Setting, *arguments: object) -> int:
    parser = ArgumentParser()
    COMMANDS["bundle"].arguments(parser)
    asked = parser.parse_args([str(one) for one in arguments])
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(COMMANDS["bundle"].run, setting, asked).result()


async def test_a_bundle_larger_than_the_station_takes_is_refused(tmp_path):
    house = build_house(tmp_path, bundle_bytes=500)
    house.settle_people(PEOPLE)
    device = Device(house)
    await device.enrol("P03")
    device.write(an_observation())
    assert problem(await bring(device, bundle_of(device, PHOTO))).code == "too_large"
    assert leftovers(house) == []
    await device.close()
    house.close()
