"""Photos on links that break, hang, swallow and cost: text goes first, little travels twice, no wait holds anything up."""

import asyncio
import random
from collections.abc import AsyncIterator

import httpx
import pytest

from app.store.outcomes import PhotoToSend
from app.sync.allowance import Allowance, LinkNow, TravelRules, Why, why_kept
from app.sync.patience import QUICK_TRIES, Patience
from app.sync.pieces import LARGEST_PIECE_BYTES, SMALLEST_PIECE_BYTES, PieceSize
from app.sync.run import SyncRunner
from app.sync.state import Phase, SyncState
from app.sync.traffic import AHEAD_BYTES, TrafficMeter
from tests.app.sync.test_photos import large_picture, on_server, photograph
from tests.app.sync.test_running import heard
from tests.fakes import PORTAL_PAGE, BreakableNetwork, Mishap
from tests.whole_journey.device import Device
from tests.whole_journey.ground import picture
from tests.whole_journey.post import Post

MIB = 1_048_576


class SwallowingProxy(BreakableNetwork):
    """Keeps a request until it is whole, as web servers do that stand before others, while the link breaks every so often."""

    break_after_bytes = 200_000
    swallowed: list[int]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "PATCH":
            return await super().handle_async_request(request)
        assert isinstance(request.stream, httpx.AsyncByteStream)
        body = bytearray()
        async for block in request.stream:
            body += block
            if len(body) > self.break_after_bytes:
                self.swallowed.append(len(body))
                raise httpx.WriteError("connection reset", request=request)
        whole = httpx.Request(request.method, request.url, headers=request.headers, content=bytes(body))
        return await super().handle_async_request(whole)


async def test_where_requests_are_kept_until_they_are_whole_photos_go_in_short_pieces(post: Post):
    network = SwallowingProxy(post.call)
    network.swallowed = []
    phone = post.new_device("phone1", network=network)
    await phone.open()
    sha256 = await photograph(phone, large_picture())
    for _ in range(3):
        if not (await phone.sync()).waiting_photos:
            break
    assert sha256 in on_server(post)
    assert len(network.swallowed) <= 2
    assert sum(network.swallowed) < 2 * network.break_after_bytes + 65_536
    await phone.close()


class PausingNetwork(BreakableNetwork):
    """Lets something happen in the middle of a photo."""

    pause_at_bytes = 200_000
    paused: asyncio.Event
    go_on: asyncio.Event

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            assert isinstance(request.stream, httpx.AsyncByteStream)
            request = httpx.Request(request.method, request.url, headers=request.headers, content=self._pausing(request.stream))
        return await super().handle_async_request(request)

    async def _pausing(self, body: AsyncIterator[bytes] | httpx.AsyncByteStream) -> AsyncIterator[bytes]:
        size_bytes = 0
        async for block in body:
            size_bytes += len(block)
            if size_bytes > self.pause_at_bytes and not self.paused.is_set():
                self.paused.set()
                await self.go_on.wait()
            yield block


async def test_an_entry_written_while_a_photo_is_under_way_goes_before_the_rest_of_it(post: Post):
    network = PausingNetwork(post.call)
    network.paused, network.go_on = asyncio.Event(), asyncio.Event()
    phone = post.new_device("phone1", network=network)
    await phone.open()
    sha256 = await photograph(phone, large_picture())
    phone.runner.start()
    async with asyncio.timeout(10):
        await network.paused.wait()
        before = len(network.log)
        await phone.field.record_nothing_found(patrol=None, position=None)
        await asyncio.sleep(0)
        network.go_on.set()
        while sha256 not in on_server(post):  # noqa: ASYNC110  the station tells nobody
            await asyncio.sleep(0.01)
    after = [(one.method, one.path.split("/")[1]) for one in network.log[before:]]
    assert after.index(("POST", "push")) < after.index(("PATCH", "photos"))
    pieces = [one.request_bytes for one in network.log if one.method == "PATCH"]
    assert sum(pieces) == sum(file.stat().st_size for file in (post.settings.folder / "photos").rglob("*") if file.is_file())
    await phone.close()


async def test_a_photo_whose_answer_never_comes_holds_up_no_entry(phone: Device):
    await photograph(phone, picture(1))
    phone.network.plan(Mishap.HANG, on="/photos/upload/", method="PATCH")
    phone.runner.start()
    async with asyncio.timeout(10):
        await phone.network.hanging.wait()
        await phone.field.record_nothing_found(patrol=None, position=None)
        await heard(phone, Phase.IDLE, waiting=0)
    assert phone.runner.state.waiting_photos == 0


