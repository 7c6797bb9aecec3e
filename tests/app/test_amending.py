"""A correction makes the record read as its author left the form: nothing of the old answer stays behind."""

from dataclasses import replace

from app.record import ObservationForm
from app.state.amending import find_changes
from journal.entries import Amended, ObservationRecorded, Position
from journal.folding.amending import amend

FIX = Position(latitude_e7=209_060_000, longitude_e7=1_038_895_000, accuracy_mm=5_000, altitude_mm=900_000, fixed_ms=17)
BEFORE = ObservationForm("ho_tro", happened_ms=17, position=FIX, care_times={"nuoc": 18})


def corrected(after: ObservationForm) -> ObservationRecorded:
    body = ObservationRecorded(
        kind="ho_tro", catalogue="2026.1", priority="cao", happened_ms=17, position=BEFORE.position, care_times=BEFORE.care_times
    )
    changes, cleared = find_changes(BEFORE, after)
    return amend(body, [Amended(saw=f"{'a' * 16}.1", changes=changes, cleared=cleared, reason="Ghi lại")])


def test_a_point_of_the_map_keeps_nothing_of_the_receivers_accuracy():
    shown = Position(latitude_e7=209_150_000, longitude_e7=1_039_120_000, source="map")
    assert corrected(replace(BEFORE, position=shown)).position == shown


def test_a_position_that_nobody_knows_is_taken_away_whole():
    assert corrected(replace(BEFORE, position=None)).position is None


def test_hours_of_care_are_corrected_too():
    times = {"can_cham_soc": 20}
    assert dict(corrected(replace(BEFORE, care_times=times)).care_times) == times


def test_a_form_that_reads_the_same_changes_nothing():
    assert find_changes(BEFORE, BEFORE) == ({}, ())
