"""The course of a patrol at the desk: what happened, where the team was, ordered beside done, and the log that is sealed."""

import asyncio

import flet as ft
import pytest_asyncio

from app.record import EndForm, PatrolForm, Recorded
from app.record.forms import ObservationForm
from app.state.desk_course import TICK_S
from app.store.queries import patrol_line, patrols_page
from app.store.queries_course import Course, find_skews, patrol_course
from demo.scenario import read_scenario
from journal.entries import Force, ObservationRecorded, OrderIssued, Position
from tests.app.desk.fixture import NOW_MS, DeskWorld, make_desk_world
from tests.entries_made import START_MS, make_entry

GAPPED = "TT-2026-0136"
MINUTE_MS = 60_000
LOST_MIN = 45


@pytest_asyncio.fixture
async def desk(tmp_path):
    world = await make_desk_world(tmp_path, walks=(GAPPED,))
    await world.show()
    yield world
    await world.close()


async def course_of(world: DeskWorld, number: str = GAPPED) -> Course:
    lines = await world.notebook.ask(patrols_page)
    subject = next(line.subject for line in lines if line.number == number)
    found = await world.notebook.ask(lambda views: patrol_course(views, subject))
    assert found is not None
    return found


async def open_course(world: DeskWorld, number: str = GAPPED) -> Course:
    await world.app.click(f"team-course-{number}")
    await world.calm()
    return await course_of(world, number)


async def press(world: DeskWorld, key: str) -> None:
    pressed = {"key": key, "shift": False, "ctrl": False, "alt": False, "meta": False}
    await world.app.fire(world.app.page, "keyboard_event", pressed)
    await world.calm()


def hour(world: DeskWorld) -> str:
    return world.app.identified("replay-hour", ft.Text).value


def team_is_drawn(world: DeskWorld) -> bool:
    return bool(world.app.find(ft.Semantics, lambda one: one.identifier == "team-at"))


async def test_a_patrol_is_told_hour_by_hour_and_its_records_light_up_as_it_is_walked_again(desk):
    course = await open_course(desk)
    assert [one.at_ms for one in course.moments] == sorted(one.at_ms for one in course.moments)
    for said in ("Xuất phát", "Kết thúc", "Mất định vị 45 phút"):
        assert desk.app.sees(said)
    first = next(one for one in course.moments if one.what == "record")
    lit = desk.app.find(ft.Semantics, lambda one: bool(one.selected) and (one.label or "").startswith("06:00. Xuất phát"))
    assert lit
    while hour(desk) < desk.app.identified(f"moment-{first.key}", ft.Text).value:
        await press(desk, "Arrow Right")
    (lit,) = desk.app.find(ft.Semantics, lambda one: bool(one.selected) and one.label and ". " in one.label)
    assert lit.label.startswith(hour(desk))
    await press(desk, "Arrow Left")
    assert hour(desk) < lit.label[:5]
    await press(desk, "Escape")
    assert desk.app.sees("Tổ đang đi")


