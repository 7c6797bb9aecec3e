"""Held, not refused: what is well signed and breaks a rule is kept with its reason; what is no chain changes nothing."""

from sqlalchemy import func, select

from journal.chain import sign_frame
from journal.entries import Released, Remarked, Shared, UnknownFact, WriterRevoked
from journal.exchange import Frame, write_push
from journal.wire import PUSH_TYPE
from sync_server.admission import ENTRIES
from sync_server.own_entries import OwnFact
from tests.entries_made import a_patrol, a_photo, a_review, an_amendment, an_end, an_observation
from tests.sync_server.fakes import House, problem


def count(house: House, *where) -> int:
    with house.running.database.read() as connection:
        return connection.execute(select(func.count()).select_from(ENTRIES).where(*where)).scalar_one()


async def test_an_entry_for_a_unit_without_a_role_is_held_and_nobody_sees_it(enrolled):
    author, reader = await enrolled("P03"), await enrolled("X01")
    entry = author.write(an_observation(), unit="CAX")
    receipt = await author.push()
    assert [(one.seq, one.reason) for one in receipt.held] == [(1, "no_role")]
    await reader.pull()
    assert reader.sees([entry]) == [False]


async def test_a_held_entry_is_told_again_when_it_is_sent_again(enrolled):
    author = await enrolled("P03")
    author.write(an_observation(), unit="CAX")
    assert (await author.push()).held == (await author.push()).held != ()


async def test_what_was_held_while_the_answer_was_lost_is_told_with_the_next_one(enrolled):
    author = await enrolled("P03")
    author.write(an_observation(), unit="CAX")
    author.write(an_observation())
    await author.push()
    author.write(an_observation())
    body = b"".join(write_push(author.writer, 3, author.frames(3), receipt_to=0))
    response = await author.http.post("/push", content=body, headers={"content-type": PUSH_TYPE})
    assert [(one.seq, one.reason) for one in author.receipt(response).held] == [(1, "no_role")]
    assert (await author.push(3)).held == ()


async def test_a_commander_lets_a_held_entry_in_and_what_hung_on_it_comes_too(enrolled, house):
    author, commander, reader = await enrolled("P02"), await enrolled("C01"), await enrolled("P03")
    held = author.write(an_observation("ban_giao"))
    amended = author.write(an_amendment(held.ref, {"description": "b"}), held.ref)
    assert [(one.seq, one.reason) for one in (await author.push()).held] == [(1, "kind_not_allowed"), (2, "unknown_subject")]
    commander.write(Released(reason="seen"), held.ref)
    assert (await commander.push()).held == ()
    await reader.pull()
    assert reader.sees([held, amended]) == [True, True]


async def test_a_second_word_that_lets_an_entry_in_counts_and_changes_nothing(enrolled, house):
    author, one, other, reader = await enrolled("P02"), await enrolled("C01"), await enrolled("C01"), await enrolled("P03")
    held = author.write(an_observation("ban_giao"))
    await author.push()
    for commander in (one, other):
        commander.write(Released(reason="seen"), held.ref)
        assert (await commander.push()).held == ()
    await reader.pull()
    assert reader.sees([held]) == [True]
    author.write(Released(reason="by myself"), held.ref)
    assert [one.reason for one in (await author.push()).held] != []


async def test_a_commander_finds_what_is_held_in_the_own_unit(enrolled):
    author, commander, stranger = await enrolled("P02"), await enrolled("C01"), await enrolled("X01")
    held = author.write(an_observation("ban_giao"))
    await author.push()
    page = (await commander.ask("GET", "/held")).json()
    assert [(one["ref"], one["person"], one["reason"]) for one in page["held"]] == [(held.ref, "person:P02", "kind_not_allowed")]
    assert page["held"][0]["raw"].encode() == author.chain[0].raw
    assert (await commander.ask("GET", "/held", query=f"?after={page['until']}")).json()["held"] == []
    assert (await stranger.ask("GET", "/held")).json()["held"] == []
    assert (await author.ask("GET", "/held")).status_code == 403


