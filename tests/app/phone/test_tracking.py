"""The track on a phone: modes, the battery, gaps with their causes, mocked positions."""

from datetime import UTC, datetime

import flet as ft
import flet_geolocator as fg
import msgpack
import pytest
from flet.controls.base_control import BaseControl
from flet.messaging.protocol import configure_encode_object_for_msgpack

from app.device.location import NoFix, OnFix, OnTrouble, TrackNotice, configure, read_fix
from app.patrol.measuring import measure
from app.patrol.modes import MOVING, STILL, Mode, Sampling
from app.record import PatrolForm, Recorded
from app.store.queries import tracks_of
from tests.app.phone.fakes import HandLocation, OpenPhone, PhoneMade

START = (20.8878, 103.8452)
MINUTE_MS = 60_000


async def set_out(phone: OpenPhone) -> str:
    started = await phone.session.patrolling.start(PatrolForm(type="thuong_xuyen", lead_unit="DON", number="TT-2026-0001"))
    assert isinstance(started, Recorded)
    await phone.rest()
    return started.ref


async def walk(made: PhoneMade, phone: OpenPhone, steps: int, first: int = 0) -> None:
    for step in range(first, first + steps):
        made.clocks.wall_ms += 5_000
        await made.location.give(START[0] + step * 0.00006, START[1], made.clocks.wall_ms)
    await phone.session.tracking.keep_now()
    await phone.rest()


async def gaps_of(phone: OpenPhone, patrol: str) -> list[tuple[str, int]]:
    """Causes and minutes."""
    await phone.session.tracking.close_piece()
    pieces = await phone.session.notebook.ask(lambda views: tracks_of(views, patrol))
    return [(gap.cause, round((gap.until_ms - gap.from_ms) / MINUTE_MS)) for piece in pieces for gap in piece.track.gaps]


async def test_a_kill_of_42_minutes_is_a_gap_with_its_cause(made):
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    patrol = await set_out(phone)
    await walk(made, phone, 30)
    await phone.close()
    made.clocks.wall_ms += 42 * MINUTE_MS
    made.clocks.mono_ms += 42 * MINUTE_MS
    again = await made.open()
    await again.unlock()
    await walk(made, again, 30, first=30)
    assert await gaps_of(again, patrol) == [("killed", 42)]
    await again.go("/patrol")
    await again.press("sheet-more")
    assert again.page.sees("Mất định vị 42 phút: ứng dụng bị máy tắt")
    assert len(again.session.walk.lines) == 2, "nothing is drawn across the gap"
    await again.close()


async def test_a_pause_is_a_gap_of_its_own_kind_and_a_refusal_of_another(made, phone):
    patrol = await set_out(phone)
    await walk(made, phone, 10)
    await phone.session.patrolling.pause()
    made.clocks.wall_ms += 20 * MINUTE_MS
    await phone.session.patrolling.resume()
    await walk(made, phone, 10, first=10)
    assert made.location.on_trouble is not None
    made.location.on_trouble(NoFix.PERMISSION)
    await phone.rest()
    made.clocks.wall_ms += 7 * MINUTE_MS
    await phone.session.tracking.wake()
    await walk(made, phone, 10, first=20)
    assert await gaps_of(phone, patrol) == [("paused", 20), ("permission", 7)]


async def test_the_mode_is_chosen_in_the_patrol_asked_of_the_receiver_and_remembered(made, phone):
    await set_out(phone)
    assert made.location.sampling == MOVING[Mode.NORMAL]
    await phone.go("/patrol")
    await phone.press("sheet-more")
    await phone.press("mode-saving")
    assert made.location.sampling == MOVING[Mode.SAVING]
    assert phone.page.sees("Hai mươi giây một điểm")
    assert phone.session.tracking.mode is Mode.SAVING
    again = made.settings()
    assert again.folder.exists()
    assert phone.session.handset.phone.preferences.mode == "saving"


async def test_below_fifteen_percent_saving_is_proposed_and_nothing_is_switched_by_itself(made, phone):
    made.power.percent = 14
    await set_out(phone)
    await phone.session.read_battery()
    await phone.go("/patrol")
    await phone.press("sheet-more")
    assert phone.page.sees("Pin dưới 15 %")
    assert phone.session.tracking.mode is Mode.NORMAL
    await phone.press("mode-save")
    assert phone.session.tracking.mode is Mode.SAVING
    await phone.session.nothing_found()


