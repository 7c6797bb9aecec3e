"""A station restored from a backup notices it, begins a new epoch, and gets back what devices still have."""

import shutil
from pathlib import Path

import pytest

from journal.entries import Amended, Entry
from tests.entries_made import a_photo, a_review, an_amendment, an_observation
from tests.sync_server.fakes import Device, House, problem
from tests.sync_server.test_photos import PHOTO, add, begin, upload

BACKUP = "journal.sqlite"


@pytest.fixture
def database_url() -> str:
    """A backup here is a copy of the file; a dump of PostgreSQL would be noticed by the same mark."""
    return ""


def back_up(house: House, place: Path, *devices: Device, with_mark: bool) -> None:
    """These devices go on with the server that starts again."""
    house.close()
    place.mkdir(parents=True)
    for file in house.settings.folder.glob(BACKUP + "*"):
        shutil.copy(file, place)
    if with_mark:
        shutil.copy(house.settings.keys_folder / "mark.json", place)
    house.restart()
    reconnect(house, *devices)


def restore(house: House, place: Path, *devices: Device) -> None:
    house.close()
    for file in house.settings.folder.glob(BACKUP + "*"):
        file.unlink()
    for file in place.glob(BACKUP + "*"):
        shutil.copy(file, house.settings.folder)
    if (place / "mark.json").exists():
        shutil.copy(place / "mark.json", house.settings.keys_folder)
    house.restart()
    reconnect(house, *devices)


def reconnect(house: House, *devices: Device) -> None:
    for device in devices:
        device.http, device.token = house.client(), None


async def read_again(house: House, reader: Device) -> None:
    """What a device does that hears of another epoch: it names the streams that it had, and begins each anew."""
    reader.epoch, reader.cursors = house.epoch, dict.fromkeys(reader.cursors, 0)
    await reader.pull()


async def test_a_restart_alone_begins_no_epoch(house, enrolled):
    author = await enrolled("P03")
    author.write(an_observation())
    await author.push()
    before = house.epoch
    house.restart()
    assert house.epoch == before


async def test_a_database_behind_its_mark_begins_a_new_epoch_and_devices_offer_again(house, enrolled, tmp_path):
    author, reader = await enrolled("P03"), await enrolled("C01")
    entries = [author.write(an_observation())]
    await author.push()
    back_up(house, tmp_path / "backup", author, reader, with_mark=False)
    entries.append(author.write(an_observation()))
    lost = (await author.push()).epoch
    await reader.pull()
    restore(house, tmp_path / "backup", author, reader)
    assert house.epoch != lost
    refused = problem(await reader.ask("GET", "/pull", query=f"?epoch={lost}&after="))
    assert (refused.code, refused.status, refused.epoch) == ("epoch_changed", 409, house.epoch)
    assert (await author.push()).epoch == house.epoch
    reader.epoch, reader.cursors, reader.visible = house.epoch, {}, {}
    await reader.pull()
    assert reader.sees(entries) == [True, True]


async def test_a_database_without_a_photo_that_has_its_receipt_is_behind_its_mark(house, enrolled, tmp_path):
    author = await enrolled("P03")
    author.write(a_photo(f"{author.writer}.1"))
    await author.push()
    back_up(house, tmp_path / "backup", author, with_mark=False)
    signed_for = await upload(author)
    restore(house, tmp_path / "backup")
    assert house.epoch != signed_for.epoch


async def test_an_upload_that_came_back_without_its_file_begins_anew(house, enrolled, tmp_path):
    author = await enrolled("P03")
    place = (await begin(author)).headers["location"]
    back_up(house, tmp_path / "backup", author, with_mark=False)
    await add(author, place, 0, PHOTO)
    restore(house, tmp_path / "backup", author)
    assert problem(await add(author, place, 0, PHOTO)).code == "gone"
    assert (await upload(author)).epoch == house.epoch


