"""A person in need: the shield on every screen, a call that is on disk before it is shown, a timer that calls by itself."""

from dataclasses import dataclass, field
from pathlib import Path

import flet as ft
import pytest

from app.state.check_in import ANSWER_WITHIN_MS
from app.state.draft import Draft
from app.state.handset import Stage
from journal.entries import ObservationRecorded, SosClosed, SosRaised, read_entry
from tests.app.phone.fakes import OpenPhone, PhoneMade

MINUTE_MS = 60_000


@dataclass
class FeltHaptics:
    """A hand that remembers what it felt."""

    beats: int = 0
    shakes: int = 0
    faults: list[str] = field(default_factory=list)

    async def beat(self) -> None:
        self.beats += 1

    async def shake(self) -> None:
        self.shakes += 1


@pytest.fixture
async def made(tmp_path: Path):
    made = PhoneMade(tmp_path)
    await made.enrol()
    return made


@pytest.fixture
async def phone(made: PhoneMade):
    phone = await opened(made)
    yield phone
    await phone.close()


async def opened(made: PhoneMade, *, unlock: bool = True) -> OpenPhone:
    phone = await made.open()
    phone.session.safety.haptics = FeltHaptics()
    await phone.rest()
    if unlock:
        await phone.unlock()
    return phone


async def call_for_help(phone: OpenPhone) -> None:
    """As a screen reader's long press: the hold itself is timed by the hand."""
    shield = phone.page.one(ft.Semantics, lambda one: one.identifier == "sos-shield")
    await phone.page.fire(shield, "long_press")
    await phone.rest()


async def bodies(phone: OpenPhone) -> list[object]:
    return [read_entry(one.raw).body for one in await phone.session.notebook.unsent(100)]


def shown(phone: OpenPhone, start: str) -> set[str]:
    return {one.identifier for one in phone.page.find(ft.Semantics) if (one.identifier or "").startswith(start)}


async def test_the_shield_is_on_the_tabs_on_forms_and_on_screens_over_them(phone: OpenPhone):
    for path in ("/", "/map", "/log", "/send", "/kinds", "/start", "/settings", "/safety"):
        await phone.go(path)
        assert shown(phone, "sos-shield") == {"sos-shield"}, path


async def test_holding_it_writes_the_call_and_shows_its_steps(phone: OpenPhone, made: PhoneMade):
    await made.location.give(20.906, 103.8895, phone.session.now_ms())
    await call_for_help(phone)
    (body,) = await bodies(phone)
    assert isinstance(body, SosRaised)
    assert body.position is not None
    assert body.position.fixed_ms is not None
    assert shown(phone, "step-") == {"step-saved-done", "step-received-open", "step-answered-open", "step-over-open"}
    assert phone.page.sees("Chưa ai nghe được")
    assert phone.page.sees("20,90600; 103,88950 WGS84")
    assert phone.session.safety.haptics.shakes == 1


async def test_the_red_line_leads_to_the_call_from_every_screen_and_survives_a_restart(made: PhoneMade):
    phone = await opened(made)
    await call_for_help(phone)
    await phone.close()
    phone = await opened(made, unlock=False)
    assert phone.session.stage is Stage.LOCKED
    await phone.press("sos-bar")
    assert phone.page.sees("Chưa ai nghe được")
    await phone.press("to-pin")
    await phone.unlock()
    for path in ("/log", "/kinds", "/"):
        await phone.go(path)
        assert shown(phone, "sos-bar") == {"sos-bar"}, path
    await phone.press("sos-bar")
    assert shown(phone, "sos-screen") == {"sos-screen"}
    await phone.close()


async def test_a_locked_phone_calls_without_its_pin(made: PhoneMade):
    phone = await opened(made, unlock=False)
    await call_for_help(phone)
    assert phone.session.stage is Stage.LOCKED
    assert [one.seq for one in await phone.session.notebook.urgent_unsent()] == [1]
    assert phone.page.sees("Chưa ai nghe được")
    await phone.close()


async def test_within_five_seconds_one_tap_takes_it_back_and_later_it_takes_two(phone: OpenPhone, made: PhoneMade):
    await call_for_help(phone)
    await phone.press("sos-take-back")
    assert [type(body) for body in await bodies(phone)] == [SosRaised, SosClosed]
    await phone.press("sos-put-away")
    assert phone.session.safety.call is None
    await call_for_help(phone)
    made.clocks.wall_ms += 6_000
    await phone.session.safety.follow()
    await phone.rest()
    assert shown(phone, "sos-take-back") == set()
    await phone.press("sos-end")
    await phone.press("sos-end-safe")
    closed = (await bodies(phone))[-1]
    assert isinstance(closed, SosClosed)
    assert closed.outcome == "Đã an toàn"


async def test_what_happened_and_how_many_are_one_tap_each_and_stand_in_the_words_to_read(phone: OpenPhone):
    await call_for_help(phone)
    await phone.press("sos-kind-ran_can")
    await phone.press("sos-people-more")
    await phone.press("sos-people-more")
    assert phone.page.sees("Tình huống: Rắn cắn. 02 người.")
    call = phone.session.safety.call
    assert call is not None
    assert (call.raised.kind, call.raised.people) == ("ran_can", 2)


