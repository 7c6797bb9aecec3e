"""Plays the scenario: six patrols walk, see and photograph; a second phone sends the same camp; the desk reads and decides."""

import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.device.clocks import make_clocks
from app.record import NotRecorded, PhotoForm, Recorded
from app.record.lookout import LookoutForm
from app.state.reporting import RADIO_REASON
from app.store.queries import ObservationFilter, ObservationLine, observation_detail, observations_page
from demo.clock import ScriptedClock
from demo.devices import Device, DidNotSync, NewDevice, at_work, enrol_all
from demo.drawn_photos import draw_photo
from demo.duty import plan_duty
from demo.scenario import Scenario, Seen, Walked
from demo.station import Station
from journal.clock import milliseconds
from journal.entries import OrderIssued
from journal.lookout import SALT_BYTES
from journal.track.fixes import Fix

PHONE_PIN = "482615"
DESK_PIN = "739146"
PHONE_PERSON = "DT_VU_TRANG"
DESK_PERSON = "DON_TRUONG"
CLOSE_TRACK_EVERY_MS = 600_000
_AMBULANCE = 14
"""The scenario's number of what the desk looks out for."""
VERDICTS = {1: "xac_nhan", 2: "da_tiep_nhan", 3: "xac_nhan", 4: "dang_xac_minh", 5: "xac_nhan", 6: "xac_nhan", 8: "da_tiep_nhan"}
"""What the commander has already said of the first days, by the scenario's number; the rest waits for whoever opens the desk."""

Say = Callable[[str], None]


def folder_of(root: Path, person: str) -> Path:
    """The locked folder of a person's device."""
    return root / {PHONE_PERSON: "phone", DESK_PERSON: "desk"}.get(person, f"others/{person.lower()}")


def new_device(root: Path, person: str) -> NewDevice:
    """The device that this person has in the story."""
    pin = DESK_PIN if person == DESK_PERSON else PHONE_PIN
    return NewDevice(person, folder_of(root, person), pin, person.replace("_", " ").title())


async def play_field(station: Station, scenario: Scenario, root: Path, say: Say) -> None:
    """What happened in the field, by the real path; the desk has answered what was urgent and decided nothing."""
    second = scenario.second_phone
    people = [*dict.fromkeys(walk.person for walk in scenario.walks), second, DESK_PERSON]
    say(f"enrol {len(people)} devices")
    await enrol_all(station, [new_device(root, person) for person in people])
    for walk in scenario.walks:
        say(f"patrol {walk.code}")
        clock = ScriptedClock(walk.started_ms, walk.clock_skew_ms)
        async with at_work(folder_of(root, walk.person), PHONE_PIN, clock) as device:
            await _walk(device, walk, clock, root)
            await device.sync()
        for seen in walk.seen:
            if seen.also_from_second_phone:
                await _see_with_second_phone(folder_of(root, second), seen)


async def play_desk(scenario: Scenario, root: Path, say: Say) -> None:
    """The desk reads and decides; the phone hears of it."""
    say("desk")
    async with at_work(folder_of(root, DESK_PERSON), DESK_PIN, make_clocks()) as desk:
        await desk.sync()
        await _decide(desk, scenario)
        await desk.sync()
    async with at_work(folder_of(root, PHONE_PERSON), PHONE_PIN, make_clocks()) as phone:
        await phone.sync()


@dataclass(frozen=True)
class Report:
    """The leader reads a record over the radio; there is a signal then."""

    at_ms: int
    seen: Seen


async def _walk(device: Device, walk: Walked, clock: ScriptedClock, root: Path) -> None:
    patrol = _ref(await device.field.start_patrol(walk.start))
    reports = [Report(seen.reported_ms, seen) for seen in walk.seen if seen.reported_ms is not None]
    happenings: list[Fix | Seen | Report] = sorted([*walk.fixes, *walk.seen, *reports], key=lambda one: one.at_ms)
    closed_ms = walk.started_ms
    recorded: dict[int, str] = {}
    for one in happenings:
        clock.stand_at(one.at_ms)
        if isinstance(one, Seen):
            recorded[one.number] = await _see(device, one, patrol)
        elif isinstance(one, Report):
            await _report(device, one, recorded[one.seen.number], root)
        else:
            await device.track.keep(one)
            if one.at_ms - closed_ms >= CLOSE_TRACK_EVERY_MS:
                await device.track.close(patrol)
                closed_ms = one.at_ms
    clock.stand_at(walk.ended_ms)
    _ref(await device.field.end_patrol(patrol, walk.end))


