"""The rooms of inquiry: a chain is put together, a tip is graded and linked, a plate is looked for, people come first."""

from dataclasses import replace

import flet as ft
import pytest_asyncio

from app.store.queries import ObservationFilter, case_detail, cases_page, observations_page
from app.store.queries_tips import ALL, tips_page
from app.store.queries_vehicles import lookouts_page
from demo.scenario import read_scenario
from tests.app.desk.fixture import NOW_MS, DeskWorld, desk_verbs, make_desk_world


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0133",))
    await world.show()
    yield world
    await world.close()


async def enter(world: DeskWorld, book: str = "cases") -> None:
    await world.app.click("rail-case")
    await world.calm()
    if book != "cases":
        await press(world, f"case-book-{book}")


async def press(world: DeskWorld, ident: str) -> None:
    await world.app.click(ident)
    await world.calm()


def idents(world: DeskWorld) -> set[str]:
    return {one.identifier for one in world.app.find(ft.Semantics) if one.identifier}


async def subject_of(world: DeskWorld, kind: str) -> str:
    page = await world.notebook.ask(lambda views: observations_page(views, ObservationFilter(kinds=(kind,))))
    return page.lines[0].subject


def seen_of(kind: str, **values):
    form = next(one.form for walk in read_scenario().walks for one in walk.seen if one.form.kind == kind)
    return replace(form, values={**form.values, **values}, happened_ms=NOW_MS)


async def open_case_with_ambulance(world: DeskWorld) -> str:
    verbs = desk_verbs(world)
    case = await verbs.open_case("VV-2026-0007", "Xe cứu thương ở ngã ba Phiêng Sặt", unit="DON")
    await verbs.link_to_case(case.ref, await subject_of(world, "van_chuyen"), unit="DON")
    return case.ref


async def items_of(world: DeskWorld, case: str) -> list[str]:
    detail = await world.notebook.ask(lambda views: case_detail(views, case))
    return [line.kind for line in detail.observations]


async def test_what_lies_near_is_put_into_the_case_and_taken_out_with_a_reason(desk):
    case = await open_case_with_ambulance(desk)
    help_given = await subject_of(desk, "ho_tro")
    await enter(desk)
    assert desk.app.sees("Gần nơi và giờ")
    await press(desk, f"suggested-link-{help_given}")
    assert await items_of(desk, case) == ["van_chuyen", "ho_tro"]
    await press(desk, f"unlink-{help_given}")
    await press(desk, "unlink-do")
    assert desk.app.sees("Ghi lý do")
    assert await items_of(desk, case) == ["van_chuyen", "ho_tro"]
    await desk.app.enter("unlink-reason", "Người bệnh không đi xe này")
    await press(desk, "unlink-do")
    assert await items_of(desk, case) == ["van_chuyen"]


async def test_a_case_moves_on_and_keeps_what_was_done(desk):
    case = await open_case_with_ambulance(desk)
    await enter(desk)
    await press(desk, "case-state-da_ban_giao")
    await press(desk, "result-add")
    await press(desk, "result-write")
    assert desk.app.sees("Chọn kết quả")
    menu = desk.app.identified("result-what", ft.Dropdown)
    desk.app.session.apply_patch(menu._i, {"value": "xu_phat_vphc"})
    await desk.app.fire(menu, "select", "xu_phat_vphc")
    await desk.app.enter("result-people", "1")
    await desk.app.enter("result-amount_dong", "bảy triệu")
    await press(desk, "result-write")
    assert desk.app.sees("Ghi bằng chữ số, ví dụ 7.500.000")
    await desk.app.enter("result-amount_dong", "7.500.000")
    await press(desk, "result-write")
    line = next(one for one in await desk.notebook.ask(cases_page) if one.subject == case)
    assert (line.state, line.dispositions) == ("da_ban_giao", 1)
    assert desk.app.sees("01 người · 7.500.000 đồng")


