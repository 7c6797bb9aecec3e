"""A patrol from order to hand-in as its screens ask it, and one that is entered for a team without a phone."""

import io

import flet as ft
import pypdf
import pytest

from app.state.patrol_papers import make_patrol_log
from app.store.queries import patrol_detail, patrols_page
from journal.entries import OrderIssued, PatrolStarted, PersonRegistered, PlaceRegistered, Position, RoleGiven
from journal.exchange import Page
from tests.app.phone.fakes import OpenPhone
from tests.app.phone.test_patrol_and_record import close_patrol, set_out, type_pin
from tests.app.store.fakes import OTHER_PIN, PIN, OtherWriter

HOUR_MS = 3_600_000


async def hear(phone: OpenPhone, *given) -> None:
    await phone.session.notebook.apply_page(Page("DON", 1, given))
    await phone.rest()


async def register(phone: OpenPhone, station: OtherWriter) -> None:
    """Three markers and a trail, three people with their roles."""
    places = {
        "M901": ("moc", "Mốc 901", 208_850_000, 1_038_000_000),
        "M902": ("moc", "Mốc 902", 208_905_000, 1_038_215_000),
        "M903": ("moc", "Mốc 903", 208_878_000, 1_038_450_000),
        "DM01": ("duong_mon", "Đường mòn Dốc Gió", 209_000_000, 1_038_215_000),
    }
    given = [
        station.write(
            PlaceRegistered(kind=kind, name=name, position=Position(latitude_e7=latitude, longitude_e7=longitude)),
            subject=f"place:{code}",
        )
        for code, (kind, name, latitude, longitude) in places.items()
    ]
    for code, name in (("P01", "Tổ trưởng"), ("P02", "Chiến sĩ A"), ("P03", "Chiến sĩ B")):
        body = PersonRegistered(name=name, home_unit="DON", force="bp")
        given.append(station.write(body, subject=f"person:{code}"))
    await hear(phone, *given)


async def detail_of(phone: OpenPhone):
    line = (await phone.session.notebook.ask(patrols_page))[0]
    return await phone.session.notebook.ask(lambda views: patrol_detail(views, line.subject))


async def test_a_tired_leader_sets_out_by_an_order_in_two_taps(phone):
    station = OtherWriter()
    await register(phone, station)
    now_ms = phone.session.now_ms()
    order = station.write(
        OrderIssued(
            kind="tuan_tra", title="Khép kín mốc 901–903", to_unit="DON", patrol_type="khep_kin",
            places=("place:M901", "place:M902"), starts_ms=now_ms, ends_ms=now_ms + 9 * HOUR_MS,
        )
    )  # fmt: skip
    await hear(phone, order)
    ordered = f"{station.writer}.{station.seq}"
    await phone.press(f"start-order-{ordered}")
    await phone.press("patrol-go")
    started = (await detail_of(phone)).state.started
    assert (started.order, started.type, started.plan) == (ordered, "khep_kin", "Khép kín mốc 901–903")
    assert started.places_planned == ("place:M901", "place:M902")
    assert started.return_due_ms == now_ms + 9 * HOUR_MS
    assert [(force.force, force.people) for force in started.composition] == [("bp", 1)]
    assert started.lead_unit == "DON"


async def test_the_same_people_go_again_by_the_next_order(phone):
    station = OtherWriter()
    await register(phone, station)
    await set_out(phone)
    await phone.session.nothing_found()
    await close_patrol(phone)
    order = station.write(OrderIssued(kind="tuan_tra", title="Đi lại", to_unit="DON", patrol_type="khep_kin"))
    await hear(phone, order)
    await phone.go(f"/start?order={station.writer}.{station.seq}")
    assert phone.page.sees("03 người")


async def test_a_route_and_members_are_found_without_marks_and_can_be_dropped(phone):
    await register(phone, OtherWriter())
    await phone.go("/start")
    await phone.press("patrol-type-khep_kin")
    await phone.press("force-bp-more")
    await phone.press("route-open")
    await phone.page.enter("route-search", "duong mon doc")
    await phone.rest()
    await phone.press("route-place:DM01")
    await phone.press("people-open")
    await phone.page.enter("member-search", "chien si b")
    await phone.rest()
    await phone.press("member-person:P03")
    await phone.press("return-4")
    await phone.press("patrol-go")
    started = (await detail_of(phone)).state.started
    assert started.places_planned == ("place:DM01",)
    assert started.members == ("person:P03",)
    assert started.return_due_ms == pytest.approx(phone.session.now_ms() + 4 * HOUR_MS, abs=60_000)


