"""The other rooms of the desk: every figure leads to its records, an order reaches its unit, a code is a real QR."""

import flet as ft
import pytest
import pytest_asyncio

from app.record import ObservationForm
from app.reports.windows import WindowKind, day_of, window_around
from app.screens.desk.header import LinkState
from app.screens.themes import build_look
from app.state.desk_devices import draw_code
from app.state.desk_plan import OrderForm, find_missing, write_order
from app.state.gauges import Gauges
from app.store.queries import orders_for
from app.sync.state import ENTRY_DAMAGED, SyncState
from tests.app.desk.fixture import NOW_MS, DeskWorld, make_desk_world
from tests.counted_week import count
from tests.flet_session import FletSession

DAY_MS = 86_400_000
MIDNIGHT_MS = NOW_MS - 63_000_000
"""Midnight of 14/11/2026 in Vietnam."""


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0131", "TT-2026-0133"))
    await world.show()
    yield world
    await world.close()


async def enter(world: DeskWorld, room: str) -> None:
    await world.app.click(f"rail-{room}")
    await world.calm()


def named(world: DeskWorld, start: str) -> list[str]:
    found = world.app.find(ft.Semantics, lambda one: (one.identifier or "").startswith(start))
    return [one.identifier.removeprefix(start) for one in found]


async def test_now_shows_the_teams_and_the_clock_of_what_is_urgent(desk):
    assert desk.app.sees("Tuần tra khép kín mốc 901–903")
    assert any("87B-012.34" in text for text in desk.app.texts())
    assert desk.app.sees("quá hạn")
    subject = named(desk, "urgent-ack-")[0]
    await desk.app.click(f"urgent-ack-{subject}")
    await desk.calm()
    assert subject not in named(desk, "urgent-ack-")
    assert desk.app.sees("đã tiếp nhận")


@pytest.mark.parametrize(("problem_code", "said"), [(None, "Đang gửi 3"), (ENTRY_DAMAGED, "Có bản ghi hỏng, chưa gửi được")])
async def test_the_desk_does_not_say_that_it_sends_what_damage_holds_up(problem_code, said):
    gauges = Gauges(sync=SyncState(waiting_count=3, problem_code=problem_code))
    app = await FletSession.show(ft.component(lambda: LinkState(build_look("day", "vi"), gauges, joined=True)))
    assert app.sees(said)
    await app.stop()


async def test_what_is_urgent_opens_at_the_review_desk(desk):
    subject = named(desk, "urgent-open-")[0]
    await desk.app.click(f"urgent-open-{subject}")
    await desk.calm()
    assert desk.app.identified("detail-title", ft.Text).value
    assert f"review-row-{subject}" in [one.identifier for one in desk.app.find(ft.Semantics)]


async def test_a_number_of_a_report_opens_the_records_that_make_it(desk):
    await enter(desk, "report")
    assert desk.app.sees("Từ 15/10/2026 đến 14/11/2026")
    await desk.app.click("number-kind.moc")
    await desk.calm()
    assert desk.app.sees("Kiểm tra mốc, cọc dấu: 04")
    assert len(named(desk, "number-of-")) == 4
    await desk.app.click("number-close")
    await desk.calm()
    assert named(desk, "number-of-") == []


async def test_every_number_of_a_report_is_the_sum_of_the_list_that_it_opens(desk):
    await enter(desk, "report")
    window = window_around(WindowKind.REPORT_MONTH, day_of(NOW_MS))
    numbers = await count(desk.notebook, window.from_ms, window.until_ms)
    shown = {code for code in named(desk, "number-") if code in numbers}
    assert shown >= {"patrols", "people_turns", "records", "kind.van_chuyen", "priority.khan", "people_handled", "vehicles"}
    for code in ("people_turns", "priority.khan", "people_handled"):
        await desk.app.click(f"number-{code}")
        await desk.calm()
        number = numbers[code]
        assert named(desk, "number-of-") == list(number.refs)
        assert sum(amount for _, amount in number.parts) == number.amount


async def choose_window(desk: DeskWorld, kind: str) -> None:
    menu = desk.app.identified("window-kind", ft.Dropdown)
    desk.app.session.apply_patch(menu._i, {"value": kind})
    await desk.app.fire(menu, "select", kind)
    await desk.calm()


async def test_a_report_goes_to_the_window_before_and_to_another_kind_of_window(desk):
    await enter(desk, "report")
    await desk.app.click("window-before")
    await desk.calm()
    assert desk.app.sees("Từ 15/09/2026 đến 14/10/2026")
    await desk.app.click("window-after")
    await desk.calm()
    await choose_window(desk, "week")
    assert desk.app.sees("Từ 09/11/2026 đến 15/11/2026")


