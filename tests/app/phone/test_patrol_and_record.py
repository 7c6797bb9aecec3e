"""A patrol from its first step to its end, and what the commander and the station say to a record, as the phone shows it."""

import pytest

from app.record import PatrolForm
from app.store.queries import current_patrol, observations_page, patrols_page, tracks_of
from journal.entries import Force, PersonRegistered, Reviewed, RoleGiven
from journal.exchange import Page
from tests.app.phone.fakes import OpenPhone, PhoneMade
from tests.app.store.fakes import PIN, OtherWriter, Station

START = (20.8878, 103.8452)


async def set_out(phone: OpenPhone) -> str:
    form = PatrolForm("thuong_xuyen", "DON", "TT-2026-0001", composition=(Force(force="bp", people=3),))
    done = await phone.session.patrolling.start(form)
    await phone.go("/patrol")
    return done.ref


async def close_patrol(phone: OpenPhone, pin: str = PIN) -> None:
    """The leader confirms the result and types the PIN."""
    await phone.go("/patrol/end")
    await phone.press("end-confirm")
    await type_pin(phone, pin)


async def type_pin(phone: OpenPhone, pin: str) -> None:
    for figure in pin:
        await phone.page.click(f"pin-{figure}")
    await phone.press("pin-submit")


async def walk(made: PhoneMade, phone: OpenPhone, steps: int) -> None:
    """The receiver tells so many fixes, and five seconds pass on the watch of the track too."""
    for step in range(steps):
        made.clocks.wall_ms += 5_000
        await made.location.give(START[0] + step * 0.0003, START[1], made.clocks.wall_ms)
    await phone.session.tracking.keep_now()


async def test_each_fix_is_on_disk_and_the_track_ends_with_the_patrol(phone, made):
    patrol = await set_out(phone)
    assert phone.page.sees("Đang chờ định vị")
    await walk(made, phone, 8)
    await phone.rest()
    assert phone.page.sees("Đang ghi vết")
    assert phone.session.walk.distance_m > 150
    await phone.session.nothing_found()
    await close_patrol(phone)
    tracks = await phone.session.notebook.ask(lambda views: tracks_of(views, patrol))
    assert sum(piece.track.count for piece in tracks) == 8
    ended = (await phone.session.notebook.ask(patrols_page))[0]
    assert ended.ended_ms is not None
    assert ended.distance_m == pytest.approx(sum(piece.track.distance_mm for piece in tracks) / 1000, abs=1)


async def test_a_killed_patrol_goes_on_with_its_track(made):
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    patrol = await set_out(phone)
    await walk(made, phone, 6)
    await phone.close()
    again = await made.open()
    await again.unlock()
    assert again.session.walk.patrol == patrol
    assert again.session.walk.distance_m > 100
    assert again.page.sees("Trở lại tuần tra")
    await again.close()


async def test_a_pause_stops_the_track_and_says_so(phone, made):
    patrol = await set_out(phone)
    await walk(made, phone, 3)
    await phone.press("sheet-more")
    await phone.press("pause")
    await phone.press("pause-reason-rest")
    assert phone.page.sees("Đang tạm dừng")
    await walk(made, phone, 5)
    await phone.press("resume")
    tracks = await phone.session.notebook.ask(lambda views: tracks_of(views, patrol))
    assert sum(piece.track.count for piece in tracks) == 3


async def test_a_refused_permission_is_always_said(made):
    await made.enrol()
    made.location.refuses = True
    phone = await made.open()
    await phone.unlock()
    await set_out(phone)
    assert phone.page.sees("Chưa được phép lấy vị trí")
    await phone.close()


async def test_a_wrong_pin_says_how_many_tries_are_left(made):
    await made.enrol()
    phone = await made.open()
    for figure in "111222":
        await phone.page.click(f"pin-{figure}")
    await phone.press("pin-submit")
    assert phone.page.sees("Còn 9 lần")
    await phone.close()


async def test_the_number_of_the_next_patrol_is_proposed(phone):
    await phone.go("/start")
    assert phone.page.sees("TT-2026-0001")
    await set_out(phone)
    person = phone.session.who.person
    assert (await phone.session.notebook.ask(lambda views: current_patrol(views, person))).number == "TT-2026-0001"


async def recorded(phone: OpenPhone) -> str:
    await phone.session.nothing_found()
    await phone.rest()
    return (await phone.session.notebook.ask(observations_page)).lines[0].subject


async def hear(phone: OpenPhone, *given) -> None:
    await phone.session.notebook.apply_page(Page("DON", 1, given))
    await phone.rest()


async def test_a_question_of_the_commander_is_shown_and_answered(phone):
    subject = await recorded(phone)
    commander = OtherWriter()
    body = Reviewed(judged=subject, verdict="yeu_cau_bo_sung", reason="Kiểm tra cả lối mòn phía nam chưa?")
    await hear(phone, commander.write(body, subject=subject, at_ms=phone.session.now_ms()))
    await phone.go(f"/record-of/{subject}")
    assert phone.page.sees("Kiểm tra cả lối mòn phía nam chưa?")
    await phone.press("amend")
    await phone.press("save-record")
    assert phone.page.sees("Viết lý do")
    await phone.page.enter("amend-reason", "Đã đi hết lối phía nam")
    await phone.page.enter("field-description", "Lối phía nam cũng không có dấu vết")
    await phone.press("save-record")
    line = (await phone.session.notebook.ask(observations_page)).lines[0]
    assert line.description == "Lối phía nam cũng không có dấu vết"
    assert line.version != subject


async def test_what_the_station_keeps_aside_is_said_with_its_reason(phone):
    await recorded(phone)
    notebook = phone.session.notebook
    last = (await notebook.unsent(10))[-1]
    settled, signed = Station().receipt(notebook.writer, last, {1: "no_role"})
    await notebook.settle(settled, signed)
    await phone.go("/send")
    assert phone.page.sees("chưa được giao vai trò ở đơn vị này")


async def test_the_name_and_roles_of_the_holder_come_from_the_register(phone):
    station = OtherWriter()
    person = phone.session.who.person
    await hear(
        phone,
        station.write(PersonRegistered(name="Chỉ huy ca", home_unit="DON"), subject=person),
        station.write(RoleGiven(role="chi_huy", in_unit="DON"), subject=person),
    )
    assert phone.session.who.name == "Chỉ huy ca"
    assert phone.session.who.may_sit_at_desk
    assert not phone.session.is_desk