async def test_a_call_is_taken_over_into_a_record_of_team_safety(phone: OpenPhone):
    await call_for_help(phone)
    await phone.press("sos-kind-lac")
    await phone.press("sos-log")
    (draft,) = (one for one in phone.session.keeping._open.values() if isinstance(one, Draft))
    assert (draft.content.kind, draft.content.values["sos"], draft.content.values["incident"]) == ("an_toan_to", "da_phat", "lac")


# --- the man-down timer -----------------------------------------------------------------------------------------------


async def wait_for(phone: OpenPhone, made: PhoneMade, wait_ms: int) -> None:
    made.clocks.wall_ms += wait_ms
    made.clocks.mono_ms += wait_ms
    await phone.session.safety.check_in.tick()
    await phone.rest()


async def test_it_asks_over_everything_else_and_one_tap_answers(phone: OpenPhone, made: PhoneMade):
    await phone.go("/safety")
    await phone.press("watch-30")
    await wait_for(phone, made, 29 * MINUTE_MS)
    assert shown(phone, "well-screen") == set()
    await wait_for(phone, made, MINUTE_MS + 1_000)
    assert shown(phone, "well-screen") == {"well-screen"}
    assert phone.page.sees("Anh em ổn chứ?")
    assert phone.session.safety.haptics.shakes == 1
    await phone.press("well-yes")
    assert shown(phone, "well-screen") == set()
    await wait_for(phone, made, 29 * MINUTE_MS)
    assert shown(phone, "well-screen") == set()
    assert await bodies(phone) == []


async def test_without_an_answer_it_calls_for_help_by_itself_and_says_so(phone: OpenPhone, made: PhoneMade):
    await phone.go("/safety")
    await phone.press("watch-alone")
    await phone.press("watch-15")
    await wait_for(phone, made, 15 * MINUTE_MS + 1_000)
    await wait_for(phone, made, ANSWER_WITHIN_MS - 2_000)
    assert await bodies(phone) == []
    await wait_for(phone, made, 3_000)
    (body,) = await bodies(phone)
    assert isinstance(body, SosRaised)
    assert (body.kind, body.people) == ("khong_tra_loi", 1)
    await phone.go("/sos")
    assert phone.page.sees("máy tự cầu cứu")
    await wait_for(phone, made, 60 * MINUTE_MS)
    assert len(await bodies(phone)) == 1


async def test_it_asks_a_locked_phone_too(phone: OpenPhone, made: PhoneMade):
    await phone.session.safety.check_in.start(15)
    await phone.session.lock()
    await phone.rest()
    await wait_for(phone, made, 16 * MINUTE_MS)
    assert shown(phone, "well-screen") == {"well-screen"}
    await wait_for(phone, made, ANSWER_WITHIN_MS + 1_000)
    assert len(await phone.session.notebook.urgent_unsent()) == 1


async def test_whatever_is_recorded_is_an_answer_and_the_track_is_none(phone: OpenPhone, made: PhoneMade):
    await phone.session.safety.check_in.start(30)
    await wait_for(phone, made, 20 * MINUTE_MS)
    await phone.session.nothing_found()
    await phone.rest()
    await wait_for(phone, made, 20 * MINUTE_MS)
    assert not phone.session.asked_if_well
    await wait_for(phone, made, 11 * MINUTE_MS)
    assert phone.session.asked_if_well
    assert [type(body) for body in await bodies(phone)] == [ObservationRecorded]


async def test_a_phone_killed_in_the_countdown_asks_anew_before_it_calls(made: PhoneMade):
    phone = await opened(made)
    await phone.session.safety.check_in.start(15)
    await wait_for(phone, made, 16 * MINUTE_MS)
    assert phone.session.asked_if_well
    await phone.close()
    made.clocks.wall_ms += 40 * MINUTE_MS
    made.clocks.mono_ms += 40 * MINUTE_MS
    phone = await opened(made, unlock=False)
    await phone.session.safety.check_in.tick()
    await phone.rest()
    assert shown(phone, "well-screen") == {"well-screen"}
    assert await phone.session.notebook.urgent_unsent() == []
    await wait_for(phone, made, ANSWER_WITHIN_MS + 1_000)
    assert len(await phone.session.notebook.urgent_unsent()) == 1
    await phone.close()


async def test_a_wall_clock_that_jumps_neither_asks_early_nor_late(phone: OpenPhone, made: PhoneMade):
    await phone.session.safety.check_in.start(30)
    made.clocks.wall_ms += 10 * 60 * MINUTE_MS
    await wait_for(phone, made, 20 * MINUTE_MS)
    assert not phone.session.asked_if_well
    made.clocks.wall_ms -= 20 * 60 * MINUTE_MS
    await wait_for(phone, made, 11 * MINUTE_MS)
    assert phone.session.asked_if_well


async def test_while_a_call_is_open_nobody_is_asked(phone: OpenPhone, made: PhoneMade):
    await phone.session.safety.check_in.start(15)
    await call_for_help(phone)
    await wait_for(phone, made, 20 * MINUTE_MS)
    assert not phone.session.asked_if_well


async def test_the_pin_opens_the_phone_while_the_call_is_in_front(made: PhoneMade):
    phone = await opened(made, unlock=False)
    await call_for_help(phone)
    assert shown(phone, "to-pin") == {"to-pin"}
    await phone.unlock()
    assert shown(phone, "to-pin") == set()
    assert shown(phone, "sos-bar") == {"sos-bar"}
    await phone.close()
