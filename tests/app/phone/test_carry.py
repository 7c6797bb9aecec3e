"""Without a network, by finger: a bundle to a file, to another phone, for others; and where each record says it is."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.device.network import Link, LinkSeen
from app.store.carried import CarriedShelf, CarriedState
from app.store.handed_over import HandedWork
from app.sync.bundle import Photos, make_bundle
from app.sync.discovery import Near
from app.sync.state import Phase, SyncState
from journal.bundle import BundleReply
from journal.entries import PersonRegistered, WriterEnrolled
from journal.exchange import Page
from journal.names import name_writer
from journal.neighbour import Giver, Offer
from journal.wire import PushReply, to_text
from tests.app.phone.fakes import OpenPhone, PhoneMade
from tests.app.store.fakes import OtherWriter, Station, make_identity

LOOPBACK = ("127.0.0.1",)
CARRIER_SEED = 9


async def nobody_near(*_: object, **__: object) -> tuple[Near, ...]:
    """A network in which multicast is not heard."""
    return ()


async def sees(phone: OpenPhone, words: str) -> bool:
    """Whether the page comes to show these words."""
    for _ in range(40):
        if phone.page.sees(words):
            return True
        await phone.rest()
    return False


async def opened(folder, seed: int) -> OpenPhone:
    made = PhoneMade(folder)
    await made.enrol(seed=seed)
    phone = await made.open()
    phone.phone.carrying.interfaces = LOOPBACK
    phone.phone.carrying._find_near = nobody_near
    await phone.unlock()
    return phone


@pytest.fixture
async def phone(tmp_path) -> AsyncIterator[OpenPhone]:
    one = await opened(tmp_path / "giver", 7)
    await know_carrier(one)
    yield one
    await one.close()


@pytest.fixture
async def carrier(tmp_path) -> AsyncIterator[OpenPhone]:
    one = await opened(tmp_path / "carrier", CARRIER_SEED)
    yield one
    await one.close()


async def know_carrier(phone: OpenPhone) -> None:
    """The register names who else writes for this station."""
    key = make_identity(Station(), CARRIER_SEED).public_key
    station = OtherWriter(name_writer(b"\x06" * 32))
    enrolled = WriterEnrolled(public_key=to_text(key), person="person:P02", device_name="M", first_period=72)
    given = [
        station.write(PersonRegistered(name="Lò Văn Dũng", home_unit="DON"), subject="person:P02"),
        station.write(enrolled, subject=f"writer:{name_writer(key)}"),
    ]
    await phone.session.notebook.apply_page(Page("STATION", 1, tuple(given)))
    await phone.rest()


async def record(phone: OpenPhone) -> str:
    await phone.session.nothing_found()
    await phone.rest()
    return (await phone.session.notebook.unsent(10))[-1].seq and f"{phone.session.notebook.writer}.1"


async def test_the_page_of_sending_shows_three_ways_without_a_network(phone):
    await phone.go("/send")
    for words in ("Gửi qua máy khác", "Xuất ra thẻ nhớ", "Nhận hộ máy khác"):
        assert await sees(phone, words)


async def test_a_file_is_saved_and_the_record_says_that_it_is_on_its_way_and_not_received(phone):
    ref = await record(phone)
    phone.page.connection.answers["save_file"] = "/card/x.tuantra"
    await phone.go("/carry/file")
    assert await sees(phone, "1 mục chữ")
    await phone.press("bundle-save")
    assert await sees(phone, "Đưa tệp về đồn")
    await phone.go(f"/record-of/{ref}")
    assert await sees(phone, "Máy khác mang hộ")
    assert await sees(phone, "Trong tệp xuất ra")
    assert await sees(phone, "Đồn chưa có biên nhận")
    assert (await phone.session.notebook.waiting()).entries == 1


async def test_a_file_that_was_not_saved_is_not_carried(phone):
    await record(phone)
    phone.page.connection.answers["save_file"] = None
    await phone.go("/carry/file")
    await phone.press("bundle-save")
    assert await phone.session.notebook.handed(HandedWork.notes) == ()


async def test_nothing_is_offered_where_nothing_waits(phone):
    await phone.go("/carry/file")
    assert await sees(phone, "Không có gì chờ gửi")


async def test_one_phone_hands_over_to_another_by_address_and_code(phone, carrier):
    ref = await record(phone)
    await carrier.go("/carry/take")
    door = carrier.session.carrying.door
    assert door is not None
    assert await sees(carrier, f"{door.code[:3]} {door.code[3:]}")
    await phone.go("/carry/give")
    port = carrier.phone.carrying._taking.port
    await phone.page.enter("give-address", f"127.0.0.1:{port}")
    await phone.page.enter("give-code", door.code)
    await phone.press("give")
    assert await sees(phone, "Máy của Lò Văn Dũng đang mang hộ")
    assert await sees(phone, "Mang hộ chưa phải đồn đã nhận")
    await carrier.rest()
    assert await sees(carrier, "Chờ về đồn")
    assert carrier.session.carrying.door.code != door.code
    await phone.go(f"/record-of/{ref}")
    assert await sees(phone, "Máy của Lò Văn Dũng mang hộ từ")
    await phone.go("/log")
    assert await sees(phone, "Máy khác mang hộ")
    await carrier.go("/send")
    assert await sees(carrier, "Gửi ngay")
    await carrier.rest()
    assert carrier.phone.carrying.door is None


@pytest.mark.parametrize(
    ("address", "code", "told"),
    [
        ("nowhere", "123456", "Địa chỉ chưa đúng"),
        ("127.0.0.1:9", "12", "Mã có sáu số"),
        ("127.0.0.1:1", "123456", "Không gặp được máy kia"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_goes(phone, address, code, told):
    await record(phone)
    await phone.go("/carry/give")
    await phone.page.enter("give-address", address)
    await phone.page.enter("give-code", code)
    await phone.press("give")
    await phone.rest()
    assert await sees(phone, told)
    assert await phone.session.notebook.handed(HandedWork.notes) == ()


async def test_a_received_record_tells_its_receipt_and_that_it_holds(phone):
    ref = await record(phone)
    notebook = phone.session.notebook
    settled, signed = Station().receipt(notebook.writer, (await notebook.unsent(10))[-1])
    await notebook.settle(settled, signed)
    await phone.go(f"/record-of/{ref}")
    assert await sees(phone, "Đồn đã nhận")
    assert await sees(phone, "khớp từng mục trên máy này")


async def lay_on_shelf(phone: OpenPhone, shelf: CarriedShelf) -> str:
    """What waits on this phone, as a bundle that another carries; its name."""
    clocks, notebook = phone.phone, phone.session.notebook
    bundle = await make_bundle(notebook, Photos.NONE, now_ms=clocks.now_ms(), random_bytes=clocks.random_bytes)
    assert bundle is not None
    arriving = shelf.begin(bundle.sha256, len(bundle.raw))
    arriving.add(bundle.raw)
    shelf.keep(arriving, station=notebook.station.station, writer=notebook.writer, now_ms=clocks.now_ms())
    return bundle.sha256


async def test_what_was_brought_or_refused_is_told_on_the_page_of_carrying(phone, carrier):
    await record(phone)
    carrying = carrier.phone.carrying
    names = [await lay_on_shelf(phone, carrying.shelf) for _ in range(2)]
    _, signed = Station().receipt(phone.session.notebook.writer, (await phone.session.notebook.unsent(10))[-1])
    reply = BundleReply(writer=phone.session.notebook.writer, push=PushReply(held_to=1, receipt=signed))
    carrying.shelf.delivered(names[0], reply, phone.phone.now_ms())
    carrying.shelf.refused(names[1], "unreadable", phone.phone.now_ms())
    await carrying.look_over()
    await carrier.go("/carry/take")
    assert await sees(carrier, "Gặp lại người gửi thì đưa biên nhận")
    assert await sees(carrier, "Đồn không nhận: gói hỏng")
    await carrier.press(f"drop-{names[1][:8]}")
    assert [one.state for one in carrying.carried] == [CarriedState.DELIVERED]


async def test_a_bundle_that_may_not_travel_on_this_link_says_why_it_waits(phone, carrier):
    await record(phone)
    carrying = carrier.phone.carrying
    await lay_on_shelf(phone, carrying.shelf)
    carrier.phone.link = LinkSeen(Link.MOBILE, roaming=True)
    await carrying.look_over()
    await carrier.go("/carry/take")
    assert await sees(carrier, "Chờ về đồn")
    assert await sees(carrier, "Đang chuyển vùng")


@pytest.mark.parametrize(
    ("code", "why"), [("station_holds_more", "bản cũ của chính nó"), ("station_holds_another_branch", "dùng chung một bản sao")]
)
async def test_a_phone_that_is_an_old_copy_of_itself_says_so_kindly_and_what_to_do(phone, code, why):
    await record(phone)
    await phone.go("/send")
    phone.session.gauges.sync = SyncState(Phase.REFUSED, waiting_count=1, problem_code=code)
    assert await sees(phone, why)
    for step in ("Đừng xóa gì", "được giữ riêng", "Báo trực ban", "Ghép lại máy bằng mã mới"):
        assert await sees(phone, step)


async def test_what_came_is_on_the_way_though_another_neighbour_was_midway_when_the_page_was_left(phone, carrier):
    await record(phone)
    await carrier.go("/carry/take")
    door = carrier.session.carrying.door
    taking = carrier.phone.carrying._taking
    notebook = phone.session.notebook
    _, writer = await asyncio.open_connection("127.0.0.1", taking.port)
    giver = Giver(station=notebook.station.station, writer=notebook.writer, code=door.code, challenge=to_text(b"x" * 16))
    writer.write(giver.packed() + b"\n" + Offer(bundle="a" * 64, size_bytes=500).packed() + b"\n" + b"x" * 250)
    while not taking.coming_bytes:  # noqa: ASYNC110  told only to those who draw
        await asyncio.sleep(0.01)
    await phone.go("/carry/give")
    await phone.page.enter("give-address", f"127.0.0.1:{taking.port}")
    await phone.page.enter("give-code", door.code)
    await phone.press("give")
    assert await sees(phone, "Máy của Lò Văn Dũng đang mang hộ")
    await carrier.go("/send")
    await carrier.rest()
    assert carrier.phone.carrying.door is None
    assert [one.state for one in carrier.phone.carrying.carried] == [CarriedState.WAITING]
    writer.close()
