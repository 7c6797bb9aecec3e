"""A carrier whose line breaks goes on where the station stands; what came is nobody else's, and no other bundle."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType

import httpx

from journal.bundle import BUNDLE_TYPE, BundleReply
from journal.clock import DAY_MS
from tests.entries_made import an_observation
from tests.sync_server.dead_lines import fall_silent
from tests.sync_server.fakes import Device, House, problem
from tests.sync_server.test_bundles import PHOTO, bundle_of, held, leftovers

PART = 20_000


def name_of(bundle: bytes) -> str:
    return hashlib.sha256(bundle).hexdigest()


async def bring_rest(
    carrier: Device,
    bundle: bytes,
    offset: int,
    content: bytes | AsyncIterator[bytes] | None = None,
    changed: Mapping[str, str] = MappingProxyType({}),
) -> httpx.Response:
    told = {"bundle": name_of(bundle), "upload-length": str(len(bundle)), "upload-offset": str(offset)}
    headers = {"content-type": BUNDLE_TYPE} | told | changed
    return await carrier.ask("POST", "/bundles", content=bundle[offset:] if content is None else content, headers=headers)


async def stands(carrier: Device, bundle: bytes) -> int:
    return int((await carrier.ask("HEAD", f"/bundles/{name_of(bundle)}")).headers["upload-offset"])


async def break_off(carrier: Device, bundle: bytes, offset: int = 0, to: int = PART) -> asyncio.Task[httpx.Response]:
    return await fall_silent(lambda body: bring_rest(carrier, bundle, offset, body), bundle[offset:to])


async def a_bundle(enrolled) -> tuple[Device, bytes]:
    writer = await enrolled("P03")
    writer.write(an_observation())
    return writer, bundle_of(writer, PHOTO)


async def test_a_bundle_whose_line_died_without_a_word_is_gone_on_with_and_no_byte_comes_twice(enrolled, house: House):
    (writer, bundle), carrier = await a_bundle(enrolled), await enrolled("P01")
    assert await stands(carrier, bundle) == 0
    first = await break_off(carrier, bundle)
    assert await stands(carrier, bundle) == PART
    second = await break_off(carrier, bundle, PART, 2 * PART)
    assert await stands(carrier, bundle) == 2 * PART
    assert [problem(await one).code for one in (first, second)] == ["not_whole", "not_whole"]
    reply = BundleReply.unpack((await bring_rest(carrier, bundle, 2 * PART)).content)
    assert (reply.writer, len(reply.photos), len(held(house)[0])) == (writer.writer, 1, 1)
    assert leftovers(house) == []


async def test_a_carrier_whose_answer_was_lost_hears_it_again_and_sends_nothing(enrolled, house: House):
    (_, bundle), carrier = await a_bundle(enrolled), await enrolled("P01")
    lost = await bring_rest(carrier, bundle, 0)
    before = held(house)
    assert await stands(carrier, bundle) == len(bundle)
    again = await bring_rest(carrier, bundle, len(bundle))
    assert (again.status_code, again.content) == (200, lost.content)
    assert held(house) == before


async def test_what_one_carrier_brought_is_told_to_no_other(enrolled):
    (writer, bundle), carrier = await a_bundle(enrolled), await enrolled("P01")
    hanging = await break_off(carrier, bundle)
    assert await stands(writer, bundle) == 0
    assert (await bring_rest(writer, bundle, 0)).status_code == 200
    assert await stands(carrier, bundle) == PART
    assert problem(await hanging).code == "not_whole"


async def test_a_bundle_at_a_wrong_offset_is_refused_with_the_right_one(enrolled):
    (_, bundle), carrier = await a_bundle(enrolled), await enrolled("P01")
    for wrong in (1, PART):
        refused = await bring_rest(carrier, bundle, wrong)
        assert (problem(refused).code, refused.headers["upload-offset"]) == ("offset", "0")
    await bring_rest(carrier, bundle, 0, bundle[:PART])
    refused = await bring_rest(carrier, bundle, 0)
    assert (problem(refused).code, refused.headers["upload-offset"]) == ("offset", str(PART))


async def test_a_bundle_that_is_another_than_its_name_changes_nothing_and_begins_anew(enrolled, house: House):
    (_, bundle), carrier = await a_bundle(enrolled), await enrolled("P01")
    before = held(house)
    spoilt = bytearray(bundle)
    spoilt[PART] ^= 1
    await bring_rest(carrier, bundle, 0, bytes(spoilt[: 2 * PART]))
    assert problem(await bring_rest(carrier, bundle, 2 * PART)).code == "photo_hash"
    assert (held(house), leftovers(house), await stands(carrier, bundle)) == (before, [], 0)
    assert (await bring_rest(carrier, bundle, 0)).status_code == 200


async def test_a_bundle_is_announced_as_it_should_be_or_not_taken(enrolled, house: House):
    (_, bundle), carrier = await a_bundle(enrolled), await enrolled("P01")
    for wrong, code in (
        ({"bundle": "x"}, "invalid"),
        ({"upload-length": "-1"}, "invalid"),
        ({"upload-offset": str(len(bundle) + 1)}, "invalid"),
        ({"upload-length": "999999999999"}, "too_large"),
        ({"upload-length": str(len(bundle) - 1)}, "too_large"),
    ):
        assert problem(await bring_rest(carrier, bundle, 0, None, wrong)).code == code
    assert (held(house)[0], leftovers(house)) == ([], [])


async def test_of_what_broke_off_one_bundle_of_a_carrier_stays_and_for_a_day(enrolled, house: House):
    writer, first = await a_bundle(enrolled)
    carrier, other = await enrolled("P01"), await enrolled("P02")
    second = bundle_of(writer, PHOTO, made_ms=2)
    for bundle in (first, second):
        await bring_rest(carrier, bundle, 0, bundle[:PART])
    assert (await stands(carrier, first), await stands(carrier, second), len(leftovers(house))) == (0, PART, 1)
    house.clock.pass_by(DAY_MS)
    await bring_rest(other, first, 0, first[:PART])
    assert (await stands(carrier, second), await stands(other, first), len(leftovers(house))) == (0, PART, 1)


async def test_a_station_that_started_anew_has_a_broken_bundle_begin_anew(enrolled, house: House):
    (_, bundle), carrier = await a_bundle(enrolled), await enrolled("P01")
    await bring_rest(carrier, bundle, 0, bundle[:PART])
    house.restart()
    carrier.http = house.client()
    assert (await stands(carrier, bundle), leftovers(house)) == (0, [])
    assert (await bring_rest(carrier, bundle, 0)).status_code == 200
