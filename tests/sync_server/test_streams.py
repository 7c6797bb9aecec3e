"""Each gets all that is in their streams, however late it came there, and nothing else."""

from collections.abc import Callable

import pytest

from journal.access import Standing
from journal.entries import (
    Acknowledged,
    CaseOpened,
    LookoutEnded,
    LookoutOpened,
    LookoutTold,
    OrderIssued,
    Released,
    RoleTaken,
    Shared,
    Unshared,
)
from sync_server.own_entries import OwnFact
from tests.entries_made import a_patrol, a_photo, an_observation
from tests.sync_server.fakes import House
from tests.sync_server.two_servers import written


async def test_a_unit_does_not_see_what_is_another_units(enrolled):
    author, stranger = await enrolled("P03"), await enrolled("X01")
    entry = author.write(an_observation())
    await author.push()
    await stranger.pull()
    assert stranger.sees([entry]) == [False]


@pytest.mark.parametrize("as_far", [False, True], ids=["as if from another epoch", "as if it had read all"])
async def test_who_names_another_units_stream_learns_not_even_that_something_is_in_it(enrolled, as_far: bool):
    author, reader, stranger = await enrolled("P03"), await enrolled("P02"), await enrolled("X01")
    author.write(an_observation())
    await author.push()
    await reader.pull()
    stranger.cursors["DON"] = reader.cursors["DON"] if as_far else 0
    assert (await stranger.pull()).taken_back == []
    assert "DON" not in stranger.cursors


async def test_who_asks_as_if_from_another_epoch_learns_nothing_of_a_case_that_is_not_for_them(enrolled):
    commander, member = await enrolled("C01"), await enrolled("P03")
    case = commander.write(CaseOpened(code="VA-1", title="A", restricted=True))
    await commander.push()
    member.cursors = {"DON": 0, "STATION": 0}
    assert case.ref not in (await member.pull()).taken_back


async def test_a_joint_patrol_and_all_on_it_is_seen_by_both_units(enrolled):
    leader, partner = await enrolled("P01"), await enrolled("X01")
    patrol = leader.write(a_patrol(coordinating_units=("CAX",)))
    seen = leader.write(an_observation(patrol=patrol.ref))
    photo = leader.write(a_photo(seen.ref))
    await leader.push()
    await partner.pull()
    assert partner.sees([patrol, seen, photo]) == [True, True, True]


async def test_what_arrives_before_its_joint_patrol_is_granted_when_the_patrol_comes(enrolled):
    leader, member, partner = await enrolled("P01"), await enrolled("P03"), await enrolled("X01")
    patrol = leader.write(a_patrol(coordinating_units=("CAX",)))
    seen = member.write(an_observation(patrol=patrol.ref))
    photo = member.write(a_photo(seen.ref))
    await member.push()
    await partner.pull()
    assert partner.sees([seen, photo]) == [False, False]
    await leader.push()
    await partner.pull()
    assert partner.sees([patrol, seen, photo]) == [True, True, True]


async def test_what_comes_in_one_letter_before_its_joint_patrol_is_seen_by_the_provinces_unit_too(pair):
    await pair.join()
    phones = {(await pair.phone(code)).writer: (code, pair.devices[-1]) for code in ("P03", "C01")}
    (code, leader), (_, member) = (phones[writer] for writer in sorted(phones))
    patrol = leader.write(a_patrol(leader=f"person:{code}", coordinating_units=("TINH",)))
    seen = await written(member, an_observation(patrol=patrol.ref))
    await leader.push()
    await pair.call()
    desk = await pair.reader()
    await desk.pull()
    assert desk.sees([patrol, seen]) == [True, True]


async def test_a_photo_that_arrives_before_its_shared_observation_is_granted_with_it(enrolled):
    author, partner = await enrolled("P03"), await enrolled("X01")
    photo = author.write(a_photo(f"{author.writer}.2"))
    seen = author.write(an_observation(share_with=("CAX",)))
    await author.push()
    await partner.pull()
    assert partner.sees([photo, seen]) == [True, True]


