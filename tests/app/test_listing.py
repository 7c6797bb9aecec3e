"""Lists and maps of many records: pages without gap or repetition, clusters that lose nothing."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.state.page_starts import PageStarts
from app.store.arrived import Arrived
from app.store.queries import (
    EVERYWHERE,
    ObservationFilter,
    Order,
    count_records,
    inbox_page,
    observations_page,
    records_in_sight,
    register_page,
)
from journal.entries import Entry, Position
from tests.entries_made import START_MS, Pencil, a_review, an_observation, an_undo
from tests.views_alone import ViewsAlone

KINDS, UNITS, PRIORITIES = ("moc", "dau_vet", "van_chuyen"), ("DON", "XA_A"), ("thap", "trung_binh", "cao", "khan")
EVERY = ObservationFilter()


def came(*entries: Entry) -> list[Arrived]:
    return [Arrived(entry, entry.at[0] + 1_000, "received", None, own=False) for entry in entries]


def many(seed: int, count: int, *, near: bool = False) -> ViewsAlone:
    """Records of all kinds, some judged, some undone, many at the same moment, one in nine without a place."""
    chance, views, team, desk = random.Random(seed), ViewsAlone(), Pencil("team"), Pencil("desk")
    for number in range(count):
        spread = 9_000 if near else 9_000_000
        at = Position(latitude_e7=209_000_000 + chance.randrange(spread), longitude_e7=1_038_000_000 + chance.randrange(spread))
        seen = team.write(
            an_observation(
                chance.choice(KINDS), happened_ms=START_MS + chance.randrange(count // 4 + 1), priority=chance.choice(PRIORITIES),
                position=at if number % 9 else None,
            ),
            unit=chance.choice(UNITS),
        )  # fmt: skip
        if chance.random() < 0.1:
            team.write(an_undo(), seen.ref, unit=seen.unit)
        elif chance.random() < 0.6:
            desk.write(a_review(seen.ref), seen.ref, unit=seen.unit)
    views.apply(came(*team.written, *desk.written))
    return views


def read_all(page_of, size: int) -> list[str]:
    """The records of all pages, one after the other."""
    read, cursor = [], None
    while True:
        page = page_of(cursor, size)
        assert len(page.lines) <= size
        read += [line.subject for line in page.lines]
        cursor = page.following
        if cursor is None:
            return read


@pytest.mark.parametrize("column", ["time", "kind", "unit", "priority", "status"])
@pytest.mark.parametrize("ascending", [True, False])
def test_the_pages_of_a_sorted_register_are_the_register_in_order_without_gap_or_repetition(column: str, ascending: bool):
    order = Order(column, ascending)
    with many(1, 140).session() as session:
        whole = [line.subject for line in register_page(session, EVERY, order, limit=1_000).lines]
        paged = read_all(lambda cursor, size: register_page(session, EVERY, order, cursor, size), 7)
        assert count_records(session, EVERY).total == len(whole) == len(set(whole))
    assert paged == whole


def test_the_pages_of_the_inbox_have_what_waits_first_then_the_urgent_then_the_newest():
    with many(2, 140).session() as session:
        lines = inbox_page(session, EVERY, limit=1_000).lines
        paged = read_all(lambda cursor, size: inbox_page(session, EVERY, cursor, size), 9)
        counts = count_records(session, EVERY)
    waiting = [line.status == "moi" for line in lines]
    assert waiting == sorted(waiting, reverse=True)
    assert counts.waiting == sum(waiting)
    ranks = [(PRIORITIES.index(line.priority), line.happened_ms) for line in lines if line.status == "moi"]
    assert ranks == sorted(ranks, reverse=True)
    assert paged == [line.subject for line in lines]


def test_what_arrives_while_pages_are_turned_moves_no_page():
    views = many(3, 60)
    with views.session() as session:
        first = observations_page(session, limit=20)
        before = observations_page(session, cursor=first.following, limit=20).lines
    late = Pencil("late")
    for number in range(30):
        late.write(an_observation(happened_ms=START_MS + 10**6 + number))
    views.apply(came(*late.written))
    with views.session() as session:
        assert observations_page(session, cursor=first.following, limit=20).lines == before


def test_a_page_that_was_turned_to_is_known_again_and_those_after_it_are_read_anew():
    starts = PageStarts()
    starts.note(0, "a")
    starts.note(1, "b")
    assert [starts.cursor(page) for page in range(3)] == [None, "a", "b"]
    starts.note(0, "c")
    assert starts.nearest(2) == 1
    assert starts.cursor(1) == "c"
    starts.note(1, None)
    assert starts.nearest(5) == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5), st.integers(1, 90), st.integers(500, 4_000_000), st.integers(0, 60), st.booleans())
def test_clusters_and_single_records_together_are_all_records_in_sight(
    seed: int, count: int, cell_e7: int, most: int, near: bool
):
    with many(seed, count, near=near).session() as session:
        placed = [line for line in observations_page(session, EVERY, limit=1_000).lines if line.latitude_e7 is not None]
        whole = records_in_sight(session, EVERY, EVERYWHERE, cell_e7, most)
        assert whole.count == len(placed)
        assert len(whole.lines) <= most
        south, west, north, east = 209_000_000, 1_038_000_000, 213_000_000, 1_043_000_000
        inside = [one for one in placed if south <= one.latitude_e7 <= north and west <= one.longitude_e7 <= east]
        part = records_in_sight(session, EVERY, (south, west, north, east), cell_e7, most)
        assert part.count == len(inside)
        assert {line.subject for line in part.lines} <= {one.subject for one in inside}
        for cluster in part.clusters:
            assert south / 1e7 <= cluster.latitude <= north / 1e7
            assert west / 1e7 <= cluster.longitude <= east / 1e7
