"""The ways that the line is read from: traced once, kept beside the views, and traced again when their patrol changed."""

import pytest
from sqlmodel import select

from app.patrol.visits import METRES_A_DEGREE
from app.store.queries_line import line_facts
from app.store.tables_way import WayRow
from app.store.ways import trace_ways
from journal.entries import PlaceRegistered, Position, Remarked, TrackRecorded, Voided
from journal.track.fixes import Fix
from journal.track.packing import PACKING, pack_fixes
from journal.wire import to_text
from tests.app.test_queries import Station, station
from tests.entries_made import MINUTE_MS, START_MS, a_patrol, an_observation

__all__ = ["station"]
NORTH_E7 = 900
"""10 m."""
ALWAYS = (0, START_MS * 2)


def walked(steps: int, from_ms: int) -> list[Fix]:
    return [Fix(from_ms + n * 10_000, 209_000_000 + n * NORTH_E7, 1_038_000_000 + n % 2 * 300, 5_000) for n in range(steps)]


def set_out(station: Station, fixes: list[Fix]) -> str:
    patrol = station.team.write(a_patrol()).subject
    track = TrackRecorded(
        packing=PACKING, fixes=to_text(pack_fixes(fixes)), count=len(fixes), from_ms=fixes[0].at_ms, until_ms=fixes[-1].at_ms,
        distance_mm=0,
    )  # fmt: skip
    station.team.write(track, patrol)
    return patrol


def trace(station: Station, most: int = 10) -> int:
    with station.views.session() as session:
        return trace_ways(session, most)


def ways(station: Station) -> dict[str, str]:
    with station.views.session() as session:
        return {row.subject: row.way for row in session.exec(select(WayRow))}


def test_a_way_has_few_points_and_lies_near_every_fix(station):
    fixes = walked(300, START_MS + MINUTE_MS)
    set_out(station, fixes)
    station.sync()
    trace(station)
    with station.views.session() as session:
        (turn,) = line_facts(session, *ALWAYS).turns
    (walk,) = turn.way
    assert len(walk) < 10
    assert abs(walk[-1][0] - fixes[-1].latitude_e7 / 1e7) * METRES_A_DEGREE < 30
    assert walk[0][2] == pytest.approx(fixes[0].at_ms, abs=1_000)
    assert walk[-1][2] == pytest.approx(fixes[-1].at_ms, abs=1_000)


def test_a_way_is_traced_once_and_again_only_when_its_patrol_changed(station):
    first, other = (set_out(station, walked(50, START_MS + hour * 60 * MINUTE_MS)) for hour in (1, 5))
    station.sync()
    assert trace(station, most=1) == 1
    assert trace(station) == 0
    before = ways(station)
    assert set(before) == {first, other}
    station.team.write(Remarked(text="Rõ"), first)
    station.sync()
    assert set(ways(station)) == {other}
    assert trace(station) == 0
    assert ways(station) == before


def test_what_was_taken_back_is_no_turn_and_no_record(station):
    patrol = set_out(station, walked(50, START_MS + MINUTE_MS))
    seen = station.team.write(an_observation("dau_vet"))
    for subject in (patrol, seen.subject):
        station.team.write(Voided(reason="nhầm"), subject)
    station.sync()
    with station.views.session() as session:
        facts = line_facts(session, *ALWAYS)
    assert (facts.turns, facts.records) == ((), ())


def test_a_record_names_its_marker_however_it_was_written(station):
    position = Position(latitude_e7=209_000_000, longitude_e7=1_038_000_000, source="map")
    station.register.write(PlaceRegistered(kind="moc", name="Mốc 903", position=position, number="903"), "place:M903")
    for told in ("903", "Mốc 903", "place:M903", "m903"):
        station.team.write(an_observation("moc", values={"marker": told, "condition": "nguyen_trang"}))
    station.team.write(an_observation("khong_phat_hien", values={"checked_markers": ["903", "904"]}))
    station.sync()
    with station.views.session() as session:
        records = line_facts(session, *ALWAYS).records
    assert [one.named for one in records] == [("place:M903",)] * 5