async def test_nothing_is_drawn_and_nobody_moves_where_the_way_is_not_known(desk):
    course = await open_course(desk)
    (gap,) = [one for one in course.moments if one.what == "gap"]
    assert gap.until_ms - gap.at_ms == LOST_MIN * MINUTE_MS
    for at_ms in range(course.from_ms, course.until_ms, MINUTE_MS):
        inside = gap.at_ms < at_ms < gap.until_ms
        assert (course.place_at(at_ms) is None) == inside
    assert team_is_drawn(desk)
    slider = desk.app.one(ft.CupertinoSlider)
    desk.app.session.apply_patch(slider._i, {"value": float((gap.at_ms + gap.until_ms) // 2 - course.from_ms)})
    await desk.app.fire(slider, "change")
    await desk.calm()
    assert not team_is_drawn(desk)
    assert desk.app.identified("replay-known", ft.Text).value.startswith("Mất định vị 45 phút")


async def test_the_space_bar_walks_the_patrol_again_and_stops_it(desk):
    await open_course(desk)
    began = hour(desk)
    await press(desk, " ")
    while hour(desk) == began:
        await desk.calm()
    await press(desk, " ")
    stopped = hour(desk)
    await asyncio.sleep(2 * TICK_S)
    await desk.calm()
    assert hour(desk) == stopped


async def test_what_was_ordered_stands_beside_what_was_done_in_plain_sentences(desk):
    team = next(iter(desk.teams.values()))
    order = await desk.handset.verbs.desk.issue_order(
        OrderIssued(
            kind="tuan_tra", title="Kiểm tra mốc 901, 905", to_unit="DON", with_units=("CAX_CHIENG_VAN",), patrol_type="chot",
            places=("place:M901", "place:M905"), starts_ms=NOW_MS - 120 * MINUTE_MS, ends_ms=NOW_MS + 60 * MINUTE_MS,
        ),
        unit="DON",
    )  # fmt: skip
    team.clock.stand_at(NOW_MS)
    form = PatrolForm(
        "thuong_xuyen", team.unit, "TT-2026-0200", (), (Force(force="bp", people=3),), transport="di_bo", order=order.ref
    )
    begun = await team.verbs.start_patrol(form)
    assert isinstance(begun, Recorded)
    seen = await team.verbs.record_observation(
        ObservationForm("khong_phat_hien", {}, NOW_MS, None, place="place:M905", patrol=begun.ref)
    )
    assert isinstance(seen, Recorded), seen
    team.clock.stand_at(NOW_MS + 30 * MINUTE_MS)
    await team.verbs.end_patrol(begun.ref, EndForm(result="Không phát hiện gì"))
    await desk.arrive(team)
    await desk.calm()
    await open_course(desk, "TT-2026-0200")
    for said in (
        "Khác. Xuất phát 17:30, muộn 2 giờ 00 phút so với giờ giao 15:30.",
        "Đúng. Kết thúc 18:00, giao trước 18:30.",
        "Khác. Giao Trực chốt, đã đi Tuần tra thường xuyên",
        "được giao đi cùng, không có trong chuyến.",
        "Ghi nhận. Phương tiện: Đi bộ.",
        "Đúng. Mốc 905: đã tới, có ghi nhận.",
        "Khác. Mốc 901: chưa tới.",
        "Khác. Chưa thấy tổ báo đã nhận nhiệm vụ.",
    ):
        assert any(said in (one.label or "") for one in desk.app.find(ft.Semantics, lambda one: True)), said


async def test_a_log_is_approved_then_sealed_and_then_only_a_correction_stands_beside_it(desk):
    course = await open_course(desk)
    subject = course.detail.line.subject
    for word, status in (("da_duyet", "da_duyet"), ("khoa_so", "khoa_so")):
        await desk.app.click(f"log-{word}")
        await desk.calm()
        line = await desk.notebook.ask(lambda views: patrol_line(views, subject))
        assert line is not None
        assert line.status == status
    assert desk.app.sees("Nhật ký đã khóa sổ")
    assert not desk.app.find(ft.Semantics, lambda one: (one.identifier or "").startswith("log-khoa_so"))
    await desk.app.enter("log-remark", "Quân số đúng là 5 người.")
    await desk.app.click("log-remark-add")
    await desk.calm()
    assert (await course_of(desk)).detail.state.remarks[-1].text == "Quân số đúng là 5 người."


def a_fix_seen(off_ms: int, age_ms: int, seq: int) -> object:
    """A record with a fix of its own, written by a phone whose clock is off."""
    fixed_ms = START_MS + seq * MINUTE_MS
    position = Position(latitude_e7=208_905_000, longitude_e7=1_038_215_000, fixed_ms=fixed_ms)
    body = ObservationRecorded(kind="dau_vet", catalogue="dau_vet@1", priority="cao", happened_ms=fixed_ms, position=position)
    return make_entry(body, seq=seq, at_ms=fixed_ms + age_ms + off_ms)


def test_a_clock_that_is_off_is_found_by_the_fixes_that_agree_on_it():
    ahead = [a_fix_seen(7 * MINUTE_MS, age_ms, seq) for seq, age_ms in enumerate((2_000, 90_000, 5_000, 600_000), start=1)]
    assert list(find_skews(ahead).values()) == [7 * MINUTE_MS + 2_000]
    behind = [a_fix_seen(-5 * MINUTE_MS, 1_000, 1)]
    assert list(find_skews(behind).values()) == [-5 * MINUTE_MS + 1_000]
    for right in ([a_fix_seen(0, 3_000, 1), a_fix_seen(0, 50_000, 2)], [a_fix_seen(0, 600_000, 1)], []):
        assert find_skews(right) == {}


async def test_the_hours_of_a_phone_whose_clock_is_ahead_are_corrected_and_said(tmp_path):
    """The second patrol's phone is seven minutes ahead, as the scenario has it."""
    walk = next(walk for walk in read_scenario().walks if walk.code == "TT-2026-0132")
    world = await make_desk_world(tmp_path, walks=(walk.code,), skewed=True)
    await world.show()
    course = await open_course(world, walk.code)
    assert [round(off / MINUTE_MS) for off in course.off_ms.values()] == [7]
    started = next(one for one in course.moments if one.what == "started")
    assert abs(started.at_ms - walk.started_ms) < MINUTE_MS
    assert world.app.sees("nhanh 7 phút so với giờ vệ tinh")
    assert world.app.sees("Máy ghi 19:07, đã chỉnh giờ")
    assert not [one for one in course.moments if one.what == "gap"]
    await world.close()
