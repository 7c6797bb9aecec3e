"""When a place was seen last: by a record that names it, one made beside it, or a track that passed."""

import pytest

from app.patrol.nearest import KnownPlace
from app.patrol.place_groups import PlaceGroup, group_of
from app.patrol.visits import apart_m, passed_places
from app.store.queries import place_by_code
from app.store.queries_map import (
    Visit,
    drawn_records,
    latest_of,
    latest_walks,
    planned_places,
    recorded_visits,
    records_about,
    team_words,
    walked_visits,
)
from app.store.queries_phone import known_places
from journal.entries import PlaceRegistered, Position
from tests.app.test_queries import Station, station
from tests.entries_made import MINUTE_MS, START_MS, a_patrol, an_observation

__all__ = ["station"]
HERE = (20.8878, 103.8450)


def a_marker(number: str, latitude: float, longitude: float) -> PlaceRegistered:
    position = Position(latitude_e7=round(latitude * 1e7), longitude_e7=round(longitude * 1e7), source="map")
    return PlaceRegistered(kind="moc", name=f"Mốc {number}", position=position, number=number)


def register_markers(station: Station) -> None:
    station.register.write(a_marker("903", *HERE), "place:M903")
    station.register.write(a_marker("904", 20.8990, 103.8680), "place:M904")
    station.register.write(a_marker("905", 20.9060, 103.8895), "place:M905")


def at(latitude: float, longitude: float) -> Position:
    return Position(latitude_e7=round(latitude * 1e7), longitude_e7=round(longitude * 1e7), source="gps")


def test_a_line_passes_what_lies_beside_it_between_its_points():
    places = [
        KnownPlace("place:A", "A", "moc", 209_000_000, 1_038_000_000),
        KnownPlace("place:B", "B", "moc", 209_020_000, 1_038_000_000),
        KnownPlace("place:C", "C", "moc", 209_010_000, 1_038_020_000),
    ]
    walked = [(20.89, 103.8003), (20.905, 103.8003)]
    assert passed_places(places, [walked]) == {"place:A", "place:B"}
    assert passed_places(places, [[(20.901, 103.802)]]) == {"place:C"}
    assert passed_places(places, []) == set()
    assert apart_m(places[0], (20.901, 103.80), (20.902, 103.80)) == pytest.approx(111, abs=1)


def test_kinds_of_the_register_fall_into_the_groups_of_a_map():
    assert group_of("moc") is PlaceGroup.MARKERS
    assert group_of("loi_mo") is PlaceGroup.TRAILS
    assert group_of("y_te") is PlaceGroup.PREMISES
    assert group_of("ban") is PlaceGroup.VILLAGES
    assert group_of("of a newer register") is PlaceGroup.NODES


def test_the_last_record_that_names_a_place_or_was_made_beside_it_is_its_visit(station):
    register_markers(station)
    patrol = station.team.write(a_patrol())
    station.team.write(an_observation(kind="moc", values={"marker": "903"}, patrol=patrol.ref, happened_ms=START_MS))
    beside = an_observation(patrol=patrol.ref, position=at(20.8992, 103.8682), happened_ms=START_MS + MINUTE_MS)
    station.team.write(beside)
    views = station.sync()
    visits = recorded_visits(views, known_places(views))
    number = visits["place:M903"].patrol
    assert number is not None
    assert visits == {"place:M903": Visit(START_MS, number), "place:M904": Visit(START_MS + MINUTE_MS, number)}
    later = station.team.write(an_observation(place="place:M903", happened_ms=START_MS + 9 * MINUTE_MS))
    views = station.sync()
    assert recorded_visits(views, known_places(views))["place:M903"] == Visit(START_MS + 9 * MINUTE_MS, None)
    place = place_by_code(views, "M903")
    assert records_about(views, place)[0].subject == later.ref
    assert len(records_about(views, place)) == 2


def test_of_record_and_track_the_later_counts():
    early, late = Visit(1, "A"), Visit(2, "B", by_track=True)
    assert latest_of({"p": early}, {"p": late, "q": late}) == {"p": late, "q": late}
    assert latest_of({"p": Visit(3)}, {"p": late}) == {"p": Visit(3)}


def test_the_plan_of_a_patrol_the_newest_records_and_other_teams_are_told(station):
    register_markers(station)
    patrol = station.team.write(a_patrol(places_planned=("place:M903", "place:M905")))
    for minute in range(5):
        station.team.write(
            an_observation(
                patrol=patrol.ref, position=at(20.89 + minute / 1000, 103.85), happened_ms=START_MS + minute * MINUTE_MS
            )
        )
    views = station.sync()
    assert planned_places(views, patrol.ref) == ("place:M903", "place:M905")
    assert planned_places(views, "nothing") == ()
    newest = drawn_records(views, 3)
    assert [line.happened_ms for line in newest] == [START_MS + minute * MINUTE_MS for minute in (2, 3, 4)]
    (word,) = team_words(views)
    assert (word.patrol.subject, word.latitude_e7) == (patrol.ref, 208_940_000)
    assert team_words(views, without=patrol.ref) == ()
    assert latest_walks(views)[0][0] == patrol.ref
    assert walked_visits(views, known_places(views), latest_walks(views)) == {}