async def test_a_thematic_report_ends_at_a_cut_off_of_its_own(desk):
    await enter(desk, "report")
    await choose_window(desk, "free")
    for typed in ("31/02/2026", "07/11/2026"):
        last = desk.app.identified("window-last", ft.TextField)
        desk.app.session.apply_patch(last._i, {"value": typed})
        await desk.app.fire(last, "blur")
        await desk.calm()
    assert desk.app.sees("Từ 15/10/2026 đến 07/11/2026")
    await desk.app.click("number-patrols")
    await desk.calm()
    assert desk.app.sees("Lượt tổ tuần tra: 01")


async def test_news_leaves_a_day_as_it_was_typed(desk):
    await enter(desk, "report")
    await choose_window(desk, "free")
    await desk.app.enter("window-last", "07/11/2026")
    await desk.record(ObservationForm(kind="khong_phat_hien", happened_ms=NOW_MS, values={}))
    await desk.calm()
    last = desk.app.identified("window-last", ft.TextField)
    assert last.value == "07/11/2026"
    await desk.app.fire(last, "blur")
    await desk.calm()
    assert desk.app.sees("Từ 15/10/2026 đến 07/11/2026")


async def test_the_register_is_sorted_by_the_heading_that_is_pressed(desk):
    await enter(desk, "register")
    newest_first = named(desk, "register-row-")
    await desk.app.click("sort-time")
    await desk.calm()
    assert named(desk, "register-row-") == newest_first[::-1]


async def test_the_patrol_log_leads_to_what_a_patrol_recorded(desk):
    await enter(desk, "register")
    await desk.app.click("book-patrols")
    await desk.calm()
    await desk.app.click("patrol-row-TT-2026-0133")
    await desk.calm()
    assert len(named(desk, "register-row-")) == 5


async def test_markers_that_nobody_has_checked_come_first(desk):
    await enter(desk, "route")
    markers = [place for place in named(desk, "line-place:") if place.startswith(("M", "CD")) and ">" not in place]
    checked = {"M901", "M902", "M903", "CD903/1"}
    assert len(markers) == 9
    assert set(markers[-4:]) == checked


async def test_an_order_without_its_unit_is_asked_for_and_one_that_is_whole_is_given(desk):
    await enter(desk, "plan")
    await desk.app.click("plan-tab-orders")
    await desk.calm()
    await desk.app.click("order-issue")
    await desk.calm()
    assert desk.app.sees("Chọn đơn vị nhận")
    menu = desk.app.identified("order-unit", ft.Dropdown)
    desk.app.session.apply_patch(menu._i, {"value": "CAX_CHIENG_VAN"})
    await desk.app.fire(menu, "select", "CAX_CHIENG_VAN")
    await desk.app.enter("order-title", "Kiểm soát ngã ba Phiêng Sặt")
    await desk.app.click("order-issue")
    await desk.calm()
    given = await desk.notebook.ask(lambda views: orders_for(views, "CAX_CHIENG_VAN"))
    assert [order.title for order in given] == ["Kiểm soát ngã ba Phiêng Sặt"]
    assert desk.app.sees("Chưa ai xác nhận đã nhận")


async def test_devices_are_listed_and_a_station_out_of_reach_is_said_kindly(desk):
    await enter(desk, "settings")
    assert desk.app.sees("Chưa hỏi được đồn")
    assert desk.app.sees("Máy này")
    assert desk.app.sees("Máy này chưa ghép với đồn")


async def test_a_desk_without_cases_says_what_to_do(desk):
    await enter(desk, "case")
    assert desk.app.sees("Chưa có vụ việc")


def test_a_join_code_becomes_a_picture():
    assert draw_code("TT1." + "A" * 180).startswith(b"\x89PNG")


def test_an_order_that_ends_before_it_starts_runs_into_the_next_day():
    form = OrderForm(to_unit="DON", title="Mật phục", starts="19:00", ends="5h30")
    order = write_order(form, NOW_MS)
    assert find_missing(form) == ()
    assert order.starts_ms == MIDNIGHT_MS + 19 * 3_600_000
    assert order.ends_ms == MIDNIGHT_MS + DAY_MS + round(5.5 * 3_600_000)


def test_an_order_says_which_of_its_parts_are_missing():
    assert find_missing(OrderForm(starts="25:00")) == ("to_unit", "title", "starts")
