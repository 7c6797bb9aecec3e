"""Two phones and no station: one takes the other's sealed bundle, says so by its key, and brings the receipts back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.store.carried import CarriedShelf
from app.store.handed_over import HandedWork
from app.sync.bundle import Photos
from app.sync.delivery import deliver_carried
from app.sync.giving import Given, Giving, NotGiven, Where
from app.sync.neighbours import LINE_BYTES, TALKS_AT_ONCE, WRONG_CODES, Taking
from journal.neighbour import Giver, NotTaken, Offer, Taker, TakerCard
from journal.wire import Signed, to_text
from tests.app.sync.test_bundle import record_with_photo
from tests.whole_journey.bookkeeping import on_server
from tests.whole_journey.device import Device
from tests.whole_journey.post import Post

HERE = "127.0.0.1"


@pytest.fixture
async def taking(desk: Device, tmp_path: Path) -> AsyncIterator[Taking]:
    """The desk's device, as a phone that carries for others."""
    shelf = CarriedShelf(tmp_path / "carried")
    door = Taking(shelf, desk.notebook.identity, now_ms=desk.watch.now_ms, random_bytes=desk.random_bytes)
    await door.start(HERE)
    yield door
    await door.stop()


def giving(phone: Device, *members: str) -> Giving:
    return Giving(phone.notebook, members=members, now_ms=phone.watch.now_ms, random_bytes=phone.random_bytes)


def at(door: Taking) -> Where:
    card = TakerCard.from_text(door.card((HERE,)).as_text())
    return Where(card.hosts, card.port, card.writer)


async def test_what_one_phone_gives_another_delivers_and_brings_the_receipts_back(
    post: Post, phone: Device, desk: Device, taking: Taking, tmp_path: Path
):
    await record_with_photo(phone)
    waits = await phone.notebook.waiting()
    given = await giving(phone).hand_over(at(taking), taking.code, Photos.ORIGINAL)
    assert isinstance(given, Given)
    assert (given.carrier, given.bundles, given.told) == (desk.notebook.writer, 1, 0)
    (note,) = await phone.notebook.handed(HandedWork.notes)
    assert (note.carrier, note.to_seq) == (desk.notebook.writer, waits.entries)
    assert await phone.notebook.waiting() == waits
    shelf = CarriedShelf(tmp_path / "carried")
    await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None)
    assert (phone.notebook.writer, 1) in on_server(post.database_file)
    again = await giving(phone).hand_over(at(taking), taking.code, Photos.ORIGINAL)
    assert again == Given(desk.notebook.writer, told=1 + waits.photos)
    assert await phone.notebook.handed(HandedWork.notes) == ()
    now = await phone.notebook.waiting()
    assert (now.entries, now.photos) == (0, 0)


async def test_a_code_is_good_for_one_talk_and_guessing_changes_it(phone: Device, taking: Taking):
    await record_with_photo(phone)
    first = taking.code
    wrong = f"{(int(first) + 1) % 10**6:06d}"
    assert await giving(phone).hand_over(at(taking), wrong, Photos.NONE) == NotGiven("code")
    await giving(phone).hand_over(at(taking), first, Photos.NONE)
    assert taking.code != first
    assert await giving(phone).hand_over(at(taking), first, Photos.NONE) == NotGiven("code")
    before = taking.code
    for _ in range(WRONG_CODES):
        await giving(phone).hand_over(at(taking), f"{(int(before) + 1) % 10**6:06d}", Photos.NONE)
    assert taking.code != before


async def test_a_typed_address_leads_only_to_a_phone_that_the_register_knows(phone: Device, desk: Device, taking: Taking):
    await record_with_photo(phone)
    typed = Where((HERE,), taking.port)
    assert await giving(phone).hand_over(typed, taking.code, Photos.NONE) == NotGiven("stranger")
    assert await phone.notebook.handed(HandedWork.notes) == ()
    known = await giving(phone, desk.notebook.writer).hand_over(typed, taking.code, Photos.NONE)
    assert isinstance(known, Given)


async def test_a_card_leads_to_nobody_but_the_phone_that_showed_it(phone: Device, taking: Taking):
    await record_with_photo(phone)
    where = Where((HERE,), taking.port, "a" * 16)
    assert await giving(phone).hand_over(where, taking.code, Photos.NONE) == NotGiven("stranger")


async def test_where_nobody_listens_nothing_is_given(phone: Device, taking: Taking):
    await record_with_photo(phone)
    where = at(taking)
    await taking.stop()
    assert await giving(phone).hand_over(where, taking.code, Photos.NONE) == NotGiven("unreachable")


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.lan", "a\0b"])
async def test_where_no_host_can_be_nothing_is_given(phone: Device, host: str):
    await record_with_photo(phone)
    assert await giving(phone).hand_over(Where((host,), 5), "123456", Photos.NONE) == NotGiven("unreachable")


