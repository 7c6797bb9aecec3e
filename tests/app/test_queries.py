"""What screens and desks ask of the views."""

import dataclasses
from dataclasses import dataclass

import pytest
from sqlmodel import Session

from app.store import queries
from app.store.arrived import Arrived
from app.store.views import Views
from journal.entries import (
    Acknowledged,
    AlarmClosed,
    AlarmRaised,
    CaseLinked,
    CaseMoved,
    CaseOpened,
    Entry,
    Force,
    OrderCancelled,
    OrderIssued,
    PlaceRegistered,
    Position,
    Remarked,
    RenditionMade,
    RoleGiven,
    SameAs,
    SosRaised,
    Voided,
)
from tests.entries_made import (
    MINUTE_MS,
    START_MS,
    Pencil,
    a_patrol,
    a_person,
    a_photo,
    a_review,
    a_track,
    a_unit,
    about_writer,
    an_amendment,
    an_end,
    an_enrolment,
    an_observation,
    an_undo,
)
from tests.views_alone import ViewsAlone

HOUR_MS = 60 * MINUTE_MS


@dataclass
class Station:
    """Views with a registered team and commander, and pens for both."""

    views: Views
    register: Pencil
    team: Pencil
    desk: Pencil

    def sync(self) -> Session:
        """A session on everything that was written so far."""
        for pencil in (self.register, self.team, self.desk):
            self.views.apply([received(entry) for entry in pencil.written])
            pencil.written.clear()
        return self.views.session()


def received(entry: Entry) -> Arrived:
    return Arrived(entry, entry.at[0] + 1_000, "received", None, own=False)


@pytest.fixture
def station() -> Station:
    register = Pencil("station", "STATION")
    register.write(a_unit("Đồn Biên phòng"), "unit:DON")
    for number, writer in (("P01", "team"), ("P09", "desk")):
        register.write(a_person(f"Đội {number}"), f"person:{number}")
        register.write(an_enrolment(f"person:{number}"), about_writer(writer))
    register.write(RoleGiven(role="chi_huy", in_unit="DON", until_ms=START_MS + 30 * HOUR_MS), "person:P09")
    return Station(ViewsAlone(), register, Pencil("team"), Pencil("desk"))