async def test_a_database_without_a_held_entry_that_has_its_receipt_is_behind_its_mark(house, enrolled, tmp_path):
    author = await enrolled("P03")
    back_up(house, tmp_path / "backup", author, with_mark=False)
    author.write(
        Amended(saw=f"{author.writer}.99", changes={"description": "of what nobody sent"}, reason="again"), f"{author.writer}.99"
    )
    receipt = await author.push()
    assert [one.reason for one in receipt.held] == ["unknown_subject"]
    restore(house, tmp_path / "backup")
    assert house.epoch != receipt.epoch


async def test_the_stations_own_entries_keep_their_names_apart_after_a_restore(house, enrolled, tmp_path):
    back_up(house, tmp_path / "backup", with_mark=False)
    reader = await enrolled("C01")
    house.give_role("P02", "can_bo")
    await reader.pull()
    before = dict(reader.visible)
    restore(house, tmp_path / "backup")
    house.give_role("P02", "to_truong")
    second = await enrolled("C01")
    await second.pull()
    assert not [ref for ref, raw in second.visible.items() if before.get(ref, raw) != raw]


async def test_a_reader_from_the_future_begins_a_new_epoch_where_the_mark_was_restored_too(house, enrolled, tmp_path):
    author, reader = await enrolled("P03"), await enrolled("C01")
    back_up(house, tmp_path / "backup", author, reader, with_mark=True)
    author.write(an_observation())
    await author.push()
    await reader.pull()
    restore(house, tmp_path / "backup", author, reader)
    before = house.epoch
    query = "?epoch=" + before + "&after=" + ",".join(f"{stream}:{cursor}" for stream, cursor in reader.cursors.items())
    refused = problem(await reader.ask("GET", "/pull", query=query))
    assert (refused.code, refused.epoch) == ("epoch_changed", house.epoch)
    assert house.epoch != before
    reader.epoch, reader.cursors = house.epoch, {}
    began = [Entry.model_validate_json(raw) for raw in (await reader.pull()).given if b"epoch_began" in raw]
    assert began[-1].seq > 100_000


async def test_a_reader_of_a_life_that_was_undone_is_told_from_readers_of_this_one_however_much_came_since(
    house, enrolled, tmp_path
):
    author, reader, other = await enrolled("P03"), await enrolled("C01"), await enrolled("P02")
    back_up(house, tmp_path / "backup", author, reader, other, with_mark=True)
    author.write(an_observation())
    await author.push()
    await reader.pull()
    restore(house, tmp_path / "backup", author, reader, other)
    for _ in range(5):
        other.write(an_observation())
    await other.push()
    await other.pull()
    query = "?epoch=" + house.epoch + "&after=" + ",".join(f"{stream}:{cursor}" for stream, cursor in reader.cursors.items())
    assert problem(await reader.ask("GET", "/pull", query=query)).code == "epoch_changed"


async def test_a_reader_from_an_epoch_that_a_whole_machine_lost_begins_a_new_one(house, enrolled, tmp_path):
    reader = await enrolled("C01")
    back_up(house, tmp_path / "backup", with_mark=True)
    shutil.copytree(tmp_path / "backup", tmp_path / "older")
    (tmp_path / "older" / "mark.json").unlink()
    house.give_role("P02", "can_bo")
    restore(house, tmp_path / "older")
    lost, first = house.epoch, reader.epoch
    restore(house, tmp_path / "backup", reader)
    assert house.epoch == first != lost
    refused = problem(await reader.ask("GET", "/pull", query=f"?epoch={lost}&after="))
    assert (refused.code, refused.epoch, house.epoch) == ("epoch_changed", first, first), (
        "who has read nothing in it knows nothing"
    )
    refused = problem(await reader.ask("GET", "/pull", query=f"?epoch={lost}&after=DON:7"))
    assert (refused.code, refused.epoch) == ("epoch_changed", house.epoch)
    assert house.epoch not in {lost, first}
    assert problem(await reader.ask("GET", "/pull", query=f"?epoch={lost}&after=DON:7")).epoch == house.epoch


