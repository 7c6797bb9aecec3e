"""A phone of a station and a desk of the province, both the real app: what is seen goes up, a question and an order come down."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from app.record import ObservationForm, Recorded
from app.state.desk_means import read_names
from app.store.queries import observation_detail, orders_for, queue_for_review
from journal.entries import OrderIssued, PersonRegistered, RoleGiven, UnitRegistered
from sync_server.admitting import change_roles, confirm_station, issue_station_code
from sync_server.init import init_station
from sync_server.joining import join_province
from sync_server.own_entries import OwnFact
from sync_server.uplink import exchange_all
from tests.whole_journey.device import Device
from tests.whole_journey.post import ADDRESS, UNIT, Post

OWN = (
    OwnFact(UnitRegistered(name="Province", kind="ca_tinh"), "unit:TINH"),
    OwnFact(PersonRegistered(name="Of the province", home_unit="TINH"), "person:TI01"),
    OwnFact(RoleGiven(role="chi_huy", in_unit="TINH"), "person:TI01"),
)


@pytest_asyncio.fixture
async def province(tmp_path: Path, post: Post) -> AsyncIterator[Post]:
    """Joined by the post, which lets it read and ask in its unit."""
    above = Post(tmp_path / "province", post.true)
    init_station(above.settings, now_ms=above.now_ms, random_bytes=above.random_bytes)
    above.start()
    above.running.acceptor.write_own(list(OWN))
    code = issue_station_code(above.running).as_text()
    await join_province(post.running, code, lambda _address, _ca: line(above))
    confirm_station(above.running, post.running.station.writer)
    change_roles(post.running, above.running.station.writer, [f"{UNIT}:chi_huy"], [], "")
    yield above
    above.stop()


def line(above: Post) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(above.server), base_url=ADDRESS)


async def call(post: Post, above: Post) -> None:
    async with line(above) as client:
        await exchange_all(post.running, above.running.station.writer, client)


async def test_a_sighting_goes_up_to_the_province_and_its_question_and_order_come_down(post: Post, phone: Device, province: Post):
    seen = await phone.field.record_observation(ObservationForm("khong_phat_hien", description="Nobody at the ford"))
    assert isinstance(seen, Recorded), seen
    await phone.sync()
    await call(post, province)
    province.running.acceptor.write_own([OwnFact(RoleGiven(role="chi_huy", in_unit=UNIT), "person:TI01")])
    desk = province.new_device("tinh")
    await desk.begin(await province.join(desk, "person:TI01"))
    await desk.sync()

    waiting = await desk.notebook.ask(lambda session: queue_for_review(session, [UNIT]))
    assert [(one.subject, one.description) for one in waiting] == [(seen.ref, "Nobody at the ford")]
    names = await desk.notebook.ask(lambda session: read_names(session, desk.watch.now_ms()))
    assert names.unit(UNIT) == "Post 72"
    assert names.person(phone.notebook.person) == "Leader"
    judged = waiting[0].version
    await desk.desk.review(seen.ref, judged=judged, verdict="yeu_cau_bo_sung", reason="Since when?", unit=UNIT)
    order = await desk.desk.issue_order(OrderIssued(kind="tuan_tra", title="Watch the ford", to_unit=UNIT), unit="TINH")
    await desk.sync()
    await desk.close()

    await call(post, province)
    await phone.sync()
    on_phone = await phone.notebook.ask(lambda session: observation_detail(session, seen.ref))
    assert on_phone is not None
    assert (on_phone.line.status, on_phone.line.review_reason) == ("yeu_cau_bo_sung", "Since when?")
    orders = await phone.notebook.ask(lambda session: orders_for(session, UNIT, phone.notebook.person))
    assert [one.subject for one in orders] == [order.ref]
