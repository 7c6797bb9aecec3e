"""What a patrol needs before it begins and before it closes, and how one without a phone is entered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.patrol.nearest import KnownPlace
from app.record import EndForm, FieldRecorder, NotRecorded, ObservationForm, PatrolForm, Problem, Recorded
from app.state.typed_time import read_moment
from app.state.visited import find_unvisited
from app.store.notebook import Notebook
from app.store.queries import count_recorded, current_patrol, number_taken, patrol_detail, patrols_on_behalf
from journal.catalogue import load_catalogue
from journal.clock import milliseconds
from journal.entries import Force
from tests.app.phone.test_result import seen
from tests.app.store.fakes import CHEAP, PIN, SECRET, Clocks, Station, make_identity

HOUR_MS = 3_600_000
NOON_MS = 1_794_114_000_000
"""08/11/2026 12:00 in Vietnam."""
FORM = PatrolForm(type="khep_kin", lead_unit="DON", number="TT-2026-0001", composition=(Force(force="bp", people=3),))


@dataclass
class Team:
    notebook: Notebook
    verbs: FieldRecorder
    clocks: Clocks

    async def detail(self, patrol: str):
        return await self.notebook.ask(lambda views: patrol_detail(views, patrol))


@pytest.fixture
async def team(tmp_path: Path):
    clocks, identity = Clocks(), make_identity(Station())
    notebook = await Notebook.create(
        tmp_path / "device", pin=PIN, device_secret=SECRET, station=identity.station, enrolment=identity.enrolment,
        signing_key=identity.signing_key, salt_keys=identity.salt_keys, read_clocks=clocks, cost=CHEAP,
    )  # fmt: skip
    yield Team(notebook, FieldRecorder(notebook, load_catalogue(), clocks), clocks)
    await notebook.close()


async def test_a_patrol_with_nothing_recorded_does_not_close_without_the_leaders_word(team):
    patrol = (await team.verbs.start_patrol(FORM)).ref
    refused = await team.verbs.end_patrol(patrol, EndForm("Đã đi hết tuyến."))
    assert refused == NotRecorded((Problem("nothing_note", "missing"),))
    assert (await team.detail(patrol)).state.ended is None
    assert isinstance(await team.verbs.end_patrol(patrol, EndForm("Đã về.", nothing_note="Mưa to, quay về sớm")), Recorded)
    assert (await team.detail(patrol)).state.ended.nothing_note == "Mưa to, quay về sớm"


async def test_nothing_found_is_enough_to_close_and_taking_it_back_is_not(team):
    patrol = (await team.verbs.start_patrol(FORM)).ref
    found = await team.verbs.record_nothing_found(patrol=patrol, position=None)
    assert await team.notebook.ask(lambda views: count_recorded(views, patrol)) == 1
    await team.verbs.void(found.ref, "undo", undo=True)
    assert isinstance(await team.verbs.end_patrol(patrol, EndForm("Đã về.")), NotRecorded)
    await team.verbs.record_nothing_found(patrol=patrol, position=None)
    assert isinstance(await team.verbs.end_patrol(patrol, EndForm("Đã về.")), Recorded)


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        (EndForm("  ", nothing_note="x"), Problem("result", "missing")),
        (EndForm("x", nothing_note="x", safe=False), Problem("safety_note", "missing")),
        (EndForm("x" * 8_001, nothing_note="x"), Problem("result", "too_long")),
        (EndForm("x", nothing_note="x", handover_note="x" * 8_001), Problem("handover_note", "too_long")),
        (EndForm("x", nothing_note="x", end_values={"said": "x" * 8_001}), Problem("said", "too_long")),
    ],
)
async def test_what_the_end_needs_is_said_and_nothing_is_written(team, form, problem):
    patrol = (await team.verbs.start_patrol(FORM)).ref
    assert await team.verbs.end_patrol(patrol, form) == NotRecorded((problem,))
    assert (await team.detail(patrol)).state.ended is None


@pytest.mark.parametrize(
    ("form", "where"),
    [
        (PatrolForm("khong_co", "DON", "1"), "type"),
        (PatrolForm("khep_kin", "DON", "  "), "number"),
        (PatrolForm("song_phuong", "DON", "1"), "partner_unit"),
        (PatrolForm("khep_kin", "DON", "1" * 401), "number"),
        (PatrolForm("khep_kin", "DON", "1", plan="x" * 401), "plan"),
        (PatrolForm("khep_kin", "DON", "1", campaign="x" * 401), "campaign"),
        (PatrolForm("khep_kin", "DON", "1", values={"said": ("x" * 8_001,)}), "said"),
        (PatrolForm("khep_kin", "DON", "1", return_due_ms=1), "return_due"),
        (PatrolForm("khep_kin", "DON", "1", on_behalf=True), "leader"),
        (PatrolForm("khep_kin", "DON", "1", on_behalf=True, leader="person:P02", started_ms=9_000_000_000_000), "started"),
    ],
)
async def test_what_the_start_needs_is_said(team, form, where):
    refused = await team.verbs.start_patrol(form)
    assert isinstance(refused, NotRecorded)
    assert [problem.where for problem in refused.problems] == [where]


async def test_answers_to_the_types_own_questions_are_kept_at_start_and_end(team):
    form = PatrolForm(
        "song_phuong", "DON", "TT-2026-0135", partner_unit="Đồn bạn", partner_people=7, members=("person:P02",),
        campaign="Cao điểm", values={"level": "don", "partner_unit": "Đồn bạn"},
    )  # fmt: skip
    patrol = (await team.verbs.start_patrol(form)).ref
    end = EndForm("Xong.", nothing_note="x", partner_minutes_signed=True, partner_next_host="Phía bạn", end_values={"next_at": 5})
    await team.verbs.end_patrol(patrol, end)
    state = (await team.detail(patrol)).state
    assert state.started.values == {"level": "don"}
    assert (state.started.partner_people, state.started.members, state.started.campaign) == (7, ("person:P02",), "Cao điểm")
    assert (state.ended.partner_minutes_signed, state.ended.partner_next_host) == (True, "Phía bạn")
    assert state.ended.end_values == {"next_at": 5}


async def test_a_later_return_and_another_number_are_corrections_of_the_start(team):
    patrol = (await team.verbs.start_patrol(FORM)).ref
    due_ms = team.clocks.wall_ms + 5 * HOUR_MS
    await team.verbs.amend(patrol, saw=patrol, changes={"return_due_ms": due_ms, "number": "TT-2026-0009"}, reason="Báo về muộn")
    line = (await team.detail(patrol)).line
    assert (line.return_due_ms, line.number) == (due_ms, "TT-2026-0009")


async def test_a_number_that_another_patrol_carries_is_found(team):
    first, second = [(await team.verbs.start_patrol(FORM)).ref for _ in range(2)]
    assert await team.notebook.ask(lambda views: number_taken(views, "TT-2026-0001", first))
    await team.verbs.amend(second, saw=second, changes={"number": "TT-2026-0002"}, reason="Đổi số")
    assert not await team.notebook.ask(lambda views: number_taken(views, "TT-2026-0001", first))


async def test_a_patrol_told_by_radio_keeps_its_own_leader_times_and_distance(team):
    started_ms, ended_ms = team.clocks.wall_ms - 8 * HOUR_MS, team.clocks.wall_ms - HOUR_MS
    form = PatrolForm(
        "khep_kin", "DON", "TT-2026-0007", leader="person:P05", started_ms=started_ms, on_behalf=True, channel="radio"
    )
    patrol = (await team.verbs.start_patrol(form)).ref
    assert await team.notebook.ask(lambda views: current_patrol(views, "person:P01")) is None
    await team.verbs.record_observation(ObservationForm("khong_phat_hien", patrol=patrol, on_behalf=True))
    assert await team.verbs.end_patrol(patrol, EndForm("Xong.")) == NotRecorded((Problem("ended", "missing"),))
    early = EndForm("Xong.", ended_ms=started_ms - 1)
    assert await team.verbs.end_patrol(patrol, early) == NotRecorded((Problem("ended", "before_start"),))
    await team.verbs.end_patrol(patrol, EndForm("Xong.", ended_ms=ended_ms, distance_m=27_300))
    detail = await team.detail(patrol)
    assert detail.line.on_behalf
    assert (detail.state.started.channel, detail.line.leader) == ("radio", "person:P05")
    assert (detail.line.started_ms, detail.line.ended_ms, detail.line.distance_m) == (started_ms, ended_ms, 27_300)
    assert detail.tracks == ()
    assert await team.notebook.ask(lambda views: patrols_on_behalf(views, team.notebook.writer)) == (detail.line,)


@pytest.mark.parametrize(
    ("typed", "hours_ago"),
    [("11:00", 1), ("11h", 1), ("9h30", 2.5), ("13:00", 23), ("07/11 12:00", 24), ("7/11/2026 12:00", 24), ("08/11 6.00", 6)],
)
def test_a_moment_is_read_as_people_write_it_on_paper(typed, hours_ago):
    assert read_moment(typed, NOON_MS) == NOON_MS - hours_ago * HOUR_MS


def test_a_leap_day_that_is_still_to_come_and_was_not_last_year_is_no_moment():
    january_ms = milliseconds(datetime(2028, 1, 10, tzinfo=UTC))
    assert read_moment("29/02 5:30", january_ms) is None


@pytest.mark.parametrize("typed", ["", "25:00", "hôm qua", "31/02 5:00", "12", "5:3"])
def test_what_is_no_moment_is_not_guessed(typed):
    assert read_moment(typed, NOON_MS) is None


def test_a_day_without_a_year_is_the_last_such_day():
    assert read_moment("31/12 12:00", NOON_MS) < NOON_MS


PLACES = (
    KnownPlace("place:M905", "Mốc 905", "moc", 209_060_000, 1_038_895_000),
    KnownPlace("place:M906", "Mốc 906", "moc", 209_150_000, 1_039_120_000),
    KnownPlace("place:LM03", "Lối mở Chợ Cũ", "loi_mo", 209_158_000, 1_039_132_000),
)
PLANNED = ("place:M905", "place:M906", "place:LM03", "place:BAN")


@pytest.mark.parametrize(
    ("lines", "track", "left"),
    [
        ((), (), PLANNED),
        ((seen("moc", marker="905"),), (), ("place:M906", "place:LM03", "place:BAN")),
        ((seen("duong_mon", trail="LM-03"), seen("moc", marker="M906")), (), ("place:M905", "place:BAN")),
        ((), (((20.9061, 103.8896), (20.9149, 103.9118)),), ("place:LM03", "place:BAN")),
        ((), (((20.9000, 103.8745), (20.9120, 103.9045)),), ("place:M906", "place:LM03", "place:BAN")),
        ((seen("moc", marker="905", voided=True),), (), PLANNED),
    ],
)
def test_places_that_no_record_names_and_no_track_passes_were_not_reached(lines, track, left):
    assert find_unvisited(PLANNED, PLACES, lines, track) == left