async def test_an_act_on_another_units_record_is_let_in_by_that_units_commander_alone(enrolled, house):
    house.settle_people({"X03": ("CAX", "truc_ban")})
    author, duty, stranger, commander = [await enrolled(person) for person in ("P03", "X03", "X01", "C01")]
    record = author.write(an_observation())
    photo = author.write(a_photo(record.ref))
    await author.push()
    shared = duty.write(Shared(with_units=("CAX",)), record.ref, unit="CAX")
    sealed = duty.write(a_review(record.ref, "khoa_so", "x"), record.ref, unit="CAX")
    assert len((await duty.push()).held) == 2
    for act in (shared, sealed):
        stranger.write(Released(reason="ours"), act.ref, unit="CAX")
    assert [one.reason for one in (await stranger.push()).held] == ["other_unit", "other_unit"]
    await stranger.pull()
    assert stranger.sees([record, photo]) == [False, False]
    assert (await stranger.ask("GET", "/held")).json()["held"] == []
    (found, *_) = (await commander.ask("GET", "/held")).json()["held"]
    assert (found["ref"], found["person"], found["unit"]) == (shared.ref, "person:X03", "DON")
    commander.write(Released(reason="seen"), shared.ref)
    assert (await commander.push()).held == ()
    await stranger.pull()
    assert stranger.sees([record, photo]) == [True, True]


async def test_a_release_that_came_before_the_act_on_another_units_record_lets_nothing_in(enrolled, house):
    house.settle_people({"X03": ("CAX", "truc_ban")})
    author, duty, stranger = await enrolled("P03"), await enrolled("X03"), await enrolled("X01")
    record = author.write(an_observation())
    await author.push()
    act = duty.write(Shared(with_units=("CAX",)), record.ref, unit="CAX")
    stranger.write(Released(reason="ours"), act.ref, unit="CAX")
    await stranger.push()
    await duty.push()
    await stranger.pull()
    assert stranger.sees([record]) == [False]
    assert count(house, ENTRIES.c.let_in.is_not(None), ENTRIES.c.fact.in_(("shared", "released"))) == 0


async def test_the_author_does_not_let_in_the_own_held_entry(enrolled, house):
    house.give_role("P02", "truong_thon")
    author = await enrolled("P02")
    held = author.write(an_observation("ban_giao"))
    author.write(Released(reason="me"), held.ref)
    assert [one.reason for one in (await author.push()).held] == ["kind_not_allowed", "role_not_enough"]


async def test_what_a_revoked_writer_sends_is_held_and_it_reads_nothing_more(enrolled, house):
    author, reader = await enrolled("P03"), await enrolled("C01")
    author.write(an_observation())
    await author.push()
    house.acceptor.write_own([OwnFact(WriterRevoked(reason="lost"), f"writer:{author.writer}")])
    late = author.write(an_observation())
    assert [one.reason for one in (await author.push()).held] == ["revoked"]
    await reader.pull()
    assert reader.sees([late]) == [False]
    assert problem(await author.http.post("/token", headers={"dpop": ""})).status == 401


async def test_a_wrong_signature_is_refused_and_changes_nothing(enrolled, house):
    author, other = await enrolled("P03"), await enrolled("P01")
    author.write(an_observation())
    frame = author.frames()[0]
    forged = Frame(1, frame.raws, sign_frame(other.key, author.writer, 1, author.chain[0].link))
    assert problem(await author.send([forged], 1)).code == "no_chain"
    assert count(house, ENTRIES.c.writer == author.writer) == 0


async def test_a_changed_byte_is_refused(enrolled, house):
    author = await enrolled("P03")
    author.write(an_observation())
    frame = author.frames()[0]
    changed = Frame(1, (frame.raws[0].replace(b"dau_vet", b"dau_vat"),), frame.signature)
    assert problem(await author.send([changed], 1)).code == "no_chain"
    assert count(house, ENTRIES.c.writer == author.writer) == 0


async def test_frames_before_a_broken_one_stand(enrolled, house):
    author = await enrolled("P03")
    for _ in range(4):
        author.write(an_observation())
    good, bad = author.frames(1, 2)[0], author.frames(3, 4)[0]
    response = await author.send([good, Frame(3, bad.raws, bytes(64))], 1)
    assert (problem(response).code, problem(response).held_to) == ("no_chain", 2)
    assert (await author.push(3)).to_seq == 4