async def test_what_is_missing_at_the_start_is_said_by_name(phone):
    await phone.go("/start")
    await phone.press("patrol-go")
    assert phone.page.sees("Loại tuần tra, Tổ đi cùng")
    await phone.press("patrol-type-song_phuong")
    await phone.press("force-bp-more")
    await phone.press("patrol-go")
    assert phone.page.sees("Đơn vị phía bạn")
    assert await phone.session.notebook.ask(patrols_page) == ()


async def test_looking_at_the_check_loses_nothing_of_the_start(phone):
    await phone.go("/start")
    await phone.press("patrol-type-dot_xuat")
    await phone.page.enter("field-cause", "Có tiếng xe lạ")
    await phone.go("/check")
    await phone.press("check-start")
    await phone.press("force-bp-more")
    await phone.press("patrol-go")
    started = (await detail_of(phone)).state.started
    assert (started.type, started.values) == ("dot_xuat", {"cause": "Có tiếng xe lạ"})


async def test_a_pause_keeps_its_reason_and_new_means_their_leg(phone):
    await set_out(phone)
    await phone.press("sheet-more")
    await phone.press("pause")
    await phone.press("pause-reason-order")
    await phone.press("resume")
    await phone.press("new-leg")
    await phone.press("leg-xe_may")
    state = (await detail_of(phone)).state
    assert [pause.reason for pause in state.pauses] == ["Chờ chỉ đạo"]
    assert [leg.transport for leg in state.legs] == ["xe_may"]


async def test_a_later_return_is_agreed_from_the_sheet_and_a_late_team_is_told(phone, made):
    await set_out(phone)
    await phone.press("sheet-more")
    await phone.press("extend")
    await phone.press("extend-by-2")
    due_ms = (await detail_of(phone)).line.return_due_ms
    assert due_ms == pytest.approx(made.clocks.wall_ms + 2 * HOUR_MS, abs=60_000)
    made.clocks.wall_ms = due_ms + 60_000
    await phone.go("/")
    await phone.go("/patrol")
    assert phone.page.sees("Quá giờ hẹn về")


async def test_a_patrol_without_a_record_asks_for_the_leaders_word_before_the_pin(phone):
    await set_out(phone)
    await phone.go("/patrol/end")
    await phone.press("end-confirm")
    assert phone.page.sees("Chuyến này chưa ghi gì")
    assert not phone.page.sees("Nhập PIN")
    await phone.page.enter("end-nothing-note", "Mưa to, quay về")
    await phone.press("end-confirm")
    await type_pin(phone, PIN)
    assert phone.page.sees("Đã nộp chuyến")
    assert (await detail_of(phone)).state.ended.nothing_note == "Mưa to, quay về"


async def test_a_wrong_pin_closes_nothing_and_says_how_many_tries_are_left(phone):
    await set_out(phone)
    await phone.session.nothing_found()
    await close_patrol(phone, OTHER_PIN)
    assert phone.page.sees("Còn 9 lần")
    assert (await detail_of(phone)).state.ended is None
    await type_pin(phone, PIN)
    assert (await detail_of(phone)).state.ended is not None


async def test_the_end_names_places_not_reached_and_hands_in_what_waits(phone):
    await register(phone, OtherWriter())
    await phone.go("/start")
    await phone.press("patrol-type-khep_kin")
    await phone.press("force-bp-more")
    await phone.press("route-open")
    await phone.press("route-place:M901")
    await phone.press("patrol-go")
    await phone.session.nothing_found()
    await phone.go("/patrol/end")
    assert phone.page.sees("Chưa tới: Mốc 901")
    await phone.page.enter("end-difficulties", "Đường trơn")
    await phone.page.enter("end-handover-note", "Thay pin bộ đàm")
    await phone.press("end-confirm")
    await type_pin(phone, PIN)
    assert phone.page.sees("1 bản ghi")
    assert phone.page.sees("mục chờ gửi về đồn")
    ended = (await detail_of(phone)).state.ended
    assert (ended.difficulties, ended.handover_note) == ("Đường trơn", "Thay pin bộ đàm")