async def test_who_names_epochs_that_never_were_is_believed_three_times_a_day(house, enrolled):
    liar, reader = await enrolled("C01"), await enrolled("P02")
    epochs = {house.epoch}
    for number in range(3):
        assert problem(await liar.ask("GET", "/pull", query=f"?epoch=lie{number}&after=DON:5")).code == "epoch_changed"
        epochs.add(house.epoch)
    assert len(epochs) == 4
    assert problem(await liar.ask("GET", "/pull", query="?epoch=lie4&after=DON:5")).code == "busy"
    assert problem(await liar.ask("GET", "/pull", query=f"?epoch={house.epoch}&after=DON:4000000000")).code == "busy"
    assert house.epoch in epochs
    assert problem(await reader.ask("GET", "/pull", query="?epoch=lost&after=DON:5")).code == "epoch_changed"
    assert house.epoch not in epochs
    house.clock.ms += 86_400_001
    assert problem(await liar.ask("GET", "/pull", query="?epoch=lie4&after=DON:5")).code == "epoch_changed"


async def test_a_word_of_serials_without_end_leaves_room_for_the_cursors_of_all(house, enrolled):
    liar, author, reader = await enrolled("C01"), await enrolled("P03"), await enrolled("P02")
    assert problem(await liar.ask("GET", "/pull", query="?epoch=lie&after=DON:4294967295")).code == "epoch_changed"
    author.epoch = reader.epoch = house.epoch
    entry = author.write(an_observation())
    await author.push()
    await reader.pull()
    assert entry.ref in reader.visible
    assert max(reader.cursors.values()) % 2**32 < 2_000_000


async def test_a_mark_that_a_death_left_behind_is_brought_up_at_the_next_start(house, enrolled, tmp_path):
    author = await enrolled("P03")
    author.write(an_observation())
    await author.push()
    back_up(house, tmp_path / "backup", author, with_mark=True)
    author.write(an_observation())
    await author.push()
    shutil.copy(tmp_path / "backup" / "mark.json", house.settings.keys_folder)  # as if it had died before it left one
    house.restart()
    before = house.epoch
    (tmp_path / "backup" / "mark.json").unlink()
    restore(house, tmp_path / "backup")
    assert house.epoch != before


async def test_who_read_a_stream_in_another_epoch_is_told_of_what_is_not_for_them_now(house, enrolled, tmp_path):
    """Both words that gave, the larger role and any role at all, are lost with the old database."""
    officer, member, guest = await enrolled("P03"), await enrolled("P02"), await enrolled("X02")
    plain, handed_over = officer.write(an_observation()), officer.write(an_observation("ban_giao"))
    await officer.push()
    back_up(house, tmp_path / "backup", officer, member, guest, with_mark=False)
    house.give_role("P02", "can_bo")
    house.give_role("X02", "can_bo")
    for reader in (member, guest):
        await reader.pull()
        assert reader.sees([plain, handed_over]) == [True, True]
    restore(house, tmp_path / "backup", officer, member, guest)
    for reader in (member, guest):
        reader.epoch, reader.cursors = house.epoch, dict.fromkeys(reader.cursors, 0)
        await reader.pull(limit=1)
    assert member.sees([plain, handed_over]) == [True, False]
    assert guest.sees([plain, handed_over]) == [False, False]
    assert (await member.pull()).pages == []


async def test_what_is_held_since_a_restore_counts_for_nobody_who_read_it_before(house, enrolled, tmp_path):
    """Before it the verdict came first; after it what the author added since: the verdict waits for a person, on all screens."""
    author, commander, reader = await enrolled("P03"), await enrolled("C01"), await enrolled("P02")
    back_up(house, tmp_path / "backup", author, commander, reader, with_mark=False)
    record = author.write(an_observation())
    await author.push()
    verdict = commander.write(a_review(record.ref), record.ref)
    assert (await commander.push()).held == ()
    await reader.pull()
    assert reader.sees([record, verdict]) == [True, True]
    author.write(an_amendment(record.ref, {"description": "b"}), record.ref)
    restore(house, tmp_path / "backup", author, commander, reader)
    assert (await author.push()).held == ()
    await read_again(house, reader)
    assert reader.sees([record, verdict]) == [True, True]
    assert [one.reason for one in (await commander.push()).held] == ["stale_version"]
    await reader.pull()
    assert reader.sees([record, verdict]) == [True, False]


