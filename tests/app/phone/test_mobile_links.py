"""What a mobile link may carry is set by touch, kept, and told: why something waits, and until when."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace

import flet as ft
import httpx
import pytest

from app.device.android_link import NOT_METERED, NOT_ROAMING, SystemWord, ask_android
from app.device.network import FletNetwork, Link, LinkSeen
from app.state.preferences import read_preferences
from app.state.shared_phone import PREFERENCES, TRAFFIC
from app.sync.allowance import KeptBack, LinkNow, Why
from app.sync.server_client import ServerClient
from app.sync.state import Phase, SyncState
from journal.map_packs import OfferedPack
from tests.app.phone.fakes import HandNetwork
from tests.flet_session import FletSession


async def test_budget_and_roaming_are_set_by_touch_and_hold_after_a_restart(phone):
    assert phone.phone.allowance.why_kept("full", 1_000) is None
    await phone.phone.note_link(LinkSeen(Link.MOBILE, roaming=False))
    await phone.go("/settings")
    assert phone.page.sees("Dữ liệu di động mỗi ngày")
    await phone.press("budget-20")
    await phone.press("roaming-yes")
    kept = read_preferences(phone.phone.settings.folder / PREFERENCES)
    assert (kept.day_budget_mib, kept.photos_while_roaming) == (20, True)
    phone.phone.meter.count(21 * 1_048_576)
    assert phone.phone.allowance.why_kept("full", 1_000) is Why.BUDGET
    await phone.press("budget-0")
    assert phone.phone.allowance.why_kept("full", 1_000) is None
    await phone.phone.meter.make_sure()
    assert (phone.phone.settings.folder / TRAFFIC).exists()


async def test_a_link_that_changed_out_of_sight_is_known_when_the_page_comes_back(phone):
    network = phone.phone.network = HandNetwork()
    network.watch(phone.phone.note_link)
    await network.change(LinkSeen(Link.WIFI))
    assert not phone.phone.allowance.link.metered
    await phone.front.hide()
    network.seen = LinkSeen(Link.MOBILE)
    await phone.front.show()
    assert phone.phone.allowance.link.metered
    await network.change(LinkSeen(Link.NONE))
    assert phone.phone.link.link is Link.NONE


@pytest.mark.parametrize(
    ("begun", "dearer"),
    [
        (LinkSeen(Link.WIFI), LinkSeen(Link.MOBILE)),
        (LinkSeen(Link.MOBILE), LinkSeen(Link.MOBILE, metered=True, roaming=True)),
        (LinkSeen(Link.WIFI), LinkSeen(Link.WIFI, metered=True)),
    ],
    ids=["a mobile network", "another country", "a dear hotspot"],
)
async def test_a_map_stops_on_a_dearer_network_than_it_was_begun_on_and_says_so(phone, begun: LinkSeen, dearer: LinkSeen):
    async def never(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = ServerClient(
        "https://don.example", ca_pem=None, sign=lambda _: b"", public_key=bytes(32), now_ms=lambda: 1, random_bytes=bytes,
        transport=httpx.MockTransport(never),
    )  # fmt: skip
    await phone.phone.note_link(begun)
    pack = OfferedPack(sha256="a" * 64, name="Xã", size_bytes=5_000_000, format="mbtiles", added_ms=1)
    phone.phone.maps.start_fetching(client, pack, phone.phone.allowance.link)
    await phone.phone.note_link(LinkSeen(Link.NONE))
    assert phone.phone.maps.coming.runs
    await phone.phone.note_link(dearer)
    await phone.go("/map-packs")
    assert phone.page.sees("nên dừng tải")
    assert not phone.page.sees("rời Wi-Fi")


async def test_the_send_page_says_why_each_thing_waits_and_until_when(phone):
    kept = (KeptBack("a" * 64, Why.WIFI, 3_000_000), KeptBack("b" * 64, Why.BUDGET, 400_000))
    phone.session.gauges.sync = SyncState(waiting_photos=2, kept_back=kept)
    await phone.go("/send")
    assert phone.page.sees("Ảnh gốc chờ Wi-Fi")
    assert phone.page.sees("Hết lượng dữ liệu hôm nay")
    assert phone.page.sees("Gửi tiếp sau 0 giờ")
    assert phone.page.sees("Gửi ngay 3,2 MB bằng mạng di động") or phone.page.sees("Gửi ngay 3,4 MB bằng mạng di động")
    phone.session.gauges.sync = SyncState(waiting_photos=1, kept_back=(KeptBack("a" * 64, Why.ROAMING, 3_000_000),))
    await phone.rest()
    assert phone.page.sees("Đang chuyển vùng")
    assert not phone.page.sees("bằng mạng di động")


async def test_a_network_that_wants_a_login_is_told_in_plain_words(phone):
    phone.session.gauges.sync = SyncState(phase=Phase.WAITING, waiting_count=3, problem_code="portal")
    await phone.go("/send")
    assert phone.page.sees("Mạng này đòi đăng nhập")


async def test_a_link_costs_what_the_system_says_or_what_its_kind_says(phone):
    cases = {
        LinkSeen(): LinkNow(),
        LinkSeen(Link.WIFI): LinkNow(),
        LinkSeen(Link.WIFI, metered=True): LinkNow(metered=True),
        LinkSeen(Link.MOBILE): LinkNow(metered=True),
        LinkSeen(Link.MOBILE, metered=True, roaming=True): LinkNow(metered=True, roaming=True),
    }
    for seen, expected in cases.items():
        await phone.phone.note_link(seen)
        assert phone.phone.allowance.link == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (["wifi"], Link.WIFI),
        (["mobile"], Link.MOBILE),
        (["none"], Link.NONE),
        (["vpn"], Link.MOBILE),
        (["vpn", "wifi"], Link.WIFI),
    ],
)
async def test_the_kind_of_link_comes_from_the_device(told: list[str], expected: Link):
    held: list[FletNetwork] = []
    heard: list[LinkSeen] = []

    async def note(seen: LinkSeen) -> None:
        heard.append(seen)

    async def main(page: ft.Page) -> None:
        held.append(FletNetwork(lambda: SystemWord(metered=True, roaming=None)))
        held[0].watch(note)

    page = await FletSession.start(main, answers={"get_connectivity": told})
    wanted = LinkSeen(expected, metered=None if expected is Link.NONE else True)
    assert await held[0].read() == wanted
    assert held[0]._connectivity.on_change is not None
    event = ft.ConnectivityChangeEvent(
        name="change", control=held[0]._connectivity, connectivity=[ft.ConnectivityType(one) for one in told]
    )
    await held[0]._connectivity.on_change(event)  # type: ignore[misc, call-arg, operator]  # Flet's handlers take all shapes
    assert heard == [wanted]
    await page.stop()


@dataclass
class AndroidMade:
    """Android's classes as far as the link needs them."""

    capabilities: frozenset[int] = frozenset()
    sdk: int = 33
    has_network: bool = True
    asked: list[str] = field(default_factory=list)

    def load(self, name: str) -> object:
        assert name == "jnius"
        return self

    def cast(self, name: str, given: object) -> object:
        self.asked.append(name)
        return given

    def autoclass(self, name: str) -> object:
        self.asked.append(name)
        if name == "android.os.Build$VERSION":
            return SimpleNamespace(SDK_INT=self.sdk)
        can = SimpleNamespace(hasCapability=lambda number: number in self.capabilities)
        connectivity = SimpleNamespace(
            getActiveNetwork=lambda: object() if self.has_network else None, getNetworkCapabilities=lambda _: can
        )
        return SimpleNamespace(mActivity=SimpleNamespace(getSystemService=lambda _: connectivity))


ON_ANDROID = {"FLET_JNI_READY": "1", "MAIN_ACTIVITY_HOST_CLASS_NAME": "host.Activity"}


@pytest.mark.parametrize(
    ("android", "expected"),
    [
        (AndroidMade(frozenset({NOT_METERED, NOT_ROAMING})), SystemWord(metered=False, roaming=False)),
        (AndroidMade(frozenset({NOT_ROAMING})), SystemWord(metered=True, roaming=False)),
        (AndroidMade(), SystemWord(metered=True, roaming=True)),
        (AndroidMade(sdk=27), SystemWord(metered=True, roaming=None)),
        (AndroidMade(has_network=False), None),
    ],
)
def test_android_says_whether_bytes_count_and_whether_it_roams(android: AndroidMade, expected: SystemWord | None):
    assert ask_android(ON_ANDROID, android.load) == expected


def test_nothing_of_android_is_touched_anywhere_else():
    android = AndroidMade()
    assert ask_android({}, android.load) is None
    assert ask_android(ON_ANDROID | {"FLET_JNI_READY": ""}, android.load) is None
    assert android.asked == []
