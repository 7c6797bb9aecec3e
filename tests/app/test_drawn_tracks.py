"""The desk and the phone draw the same stretches of a track: nothing over a gap, a jump or a position that was put on."""

from dataclasses import replace

import pytest

from app.state.walk import draw_pieces
from app.store.arrived import Arrived
from app.store.queries import tracks_of
from app.store.queries_desk import DrawnTrack, draw_tracks
from journal.entries import TrackRecorded
from journal.track.fixes import Fix
from journal.track.packing import PACKING, pack_fixes
from journal.wire import to_text
from tests.entries_made import MINUTE_MS, START_MS, Pencil, a_patrol
from tests.views_alone import ViewsAlone

NORTH_E7 = 900
"""10 m."""


def walked(steps: int, *, first: int = 0, from_ms: int = START_MS, every_ms: int = 10_000) -> list[Fix]:
    numbers = range(first, first + steps)
    return [Fix(from_ms + (n - first) * every_ms, 209_000_000 + n * NORTH_E7, 1_038_000_000, 5_000) for n in numbers]


def draw_both(*pieces: list[Fix]) -> tuple[DrawnTrack, tuple[tuple[tuple[float, float], ...], ...]]:
    """What the desk draws of these track entries, and the lines that the phone draws."""
    team, views = Pencil("team"), ViewsAlone()
    patrol = team.write(a_patrol()).subject
    for fixes in pieces:
        team.write(
            TrackRecorded(
                packing=PACKING, fixes=to_text(pack_fixes(fixes)), count=len(fixes),
                from_ms=fixes[0].at_ms, until_ms=fixes[-1].at_ms, distance_mm=0,
            ),
            patrol,
        )  # fmt: skip
    views.apply([Arrived(entry, entry.at[0] + 1_000, "received", None, own=False) for entry in team.written])
    with views.session() as session:
        (drawn,) = draw_tracks(session, [patrol])
        return drawn, draw_pieces(tracks_of(session, patrol)).lines


def ends(lines) -> list[tuple[int, int]]:
    """Where each line begins and ends, in steps of 10 m north of the start."""
    return [tuple(round((latitude - 20.9) * 1e7 / NORTH_E7) for latitude, _ in (line[0], line[-1])) for line in lines]


BEFORE = walked(20)
AFTER = walked(20, first=60, from_ms=BEFORE[-1].at_ms + 42 * MINUTE_MS)
BARELY = walked(20, first=60, from_ms=BEFORE[-1].at_ms + 2 * MINUTE_MS)


@pytest.mark.parametrize("pieces", [(BEFORE + AFTER,), (BEFORE, AFTER), (BEFORE, [BEFORE[-1], *AFTER]), (BEFORE + BARELY,)])
def test_desk_and_phone_draw_nothing_over_a_gap(pieces):
    desk, phone = draw_both(*pieces)
    assert not desk.sparse
    for lines in (desk.walks, phone):
        assert ends(lines) == [(0, 19), (60, 79)]


def test_desk_and_phone_draw_nothing_to_a_place_where_nobody_was():
    astray = [
        replace(fix, longitude_e7=fix.longitude_e7 + 900_000) for fix in walked(1, first=20, from_ms=BEFORE[-1].at_ms + 10_000)
    ]
    put_on = [replace(fix, mocked=True) for fix in walked(3, first=500, from_ms=BEFORE[-1].at_ms + 20_000)]
    on = walked(20, first=25, from_ms=BEFORE[-1].at_ms + 50_000)
    desk, phone = draw_both([*BEFORE, *astray, *put_on, *on])
    for lines in (desk.walks, phone):
        assert ends(lines) == [(0, 44)]
        assert {round(longitude, 4) for line in lines for _, longitude in line} == {103.8}


def test_positions_that_were_put_on_are_not_joined_even_where_there_are_no_others():
    desk, phone = draw_both([replace(fix, mocked=True) for fix in walked(20)])
    assert desk.walks == ()
    assert phone == ()


def test_positions_minutes_apart_are_joined_at_the_desk_as_not_walked_but_not_over_a_long_silence():
    typed = walked(6, every_ms=10 * MINUTE_MS)
    later = walked(6, first=60, from_ms=typed[-1].at_ms + 60 * MINUTE_MS, every_ms=10 * MINUTE_MS)
    desk, phone = draw_both(typed + later)
    assert desk.sparse
    assert ends(desk.walks) == [(0, 5), (60, 65)]
    assert phone == ()