async def test_a_case_for_possible_victims_is_opened_for_commanders_alone_and_says_so(desk):
    await press(desk, "rail-review")
    await press(desk, f"review-row-{await subject_of(desk, 'van_chuyen')}")
    await press(desk, "link-case")
    await desk.app.enter("case-title", "Người cần được bảo vệ")
    await press(desk, "case-open-restricted")
    (case,) = await desk.notebook.ask(cases_page)
    assert case.restricted
    await enter(desk)
    assert desk.app.sees("Hạn chế người xem: chỉ chỉ huy và kiểm tra")


async def test_a_tip_is_linked_from_its_inbox_and_the_call_that_was_promised_is_noted(desk):
    case = await desk_verbs(desk).open_case("VV-2026-0007", "Xe cứu thương", unit="DON")
    tip = await desk.record(seen_of("tin_bao", callback=True), desk_team(desk))
    await enter(desk, "tips")
    await press(desk, "tips-promised")
    assert desk.app.sees("người báo chờ")
    await press(desk, f"tip-called-{tip}")
    assert (await desk.notebook.ask(lambda views: tips_page(views, ALL))).promised == 0
    await press(desk, "tips-all")
    await press(desk, f"tip-link-{tip}")
    await press(desk, "tip-to-VV-2026-0007")
    assert await items_of(desk, case.ref) == ["tin_bao"]
    assert desk.app.sees("VV-2026-0007 · Xe cứu thương")


def desk_team(world: DeskWorld):
    return next(iter(world.teams.values()))


async def test_a_vehicle_is_looked_for_by_plate_and_nothing_else(desk):
    await enter(desk, "vehicles")
    await desk.app.enter("lookout-plate", "Nguyễn Văn A")
    await press(desk, "lookout-reason-vu_viec")
    await press(desk, "lookout-give")
    assert desk.app.sees("Chưa phải biển số xe")
    await desk.app.enter("lookout-plate", "87b-012.34")
    await press(desk, "lookout-give")
    (line,) = await desk.notebook.ask(lambda views: lookouts_page(views, NOW_MS))
    assert (line.plate, line.reason, line.issuer, line.read) == ("87B01234", "vu_viec", "DON", 1)
    await press(desk, f"lookout-read-{line.subject}")
    assert desk.app.sees("Biển 87B01234: đã gặp 1 lần")
    await press(desk, f"lookout-end-{line.subject}")
    await press(desk, f"lookout-da_thay-{line.subject}")
    (line,) = await desk.notebook.ask(lambda views: lookouts_page(views, NOW_MS))
    assert line.outcome == "da_thay"


async def test_people_in_need_stand_above_every_book_until_somebody_took_them_over(desk):
    await enter(desk)
    assert "care-first" not in idents(desk)
    lost = next(one.form for walk in read_scenario().walks for one in walk.seen if one.form.values.get("assist") == "tre_em")
    found = await desk.record(replace(lost, happened_ms=NOW_MS - 3_600_000), desk_team(desk))
    await desk.calm()
    for book in ("cases", "tips", "vehicles", "handovers"):
        await press(desk, f"case-book-{book}")
        assert f"care-{found}" in idents(desk)
        assert desk.app.sees("1 người dưới 18")


async def test_the_register_of_handovers_says_who_was_given_to_whom_and_that_111_was_called(desk):
    await enter(desk, "handovers")
    assert desk.app.sees("BB-BG 12/2026")
    assert desk.app.sees("1 · 111")


async def test_a_record_under_review_says_that_its_plate_was_read_before_and_leads_to_the_readings(desk):
    doubtful = await desk.record(seen_of("van_chuyen", plate="87B-0?2.34"), desk_team(desk))
    await desk.app.click("rail-review")
    await desk.calm()
    await press(desk, f"review-row-{doubtful}")
    assert desk.app.sees("87B0?234: đã gặp 2 lần")
    await press(desk, "plate-known-87B0?234")
    assert desk.app.sees("Biển 87B0?234: đã gặp 2 lần")
    assert desk.app.sees("Đọc là 87B0?234, thiếu ký tự")