async def test_photos_that_arrive_start_no_round_of_their_own(phone: Device):
    for colour in range(4):
        await photograph(phone, picture(colour))
    phone.runner.start()
    async with asyncio.timeout(10):
        while phone.runner.state.phase is not Phase.IDLE or phone.runner.state.waiting_photos:  # noqa: ASYNC110  as in heard
            await asyncio.sleep(0.01)
    assert phone.network.paths("GET").count("/pull") <= 2


@pytest.mark.parametrize(
    ("role", "link", "expected"),
    [
        ("original", LinkNow(), None),
        ("original", LinkNow(metered=True), Why.WIFI),
        ("preview", LinkNow(metered=True), None),
        ("full", LinkNow(metered=True), None),
        ("voice", LinkNow(metered=True), None),
        ("preview", LinkNow(metered=True, roaming=True), Why.ROAMING),
        ("original", LinkNow(metered=True, roaming=True), Why.ROAMING),
    ],
)
def test_originals_wait_for_wifi_and_nothing_of_a_photo_roams(role: str, link: LinkNow, expected: Why | None):
    assert why_kept(role, 300_000, link, TravelRules(), 0, lifted=False) is expected


def test_a_photo_that_does_not_fit_into_the_day_waits_for_the_next_and_a_person_may_lift_that():
    link, rules = LinkNow(metered=True), TravelRules(day_budget_bytes=10 * MIB)
    assert why_kept("full", MIB, link, rules, 8 * MIB, lifted=False) is None
    assert why_kept("full", MIB, link, rules, 9 * MIB, lifted=False) is Why.BUDGET
    assert why_kept("full", 0, link, rules, 10 * MIB + 1, lifted=False) is Why.BUDGET
    assert why_kept("full", MIB, link, TravelRules(None), 900 * MIB, lifted=False) is None
    assert why_kept("original", MIB, link, rules, 11 * MIB, lifted=True) is None
    assert why_kept("original", MIB, LinkNow(metered=True, roaming=True), rules, 0, lifted=True) is Why.ROAMING


async def test_a_days_bytes_are_remembered_after_a_kill_and_forgotten_on_the_next_day(tmp_path):
    day = ["2026-11-05"]
    meter = TrafficMeter(tmp_path / "traffic.json", lambda: day[0])
    for _ in range(100):
        await meter.make_sure()
        meter.count(10_000)
    again = TrafficMeter(tmp_path / "traffic.json", lambda: day[0])
    assert meter.spent_bytes <= again.spent_bytes <= meter.spent_bytes + AHEAD_BYTES
    day[0] = "2026-11-06"
    assert again.spent_bytes == 0
    assert TrafficMeter(tmp_path / "traffic.json", lambda: day[0]).spent_bytes == 0


async def test_a_clock_that_goes_over_midnight_and_back_gives_no_second_budget(tmp_path):
    day = ["2026-11-05"]
    meter = TrafficMeter(tmp_path / "traffic.json", lambda: day[0])
    meter.count(40_000_000)
    for there, back in (("2026-11-06", "2026-11-05"), ("2036-01-01", "2026-11-05")):
        day[0] = there
        assert meter.spent_bytes == 0
        day[0] = back
        assert meter.spent_bytes == 40_000_000
    await meter.make_sure()
    assert TrafficMeter(tmp_path / "traffic.json", lambda: day[0]).spent_bytes >= 40_000_000


def test_a_piece_takes_about_three_seconds_whatever_the_link():
    for bytes_per_s in (8_000, 64_000):
        size = PieceSize()
        for _ in range(6):
            size.took(size.size_bytes, size.size_bytes / bytes_per_s)
        assert 2 <= size.size_bytes / bytes_per_s <= 4
    size.took(size.size_bytes, 0.01)
    assert size.size_bytes <= LARGEST_PIECE_BYTES
    for _ in range(9):
        size.broke()
    assert size.size_bytes == SMALLEST_PIECE_BYTES


def test_a_break_after_progress_is_no_failure_and_bytes_that_vanish_are_one_in_the_end():
    patience = Patience(lambda size: b"\xff" * size)
    waits = [patience.wait_after_failure(arrived=True, left=True) for _ in range(50)]
    assert max(waits) < 1
    waits = [patience.wait_after_failure(left=True) for _ in range(QUICK_TRIES + 8)]
    assert max(waits[:QUICK_TRIES]) < 1
    assert waits[-1] > 60
    patience.begin_anew()
    assert patience.wait_after_failure() < 1


class Metered:
    """A phone on a mobile link, whose link and count the test holds."""

    def __init__(self, device: Device, tmp_path, rules: TravelRules) -> None:
        self.link = LinkNow(metered=True)
        self.meter = TrafficMeter(tmp_path / "traffic.json", lambda: "2026-11-05")
        self.allowance = Allowance(lambda: self.link, lambda: rules, self.meter)
        device.client._counted = self.allowance.count
        self.runner = SyncRunner(
            device.notebook,
            device.client,
            now_ms=device.watch.now_ms,
            random_bytes=random.Random(1).randbytes,
            allowance=self.allowance,
        )

    async def sync(self) -> SyncState:
        return await self.runner.sync_once()