def test_pages_run_from_the_newest_to_the_oldest_without_gap_or_repetition(station: Station):
    for number in range(120):
        station.team.write(an_observation(happened_ms=START_MS + number // 3))
    seen: list[str] = []
    cursor = None
    with station.sync() as session:
        while True:
            page = queries.observations_page(session, None, cursor)
            seen += [line.subject for line in page.lines]
            assert len(page.lines) <= queries.PAGE
            if (cursor := page.following) is None:
                break
        times = [line.happened_ms for line in queries.observations_page(session, limit=200).lines]
    assert len(seen) == len(set(seen)) == 120
    assert times == sorted(times, reverse=True)


def test_a_page_is_narrowed_by_every_filter(station: Station):
    patrol = station.team.write(a_patrol()).ref
    wanted = station.team.write(
        an_observation("van_chuyen", patrol=patrol, priority="khan", happened_ms=START_MS + 5, values={"plate": "87B-012.34"})
    ).ref
    station.team.write(an_observation("moc", happened_ms=START_MS, priority="thap"), unit="CAX_CHIENG_VAN")
    filters = (
        queries.ObservationFilter(units=("DON",)),
        queries.ObservationFilter(kinds=("van_chuyen", "drone")),
        queries.ObservationFilter(priorities=("khan",)),
        queries.ObservationFilter(text="87B-01?.34"),
        queries.ObservationFilter(from_ms=START_MS + 5),
        queries.ObservationFilter(patrol=patrol),
        queries.ObservationFilter(author=station.team.writer, kinds=("van_chuyen",)),
        queries.ObservationFilter(statuses=("moi",), until_ms=START_MS + 6, from_ms=START_MS + 1, only_counted=True),
    )
    with station.sync() as session:
        for chosen in filters:
            assert [line.subject for line in queries.observations_page(session, chosen).lines] == [wanted], chosen
        assert not queries.observations_page(session, queries.ObservationFilter(statuses=("xac_nhan",))).lines


def test_an_undone_record_is_on_no_list_and_a_voided_one_is_shown_as_such(station: Station):
    undone, voided = station.team.write(an_observation()).ref, station.team.write(an_observation()).ref
    station.team.write(an_undo(), undone)
    station.team.write(Voided(reason="nhầm"), voided)
    with station.sync() as session:
        lines = queries.observations_page(session).lines
        assert [(line.subject, line.voided, line.counted) for line in lines] == [(voided, True, False)]
        assert not queries.queue_for_review(session, ["DON"])


def test_the_detail_of_an_observation_holds_everything_known_about_it(station: Station):
    team, desk = station.team, station.desk
    patrol = team.write(a_patrol()).ref
    seen, twin = team.write(an_observation(patrol=patrol, direction="vao_noi_dia")).ref, team.write(an_observation()).ref
    photo = team.write(a_photo(seen)).ref
    preview = RenditionMade(role="preview", sha256="b" * 64, size_bytes=9, media_type="image/jpeg", width_px=4, height_px=3)
    team.write(preview, photo)
    amended = team.write(an_amendment(seen, {"values.people_min": 5}), seen)
    desk.now_ms = team.now_ms
    desk.write(a_review(amended.ref, "yeu_cau_bo_sung", "thiếu ảnh"), seen)
    desk.write(Remarked(text="đã xem"), seen)
    desk.write(SameAs(other=seen), twin)
    case = desk.write(CaseOpened(code="VV-2026-0006", title="…")).ref
    desk.write(CaseLinked(item=seen), case)
    with station.sync() as session:
        detail = queries.observation_detail(session, seen)
        assert detail is not None
        line = detail.line
        assert (line.status, line.review_reason, line.reviewer) == ("yeu_cau_bo_sung", "thiếu ảnh", "person:P09")
        assert (line.author_person, line.values["people_min"], line.values["direction"]) == ("person:P01", 5, "vao_noi_dia")
        assert [(one.subject, one.preview) for one in detail.photos] == [(photo, "b" * 64)]
        assert queries.photos_of(session, seen) == detail.photos
        assert detail.patrol is not None
        assert (detail.patrol.subject, detail.merged, [one.code for one in detail.cases]) == (patrol, (twin,), ["VV-2026-0006"])
        facts = ["observation_recorded", "amended", "reviewed", "remarked"]
        assert [one.fact for one in detail.chain] == [step.fact for step in detail.state.timeline] == facts
        assert detail.chain[0].person == "person:P01"
        assert queries.observation_detail(session, patrol) is None
        assert dataclasses.is_dataclass(line)


def test_a_patrol_is_current_for_its_leader_and_members_until_it_ends(station: Station):
    team = station.team
    patrol = team.write(a_patrol(return_due_ms=START_MS + HOUR_MS)).ref
    team.write(a_track(START_MS + 600_000), patrol)
    team.write(a_track(START_MS), patrol)
    late, early = (team.write(an_observation(patrol=patrol, happened_ms=START_MS + at)).ref for at in (50, 20))
    with station.sync() as session:
        for person in ("person:P01", "person:P03"):
            current = queries.current_patrol(session, person)
            assert current is not None
            assert (current.subject, current.distance_m, current.people_by_force) == (patrol, 1_200, {"bp": 5, "dan_quan": 2})
        assert queries.current_patrol(session, "person:P0") is None
        assert [one.subject for one in queries.patrols_out(session)] == [patrol]
        assert [piece.track.from_ms for piece in queries.tracks_of(session, patrol)] == [START_MS, START_MS + 600_000]
        detail = queries.patrol_detail(session, patrol)
        assert detail is not None
        assert [line.subject for line in detail.observations] == [early, late]
        assert len(detail.tracks) == 2
    team.write(an_end(), patrol)
    with station.sync() as session:
        assert queries.current_patrol(session, "person:P01") is None
        assert not queries.patrols_out(session)
        assert [one.subject for one in queries.patrols_for_review(session, ["DON"])] == [patrol]


def test_todays_patrols_are_those_with_a_part_in_the_day(station: Station):
    before, over, after = (
        station.team.write(a_patrol(f"TT-{day}", started_ms=START_MS + day * 24 * HOUR_MS)).ref for day in (0, 1, 3)
    )
    station.team.write(an_end(START_MS + HOUR_MS), before)
    station.team.write(an_end(START_MS + 50 * HOUR_MS), over)
    with station.sync() as session:
        today = queries.today_patrols(session, START_MS + 48 * HOUR_MS, START_MS + 72 * HOUR_MS)
        assert [one.subject for one in today] == [over]
        assert [one.subject for one in queries.patrols_page(session, ["DON"])] == [after, over, before]
        assert not queries.patrols_page(session, ["CAX_CHIENG_VAN"])


def test_the_queue_holds_urgent_records_first_and_nothing_of_ones_own_patrol(station: Station):
    team, desk = station.team, station.desk
    walked = desk.write(a_patrol("TT-2", leader="person:P02", members=("person:P09",))).ref
    low = team.write(an_observation(priority="thap")).ref
    urgent = team.write(an_observation(priority="khan", happened_ms=START_MS + 9)).ref
    done = team.write(an_observation()).ref
    own, beside = desk.write(an_observation()).ref, team.write(an_observation(patrol=walked)).ref
    desk.write(a_review(done), done, at_ms=team.now_ms + 1)
    with station.sync() as session:
        everything = {line.subject for line in queries.queue_for_review(session, ["DON"])}
        assert everything == {low, urgent, own, beside}
        mine = queries.queue_for_review(session, ["DON"], without_person="person:P09")
        assert [line.subject for line in mine] == [urgent, low]
        counts = queries.desk_counts(session, ["DON"], without_person="person:P09")
        assert counts == queries.DeskCounts(out=1, urgent=1, to_review=2)
        assert not queries.queue_for_review(session, [])


def test_an_order_shows_who_has_seen_it_and_goes_when_cancelled_or_past(station: Station):
    team, desk = station.team, station.desk
    to_all = desk.write(OrderIssued(kind="tuan_tra", title="…", to_unit="DON", ends_ms=START_MS + HOUR_MS)).ref
    to_one = desk.write(OrderIssued(kind="tuan_tra", title="…", to_unit="DON", to_persons=("person:P02",))).ref
    seen = team.write(Acknowledged(seen=to_all), to_all, at_ms=desk.now_ms + 1)
    with station.sync() as session:
        assert {one.subject for one in queries.orders_for(session, "DON")} == {to_all, to_one}
        mine = queries.orders_for(session, "DON", "person:P01", now_ms=START_MS)
        assert [(one.subject, one.acknowledged) for one in mine] == [(to_all, {team.writer: seen.at[0]})]
        assert not queries.orders_for(session, "DON", "person:P01", now_ms=START_MS + 2 * HOUR_MS)
        detail = queries.order_detail(session, to_all)
        assert detail is not None
        assert [one.writer for one in detail.state.acknowledgements] == [team.writer]
    desk.write(OrderCancelled(reason="…"), to_all)
    with station.sync() as session:
        assert not queries.orders_for(session, "DON", "person:P01")
        assert {one.subject for one in queries.orders_issued(session, "DON")} == {to_all, to_one}


def test_a_case_gathers_what_was_linked_to_it(station: Station):
    patrol, seen = station.team.write(a_patrol()).ref, station.team.write(an_observation()).ref
    case = station.desk.write(CaseOpened(code="VV-2026-0007", title="Xe cứu thương"), at_ms=station.team.now_ms).ref
    for item in (patrol, seen):
        station.desk.write(CaseLinked(item=item), case)
    station.desk.write(CaseMoved(state="da_ban_giao"), case)
    with station.sync() as session:
        assert [one.code for one in queries.cases_page(session, ["da_ban_giao"], "cuu thuong")] == ["VV-2026-0007"]
        assert not queries.cases_page(session, ["mo"])
        detail = queries.case_detail(session, case)
        assert detail is not None
        assert (detail.line.items, [one.subject for one in detail.observations]) == (2, [seen])
        assert [one.subject for one in detail.patrols] == [patrol]


def test_calls_for_help_stand_above_alarms_until_closed(station: Station):
    alarm = station.register.write(AlarmRaised(kind="qua_gio", about="person:P01"))
    sos = station.team.write(SosRaised(kind="bi_thuong", raised_ms=START_MS))
    with station.sync() as session:
        assert [one.subject for one in queries.open_alarms(session)] == [sos.ref, alarm.ref]
    station.register.write(AlarmClosed(outcome="…"), alarm.ref)
    with station.sync() as session:
        assert [one.sos for one in queries.open_alarms(session)] == [True]


def test_places_are_found_by_kind_and_within_bounds(station: Station):
    at = Position(latitude_e7=208_850_000, longitude_e7=1_038_000_000, source="place")
    station.register.write(PlaceRegistered(kind="marker", name="Mốc 901", position=at), "place:M901")
    trail = {"kind": "trail", "name": "Dốc Gió", "line": [{"latitude_e7": 209_000_000, "longitude_e7": 1_038_200_000}]}
    station.register.write(PlaceRegistered.model_validate(trail), "place:DM-01")
    station.register.write(PlaceRegistered(kind="marker", name="…", retired=True), "place:M000")
    with station.sync() as session:
        assert [one.subject for one in queries.places(session)] == ["place:DM-01", "place:M901"]
        assert [one.subject for one in queries.places(session, ["marker"])] == ["place:M901"]
        box = (208_900_000, 1_038_000_000, 209_100_000, 1_038_300_000)
        assert [one.line for one in queries.places(session, bounds=box)] == [((209_000_000, 1_038_200_000),)]
        place = queries.place_by_code(session, "M901")
        assert place is not None
        assert place.name == "Mốc 901"


def test_persons_come_with_the_roles_in_force(station: Station):
    with station.sync() as session:
        assert queries.persons(session, START_MS)["person:P09"].roles == {"DON": {"chi_huy"}}
        assert queries.persons(session, START_MS + 31 * HOUR_MS)["person:P09"].roles == {}
        assert queries.units(session)["DON"].name == "Đồn Biên phòng"


def test_a_period_counts_the_same_thing_once_and_leaves_out_what_was_taken_back(station: Station):
    team, desk = station.team, station.desk
    forces = (Force(force="bp", people=4), Force(force="dan_quan", people=2))
    patrol = team.write(a_patrol(composition=forces, partner_people=7)).ref
    seen = [team.write(an_observation(kind)).ref for kind in ("moc", "moc", "drone", "drone")]
    team.write(an_undo(), seen[3])
    desk.write(SameAs(other=seen[0]), seen[1], at_ms=team.now_ms)
    case = desk.write(CaseOpened(code="VV-2026-0006", title="…")).ref
    for item in seen:
        desk.write(CaseLinked(item=item), case)
    team.write(an_end(START_MS + 150 * MINUTE_MS, distance_m=5_000), patrol)
    team.write(a_patrol("TT-2", started_ms=START_MS + 24 * HOUR_MS))
    with station.sync() as session:
        counted = queries.counted_rows(session, START_MS, START_MS + 24 * HOUR_MS, ["DON"])
        (walked,) = counted.patrols
        assert (walked.people, walked.partner_people, walked.distance_m) == ({"bp": 4, "dan_quan": 2}, 7, 5_000)
        assert walked.ended_ms == START_MS + 150 * MINUTE_MS
        assert [(one.kind, one.counted) for one in counted.records] == [("moc", True), ("moc", False), ("drone", True)]
        assert [(one.code, set(one.items)) for one in counted.cases] == [("VV-2026-0006", {seen[0], seen[2]})]
        assert queries.counted_rows(session, START_MS, START_MS + 24 * HOUR_MS, ["CAX_CHIENG_VAN"]).patrols == ()
