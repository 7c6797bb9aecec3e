"""A desk is told how old the last copy of its station is."""

from journal.clock import DAY_MS
from tests.sync_server.fakes import problem
from tests.sync_server.test_backup import Desk, page_of


async def test_a_desk_reads_how_old_the_last_copy_is_and_a_patrol_member_does_not(house, enrolled, tmp_path):
    keeper, commander, member = Desk(house, page_of(house)), await enrolled("C01"), await enrolled("P03")
    assert (await commander.ask("GET", "/copies")).json() == {}
    keeper.back_up(tmp_path / "disk")
    made_ms = house.clock.ms
    house.clock.pass_by(2 * DAY_MS)
    keeper.back_up(tmp_path / "disk")
    house.clock.pass_by(3 * DAY_MS - 1)
    assert (await commander.ask("GET", "/copies")).json() == {"copied_ms": made_ms + 2 * DAY_MS, "days": 2}
    assert problem(await member.ask("GET", "/copies")).code == "not_allowed"
