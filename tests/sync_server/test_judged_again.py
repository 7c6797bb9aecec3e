"""What is held only for want of something at its subject counts once that is there, and its author learns of it."""

from journal.access import judge
from journal.entries import Released, Remarked, RoleTaken, Shared
from sync_server import judging
from sync_server.own_entries import OwnFact
from tests.entries_made import a_patrol, a_review, an_amendment, an_observation
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


async def test_what_waits_for_another_version_is_not_judged_with_each_that_comes(enrolled, monkeypatch):
    """A phone with thirty of each would cost the station nine hundred judgements, and calls for help wait behind them."""
    author, other = await enrolled("P03"), await enrolled("X01")
    record = author.write(an_observation())
    for _ in range(30):
        author.write(an_amendment(f"{author.writer}.9999", {"description": "a"}), record.ref)
        other.write(Remarked(text="Ours too"), record.ref, unit="CAX")
    await author.push()
    assert len(await reasons(other)) == 30
    saw = record.ref
    for _ in range(30):
        saw = author.write(an_amendment(saw, {"description": "b"}), record.ref).ref
    judged: list[str] = []
    monkeypatch.setattr(
        judging, "judge", lambda standing, entry, about: judged.append(entry.ref) or judge(standing, entry, about)
    )
    assert (await author.push(32)).held == ()
    assert judged == [one.ref for one in author.entries[31:]]


async def test_of_all_that_waits_each_counts_with_the_version_that_it_waits_for(enrolled):
    author, commander = await enrolled("P03"), await enrolled("C01")
    record = author.write(an_observation())
    saw = record.ref
    for _ in range(5):
        saw = author.write(an_amendment(saw, {"description": "b"}), record.ref).ref
    last = commander.write(a_review(saw), record.ref)
    await author.push(1, 1)
    assert await reasons(commander) == [(last.seq, "stale_version")]
    for seq in range(6, 1, -1):
        await author.send([author.urgent(seq)], 1)
    assert await reasons(author) == []
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


async def test_what_a_unit_said_of_a_record_counts_once_its_patrol_is_shared_with_it(enrolled):
    author, other, commander = await enrolled("P03"), await enrolled("X01"), await enrolled("C01")
    patrol = author.write(a_patrol(leader="person:P03"))
    record = author.write(an_observation(patrol=patrol.ref))
    await author.push()
    other.write(Remarked(text="Ours too"), record.ref, unit="CAX")
    assert await reasons(other) == [(1, "other_unit")]
    commander.write(Shared(with_units=("CAX",)), patrol.ref)
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