@pytest.mark.parametrize("is_restricted", [False, True])
async def test_a_photo_seen_before_what_it_is_of_is_taken_back_from_who_may_not_see_that(enrolled, is_restricted: bool):
    author, other, late = await enrolled("C01"), await enrolled("T01"), await enrolled("P02")
    member, commander = await enrolled("P02"), await enrolled("C01")
    body = CaseOpened(code="V1", title="Closed", restricted=True) if is_restricted else an_observation("ban_giao")
    record = author.write(body)
    photo = other.write(a_photo(record.ref))
    await other.push()
    await member.pull()
    assert member.sees([record, photo]) == [False, True]
    await author.push()
    assert (await member.pull()).taken_back == [photo.ref]
    for reader in (commander, late):
        await reader.pull()
    assert [reader.sees([record, photo]) for reader in (member, late, commander)] == [[False] * 2, [False] * 2, [True] * 2]
    assert (await member.pull()).pages == []


async def test_a_photo_of_a_held_record_is_taken_back_when_that_is_let_in_for_few(enrolled, house):
    house.settle_people({"P04": ("DON", "thanh_vien")})
    author, member, commander, reader = [await enrolled(person) for person in ("P02", "P04", "C01", "P03")]
    record = author.write(an_observation("ban_giao"))
    photo = author.write(a_photo(record.ref))
    await author.push()
    await member.pull()
    commander.write(Released(reason="seen"), record.ref)
    await commander.push()
    for one in (member, reader):
        await one.pull()
    assert [one.sees([record, photo]) for one in (member, reader)] == [[False, False], [True, True]]


async def test_sharing_later_brings_what_was_there_before_and_unsharing_takes_it_back(enrolled):
    author, duty, partner = await enrolled("P03"), await enrolled("T01"), await enrolled("X01")
    seen = author.write(an_observation())
    photo = author.write(a_photo(seen.ref))
    await author.push()
    await partner.pull()
    duty.write(Shared(with_units=("CAX",)), seen.ref)
    await duty.push()
    await partner.pull()
    assert partner.sees([seen, photo]) == [True, True]
    duty.write(Unshared(with_units=("CAX",), reason="done"), seen.ref)
    await duty.push()
    taken = await partner.pull()
    assert {seen.ref, photo.ref} <= set(taken.taken_back)
    assert partner.sees([seen, photo]) == [False, False]


async def test_who_comes_new_never_gets_what_was_taken_back_before(enrolled):
    author, duty, late = await enrolled("P03"), await enrolled("T01"), await enrolled("X02")
    seen = author.write(an_observation(share_with=("CAX",)))
    await author.push()
    duty.write(Unshared(with_units=("CAX",), reason="wrong unit"), seen.ref)
    await duty.push()
    pulled = await late.pull()
    assert not [raw for raw in pulled.given if b"observation_recorded" in raw]


async def test_an_order_reaches_the_unit_that_it_is_for_and_its_answer_comes_back(enrolled, house):
    house.give_role("C01", "chi_huy", "CAX")
    commander, other = await enrolled("C01"), await enrolled("X02")
    order = commander.write(OrderIssued(kind="tuan_tra", title="Go", to_unit="CAX"))
    assert (await commander.push()).held == ()
    await other.pull()
    answer = other.write(Acknowledged(seen=order.ref), order.ref, unit="CAX")
    assert (await other.push()).held == ()
    await commander.pull()
    assert (other.sees([order]), commander.sees([answer])) == ([True], [True])


async def test_a_restricted_case_is_seen_by_commanders_only(enrolled):
    commander, second, officer = await enrolled("C01"), await enrolled("C01"), await enrolled("P03")
    case = commander.write(CaseOpened(code="VA-1", title="A", restricted=True))
    await commander.push()
    await second.pull()
    await officer.pull()
    assert (second.sees([case]), officer.sees([case])) == ([True], [False])


def take_role(house: House, person: str, role: str, unit: str = "DON") -> None:
    house.clock.pass_by(1_000)
    house.acceptor.write_own([OwnFact(RoleTaken(role=role, in_unit=unit, reason="moved"), f"person:{person}")])


async def test_a_plate_that_is_looked_for_reaches_phones_sealed_and_desks_in_the_clear(enrolled):
    commander, patrol_phone, duty = await enrolled("C01"), await enrolled("P01"), await enrolled("T01")
    opened = commander.write(LookoutOpened(until_ms=2_000_000_000_000))
    told = commander.write(LookoutTold(plate="87B01234", reason="tin_bao", issuer="DON"), opened.ref)
    ended = commander.write(LookoutEnded(outcome="da_thay"), opened.ref)
    await commander.push()
    await patrol_phone.pull()
    await duty.pull()
    assert patrol_phone.sees([opened, told, ended]) == [True, False, True]
    assert duty.sees([opened, told, ended]) == [True, True, True]