async def test_a_team_at_rest_is_asked_less_often_and_no_gap_comes_of_it(made, phone):
    patrol = await set_out(phone)
    for _ in range(40):
        made.clocks.wall_ms += 5_000
        await made.location.give(*START, made.clocks.wall_ms)
    await phone.session.tracking.keep_now()
    assert made.location.sampling == STILL[Mode.NORMAL]
    await walk(made, phone, 30, first=1)
    assert made.location.sampling == MOVING[Mode.NORMAL]
    assert await gaps_of(phone, patrol) == []


@pytest.mark.parametrize("mode", Mode)
def test_android_is_asked_by_flat_keys_which_start_its_foreground_service(mode):
    asked = configure(ft.PagePlatform.ANDROID, TrackNotice("Đang tuần tra", "Đang ghi vết"), MOVING[mode])
    wire = msgpack.unpackb(msgpack.packb(asked, default=configure_encode_object_for_msgpack(BaseControl)))
    least = {"distance_filter": MOVING[mode].step_m} if MOVING[mode].step_m else {}
    assert wire | {"accuracy": ""} == least | {
        "accuracy": "",
        "foreground_notification_title": "Đang tuần tra",
        "foreground_notification_text": "Đang ghi vết",
        "foreground_notification_channel_name": "Đang tuần tra",
        "foreground_notification_enable_wake_lock": True,
        "foreground_notification_set_ongoing": True,
        "interval_duration": {"seconds": MOVING[mode].interval_s},
    }
    assert wire.get("accuracy", "best") == ("best" if MOVING[mode].fine else "high")
    assert STILL[mode].step_m == 0, "a rest without fixes would be a gap"


async def test_a_locked_phone_measures_only_the_open_piece_and_loses_no_metre(made, phone, monkeypatch):
    await set_out(phone)
    await walk(made, phone, 40)
    await phone.session.lock()
    before_m = phone.session.walk.distance_m
    await phone.session.tracking.close_piece()
    measured: list[int] = []

    def measure_counted(fixes):
        measured.append(len(fixes))
        return measure(fixes)

    monkeypatch.setattr("app.state.walk.measure", measure_counted)
    await walk(made, phone, 20, first=40)
    assert phone.session.walk.distance_m > before_m
    assert max(measured) <= 21
    locked_m = phone.session.walk.distance_m
    await phone.unlock()
    await phone.session.tracking.close_piece()
    assert phone.session.walk.distance_m == pytest.approx(locked_m, abs=10)


async def test_what_a_patrol_left_that_was_taken_back_is_part_of_its_own_track_alone(made, phone):
    first = await set_out(phone)
    await walk(made, phone, 10)
    await phone.session.handset.verbs.field.void(first, "Bấm nhầm")
    await phone.rest()
    assert phone.session.walk.patrol is None
    made.clocks.wall_ms += 30 * MINUTE_MS
    second, set_out_ms = await set_out(phone), made.clocks.wall_ms
    await walk(made, phone, 10, first=50)
    await phone.session.tracking.close_piece()
    pieces = {one: await phone.session.notebook.ask(lambda views, one=one: tracks_of(views, one)) for one in (first, second)}
    assert [piece.track.count for piece in pieces[first]] == [10]
    assert min(piece.track.from_ms for piece in pieces[second]) > set_out_ms - MINUTE_MS


class Failing(HandLocation):
    """A receiver that does not start as long as it is broken."""

    broken = True

    async def start(self, on_fix: OnFix, on_trouble: OnTrouble, notice: TrackNotice, sampling: Sampling) -> None:
        if self.broken:
            raise TimeoutError("the plugin does not answer")
        await super().start(on_fix, on_trouble, notice, sampling)


async def test_a_receiver_that_did_not_start_is_tried_again(tmp_path):
    made = PhoneMade(tmp_path, location=Failing())
    await made.enrol()
    phone = await made.open()
    await phone.unlock()
    assert phone.session.gauges.no_fix is NoFix.BROKEN
    made.location.broken = False
    await phone.session.tracking.wake()
    assert made.location.on_fix is not None
    await phone.close()


@pytest.mark.parametrize(("said_m", "accuracy_mm"), [(0.0, None), (6.0, 6_000), (None, None)])
def test_an_accuracy_of_nothing_is_one_that_nobody_knows(said_m, accuracy_mm):
    at = datetime(2026, 11, 5, tzinfo=UTC)
    given = fg.GeolocatorPosition(latitude=20.9, longitude=103.8, accuracy=said_m, timestamp=at)
    fix = read_fix(given)
    assert fix is not None
    assert fix.accuracy_mm == accuracy_mm