async def roles_left(device: Device) -> list[str]:
    left: list[PhotoToSend] = list(await device.notebook.photos_unsent())
    return sorted(one.role for one in left)


async def test_on_a_mobile_link_the_original_waits_says_why_and_goes_on_wifi(post: Post, phone: Device, tmp_path):
    sha256 = await photograph(phone, large_picture())
    mobile = Metered(phone, tmp_path, TravelRules())
    state = await mobile.sync()
    assert await roles_left(phone) == ["original"]
    assert (state.phase, state.waiting_count, state.waiting_photos) == (Phase.IDLE, 0, 1)
    assert [(one.sha256, one.why) for one in state.kept_back] == [(sha256, Why.WIFI)]
    mobile.link = LinkNow()
    state = await mobile.sync()
    assert (state.waiting_photos, state.kept_back) == (0, ())


async def test_the_budget_stops_photos_and_never_text(post: Post, phone: Device, tmp_path):
    await photograph(phone, large_picture())
    mobile = Metered(phone, tmp_path, TravelRules(day_budget_bytes=2_000))
    state = await mobile.sync()
    assert (state.waiting_count, state.waiting_photos) == (0, 3)
    assert {one.why for one in state.kept_back} == {Why.BUDGET, Why.WIFI}
    assert mobile.meter.spent_bytes > 2_000
    await mobile.runner.send_whatever_it_costs()
    assert mobile.runner.state.kept_back == ()
    assert (await mobile.sync()).waiting_photos == 0
    await photograph(phone, picture(9))
    assert (await mobile.sync()).waiting_photos == 3


async def test_what_is_counted_is_no_less_than_what_travelled(post: Post, phone: Device, tmp_path):
    await photograph(phone, large_picture())
    mobile = Metered(phone, tmp_path, TravelRules(day_budget_bytes=None))
    phone.network.plan(Mishap.CUT_REQUEST, on="/photos/upload/", method="PATCH", after_bytes=50_000)
    await mobile.sync()
    bodies = sum(one.request_bytes for one in phone.network.log)
    assert bodies < mobile.meter.spent_bytes < bodies * 1.2 + 100_000


async def test_a_link_that_turns_dear_in_the_middle_of_an_original_stops_it_there(post: Post, tmp_path):
    network = PausingNetwork(post.call)
    network.paused, network.go_on = asyncio.Event(), asyncio.Event()
    phone = post.new_device("phone1", network=network)
    await phone.open()
    await photograph(phone, large_picture())
    mobile = Metered(phone, tmp_path, TravelRules())
    mobile.link = LinkNow()
    network.pause_at_bytes = 400_000
    sending = asyncio.create_task(mobile.sync())
    async with asyncio.timeout(10):
        await network.paused.wait()
        mobile.link = LinkNow(metered=True)
        network.go_on.set()
        state = await sending
    left = list(await phone.notebook.photos_unsent())
    assert [(one.role, one.sent_to > 400_000) for one in left] == [("original", True)]
    assert {one.why for one in state.kept_back} == {Why.WIFI}
    await phone.close()


PORTALS = {
    "page": (200, PORTAL_PAGE, {"Content-Type": "text/html"}),
    "redirect": (302, b"", {"Location": "http://10.0.0.1/login"}),
    "511": (511, PORTAL_PAGE, {"Content-Type": "text/html"}),
}


@pytest.mark.parametrize("name", PORTALS)
async def test_a_network_that_wants_a_login_is_named_and_marks_nothing(name: str, phone: Device):
    status, content, headers = PORTALS[name]
    sha256 = await photograph(phone, picture(2))

    def answer(request: httpx.Request, _answer: httpx.Response) -> httpx.Response:
        return httpx.Response(status, headers=headers, content=content, request=request)

    for asked in ("/push", "/token", "/pull", "/photos"):
        for _ in range(6):
            phone.network.change_answer(answer, on=asked)
        state = await phone.sync()
        assert (asked, state.phase, state.problem_code) == (asked, Phase.WAITING, "portal")
        assert await phone.notebook.read_photo(sha256) == picture(2)
        assert state.waiting_photos == 3
        phone.network.mend()
    assert (await phone.sync()).waiting_photos == 0


async def test_another_network_is_tried_at_once_however_long_the_last_one_failed(phone: Device):
    phone.network.go_down()
    phone.runner.start()
    for _ in range(12):
        await phone.sync()
    assert phone.runner._patience.wait_after_failure() > 0
    phone.network.mend()
    phone.said.clear()
    await phone.runner.change_network()
    async with asyncio.timeout(2):
        await heard(phone, Phase.IDLE)
