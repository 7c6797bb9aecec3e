"""Two branches of one chain: the second is held, the writer frozen, and nothing is lost. And entries ahead of their turn."""

from dataclasses import replace

from sqlalchemy import select

from journal.entries import Entry, Remarked, Unshared
from sync_server.accept import Portion
from sync_server.admission import ENTRIES
from tests.entries_made import an_observation
from tests.sync_server.fakes import Device, House, problem
from tests.sync_server.test_epochs import back_up, restore
from tests.sync_server.two_servers import rows, written


def stored(house: House, device: Device) -> list[tuple[int, int, str | None]]:
    query = select(ENTRIES.c.branch, ENTRIES.c.seq, ENTRIES.c.reason).where(ENTRIES.c.writer == device.writer)
    with house.running.database.read() as connection:
        return [(row.branch, row.seq, row.reason) for row in connection.execute(query.order_by(ENTRIES.c.branch, ENTRIES.c.seq))]


async def forked(device: Device) -> Device:
    """An old copy of the device that goes its own way after three entries; the first went on to five."""
    for _ in range(5):
        device.write(an_observation())
    await device.push()
    other = device.copy_of_old_state(3)
    for _ in range(3):
        other.write(an_observation(description="another branch"))
    return other


async def test_a_second_branch_is_kept_held_and_the_station_says_so(enrolled, house):
    device, commander = await enrolled("P03"), await enrolled("C01")
    other = await forked(device)
    receipt = await other.push()
    assert (receipt.to_seq, receipt.link) == (5, device.chain[4].link.hex())
    assert [(one.seq, one.reason) for one in receipt.held] == [(4, "forked"), (5, "forked"), (6, "forked")]
    assert stored(house, device) == [(0, n, None) for n in range(1, 6)] + [(1, n, "forked") for n in (4, 5, 6)]
    found = [Entry.model_validate_json(raw).body.model_dump() for raw in (await commander.pull()).given if b"fork_found" in raw]
    assert [(one["at_seq"], one["held_link"], one["stands_link"]) for one in found] == [
        (4, other.chain[3].link.hex(), device.chain[3].link.hex())
    ]
    await other.close()


async def test_what_comes_with_a_fork_is_judged_by_what_stands(enrolled, house):
    """A branch begins again what the chain began long ago; a colleague's remark on that, of the same moment, counts as ever."""
    device, colleague = await enrolled("P03"), await enrolled("P02")
    other = await forked(device)
    remark = colleague.write(Remarked(text="đã gặp"), device.entries[3].ref)
    house.acceptor.take([Portion(one.writer, one.frames()) for one in (other, colleague)])
    assert stored(house, colleague) == [(0, remark.seq, None)]
    await other.close()


async def test_after_a_fork_both_branches_go_on_held(enrolled, house):
    device = await enrolled("P03")
    other = await forked(device)
    await other.push()
    device.write(an_observation())
    assert [(one.seq, one.reason) for one in (await device.push(6)).held] == [(6, "forked")]
    for _ in range(2):
        other.write(an_observation(description="further on"))
    await other.push(7)
    assert stored(house, device)[6:] == [(1, n, "forked") for n in (4, 5, 6, 7, 8)]
    await other.close()


async def test_sending_a_second_branch_again_changes_nothing(enrolled, house):
    device = await enrolled("P03")
    other = await forked(device)
    await other.push()
    before = stored(house, device)
    await other.push()
    await other.push(1, 5)
    assert stored(house, device) == before
    await other.close()


async def test_a_third_branch_is_kept_beside_the_second_and_not_told_to_all_again(enrolled, house):
    device, reader = await enrolled("P03"), await enrolled("X02")
    other = await forked(device)
    await other.push()
    third = device.copy_of_old_state(2)
    third.write(an_observation(description="a third way"))
    await third.push()
    assert (2, 3, "forked") in stored(house, device)
    assert sum(b"fork_found" in raw for raw in (await reader.pull()).given) == 1
    await other.close()
    await third.close()


async def test_of_many_branches_in_one_push_of_a_revoked_device_all_are_kept_and_one_is_told(enrolled, house):
    device, reader = await enrolled("P03"), await enrolled("X02")
    device.write(an_observation())
    await device.push()
    house.running.enrolling.revoke(device.writer, "stolen")
    parts = []
    for number in range(5):
        other = device.copy_of_old_state(0)
        other.write(an_observation(description=f"way {number}"))
        parts.append(other.urgent(1))
        await other.close()
    await device.send(parts, 1)
    assert stored(house, device) == [(0, 1, None), *((number, 1, "forked") for number in range(1, 6))]
    assert sum(b"fork_found" in raw for raw in (await reader.pull()).given) == 1


