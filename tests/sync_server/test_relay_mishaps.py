"""Between a station and the province: lines that break, files that come late, restored servers, codes that clash."""

import hashlib

import httpx
import pytest

from journal.entries import (
    PersonRegistered,
    RenditionMade,
    UnitRegistered,
)
from journal.parcel import GivenEntry, Got, Parcel, seal_parcel
from journal.wire import to_text
from sync_server.admitting import confirm_station, end_partner
from sync_server.giving import Asking
from sync_server.own_entries import OwnFact
from sync_server.parcels import make_parcel
from sync_server.problems import Refused
from sync_server.uplink import NotReached
from tests.entries_made import a_photo, an_observation
from tests.sync_server.test_epochs import back_up, restore
from tests.sync_server.test_photos import upload
from tests.sync_server.two_servers import Pair, an_order, cutting, facts_there, rows, written

PHOTO = bytes(range(256)) * 3_000
SHA256 = hashlib.sha256(PHOTO).hexdigest()
ALL_OF_DON = "DON:chi_huy"


async def test_a_line_that_breaks_anywhere_loses_and_doubles_nothing(pair):
    await pair.join(ALL_OF_DON)
    phone, desk = await pair.phone(), await pair.reader("TI01", ALL_OF_DON)
    for _ in range(4):
        phone.write(an_observation())
    await phone.push()
    order = await written(desk, an_order(), unit="TINH")

    def lose_asking(body: bytes, is_answer: bool) -> bytes | None:
        return body if is_answer else None

    def lose_answer(body: bytes, is_answer: bool) -> bytes | None:
        return None if is_answer else body

    for lose in (lose_asking, lose_answer, lose_answer):
        with pytest.raises(NotReached):
            await pair.call(cutting(pair.province, lose))
    assert pair.at_station.trouble
    await pair.call()
    await pair.call()
    await desk.pull()
    await phone.pull()
    assert [row for row in rows(pair.province) if row[0] == phone.writer] == [(phone.writer, seq, 0) for seq in (1, 2, 3, 4)]
    assert desk.sees(phone.entries) == [True] * 4
    assert phone.sees([order]) == [True]
    assert not pair.at_station.trouble