async def _report(device: Device, report: Report, subject: str, root: Path) -> None:
    """The hour stands in the record; the desk reads it and says that it knows."""
    _ref(await device.field.amend(subject, saw=subject, changes=report.seen.as_report(), reason=RADIO_REASON))
    await device.sync()
    if report.seen.answered_ms is None:
        return
    async with at_work(folder_of(root, DESK_PERSON), DESK_PIN, ScriptedClock(report.seen.answered_ms)) as desk:
        await desk.sync()
        detail = await desk.notebook.ask(lambda views: observation_detail(views, subject))
        if detail is None:
            raise DidNotSync(f"the desk does not have {subject}")
        _ref(await desk.desk.acknowledge(subject, seen=detail.line.version, unit=detail.line.unit))
        await desk.sync()


async def _see(device: Device, seen: Seen, patrol: str | None) -> str:
    photos: tuple[PhotoForm, ...] = ()
    if seen.picture is not None:
        number = str(seen.form.values.get("marker", ""))
        raw = draw_photo(seen.picture, zlib.crc32(str(seen.number).encode()), number)
        photo = await device.field.darkroom.take(raw)
        if not isinstance(photo, PhotoForm):
            raise TypeError(f"photo of {seen.number} refused: {photo}")
        photos = (photo,)
    return _ref(await device.field.record_observation(seen.with_patrol(patrol, photos)))


async def _see_with_second_phone(folder: Path, seen: Seen) -> None:
    clock = ScriptedClock(seen.at_ms + 180_000)
    async with at_work(folder, PHONE_PIN, clock) as device:
        _ref(await device.field.record_observation(seen.with_patrol(None, ())))
        await device.sync()


async def _decide(desk: Device, scenario: Scenario) -> None:
    """Joins what two phones saw, opens the cases, gives the first verdicts and an order for today."""
    lines = await _all_lines(desk)
    numbered = {(seen.form.kind, seen.at_ms): seen for walk in scenario.walks for seen in walk.seen}
    by_seen: dict[int, list[ObservationLine]] = {}
    for line in sorted(lines, key=lambda line: line.patrol is None):
        by_seen.setdefault(numbered[line.kind, line.happened_ms].number, []).append(line)
    for first, *copies in by_seen.values():
        for copy in copies:
            await desk.desk.join_duplicates(copy.subject, first.subject, unit=copy.unit)
    seen_by_number = {seen.number: seen for seen in numbered.values()}
    for code, title in scenario.cases.items():
        case = await desk.desk.open_case(code, title)
        for number, (first, *_) in sorted(by_seen.items()):
            if seen_by_number[number].case == code:
                await desk.desk.link_to_case(case.ref, first.subject)
    for number, verdict in VERDICTS.items():
        first = by_seen[number][0]
        _ref(await desk.desk.review(first.subject, judged=first.version, verdict=verdict, unit=first.unit))
    await desk.desk.issue_order(_order_for_today(scenario), unit="DON")
    await plan_duty(desk, scenario.duty, milliseconds(datetime.now(UTC)))
    _ref(await desk.desk.look_out(_lookout(by_seen[_AMBULANCE][0]), salt=os.urandom(SALT_BYTES), unit="DON"))


async def _all_lines(desk: Device) -> list[ObservationLine]:
    lines: list[ObservationLine] = []
    cursor: str | None = None
    while True:
        at = cursor
        page = await desk.notebook.ask(lambda session: observations_page(session, ObservationFilter(), at))  # noqa: B023  asked at once
        lines += page.lines
        cursor = page.following
        if cursor is None:
            return lines


def _lookout(ambulance: ObservationLine) -> LookoutForm:
    until_ms = milliseconds(datetime.now(UTC) + timedelta(days=7))
    return LookoutForm(str(ambulance.values["plate"]), "vu_viec", "DON", until_ms, for_units=(ambulance.unit,))


def _order_for_today(scenario: Scenario) -> OrderIssued:
    today = datetime.now(UTC).replace(hour=0, minute=30, second=0, microsecond=0)
    starts_ms = milliseconds(today)
    return OrderIssued(
        kind="tuan_tra",
        title=scenario.order["title"],
        text=scenario.order["text"],
        to_unit="DON",
        patrol_type="khep_kin",
        places=("place:M901", "place:M902", "place:M903"),
        starts_ms=starts_ms,
        ends_ms=starts_ms + round(timedelta(hours=10).total_seconds() * 1000),
    )


def _ref(done: Recorded | NotRecorded) -> str:
    if isinstance(done, NotRecorded):
        raise TypeError(f"the scenario does not fit the catalogue: {done.problems}")
    return done.ref
