"""The plan room: shifts with their hand-over, restrictions within the law, a week ordered and walked."""

import flet as ft
import pytest_asyncio

from app.state.desk_plan import OrderForm, find_missing, write_order
from app.state.desk_plan_week import monday_of
from tests.app.desk.fixture import NOW_MS, DeskWorld, make_desk_world

HOUR_MS = 3_600_000


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0133",))
    await world.show()
    await world.app.click("rail-plan")
    await world.calm()
    yield world
    await world.close()


async def choose(world: DeskWorld, ident: str, code: str) -> None:
    menu = world.app.identified(ident, ft.Dropdown)
    world.app.session.apply_patch(menu._i, {"value": code})
    await world.app.fire(menu, "select")


async def turn_to(world: DeskWorld, tab: str) -> None:
    await world.app.click(f"plan-tab-{tab}")
    await world.calm()


def named(world: DeskWorld, start: str) -> list[str]:
    found = world.app.find(ft.Semantics, lambda one: (one.identifier or "").startswith(start))
    return [one.identifier.removeprefix(start) for one in found]


async def test_a_shift_is_handed_over_and_the_desk_says_who_answered_before_and_after(desk):
    await turn_to(desk, "shifts")
    await desk.app.enter("shift-sector", "Chốt số 1 Pá Lương")
    await choose(desk, "shift-responsible", "person:CHOT_TRUONG_2")
    await desk.app.enter("shift-started", "06:00")
    await desk.app.click("shift-save")
    await desk.calm()
    first = next(one for one in named(desk, "shift-over-"))
    assert desk.app.sees("Người trực chưa xác nhận")
    await desk.app.click(f"shift-over-{first}")
    await desk.calm()
    await choose(desk, "shift-responsible", "person:DT_VU_TRANG")
    await desk.app.enter("shift-started", "12:00")
    await desk.app.enter("shift-note", "Bè tre còn ở gần mốc 904")
    await desk.app.click("shift-save")
    await desk.calm()
    assert first not in named(desk, "shift-over-")
    assert desk.app.sees("Bè tre còn ở gần mốc 904")
    for at, who in (("11:59", "Chốt trưởng"), ("12:00", "Đội trưởng Đội Vũ trang"), ("05:59", "không ai được giao trực")):
        await choose(desk, "who-sector", "Chốt số 1 Pá Lương")
        await desk.app.enter("who-at", at)
        await desk.app.click("who-ask")
        await desk.calm()
        answer = desk.app.identified("who-answer", ft.Column)
        assert any(who in line.value for line in answer.controls if isinstance(line, ft.Text)), (at, who)


async def test_a_restriction_offers_no_time_beyond_the_law_and_lists_who_must_be_told(desk):
    await turn_to(desk, "restrictions")
    assert "12" not in named(desk, "restriction-lasts-")
    await desk.app.click("restriction-scope-vanh_dai")
    await desk.calm()
    assert "12" in named(desk, "restriction-lasts-")
    await desk.app.click("restriction-scope-loi_mo")
    await desk.app.click("restriction-ground-dich_benh")
    await desk.app.enter("restriction-title", "Tạm dừng qua lại lối mở Chợ Cũ")
    await desk.app.click("restriction-give")
    await desk.calm()
    order = named(desk, "restriction-lift-")[0]
    assert desk.app.sees("6:00:00")
    assert desk.app.sees("Chưa báo: UBND xã")
    await desk.app.click(f"notice-ubnd_xa-{order}")
    await desk.calm()
    await desk.app.enter("notice-taken_by", "Trực ban UBND")
    await desk.app.click("notice-write")
    await desk.calm()
    assert not desk.app.sees("Chưa báo: UBND xã")
    assert desk.app.sees("người nhận: Trực ban UBND")
    await desk.app.click("restriction-ground-dich_benh")
    await desk.app.enter("restriction-title", "Kéo dài")
    await desk.app.click("restriction-give")
    await desk.calm()
    assert desk.app.sees("Phải có quyết định của cấp trên")
    assert len(named(desk, "restriction-lift-")) == 1


async def test_a_week_opens_what_was_ordered_beside_what_was_done(desk):
    verbs = desk.handset.verbs.desk
    form = OrderForm(to_unit="CAX_CHIENG_VAN", title="Tuần tra đêm", starts="20:00", ends="23:00", places=("place:M905",))
    order = write_order(form, NOW_MS - 30 * HOUR_MS)
    done = await verbs.issue_order(order, unit="DON")
    await desk.calm()
    assert desk.app.sees("Không thực hiện")
    await desk.app.click(f"week-{done.ref}")
    await desk.calm()
    assert desk.app.sees("Chưa có tổ nào xuất phát theo lệnh này")
    await desk.app.click("week-cancel")
    await desk.calm()
    await desk.app.click("week-cancel-write")
    await desk.calm()
    assert desk.app.sees("Ghi rõ lý do")
    await desk.app.enter("week-cancel-reason", "Mưa lũ")
    await desk.app.click("week-cancel-write")
    await desk.calm()
    assert desk.app.sees("Đã hủy: Mưa lũ")


async def test_a_patrol_that_nobody_ordered_stands_in_the_week_in_which_it_set_out(desk):
    await desk.app.click("week-before")
    await desk.calm()
    assert desk.app.sees("Ngoài kế hoạch")


def test_a_bilateral_order_names_its_partner_and_a_campaign_its_last_day():
    form = OrderForm(to_unit="DON", title="Song phương", patrol_type="song_phuong")
    assert find_missing(form) == ("partner_unit",)
    form.partner_unit, form.partner_host = "Đại đội bạn", "ban"
    form.with_units = frozenset({"CAX", "DON"})
    order = write_order(form, NOW_MS)
    assert (order.partner_unit, order.partner_host, order.with_units) == ("Đại đội bạn", "ban", ("CAX",))
    campaign = OrderForm(kind="cao_diem", to_unit="DON", title="Trước Tết", starts="", ends="")
    assert find_missing(campaign) == ("ends_on",)
    campaign.ends_on = "15/02/2027"
    order = write_order(campaign, NOW_MS)
    assert order.ends_ms is not None
    assert order.starts_ms is not None
    assert (order.ends_ms - order.starts_ms) % (24 * HOUR_MS) == 0


def test_a_week_begins_on_monday_at_midnight_in_vietnam():
    assert monday_of(NOW_MS) == 1_794_157_200_000
