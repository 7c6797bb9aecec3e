"""Laws of the line: what a walk covers, what counts as having been there, how regular patrols are."""

from hypothesis import given
from hypothesis import strategies as st

from app.patrol.coverage import USUAL_LIMITS, Covered, Made, Turn, cover
from app.patrol.habits import HOURS, Habits, entropy, read_habits
from app.patrol.hours import is_night
from app.patrol.line_places import Registered, Watch, Watched, watch_line
from app.patrol.line_walked import LineGround, Passing, share_of

DAY_MS, HOUR_MS = 86_400_000, 3_600_000
MIDNIGHT_MS = 1_793_812_000_000 // DAY_MS * DAY_MS - 7 * HOUR_MS
"""Of a day in Vietnam."""
NOW_MS = MIDNIGHT_MS + 30 * DAY_MS
WEST, MIDDLE, EAST = (20.8850, 103.8000), (20.8905, 103.8215), (20.8878, 103.8450)


def marker(number: str, at: tuple[float, float]) -> Registered:
    return Registered(f"place:M{number}", f"Mốc {number}", "moc", at, number=number)


PLACES = (
    marker("903", EAST),
    marker("901", WEST),
    Registered("place:CD902/1", "Cọc dấu 902/1", "moc", (20.8890, 103.8330), number="902/1"),
    marker("902(1)", MIDDLE),
    marker("902(2)", (20.8908, 103.8219)),
    Registered("place:DM-01", "Đường mòn", "duong_mon", MIDDLE, ((20.8950, 103.8215), (20.9050, 103.8215))),
    Registered("place:DM01", "Đường mòn", "dau_duong", (20.8950, 103.8215)),
    Registered("place:CHOT", "Chốt", "chot", (20.9012, 103.8330)),
    Registered("place:DON", "Đồn", "don", (20.9400, 103.8600)),
    Registered("place:TRO", "Nhà trọ", "co_so", (20.9300, 103.8600)),
)
WATCHED = watch_line(PLACES)
GROUND = LineGround(WATCHED)
BY_CODE = {one.code: one for one in WATCHED}
FIRST = WATCHED[0]


def walk(*points: tuple[float, float], at_ms: int = NOW_MS - DAY_MS) -> list[list[tuple[float, float, int]]]:
    return [[(*point, at_ms + number * 60_000) for number, point in enumerate(points)]]


def turn(name: str, at_ms: int, passed: dict[str, Passing] | None = None, unit: str = "DON") -> Turn:
    return Turn(name, at_ms, unit, (unit,), ("bp",), passed or {})


def covered(code: str, turns: list[Turn], records: list[Made] | None = None, from_ms: int = MIDNIGHT_MS) -> Covered:
    told = cover(WATCHED, turns, records or [], USUAL_LIMITS, from_ms=from_ms, now_ms=NOW_MS)
    return next(one for one in told if one.of.code == code)


def habits(turns: list[Turn]) -> Habits:
    return read_habits(turns, BY_CODE)


points = st.tuples(st.floats(20.87, 20.91), st.floats(103.79, 103.86))
walks = st.lists(points, min_size=1, max_size=6).map(lambda some: walk(*some))


def test_segments_join_neighbouring_markers_and_what_nobody_watches_is_left_out():
    segments = [one for one in WATCHED if one.sort is Watch.SEGMENT]
    assert [one.between for one in segments] == [("901", "902"), ("902", "903")]
    assert segments[0].code == "place:M901>place:M902(1)"
    assert segments[1].code == "place:M902(2)>place:M903"
    assert (20.8890, 103.8330) in segments[1].course
    others = [one.code for one in WATCHED if one.sort not in {Watch.SEGMENT, Watch.MARKER}]
    assert others == ["place:DM-01", "place:CHOT"]


def test_markers_far_apart_are_no_neighbours():
    assert watch_line([marker("901", WEST), marker("950", (21.2, 104.2))])[0].sort is Watch.MARKER


@given(st.floats(-200, 200))
def test_a_walk_over_the_whole_segment_covers_all_of_it(beside_m):
    off = beside_m / 111_320
    passed = GROUND.pass_along(walk(*((latitude + off, longitude) for latitude, longitude in FIRST.course)))
    assert share_of(passed[FIRST.code].steps, FIRST) == 1.0


@given(st.lists(walks, max_size=4), walks)
def test_shares_lie_between_none_and_all_and_never_fall_when_a_walk_is_added(some, more):
    before = [turn(str(number), NOW_MS - DAY_MS, GROUND.pass_along(way)) for number, way in enumerate(some)]
    after = [*before, turn("more", NOW_MS - DAY_MS, GROUND.pass_along(more))]
    for one in WATCHED:
        least, most = covered(one.code, before), covered(one.code, after)
        assert 0.0 <= least.share <= most.share <= 1.0
        if least.days_since is not None:
            assert most.days_since is not None
            assert most.days_since <= least.days_since


def test_who_only_came_to_the_marker_did_not_visit_its_segments():
    told = [turn("p", NOW_MS - DAY_MS, GROUND.pass_along(walk(MIDDLE)))]
    assert covered("place:M902(1)", told).days_since == 1
    assert covered(FIRST.code, told).days_since is None
    assert 0 < covered(FIRST.code, told).share < 0.2


def test_nothing_is_known_between_two_stretches_of_a_track():
    torn = [walk(WEST)[0], walk(MIDDLE)[0]]
    assert share_of(GROUND.pass_along(torn)[FIRST.code].steps, FIRST) < 0.5