async def test_who_loses_the_role_has_everything_of_the_unit_taken_back(enrolled, house):
    author, reader = await enrolled("P03"), await enrolled("C01")
    entries = [author.write(an_observation()) for _ in range(7)]
    await author.push()
    await reader.pull()
    assert all(reader.sees(entries))
    take_role(house, "C01", "chi_huy")
    await reader.pull(limit=3)
    assert (any(reader.sees(entries)), "DON" in reader.cursors) == (False, False)
    assert (await reader.pull()).pages == []


async def test_who_gets_a_larger_role_gets_what_was_hidden_before(enrolled, house):
    officer, member = await enrolled("P03"), await enrolled("P02")
    plain, handed_over = officer.write(an_observation()), officer.write(an_observation("ban_giao"))
    await officer.push()
    await member.pull()
    assert member.sees([plain, handed_over]) == [True, False]
    house.give_role("P02", "can_bo")
    await member.pull()
    assert member.sees([plain, handed_over]) == [True, True]


async def test_who_keeps_only_a_smaller_role_has_the_rest_taken_back(enrolled, house):
    house.give_role("P02", "can_bo")
    officer, member = await enrolled("P03"), await enrolled("P02")
    plain, handed_over = officer.write(an_observation()), officer.write(an_observation("ban_giao"))
    await officer.push()
    await member.pull()
    take_role(house, "P02", "can_bo")
    await member.pull(limit=2)
    assert member.sees([plain, handed_over]) == [True, False]


async def test_a_role_that_runs_out_takes_its_view_with_it(enrolled, house):
    house.give_role("X02", "can_bo", "DON", until_ms=house.clock.ms + 3_600_000)
    author, guest = await enrolled("P03"), await enrolled("X02")
    entry = author.write(an_observation())
    await author.push()
    await guest.pull()
    assert guest.sees([entry]) == [True]
    house.clock.pass_by(3_700_000)
    await guest.pull()
    assert guest.sees([entry]) == [False]


def during_the_next_look(house: House, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """``act`` happens once, when the station has read who asks and not yet what is new."""
    gate, left = house.running.gate, [act]

    def after(read: Callable[..., Standing]) -> Callable[..., Standing]:
        def reading(*asked: object) -> Standing:
            standing = read(*asked)
            if left:
                left.pop()()
            return standing

        return reading

    monkeypatch.setattr(gate, "standing", after(gate.standing))


async def test_a_role_taken_during_a_pull_takes_back_what_it_opened(enrolled, house, monkeypatch):
    commander, reader = await enrolled("C01"), await enrolled("T01")
    house.give_role("T01", "chi_huy")
    case = commander.write(CaseOpened(code="V1", title="Closed", restricted=True))
    await commander.push()
    await reader.pull()
    during_the_next_look(house, monkeypatch, lambda: take_role(house, "T01", "chi_huy"))
    for _ in range(2):
        await reader.pull()
    assert reader.sees([case]) == [False]


async def test_a_role_given_during_a_pull_opens_what_was_there_before(enrolled, house, monkeypatch):
    officer, member = await enrolled("P03"), await enrolled("P02")
    handed_over = officer.write(an_observation("ban_giao"))
    await officer.push()
    await member.pull()
    during_the_next_look(house, monkeypatch, lambda: house.give_role("P02", "can_bo"))
    for _ in range(2):
        await member.pull()
    assert member.sees([handed_over]) == [True]


async def test_a_role_that_runs_out_during_a_pull_takes_its_view_with_it(enrolled, house, monkeypatch):
    house.give_role("T01", "chi_huy", until_ms=house.clock.ms + 60_000)
    commander, reader = await enrolled("C01"), await enrolled("T01")
    case = commander.write(CaseOpened(code="V1", title="Closed", restricted=True))
    await commander.push()
    await reader.pull()
    during_the_next_look(house, monkeypatch, lambda: house.clock.pass_by(61_000))
    for _ in range(2):
        await reader.pull()
    assert reader.sees([case]) == [False]


async def test_a_technician_gets_the_register_and_no_content(enrolled):
    author, technician = await enrolled("P03"), await enrolled("K01")
    entry = author.write(an_observation())
    await author.push()
    pulled = await technician.pull()
    assert technician.sees([entry]) == [False]
    assert any(b"unit_registered" in raw for raw in pulled.given)


async def test_pages_that_are_cut_short_lose_nothing(enrolled):
    author, reader = await enrolled("P03"), await enrolled("C01")
    entries = [author.write(an_observation()) for _ in range(23)]
    await author.push()
    await reader.pull(limit=4)
    assert all(reader.sees(entries))