async def test_the_log_of_an_ended_patrol_is_made_on_the_phone_as_pdf(phone):
    await register(phone, OtherWriter())
    await set_out(phone)
    await phone.session.nothing_found()
    await close_patrol(phone, PIN)
    made = await make_patrol_log(phone.session, (await detail_of(phone)).line.subject)
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.raw)).pages)
    assert made.name.endswith(".pdf")
    assert "NHẬT KÝ TUẦN TRA" in text
    assert "Không phát hiện" in text
    before = len(phone.page.connection.asked)
    await phone.press("patrol-log-file")
    for _ in range(100):
        await phone.rest()
        asked = [name for name, _ in phone.page.connection.asked[before:]]
        if {"share_files", "save_file"} & set(asked):
            return
    raise AssertionError(asked)


async def test_a_number_that_another_team_carries_is_said_and_can_be_changed(phone):
    await set_out(phone)
    body = PatrolStarted(type="chot", number="TT-2026-0001", lead_unit="DON", leader="person:P09", started_ms=1_790_000_000_000)
    await hear(phone, OtherWriter().write(body))
    await phone.session.nothing_found()
    await phone.go("/patrol/end")
    assert phone.page.sees("trùng với một chuyến khác")
    await phone.page.enter("end-number", "TT-2026-0001B")
    await phone.press("end-confirm")
    await type_pin(phone, PIN)
    assert phone.page.sees("TT-2026-0001B")


async def test_the_questions_of_a_bilateral_patrol_are_asked_at_its_end_and_recorded(phone):
    await phone.go("/start")
    await phone.press("patrol-type-song_phuong")
    await phone.page.enter("partner-unit", "Đồn bạn")
    await phone.press("partner-people-more")
    await phone.press("field-level-don")
    await phone.press("force-bp-more")
    await phone.press("patrol-go")
    await phone.session.nothing_found()
    await phone.go("/patrol/end")
    await phone.press("field-minutes_signed-yes")
    await phone.press("field-next_host-phia_ban")
    await phone.press("end-confirm")
    await type_pin(phone, PIN)
    state = (await detail_of(phone)).state
    assert (state.started.partner_unit, state.started.partner_people, state.started.values) == ("Đồn bạn", 1, {"level": "don"})
    assert (state.ended.partner_minutes_signed, state.ended.partner_next_host) == (True, "Phía bạn")


async def test_a_duty_officer_enters_a_patrol_told_by_radio_with_its_records_and_its_return(phone, made):
    station = OtherWriter()
    await register(phone, station)
    await hear(phone, station.write(RoleGiven(role="truc_ban", in_unit="DON"), subject=phone.session.who.person))
    await phone.go("/")
    await phone.press("open-behalf")
    await phone.press("behalf-new")
    await phone.press("channel-radio")
    leaders = phone.page.identified("behalf-leader", ft.Dropdown)
    phone.page.session.apply_patch(leaders._i, {"value": "person:P02"})
    await phone.page.fire(leaders, "select", "person:P02")
    await phone.page.enter("behalf-started", "0:05")
    await phone.press("patrol-type-khep_kin")
    await phone.press("force-bp-more")
    await phone.press("behalf-save")
    assert phone.page.sees("Nhập hộ, báo bằng bộ đàm")
    await phone.press("behalf-nothing")
    await phone.press("behalf-end")
    await phone.press("behalf-end-save")
    assert (await detail_of(phone)).state.ended is None
    await phone.page.enter("behalf-ended", "0:10")
    await phone.page.enter("behalf-distance", "hơn mười")
    await phone.press("behalf-end-save")
    assert phone.page.sees("Ghi số km, ví dụ 27,3")
    await phone.page.enter("behalf-distance", "12,5 km")
    await phone.press("behalf-end-save")
    detail = await detail_of(phone)
    assert (detail.line.on_behalf, detail.line.leader, detail.line.distance_m) == (True, "person:P02", 12_500)
    assert [line.kind for line in detail.observations] == ["khong_phat_hien"]
    assert phone.session.patrol is None


async def test_nobody_without_the_desks_role_is_offered_to_enter_for_others(phone):
    await phone.go("/")
    assert not phone.page.sees("Nhập hộ từ giấy")
