"""What a carrier brings over a breaking link goes on where the station stands, and is not paid for twice."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from app.store.carried import CarriedShelf, CarriedState
from app.sync.allowance import Allowance, LinkNow, TravelRules
from app.sync.answers import ServerUnreachable
from app.sync.bundle import Photos
from app.sync.delivery import deliver_carried
from app.sync.traffic import AHEAD_BYTES, TrafficMeter
from tests.app.sync.test_bundle import made, on_shelf, record_with_photo
from tests.fakes import Mishap
from tests.whole_journey.device import Device


async def a_shelf(folder: Path, phone: Device) -> tuple[CarriedShelf, int]:
    """With one bundle that has a photo in it, and the size of that."""
    await record_with_photo(phone)
    bundle = await made(phone, Photos.ORIGINAL)
    return on_shelf(folder, phone, bundle), len(bundle.raw)


async def deliver(desk: Device, shelf: CarriedShelf, allowance: Allowance | None = None) -> int:
    return await deliver_carried(desk.client, desk.notebook.station, shelf, desk.watch.now_ms, lambda: None, allowance)


def sent(desk: Device) -> list[int]:
    """How many bytes of bundles the station got in each request."""
    return [one.request_bytes for one in desk.network.log if (one.method, one.path) == ("POST", "/bundles")]


def cut(desk: Device, *, after_bytes: int) -> None:
    desk.network.plan(Mishap.CUT_REQUEST, on="/bundles", method="POST", after_bytes=after_bytes)


async def test_a_bundle_over_a_line_that_breaks_again_and_again_comes_in_one_round_and_no_byte_twice(
    tmp_path, phone: Device, desk: Device
):
    shelf, size_bytes = await a_shelf(tmp_path, phone)
    for _ in range(4):
        cut(desk, after_bytes=500)
    assert await deliver(desk, shelf) == 1
    assert sent(desk) == [500, 500, 500, 500, size_bytes - 2_000]
    assert [one.state for one in shelf.all()] == [CarriedState.DELIVERED]


async def test_a_bundle_that_a_round_could_not_bring_is_gone_on_with_in_the_next(tmp_path, phone: Device, desk: Device):
    shelf, size_bytes = await a_shelf(tmp_path, phone)
    cut(desk, after_bytes=1_000)
    cut(desk, after_bytes=0)
    with pytest.raises(ServerUnreachable):
        await deliver(desk, shelf)
    assert [one.state for one in shelf.all()] == [CarriedState.WAITING]
    assert await deliver(desk, shelf) == 1
    assert sent(desk) == [1_000, 0, size_bytes - 1_000]


async def test_a_carrier_whose_answer_was_lost_hears_it_again_without_a_byte_of_the_bundle(tmp_path, phone: Device, desk: Device):
    shelf, size_bytes = await a_shelf(tmp_path, phone)
    desk.network.plan(Mishap.LOSE_REPLY, on="/bundles", method="POST")
    assert await deliver(desk, shelf) == 1
    assert sent(desk) == [size_bytes, 0]


@pytest.mark.parametrize("becomes", [LinkNow(metered=True, roaming=True), LinkNow(metered=True)], ids=["roaming", "no budget"])
async def test_a_bundle_does_not_go_on_over_a_link_on_which_it_may_not_travel(tmp_path, phone: Device, desk: Device, becomes):
    shelf, size_bytes = await a_shelf(tmp_path, phone)
    meter, at_home = SimpleNamespace(spent_bytes=9, make_sure=desk.notebook.waiting), LinkNow()
    allowance = Allowance(lambda: becomes if sum(sent(desk)) == 500 else at_home, lambda: TravelRules(day_budget_bytes=8), meter)
    cut(desk, after_bytes=500)
    with pytest.raises(ServerUnreachable, match="does not travel on"):
        await deliver(desk, shelf, allowance)
    assert await deliver(desk, shelf) == 1
    assert sent(desk) == [500, size_bytes - 500]


async def test_a_station_of_the_last_version_gets_the_whole_bundle(tmp_path, phone: Device, desk: Device):
    shelf, size_bytes = await a_shelf(tmp_path, phone)
    desk.network.speaks_only_1 = True
    cut(desk, after_bytes=1_000)
    with pytest.raises(ServerUnreachable):
        await deliver(desk, shelf)
    assert await deliver(desk, shelf) == 1
    assert sent(desk) == [1_000, size_bytes]


async def test_what_a_bundle_costs_is_on_the_disk_before_it_leaves(tmp_path, phone: Device, desk: Device):
    shelf, _ = await a_shelf(tmp_path, phone)
    meter = TrafficMeter(tmp_path / "traffic.json", lambda: "2026-11-05")
    allowance = Allowance(lambda: LinkNow(metered=True), meter=meter)
    covered: list[int] = []

    def look(_request, answer):
        covered.append(TrafficMeter(tmp_path / "traffic.json", lambda: "2026-11-05").spent_bytes)
        return answer

    desk.network.change_answer(look, on="/bundles", method="POST")
    await deliver(desk, shelf, allowance)
    assert covered == [AHEAD_BYTES]