def test_day_and_night_are_told_apart():
    by_day = MIDNIGHT_MS + 20 * DAY_MS + 9 * HOUR_MS
    by_night = MIDNIGHT_MS + 12 * DAY_MS + 22 * HOUR_MS
    told = [turn(str(at), at, GROUND.pass_along(walk(*FIRST.course, at_ms=at))) for at in (by_day, by_night)]
    one = covered(FIRST.code, told)
    assert by_day < (one.by_day_ms or 0) <= by_day + 60_000
    assert by_night < (one.by_night_ms or 0) <= by_night + 60_000
    assert (one.days_since, one.is_overdue, one.overdue_days) == (10, True, 3)
    assert (is_night(by_day), is_night(by_night)) == (False, True)


def test_a_record_counts_where_it_was_made_and_not_also_at_what_ends_there():
    assert GROUND.find(MIDDLE) == "place:M902(1)"
    assert GROUND.find((20.9000, 103.8216)) == "place:DM-01"
    assert GROUND.find((20.8876, 103.8107)) == FIRST.code
    assert GROUND.find((20.95, 103.9)) is None
    seen = Made("o", NOW_MS - 2 * DAY_MS, "DON", ("place:DM-01",))
    told = Made("tip", NOW_MS - DAY_MS, "DON", ("place:CHOT",), present=False)
    assert covered("place:DM-01", [], [seen]).records == ("o",)
    assert covered("place:CHOT", [], [told]).days_since is None


def test_the_worst_stands_first_counted_in_limits():
    passed = {one.code: Passing((1 << len(one.steps)) - 1, NOW_MS - 4 * DAY_MS, None) for one in WATCHED if one is not FIRST}
    told = cover(WATCHED, [turn("p", NOW_MS - 4 * DAY_MS, passed)], [], USUAL_LIMITS, from_ms=MIDNIGHT_MS, now_ms=NOW_MS)
    assert [one.of.sort for one in told[:3]] == [Watch.SEGMENT, Watch.NODE, Watch.TRAIL]
    assert [one.is_overdue for one in told[:3]] == [True, True, False]


def test_what_lies_before_the_window_is_a_last_visit_and_adds_nothing_to_it():
    told = [turn("old", MIDNIGHT_MS - DAY_MS, GROUND.pass_along(walk(*FIRST.course, at_ms=MIDNIGHT_MS - DAY_MS)))]
    one = covered(FIRST.code, told)
    assert (one.days_since, one.share, one.turns, one.units) == (31, 0.0, (), ())


@given(st.integers(1, 40), st.integers(0, HOURS - 1))
def test_entropy_is_nought_for_identical_starts(count, hour):
    told = habits([turn(str(number), MIDNIGHT_MS + number * 7 * DAY_MS + hour * HOUR_MS) for number in range(count)])
    assert told.hour_entropy == told.weekday_entropy == 0.0


@given(st.integers(1, 4))
def test_entropy_is_one_when_every_hour_and_day_is_as_frequent_as_another(rounds):
    told = habits([turn(str(n), MIDNIGHT_MS + (n // 24) * DAY_MS + n % 24 * HOUR_MS) for n in range(24 * 7 * rounds)])
    assert told.hour_entropy > 1 - 1e-9
    assert told.weekday_entropy > 1 - 1e-9


@given(st.lists(st.integers(0, 50), min_size=2, max_size=24))
def test_entropy_lies_between_nought_and_one(counts):
    assert 0.0 <= entropy(counts) <= 1.0


def test_the_busiest_hours_are_the_narrowest_that_hold_half_and_reach_over_midnight():
    hours = (19, 19, 19, 20, 8)
    told = habits([turn(str(n), MIDNIGHT_MS + n * DAY_MS + hour * HOUR_MS) for n, hour in enumerate(hours)])
    assert told.busiest is not None
    assert (told.busiest.from_h, told.busiest.until_h, told.busiest.turns) == (19, 20, ("0", "1", "2"))
    late = habits([turn(str(n), MIDNIGHT_MS + n * DAY_MS + hour * HOUR_MS) for n, hour in enumerate((23, 0, 12, 6))])
    assert late.busiest is not None
    assert (late.busiest.from_h, late.busiest.until_h) == (23, 1)
    assert habits([turn(str(n), MIDNIGHT_MS + n * 5 * HOUR_MS) for n in range(10)]).busiest is None


def test_a_turn_repeats_the_one_before_of_its_unit_by_route_and_hour():
    whole = GROUND.pass_along(walk(*FIRST.course))
    other = GROUND.pass_along(walk(*BY_CODE["place:DM-01"].course))
    start = MIDNIGHT_MS + 19 * HOUR_MS
    told = habits([
        turn("a", start, whole),
        turn("elsewhere", start + HOUR_MS, whole, unit="CAX"),
        turn("same", start + DAY_MS + 30 * 60_000, whole),
        turn("later", start + 2 * DAY_MS + 4 * HOUR_MS, whole),
        turn("other way", start + 3 * DAY_MS + 4 * HOUR_MS, other),
        turn("unknown", start + 4 * DAY_MS),
    ])  # fmt: skip
    assert told.repeats == ("same",)
    assert told.compared == ("same", "later", "other way")
    assert told.empty_weekdays


def test_a_line_without_markers_is_empty():
    nothing: tuple[Watched, ...] = watch_line([])
    assert nothing == ()
    assert LineGround(nothing).pass_along(walk(WEST, EAST)) == {}
    assert LineGround(nothing).find(WEST) is None
