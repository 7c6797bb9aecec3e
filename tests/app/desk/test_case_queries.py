"""What the store answers about cases, tips, handovers and vehicles, on a desk with two patrols of the scenario."""

from dataclasses import replace

import pytest
import pytest_asyncio

from app.record.lookout import LookoutForm
from app.store.queries import ObservationFilter, observations_page
from app.store.queries_cases import BY_PLACE, BY_PLATE, case_board, open_care
from app.store.queries_tips import ALL, PROMISED, WAITING, handovers_page, tips_page
from app.store.queries_vehicles import lookouts_for_phone, lookouts_page, readings_of
from demo.scenario import read_scenario
from journal.entries import CalledBack
from tests.app.desk.fixture import NOW_MS, desk_verbs, make_desk_world

DAY_MS = 86_400_000
CARE_KINDS = ("ho_tro", "y_te_dich")


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=("TT-2026-0132", "TT-2026-0133"))
    await world.show()
    yield world
    await world.close()


async def by_kind(desk, kind):
    page = await desk.notebook.ask(lambda views: observations_page(views, ObservationFilter(kinds=(kind,))))
    return page.lines


async def test_a_plate_is_found_in_every_reading_whichever_side_has_the_unread_signs(desk):
    seen = next(one for walk in read_scenario().walks for one in walk.seen if one.form.kind == "van_chuyen")
    doubtful = await desk.record(replace(seen.form, values={**seen.form.values, "plate": "87B-0?2.34"}, happened_ms=NOW_MS))
    ask = desk.notebook.ask
    for typed, found in (("87B-012.34", 2), ("87B0??34", 2), ("87B*", 2), ("87B-9?2.34", 0), ("?", 0)):
        assert len(await ask(lambda views, typed=typed: readings_of(views, typed))) == found, typed
    newest = (await ask(lambda views: readings_of(views, "87B01234")))[0]
    assert (newest.line.subject, newest.plate, newest.whole) == (doubtful, "87B0?234", False)


async def test_a_board_orders_its_records_and_offers_what_was_near_in_place_and_hours(desk):
    verbs = desk_verbs(desk)
    (ambulance,) = await by_kind(desk, "van_chuyen")
    (tip,) = await by_kind(desk, "tin_bao")
    case = await verbs.open_case("VV-2026-0007", "Xe cứu thương", unit=ambulance.unit)
    await verbs.link_to_case(case.ref, ambulance.subject, unit=ambulance.unit)
    board = await desk.notebook.ask(lambda views: case_board(views, case.ref, NOW_MS))
    assert [step.line.subject for step in board.steps] == [ambulance.subject]
    near = {one.line.subject: one for one in board.suggestions}
    assert {one.why for one in near.values()} <= {BY_PLACE, BY_PLATE}
    assert all(one.line.kind != "khong_phat_hien" for one in near.values())
    await verbs.link_to_case(case.ref, tip.subject, unit=ambulance.unit)
    board = await desk.notebook.ask(lambda views: case_board(views, case.ref, NOW_MS))
    assert [step.line.kind for step in board.steps] == ["tin_bao", "van_chuyen"]
    assert board.steps[0].leg is None
    assert board.steps[1].leg.lasted_ms == ambulance.happened_ms - tip.happened_ms
    assert board.steps[1].leg.metres == pytest.approx(5_600, rel=0.2)


async def test_a_promised_call_is_owed_until_somebody_was_reached(desk):
    (tip,) = await by_kind(desk, "tin_bao")
    ask, verbs = desk.notebook.ask, desk_verbs(desk)
    page = await ask(lambda views: tips_page(views, WAITING))
    assert (page.total, page.promised, page.lines[0].reliability, page.lines[0].graded) == (1, 0, "D", False)
    await verbs.grade_tip(tip.subject, reliability="B", content_grade="2", unit=tip.unit)
    scenario = next(one for walk in read_scenario().walks for one in walk.seen if one.form.kind == "tin_bao")
    form = scenario.form
    promised = await desk.record(replace(form, values={**form.values, "callback": True}, happened_ms=NOW_MS))
    assert [one.line.subject for one in (await ask(lambda views: tips_page(views, PROMISED))).lines] == [promised]
    await verbs.call_back(promised, CalledBack(called_ms=NOW_MS, result="khong_nghe_may"), unit=desk_unit(desk))
    assert (await ask(lambda views: tips_page(views, PROMISED))).promised == 1
    await verbs.call_back(promised, CalledBack(called_ms=NOW_MS + 1, result="da_noi"), unit=desk_unit(desk))
    page = await ask(lambda views: tips_page(views, ALL))
    assert (page.promised, page.total) == (0, 2)
    graded = next(one for one in page.lines if one.line.subject == tip.subject)
    assert (graded.reliability, graded.content_grade, graded.graded) == ("B", "2", True)


def desk_unit(desk):
    return next(iter(desk.teams.values())).unit


async def test_children_and_the_sick_are_open_until_a_handover_of_their_patrol(desk):
    """On the scenario's third patrol all six were handed over; somebody found later is not."""
    assert await desk.notebook.ask(lambda views: open_care(views, CARE_KINDS, NOW_MS)) == ()
    lost = next(one for walk in read_scenario().walks for one in walk.seen if one.form.values.get("assist") == "tre_em")
    found = await desk.record(replace(lost.form, happened_ms=NOW_MS - 3_600_000))
    (open_one,) = await desk.notebook.ask(lambda views: open_care(views, CARE_KINDS, NOW_MS))
    assert (open_one.line.subject, open_one.minors) == (found, 1)
    (handover,) = await desk.notebook.ask(handovers_page)
    assert handover.line.values["document"] == "BB-BG 12/2026"


async def test_phones_are_told_of_a_whole_plate_alone_and_until_its_end(desk):
    verbs, ask = desk_verbs(desk), desk.notebook.ask
    end = NOW_MS + DAY_MS
    await verbs.look_out(LookoutForm("87B-012.34", "vu_viec", "DON", end), salt=bytes(16))
    await verbs.look_out(LookoutForm("87B-0?2.34", "tin_bao", "DON", end), salt=bytes(16))
    lines = await ask(lambda views: lookouts_page(views, NOW_MS))
    assert {(one.plate, one.on_phones, one.read) for one in lines} == {("87B01234", True, 1), ("87B0?234", False, 1)}
    (on_phones,) = await ask(lambda views: lookouts_for_phone(views, NOW_MS))
    assert await ask(lambda views: lookouts_for_phone(views, end)) == ()
    await verbs.end_lookout(on_phones.subject, "da_thay")
    assert await ask(lambda views: lookouts_for_phone(views, NOW_MS)) == ()
    refused = await verbs.look_out(LookoutForm("Nguyễn Văn A", "vu_viec", "DON", end), salt=bytes(16))
    assert [one.where for one in refused.problems] == ["plate"]