async def test_a_branch_takes_no_number_of_an_entry_that_was_put_aside_without_a_chain(enrolled, house):
    """As a letter of another server brought one, before such were no longer kept."""
    device = await enrolled("P03")
    other = await forked(device)
    aside = {"writer": device.writer, "seq": 4, "branch": 1, "arrived": 10**6, "received_ms": 0, "leaf": b"", "link": b""}
    with house.running.database.write() as connection:
        connection.execute(ENTRIES.insert().values(**aside, raw=b"{}", fact="", unit="", subject="", reason="forked"))
    assert [one.seq for one in (await other.push()).held] == [4, 5, 6]
    assert stored(house, device)[5:] == [(1, 4, "forked"), *((2, n, "forked") for n in (4, 5, 6))]
    await other.close()


async def test_an_urgent_entry_is_seen_at_once_and_counted_once_when_the_chain_comes(enrolled, house):
    device, reader = await enrolled("P03"), await enrolled("C01")
    entries = [device.write(an_observation()) for _ in range(4)]
    receipt = device.receipt(await device.send([device.urgent(4)], 1))
    assert (receipt.to_seq, receipt.urgent) == (0, (4,))
    await reader.pull()
    assert reader.sees(entries) == [False, False, False, True]
    assert (await device.push()).to_seq == 4
    brought = [raw for raw in (await reader.pull()).given if b"observation_recorded" in raw]
    assert (len(brought), reader.sees(entries)) == (3, [True] * 4)
    assert len(stored(house, device)) == 4


async def test_an_urgent_entry_that_the_chain_contradicts_is_a_fork(enrolled, house):
    device = await enrolled("P03")
    for _ in range(3):
        device.write(an_observation())
    other = device.copy_of_old_state(2)
    other.write(an_observation(description="urgent, from an old copy"))
    await other.send([other.urgent(3)], 1)
    receipt = await device.push()
    assert (receipt.to_seq, [(one.seq, one.reason) for one in receipt.held]) == (2, [(3, "forked")])
    assert stored(house, device) == [(0, 1, None), (0, 2, None), (0, 3, None), (1, 3, "forked")]
    await other.close()


async def test_an_urgent_entry_of_a_place_that_is_taken_otherwise_is_a_fork(enrolled, house):
    device = await enrolled("P03")
    other = await forked(device)
    await other.send([other.urgent(4)], 1)
    assert stored(house, device)[-1] == (1, 4, "forked")
    await other.close()


async def test_an_urgent_entry_with_a_wrong_signature_is_refused(enrolled, house):
    device = await enrolled("P03")
    device.write(an_observation())
    forged = replace(device.urgent(1), signature=bytes(64))
    assert problem(await device.send([forged], 1)).code == "no_chain"
    assert stored(house, device) == []


async def test_an_urgent_entry_of_a_second_branch_is_counted_once_when_its_branch_comes(enrolled, house):
    device = await enrolled("P03")
    other = await forked(device)
    other.write(an_observation(description="still further on"))
    await other.send([other.urgent(5), other.urgent(6)], 1)
    before = stored(house, device)
    assert before[5:] == [(0, 6, "forked"), (1, 5, "forked")]
    for _ in range(2):
        await other.push(4, 5)
        await other.push(6)
        assert stored(house, device) == [*before, (1, 7, "forked"), (2, 4, "forked")]
        await other.send([other.urgent(5), other.urgent(6)], 1)
    await other.close()


async def test_a_call_of_a_second_branch_that_is_sent_again_is_not_kept_a_second_time(enrolled, house):
    """Beyond the end of the chain that stands nothing contradicts it, and still it is there."""
    device = await enrolled("P03")
    other = await forked(device)
    await other.push()
    before = stored(house, device)
    await other.send([other.urgent(6)], 1)
    assert stored(house, device) == before
    await other.close()


async def test_what_is_taken_back_goes_from_what_was_put_aside_too(pair, tmp_path):
    await pair.join()
    phone, commander = await pair.phone(), await pair.phone("C01")
    await written(phone, an_observation())
    back_up(pair.station, tmp_path / "backup", phone, with_mark=False)
    old = phone.copy_of_old_state(1)
    await written(phone, an_observation(share_with=("TINH",)))
    await pair.call()
    restore(pair.station, tmp_path / "backup", old, commander)
    other = await written(old, an_observation(share_with=("TINH",), description="Something else"))
    await pair.call()
    assert rows(pair.province)[phone.writer, 2, 1] == (old.chain[1].raw, "forked", False)
    await written(commander, Unshared(with_units=("TINH",), reason="a mistake"), other.ref)
    await pair.call()
    assert all(raw != old.chain[1].raw for raw, _, _ in rows(pair.province).values())
    await old.close()
