"""Every view can be thrown away: the journal gives it back row for row."""

from sqlalchemy import select

from journal.entries import Released, Shared
from sync_server.fold_again import fold_again
from sync_server.grants import GRANTS
from sync_server.tables import VIEWS, table_of
from tests.entries_made import a_patrol, a_photo, a_review, an_amendment, an_observation
from tests.sync_server.fakes import House
from tests.sync_server.test_forks import forked


def rows(house: House) -> dict[str, list[tuple]]:
    with house.running.database.read() as connection:
        kept = {str(view.__tablename__): sorted(map(repr, connection.execute(select(table_of(view))))) for view in VIEWS}
        return kept | {"granted": sorted(map(repr, connection.execute(select(GRANTS))))}


async def test_views_folded_again_are_the_same_rows_and_grants_stay(enrolled, house):
    leader, member, commander = await enrolled("P01"), await enrolled("P02"), await enrolled("C01")
    patrol = leader.write(a_patrol(coordinating_units=("CAX",)))
    seen = member.write(an_observation(patrol=patrol.ref))
    held = member.write(an_observation("ban_giao"))
    member.write(a_photo(seen.ref))
    member.write(an_amendment(held.ref, {"description": "b"}), held.ref)
    member.write(an_amendment(seen.ref, {"description": "b"}), seen.ref)
    await member.push()
    await leader.push()
    commander.write(Released(reason="seen"), held.ref)
    commander.write(Shared(with_units=("CAX",)), seen.ref)
    commander.write(a_review(f"{member.writer}.5"), seen.ref)
    await commander.push()
    other = await forked(await enrolled("P03"))
    await other.push()
    before = rows(house)
    counts = fold_again(house.running.database, house.running.station.writer)
    assert rows(house) == before
    assert counts["subject"] == len(before["subject"]) > 5
    await other.close()


async def test_after_folding_again_what_comes_next_is_judged_as_before(enrolled, house):
    author, commander = await enrolled("P03"), await enrolled("C01")
    seen = author.write(an_observation())
    await author.push()
    fold_again(house.running.database, house.running.station.writer)
    commander.write(a_review(seen.ref), seen.ref)
    assert (await commander.push()).held == ()
    author.write(an_amendment(seen.ref, {"description": "b"}), seen.ref)
    assert [one.reason for one in (await author.push()).held] == ["already_reviewed"]
