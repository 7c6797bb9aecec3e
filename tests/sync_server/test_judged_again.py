"""What is held only for want of something at its subject counts once that is there, and its author learns of it."""

from journal.entries import Released, Remarked, RoleTaken, Shared
from sync_server.own_entries import OwnFact
from tests.entries_made import a_review, an_amendment, an_observation
from tests.sync_server.fakes import Device, House


async def reasons(device: Device, first_seq: int = 1) -> list[tuple[int, str]]:
    return [(one.seq, one.reason) for one in (await device.push(first_seq)).held]


async def test_a_verdict_that_came_before_its_record_counts_with_the_record(enrolled):
    author, commander, reader = await enrolled("P03"), await enrolled("C01"), await enrolled("P02")
    record = author.write(an_observation())
    verdict = commander.write(a_review(record.ref), record.ref)
    assert await reasons(commander) == [(1, "unknown_subject")]
    await reader.pull()
    assert reader.sees([record, verdict]) == [False, False]
    assert await reasons(author) == []
    await reader.pull()
    assert reader.sees([record, verdict]) == [True, True]
    assert await reasons(commander) == []


async def test_the_author_of_what_counts_late_is_given_it_and_of_nothing_else_that_is_theirs(enrolled):
    author, commander = await enrolled("P03"), await enrolled("C01")
    record = author.write(an_observation())
    own, verdict = commander.write(an_observation()), commander.write(a_review(record.ref), record.ref)
    await commander.push()
    await author.push()
    await commander.pull()
    assert commander.sees([record, own, verdict]) == [True, False, True]


async def test_a_verdict_is_judged_before_what_came_after_it(enrolled):
    """As it was when the record came first: the author's later word on what was judged is held."""
    author, commander = await enrolled("P03"), await enrolled("C01")
    record = author.write(an_observation())
    author.write(an_amendment(record.ref, {"description": "b"}), record.ref)
    commander.write(a_review(record.ref), record.ref)
    await commander.push()
    assert await reasons(author) == [(2, "already_reviewed")]
    assert await reasons(commander) == []


async def test_a_verdict_on_a_version_that_is_not_there_counts_with_it(enrolled):
    author, commander = await enrolled("P03"), await enrolled("C01")
    record = author.write(an_observation())
    amended = author.write(an_amendment(record.ref, {"description": "b"}), record.ref)
    commander.write(a_review(amended.ref), record.ref)
    await commander.push()
    await author.push(1, 1)
    assert await reasons(commander) == [(1, "stale_version")]
    await author.push(2)
    assert await reasons(commander) == []


async def test_what_a_unit_said_of_a_record_counts_once_the_record_is_shared_with_it(enrolled):
    author, other, commander = await enrolled("P03"), await enrolled("X01"), await enrolled("C01")
    record = author.write(an_observation())
    await author.push()
    other.write(Remarked(text="Ours too"), record.ref, unit="CAX")
    assert await reasons(other) == [(1, "other_unit")]
    commander.write(Shared(with_units=("CAX",)), record.ref)
    assert await reasons(commander) == []
    assert await reasons(other) == []


async def test_a_release_that_came_before_what_it_lets_in_lets_it_in(enrolled):
    author, commander, reader = await enrolled("P02"), await enrolled("C01"), await enrolled("P03")
    record = author.write(an_observation("ban_giao"))
    commander.write(Released(reason="seen"), record.ref)
    assert await reasons(commander) == [(1, "unknown_subject")]
    assert await reasons(author) == []
    await reader.pull()
    assert reader.sees([record]) == [True]
    assert await reasons(commander) == []


async def test_what_still_breaks_a_rule_is_held_for_that_rule(enrolled, house: House):
    author, commander = await enrolled("P03"), await enrolled("C01")
    record = author.write(an_observation())
    commander.write(a_review(record.ref), record.ref)
    await commander.push()
    house.acceptor.write_own([OwnFact(RoleTaken(role="chi_huy", in_unit="DON", reason="moved"), "person:C01")])
    await author.push()
    assert await reasons(commander) == [(1, "no_role")]