async def test_who_claims_the_place_of_another_takes_nothing_from_readers_after_a_restore(house, enrolled, tmp_path):
    author, stranger, reader = await enrolled("P03"), await enrolled("P02"), await enrolled("C01")
    back_up(house, tmp_path / "backup", author, stranger, reader, with_mark=True)
    record = author.write(an_observation())
    await author.push()
    restore(house, tmp_path / "backup", author, stranger, reader)
    await author.push()
    reader.epoch, reader.cursors = house.epoch, {}
    await reader.pull()
    stranger.write_raw(author.chain[0].raw, record.at[0])
    assert [one.reason for one in (await stranger.push()).held] == ["misnamed"]
    await reader.pull()
    assert reader.sees([record]) == [True]
    reader.cursors, reader.visible = {}, {}
    await reader.pull()
    assert reader.sees([record]) == [True]


async def test_what_was_held_in_the_life_that_came_back_is_taken_from_who_read_it_in_the_one_that_was_lost(
    house, enrolled, tmp_path
):
    """A verdict that crossed: held where the record had been corrected before, let in where the correction came after."""
    author, commander, reader = await enrolled("P03"), await enrolled("C01"), await enrolled("P02")
    record = author.write(an_observation())
    await author.push()
    back_up(house, tmp_path / "first", author, commander, reader, with_mark=True)
    author.write(an_amendment(record.ref, {"description": "b"}), record.ref)
    await author.push()
    verdict = commander.write(a_review(record.ref), record.ref)
    assert [one.reason for one in (await commander.push()).held] == ["stale_version"]
    back_up(house, tmp_path / "second", with_mark=True)
    restore(house, tmp_path / "first", author, commander, reader)
    assert (await commander.push(first_seq=1)).held == ()
    await reader.pull()
    assert reader.sees([verdict]) == [True]
    restore(house, tmp_path / "second", author, commander, reader)
    query = "?epoch=" + house.epoch + "&after=" + ",".join(f"{stream}:{cursor}" for stream, cursor in reader.cursors.items())
    assert problem(await reader.ask("GET", "/pull", query=query)).code == "epoch_changed"
    await read_again(house, reader)
    assert reader.sees([record, verdict]) == [True, False]


@pytest.mark.parametrize("aside_in_the_copy", [False, True])
async def test_what_counted_in_a_lost_life_and_is_put_aside_now_is_taken_from_who_read_it(
    house, enrolled, tmp_path, aside_in_the_copy
):
    """Of two copies of a device the other one was the first in the life that came back, and its chain ends before."""
    author, reader = await enrolled("P03"), await enrolled("C01")
    author.write(an_observation())
    other = author.copy_of_old_state(0)
    aside = author.write(an_observation())
    standing = other.write(an_observation(description="another branch"))
    back_up(house, tmp_path / "empty", author, other, reader, with_mark=False)
    if aside_in_the_copy:
        await other.push()
        await author.push()
        back_up(house, tmp_path / "forked", with_mark=False)
        restore(house, tmp_path / "empty", author, other, reader)
    await author.push()
    reader.epoch, reader.cursors = house.epoch, {}
    await reader.pull()
    assert reader.sees([aside]) == [True]
    restore(house, tmp_path / ("forked" if aside_in_the_copy else "empty"), author, other, reader)
    if not aside_in_the_copy:
        await other.push()
        await author.push()
    await read_again(house, reader)
    assert reader.sees([standing, aside]) == [True, False]