async def test_an_entry_that_claims_another_place_in_the_chain_is_held(enrolled):
    author = await enrolled("P03")
    first = author.write(an_observation())
    author.write_raw(author.chain[0].raw, first.at[0])
    assert [(one.seq, one.reason) for one in (await author.push()).held] == [(2, "misnamed")]


async def test_a_place_that_is_claimed_is_still_known_as_that_of_its_writer(enrolled):
    """Else what comes with the claim about the record of that place would wait for a beginning that was there before."""
    author, stranger = await enrolled("P03"), await enrolled("P02")
    record = author.write(an_observation())
    await author.push()
    stranger.write_raw(author.chain[0].raw, record.at[0])
    stranger.write(Remarked(text="đã gặp"), record.ref)
    assert [(one.seq, one.reason) for one in (await stranger.push()).held] == [(1, "misnamed")]


async def test_bytes_that_are_no_entry_are_held_where_the_chain_vouches_for_them(enrolled, house):
    author = await enrolled("P03")
    author.write_raw(b'{"at":[%d,0],"new":"form"}' % house.clock.ms, house.clock.ms)
    author.write(an_observation())
    receipt = await author.push()
    assert ([(one.seq, one.reason) for one in receipt.held], receipt.to_seq) == ([(1, "unreadable")], 2)


async def test_bytes_that_two_readers_could_read_differently_are_held(enrolled):
    author = await enrolled("P03")
    entry = author.write(an_observation())
    raw = author.chain[0].raw
    author.chain.clear()
    author.write_raw(raw.replace(b'"seq":1', b'"seq":7,"seq":1'), entry.at[0])
    assert [(one.seq, one.reason) for one in (await author.push()).held] == [(1, "unreadable")]


async def test_bytes_without_a_stamp_are_no_chain(enrolled, house):
    author = await enrolled("P03")
    author.write_raw(b"nothing", house.clock.ms)
    assert problem(await author.push_raw()).code == "no_chain"


async def test_a_fact_of_a_newer_version_is_let_in_and_reaches_its_unit(enrolled):
    author, reader = await enrolled("P03"), await enrolled("C01")
    newer = author.write(UnknownFact.model_validate({"fact": "weather_seen", "patrol": ["odd"], "of": {"x": 1}}))
    assert (await author.push()).held == ()
    await reader.pull()
    assert reader.sees([newer]) == [True]


async def test_nobody_reviews_a_patrol_they_were_on(enrolled):
    leader, commander = await enrolled("P01"), await enrolled("C01")
    patrol = leader.write(a_patrol(members=("person:C01",)))
    await leader.push()
    commander.write(a_review(patrol.ref), patrol.ref)
    assert [one.reason for one in (await commander.push()).held] == ["own_patrol"]


async def test_a_review_of_an_older_version_than_the_last_is_held(enrolled):
    author, commander = await enrolled("P03"), await enrolled("C01")
    seen = author.write(an_observation())
    author.write(an_amendment(seen.ref, {"description": "b"}), seen.ref)
    await author.push()
    commander.write(a_review(seen.ref), seen.ref)
    assert [one.reason for one in (await commander.push()).held] == ["stale_version"]


async def test_a_patrol_is_judged_as_it_ended_and_not_as_it_set_out(enrolled):
    leader, commander = await enrolled("P01"), await enrolled("C01")
    patrol = leader.write(a_patrol())
    ended = leader.write(an_end(), patrol.ref)
    corrected = leader.write(an_amendment(ended.ref, {"weather": "mua"}), patrol.ref)
    assert (await leader.push()).held == ()
    commander.write(a_review(ended.ref), patrol.ref)
    assert [one.reason for one in (await commander.push()).held] == ["stale_version"]
    commander.write(a_review(corrected.ref), patrol.ref)
    assert [one.seq for one in (await commander.push()).held] == [1]


async def test_a_verdict_on_an_ended_patrol_counts(enrolled):
    leader, commander = await enrolled("P01"), await enrolled("C01")
    patrol = leader.write(a_patrol())
    ended = leader.write(an_end(), patrol.ref)
    await leader.push()
    commander.write(a_review(ended.ref), patrol.ref)
    assert (await commander.push()).held == ()
