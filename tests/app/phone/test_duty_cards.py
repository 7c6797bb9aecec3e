"""Duty on the phone, without a signal: a restriction in force, the own shift, a joint order that is walked as it was given."""

from app.store.queries import orders_for
from app.store.queries_duty import restrictions_at, shifts_of
from journal.entries import OrderIssued, Restriction, ShiftStarted
from tests.app.phone.test_patrol_screens import HOUR_MS, detail_of, hear, register
from tests.app.store.fakes import OtherWriter


async def test_a_restriction_and_a_shift_are_acknowledged_on_this_phone_at_once(phone):
    station, now_ms = OtherWriter(), phone.session.now_ms()
    order = OrderIssued(
        kind="han_che", title="Tạm dừng qua lại lối mở Chợ Cũ", to_unit="DON", starts_ms=now_ms - HOUR_MS,
        ends_ms=now_ms + 5 * HOUR_MS, restriction=Restriction(scope="loi_mo", ground="dich_benh"),
    )  # fmt: skip
    person = phone.session.who.person
    shift = ShiftStarted(sector="Chốt số 1", started_ms=now_ms - HOUR_MS, responsible=person, on_duty=(person,))
    await hear(phone, station.write(order), station.write(shift))
    restricted, on_duty = f"{station.writer}.{station.seq - 1}", f"{station.writer}.{station.seq}"
    assert phone.page.sees("Đang hạn chế đến")
    assert phone.page.sees("Ca trực của bạn")
    await phone.press(f"acknowledge-{restricted}")
    await phone.press(f"acknowledge-{on_duty}")
    ask, writer = phone.session.notebook.ask, phone.session.who.writer
    assert writer in (await ask(lambda views: restrictions_at(views, now_ms)))[0].acknowledged
    assert writer in (await ask(lambda views: shifts_of(views, person)))[0].acknowledged
    assert phone.page.sees("Bạn đã nhận ca lúc")


async def test_a_shift_whose_hours_are_over_says_so_and_asks_nobody_to_take_it(phone):
    station, now_ms, person = OtherWriter(), phone.session.now_ms(), phone.session.who.person
    hours = {"started_ms": now_ms - 20 * HOUR_MS, "until_ms": now_ms - 8 * HOUR_MS}
    await hear(phone, station.write(ShiftStarted(sector="Chốt số 1", responsible=person, on_duty=(person,), **hours)))
    assert phone.page.sees("Quá giờ đổi ca, chưa ai nhận bàn giao.")
    assert not phone.page.sees("Tôi nhận ca này")


async def test_a_joint_order_shows_who_leads_and_is_walked_as_it_was_given(phone):
    station, now_ms = OtherWriter(), phone.session.now_ms()
    await register(phone, station)
    order = OrderIssued(
        kind="tuan_tra", title="Nút giao thông", to_unit="CAX", with_units=("DON", "BCHQS"), patrol_type="khep_kin",
        campaign="Trước Tết", partner_unit=None, starts_ms=now_ms, ends_ms=now_ms + 5 * HOUR_MS,
    )  # fmt: skip
    await hear(phone, station.write(order))
    ordered = f"{station.writer}.{station.seq}"
    assert phone.page.sees("CAX chủ trì, phối hợp: DON, BCHQS")
    assert phone.page.sees("Cao điểm: Trước Tết")
    await phone.press(f"acknowledge-{ordered}")
    (line,) = await phone.session.notebook.ask(lambda views: orders_for(views, "DON"))
    assert phone.session.who.writer in line.acknowledged
    await phone.press(f"start-order-{ordered}")
    await phone.press("patrol-go")
    started = (await detail_of(phone)).state.started
    assert (started.lead_unit, started.coordinating_units, started.campaign) == ("CAX", ("BCHQS", "DON"), "Trước Tết")
