"""A sighting on its way: enrolled, pushed, receipted, and read by those who may."""

from journal.chain import canonical_bytes
from journal.wire import PULL_FRAME_ENTRIES, Standing
from tests.entries_made import an_observation
from tests.sync_server.fakes import problem


async def test_what_one_device_pushes_another_of_the_unit_reads_byte_for_byte(enrolled):
    author, reader = await enrolled("P03"), await enrolled("C01")
    entries = [author.write(an_observation()) for _ in range(3)]
    receipt = await author.push()
    assert (receipt.to_seq, receipt.link, receipt.held) == (3, author.chain[-1].link.hex(), ())
    await reader.pull()
    assert [reader.visible[entry.ref] for entry in entries] == [canonical_bytes(entry) for entry in entries]


async def test_a_second_pull_brings_nothing_again(enrolled):
    author, reader = await enrolled("P03"), await enrolled("C01")
    author.write(an_observation())
    await author.push()
    await reader.pull()
    again = await reader.pull()
    assert (again.given, again.pages) == ([], [])


async def test_sending_again_changes_nothing(enrolled, house):
    author, reader = await enrolled("P03"), await enrolled("C01")
    for _ in range(5):
        author.write(an_observation())
    first, second = await author.push(), await author.push()
    assert first.link == second.link
    assert len([raw for raw in (await reader.pull()).given if b"observation_recorded" in raw]) == 5


async def test_a_gap_is_told_with_how_far_the_chain_is_held(enrolled):
    author = await enrolled("P03")
    for _ in range(4):
        author.write(an_observation())
    await author.push(1, 2)
    refused = problem(await author.send(author.frames(4), 4))
    assert (refused.code, refused.status, refused.held_to) == ("gap", 409, 2)


async def test_the_station_says_how_far_it_has_a_device(enrolled):
    author = await enrolled("P03")
    author.write(an_observation())
    await author.push()
    standing = Standing.unpack((await author.http.get(f"/push/{author.writer}")).content)
    assert (standing.held_to, standing.link) == (1, author.chain[0].link.hex())


async def test_own_entries_are_not_echoed(enrolled):
    author = await enrolled("C01")
    author.write(an_observation())
    await author.push()
    assert not [raw for raw in (await author.pull()).given if b"observation_recorded" in raw]


async def test_a_word_about_an_entry_that_is_not_there_ends_no_stream(enrolled, house):
    """A full page that it stands in is full all the same: who counted one less believed to have read all."""
    author, reader = await enrolled("P03"), await enrolled("C01")
    entries = [author.write(an_observation()) for _ in range(PULL_FRAME_ENTRIES + 20)]
    await author.push(last_seq=50)
    house.acceptor.admit(lambda admission: admission.grants.take((author.writer, 99_999), {"DON"}))
    await author.push(51)
    await reader.pull()
    assert reader.sees(entries) == [True] * len(entries)