async def test_a_full_phone_takes_nothing_and_says_so(phone: Device, desk: Device, tmp_path: Path):
    await record_with_photo(phone)
    shelf = CarriedShelf(tmp_path / "full", lambda _: 0)
    door = Taking(shelf, desk.notebook.identity, now_ms=desk.watch.now_ms, random_bytes=desk.random_bytes)
    await door.start(HERE)
    outcome = await giving(phone).hand_over(at(door), door.code, Photos.NONE)
    assert outcome == NotGiven("full", Given(desk.notebook.writer))
    assert await phone.notebook.handed(HandedWork.notes) == ()
    await door.stop()


async def talk(door: Taking, *lines: bytes) -> list[bytes]:
    """What the carrier answers to these bytes, until it ends the talk."""
    reader, writer = await asyncio.open_connection(HERE, door.port)
    for line in lines:
        writer.write(line)
    writer.write_eof()
    said = (await reader.read()).split(b"\n")[:-1]
    writer.close()
    return said


def greeting(phone: Device, door: Taking, **changed: str) -> bytes:
    named = {"station": phone.notebook.station.station, "writer": phone.notebook.writer, "code": door.code} | changed
    return Giver.model_validate({**named, "challenge": to_text(b"x" * 16)}).packed() + b"\n"


async def test_a_phone_of_another_station_is_sent_away(phone: Device, taking: Taking):
    (line,) = await talk(taking, greeting(phone, taking, station="a" * 16))
    assert NotTaken.unpack(line).not_taken == "other_station"


@pytest.mark.parametrize("noise", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\n", b"{}\n", b"x" * (LINE_BYTES * 3), b'{"giver":1}\n'])
async def test_noise_is_not_answered_and_leaves_nothing(taking: Taking, tmp_path: Path, noise: bytes):
    assert await talk(taking, noise) == []
    assert not list((tmp_path / "carried").glob("*"))


async def test_half_a_bundle_and_one_that_is_none_are_not_kept(phone: Device, taking: Taking, tmp_path: Path):
    offer = Offer(bundle="a" * 64, size_bytes=500).packed() + b"\n"
    for body, why in ((b"x" * 499, "not_whole"), (b"x" * 500, "unreadable")):
        taker, refused = await talk(taking, greeting(phone, taking), offer + body)
        assert Taker.unpack(Signed.unpack(taker).message).writer
        assert NotTaken.unpack(refused).not_taken == why
    assert not list((tmp_path / "carried").glob("*"))


async def test_a_neighbour_who_vanishes_midway_keeps_no_other_from_handing_over(phone: Device, taking: Taking):
    await record_with_photo(phone)
    reader, writer = await asyncio.open_connection(HERE, taking.port)
    writer.write(greeting(phone, taking) + Offer(bundle="a" * 64, size_bytes=500).packed() + b"\n" + b"x" * 250)
    while not taking.coming_bytes:  # noqa: ASYNC110  told only to those who draw
        await asyncio.sleep(0.01)
    async with asyncio.timeout(5):
        given = await giving(phone).hand_over(at(taking), taking.code, Photos.NONE)
    assert isinstance(given, Given)
    assert taking.coming_bytes == 250
    writer.close()
    while taking.coming_bytes:  # noqa: ASYNC110  told only to those who draw
        await asyncio.sleep(0.01)
    assert reader.at_eof() or await reader.read()


async def test_more_talks_than_a_phone_can_hold_are_closed_at_once(taking: Taking):
    held = [await asyncio.open_connection(HERE, taking.port) for _ in range(TALKS_AT_ONCE)]
    await asyncio.sleep(0.05)
    reader, writer = await asyncio.open_connection(HERE, taking.port)
    assert await reader.read() == b""
    for _, one in [*held, (reader, writer)]:
        one.close()


async def test_a_carrier_that_signs_for_another_bundle_is_not_believed(phone: Device, desk: Device, taking: Taking, monkeypatch):
    await record_with_photo(phone)
    keep = CarriedShelf.keep

    def lie(self, *arguments, **named):
        return keep(self, *arguments, **named).model_copy(update={"bundle": "b" * 64})

    monkeypatch.setattr(CarriedShelf, "keep", lie)
    outcome = await giving(phone).hand_over(at(taking), taking.code, Photos.NONE)
    assert outcome == NotGiven("stranger", Given(desk.notebook.writer))
    assert await phone.notebook.handed(HandedWork.notes) == ()


async def test_photos_that_do_not_fit_into_one_bundle_go_with_the_next_in_the_same_talk(
    phone: Device, taking: Taking, monkeypatch
):
    await record_with_photo(phone)
    monkeypatch.setattr("app.sync.bundle.MOST_PHOTO_BYTES", 1)
    files = len(await phone.notebook.photos_unsent())
    given = await giving(phone).hand_over(at(taking), taking.code, Photos.ORIGINAL)
    assert isinstance(given, Given)
    assert given.bundles == files
    notes = await phone.notebook.handed(HandedWork.notes)
    assert len({sha256 for note in notes for sha256 in note.photos}) == files