async def test_an_altered_byte_is_refused_by_name_and_changes_nothing(pair):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    await written(phone, an_observation())
    raw, before = (await pair.file_up()).raw, rows(pair.province)
    places = range(0, len(raw), max(1, len(raw) // 40))
    for place in places:
        with pytest.raises(Refused, match="unreadable"):
            await pair.bring_up(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
    for wrong in (raw[:-1], raw + b"x", b"", raw[1:]):
        with pytest.raises(Refused, match="unreadable"):
            await pair.bring_up(wrong)
    assert rows(pair.province) == before
    assert phone.chain[0].raw[40:80] not in raw, "a carrier reads nothing"

    def alter(body: bytes, is_answer: bool) -> bytes:
        return body if is_answer else body[:-9] + bytes([body[-9] ^ 1]) + body[-8:]

    with pytest.raises(NotReached, match="unreadable"):
        await pair.call(cutting(pair.province, alter))
    assert rows(pair.province) == before


async def test_a_parcel_of_a_stranger_or_for_another_is_refused_by_name(pair, tmp_path):
    await pair.join(ALL_OF_DON)
    up = (await pair.file_up()).raw
    with pytest.raises(Refused, match="another station"):
        await pair.bring_down(up)
    other = Pair.build(tmp_path / "others")
    with pytest.raises(Refused, match="not admitted here"):
        await other.bring_up(up)
    await other.close()
    end_partner(pair.province.running, pair.station.running.station.writer)
    with pytest.raises(Refused, match="revoked"):
        await pair.bring_up(up)


async def test_files_carry_it_both_ways_in_any_order_and_twice(pair):
    await pair.join(ALL_OF_DON)
    phone, desk = await pair.phone(), await pair.reader("TI01", ALL_OF_DON)
    seen = await written(phone, an_observation())
    await written(phone, a_photo(seen.ref, sha256=SHA256, size_bytes=len(PHOTO)))
    await upload(phone, PHOTO)
    first = await pair.file_up()
    later = await written(phone, an_observation())
    second = await pair.file_up()
    assert await pair.bring_up(second.raw)
    assert await pair.bring_up(first.raw), "an older file does no harm"
    assert pair.at_province.taken is not None
    assert pair.at_province.taken.serial == second.parcel.serial
    await desk.pull()
    assert desk.sees([seen, later]) == [True, True]
    assert (await desk.ask("GET", f"/photos/{SHA256}")).content == PHOTO
    order = await written(desk, an_order(), unit="TINH")
    down = await pair.file_down()
    assert await pair.bring_down(down.raw)
    assert await pair.bring_down(down.raw)
    await phone.pull()
    assert phone.sees([order]) == [True]
    before = rows(pair.province)
    assert await pair.bring_up((await pair.file_up()).raw)
    assert {ref for ref in rows(pair.province) if ref[0] == phone.writer} == {ref for ref in before if ref[0] == phone.writer}


async def test_a_file_whose_forerunner_was_lost_takes_nothing_and_the_answer_asks_again(pair):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    await written(phone, an_observation())
    await pair.call()
    back_to = pair.at_province
    later = await written(phone, an_observation())
    lost = await pair.file_up()
    with pair.station.running.database.write() as connection:
        connection.exec_driver_sql("update partner set given = ?", ((lost.parcel.got and back_to and _got_of(lost)),))
    await written(phone, an_observation())
    assert not await pair.bring_up((await pair.file_up()).raw)
    assert facts_there(pair.province, later) is None
    assert await pair.bring_down((await pair.file_down()).raw)
    assert await pair.bring_up((await pair.file_up()).raw)
    assert facts_there(pair.province, later) == (phone.chain[1].raw, None, True)


def _got_of(made) -> str:
    """As if the other side had said that it has this."""
    of = made.parcel
    return Got(epoch=of.epoch, after=of.until, heads={}, as_of_ms=of.as_of_ms, serial=of.serial).packed().decode()


async def test_a_station_restored_from_a_backup_gives_again_and_nothing_is_doubled(pair, tmp_path):
    await pair.join(ALL_OF_DON)
    phone, desk = await pair.phone(), await pair.reader("TI01", ALL_OF_DON)
    await written(phone, an_observation())
    await pair.call()
    back_up(pair.station, tmp_path / "backup", with_mark=False)
    phone.http = pair.station.client()
    await written(phone, an_observation())
    order = await written(desk, an_order(), unit="TINH")
    await pair.call()
    before = rows(pair.province)
    restore(pair.station, tmp_path / "backup")
    phone.http, phone.token = pair.station.client(), None
    await pair.call()
    assert {ref: row for ref, row in rows(pair.province).items() if ref in before} == before
    assert facts_there(pair.station, order) == (desk.chain[0].raw, None, True)
    await phone.push()
    third = await written(phone, an_observation())
    await pair.call()
    assert facts_there(pair.province, third) == (phone.chain[2].raw, None, True)
    assert pair.at_province.clashes == ()


async def test_a_province_restored_from_a_backup_gets_again_what_it_lost(pair, tmp_path):
    await pair.join(ALL_OF_DON)
    phone, desk = await pair.phone(), await pair.reader("TI01", ALL_OF_DON)
    await written(phone, an_observation())
    await pair.call()
    back_up(pair.province, tmp_path / "backup", with_mark=False)
    desk.http = pair.province.client()
    lost = await written(phone, an_observation())
    order = await written(desk, an_order(), unit="TINH")
    await pair.call()
    restore(pair.province, tmp_path / "backup")
    assert facts_there(pair.province, lost) is None
    await pair.call()
    assert facts_there(pair.province, lost) == (phone.chain[1].raw, None, True)
    desk.http, desk.token = pair.province.client(), None
    await desk.push()
    again = await written(desk, an_order(title="And the bridge"), unit="TINH")
    await pair.call()
    assert [facts_there(pair.station, one) for one in (order, again)] == [(one.raw, None, True) for one in desk.chain]
    assert pair.at_station.clashes == ()


async def test_a_restored_province_that_may_see_less_since_is_given_to_in_one_call(pair, tmp_path):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    await written(phone, an_observation())
    await pair.call()
    back_up(pair.province, tmp_path / "backup", with_mark=False)
    await written(phone, an_observation())
    await pair.call()
    restore(pair.province, tmp_path / "backup")
    pair.give(take=(ALL_OF_DON,))
    await pair.call()
    assert pair.at_station.trouble == ""


async def test_another_server_that_names_epochs_that_never_were_is_believed_three_times_a_day(pair):
    """With any letter, and each brings the serials that cursors have room for nearer to their end."""
    await pair.join(ALL_OF_DON)

    async def lie(number: int) -> Parcel:
        never = Got(epoch=f"lie{number}", after={}, heads={}, as_of_ms=0, serial=2**50)
        return (await make_parcel(pair.province.running, pair.station.running.station.writer, Asking(never))).parcel

    before = (await pair.file_down()).parcel.serial
    epochs = {(await lie(number)).epoch for number in range(3)}
    assert len(epochs) == 3
    with pytest.raises(Refused, match="busy"):
        await lie(3)
    told = (await pair.file_down()).parcel
    assert told.epoch in epochs
    assert told.serial - before < 4_000_000
    pair.province.clock.ms += 86_400_001
    assert (await lie(3)).epoch not in epochs


async def test_two_branches_after_a_restore_stand_beside_each_other_and_are_named(pair, tmp_path):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    await written(phone, an_observation())
    back_up(pair.station, tmp_path / "backup", with_mark=False)
    phone.http = pair.station.client()
    old = phone.copy_of_old_state(1)
    await written(phone, an_observation())
    await pair.call()
    restore(pair.station, tmp_path / "backup")
    old.http = pair.station.client()
    other = await written(old, an_observation(description="Something else"))
    await pair.call()
    there = rows(pair.province)
    assert there[phone.writer, 2, 0] == (phone.chain[1].raw, None, True)
    assert there[phone.writer, 2, 1] == (old.chain[1].raw, "forked", False)
    assert pair.at_province.clashes == (f"writer:{phone.writer}",)
    assert other.seq == 2
    await old.close()


async def test_what_a_server_gives_under_the_name_of_a_phone_of_this_one_is_named_and_not_kept(pair):
    """It would be shown as that person's, and tell the phone that its true entry of this number stands on a second branch."""
    await pair.join(ALL_OF_DON)
    phone, commander = await pair.phone(), await pair.phone("C01")
    await written(phone, an_observation())
    await pair.call()
    forger = phone.copy_of_old_state(1)
    forger.write(an_observation(description="Never written on this phone"))
    planted = GivenEntry(received_ms=pair.station.clock.ms, raw=forger.chain[1].raw.decode(), salt=to_text(bytes(32)))
    letter, province = (await pair.file_down()).parcel.model_copy(update={"given": (planted,)}), pair.province.running
    sealed = seal_parcel(province.station.signing_key, pair.at_province.sealing_key, letter, [], province.random_bytes)
    assert await pair.bring_down(b"".join(sealed))
    assert pair.at_station.clashes == (f"writer:{phone.writer}",)
    assert (phone.writer, 2, 1) not in rows(pair.station)
    assert (await commander.ask("GET", "/held")).json()["held"] == []
    phone.write(an_observation())
    assert (await phone.push(2)).held == ()
    await forger.close()


async def test_the_code_is_good_for_one_station_and_nothing_passes_before_a_person_confirms(pair, tmp_path):
    asked = await pair.ask()
    assert asked.state == "waiting"
    assert asked.check_number == pair.at_province.check_number == pair.at_station.check_number
    with pytest.raises(NotReached, match="writer_waiting"):
        await pair.call()
    confirm_station(pair.province.running, pair.station.running.station.writer)
    await pair.call()
    assert pair.at_province.state == "confirmed"


async def test_a_code_that_means_something_else_at_the_province_is_named_and_what_uses_it_is_held(pair):
    pair.province.acceptor.write_own([
        OwnFact(UnitRegistered(name="Another post", kind="don_bp"), "unit:DON"),
        OwnFact(PersonRegistered(name="Somebody else", home_unit="DON"), "person:P03"),
    ])  # fmt: skip
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    await pair.call()
    assert pair.at_province.clashes == ("person:P03", "unit:DON")
    assert facts_there(pair.province, seen) == (phone.chain[0].raw, "no_role", False)
    await pair.call()
    assert pair.at_station.their_clashes == ("person:P03", "unit:DON")


async def test_a_long_chain_and_many_entries_pass_in_several_parcels(pair):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    for _ in range(600):
        phone.write(an_observation())
    await phone.push()
    assert (await pair.call_once()).made.parcel.more
    await pair.call()
    assert (
        sum(1 for (writer, _, _), (raw, _, counts) in rows(pair.province).items() if writer == phone.writer and raw and counts)
        == 600
    )


async def test_a_busy_or_absent_province_is_noted_and_nothing_is_lost(pair):
    await pair.join(ALL_OF_DON)

    async def away(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(502, content=b"<html>no</html>")

    nobody = httpx.AsyncClient(transport=httpx.MockTransport(away), base_url="http://127.0.0.1:8300")
    with pytest.raises(NotReached, match="502"):
        await pair.call(nobody)
    assert "502" in pair.at_station.trouble


async def test_previews_are_asked_for_first_and_a_break_costs_one_piece(pair):
    await pair.join(ALL_OF_DON)
    phone = await pair.phone()
    seen = await written(phone, an_observation())
    original = await written(phone, a_photo(seen.ref, sha256=SHA256, size_bytes=len(PHOTO)))
    preview = RenditionMade(role="preview", sha256="1" * 64, size_bytes=900, media_type="image/jpeg", width_px=9, height_px=9)
    await written(phone, preview, original.ref)
    asked = (await pair.call_once()).came.parcel.wanted
    assert [one.sha256 for one in asked] == ["1" * 64, SHA256]
    await upload(phone, PHOTO)
    sent: list[int] = []

    def lose_the_third_answer(body: bytes, is_answer: bool) -> bytes | None:
        if not is_answer:
            sent.append(len(body))
        return None if is_answer and len(sent) == 3 else body

    with pytest.raises(NotReached):
        await pair.call(cutting(pair.province, lose_the_third_answer))
    await pair.call(cutting(pair.province, lose_the_third_answer))
    assert await pair.province.running.uploads.receipt(SHA256) is not None
    assert sum(sent) < len(PHOTO) + 262_144 + 20_000
