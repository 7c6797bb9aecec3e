"""The laws of the fold, on random stories about one observation, and what each fact does to the state of its subject."""

import random

from hypothesis import given
from hypothesis import strategies as st

from journal.clock import DAY_MS
from journal.entries import (
    Acknowledged,
    Erased,
    PatrolPaused,
    PatrolResumed,
    PersonRegistered,
    Remarked,
    RoleGiven,
    RoleTaken,
    SameAs,
    SameAsWithdrawn,
    Shared,
    UnknownFact,
    Unshared,
    Voided,
    WriterRevoked,
    read_entry,
)
from journal.folding import (
    Kept,
    ObservationState,
    OtherState,
    PatrolState,
    PersonState,
    WriterState,
    fold,
    put_in_order,
    related_subjects,
)
from tests.entries_made import (
    START_MS,
    Pencil,
    a_patrol,
    a_photo,
    a_review,
    a_track,
    about_writer,
    an_amendment,
    an_end,
    an_enrolment,
    an_observation,
    an_undo,
    make_entry,
    received,
    writer_named,
)

ROOT = make_entry(an_observation(share_with=("CAX_CHIENG_VAN",)))
VERSIONS = [ROOT.ref, *(f"{writer_named(name)}.{seq}" for name in "ab" for seq in range(2, 6))]

facts = st.one_of(
    st.builds(an_amendment, st.sampled_from(VERSIONS), st.fixed_dictionaries({"values.people_min": st.integers(0, 9)})),
    st.builds(an_amendment, st.sampled_from(VERSIONS), st.fixed_dictionaries({"priority": st.sampled_from(["cao", "thap"])})),
    st.builds(a_review, st.sampled_from(VERSIONS), st.sampled_from(["xac_nhan", "yeu_cau_bo_sung", "da_duyet"])),
    st.builds(Shared, with_units=st.just(("CAX_MUONG_THAO",))),
    st.builds(Unshared, with_units=st.just(("CAX_MUONG_THAO",)), reason=st.just("…")),
    st.builds(SameAs, other=st.sampled_from(VERSIONS)),
    st.builds(SameAsWithdrawn, other=st.sampled_from(VERSIONS), reason=st.just("…")),
    st.builds(Remarked, text=st.text(max_size=5)),
    st.builds(Voided, reason=st.just("…"), undo=st.booleans()),
    st.just(UnknownFact.model_validate({"fact": "weighed", "grams": 5})),
)


@st.composite
def stories(draw: st.DrawFn) -> list[Kept]:
    """One observation and what two writers said of it later, with clocks that may be wrong and receipts that may lack."""
    story = [Kept(ROOT, draw(st.none() | st.just(START_MS + 5)))]
    for name in "ab":
        for seq, body in enumerate(draw(st.lists(facts, max_size=4)), start=2):
            at_ms = START_MS + draw(st.integers(-5, 20) | st.just(10 * 365 * DAY_MS))
            received_ms = draw(st.none() | st.integers(START_MS, START_MS + 30))
            story.append(Kept(make_entry(body, writer=name, seq=seq, subject=ROOT.ref, at_ms=at_ms), received_ms))
    return story


@given(stories(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_state(story: list[Kept], chance: random.Random):
    shuffled = list(story)
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(story)


@given(stories())
def test_what_a_writer_said_counts_in_the_order_of_its_chain_whatever_the_receipts_say(story: list[Kept]):
    ordered = [(kept.entry.writer, kept.entry.seq) for kept in put_in_order(story)]
    for name in {writer for writer, _ in ordered}:
        own = [seq for writer, seq in ordered if writer == name]
        assert own == sorted(own)


@given(stories(), st.data())
def test_an_entry_that_comes_twice_changes_nothing(story: list[Kept], data: st.DataObject):
    again = data.draw(st.lists(st.sampled_from(story)))
    assert fold(story + again) == fold(story)


@given(stories())
def test_only_a_review_of_the_present_version_is_in_force(story: list[Kept]):
    state = fold(story)
    assert isinstance(state, ObservationState)
    assert state.version == (state.amendments[-1].ref if state.amendments else ROOT.ref)
    assert state.review is None or state.review.judged == state.version


def a_story() -> tuple[Pencil, Pencil, str]:
    patrol, commander = Pencil("patrol"), Pencil("commander")
    return patrol, commander, patrol.write(an_observation()).ref


def state_of(*pencils: Pencil) -> ObservationState:
    state = fold(received(*(entry for pencil in pencils for entry in pencil.written)))
    assert isinstance(state, ObservationState)
    return state


def test_a_later_amendment_reopens_a_review():
    patrol, commander, ref = a_story()
    commander.write(a_review(ref), ref, at_ms=patrol.now_ms + 1_000)
    assert state_of(patrol, commander).status == "xac_nhan"
    patrol.write(an_amendment(ref, {"values.people_min": 5}), ref)
    state = state_of(patrol, commander)
    assert (state.status, state.reopened, state.values["people_min"]) == ("moi", True, 5)


def test_a_review_of_an_older_version_does_not_close():
    patrol, commander, ref = a_story()
    amended = patrol.write(an_amendment(ref, {"values.people_min": 5}), ref)
    commander.write(a_review(ref), ref, at_ms=patrol.now_ms + 60_000)
    assert state_of(patrol, commander).review is None
    commander.write(a_review(amended.ref), ref)
    assert state_of(patrol, commander).status == "xac_nhan"


def test_an_undo_hides_only_from_the_author():
    patrol, commander, ref = a_story()
    commander.write(an_undo(), ref, at_ms=patrol.now_ms + 1_000)
    state = state_of(patrol, commander)
    assert (state.voided, state.hidden) == (True, False)
    patrol.write(an_undo(), ref)
    assert state_of(patrol, commander).hidden


def test_a_phone_that_lives_in_2036_wins_nothing():
    ahead = make_entry(an_amendment(ROOT.ref, {"priority": "thap"}), seq=2, subject=ROOT.ref, at_ms=START_MS + 10 * 365 * DAY_MS)
    later = make_entry(an_amendment(ahead.ref, {"priority": "cao"}), writer="b", subject=ROOT.ref, at_ms=START_MS + 60_000)
    state = fold([Kept(ROOT, START_MS + 1), Kept(ahead, START_MS + 30_000), Kept(later, START_MS + 61_000)])
    assert isinstance(state, ObservationState)
    assert (state.recorded.priority, state.version) == ("cao", later.ref)


def test_amendments_reach_position_values_and_top_level_fields():
    changes = {"position.latitude_e7": 209_000_000, "values.note": "ướt", "place": "place:M903", "indicators": ("I01", "I09")}
    amended = make_entry(an_amendment(ROOT.ref, changes, ("values.people_max", "description")), seq=2, subject=ROOT.ref)
    state = fold([Kept(ROOT), Kept(amended)])
    assert isinstance(state, ObservationState)
    recorded = state.recorded
    assert recorded.position is not None
    assert (recorded.position.latitude_e7, recorded.position.accuracy_mm) == (209_000_000, 12_000)
    assert recorded.values == {"people_min": 4, "note": "ướt"}
    assert (recorded.place, recorded.indicators, recorded.description) == ("place:M903", ("I01", "I09"), None)


def test_a_change_that_makes_no_sense_is_left_out_and_the_others_apply():
    changes = {"position.latitude_e7": "north", "happened_ms": -1, "fact": "patrol_started", "priority": "cao"}
    amended = make_entry(an_amendment(ROOT.ref, changes), seq=2, subject=ROOT.ref)
    state = fold([Kept(ROOT), Kept(amended)])
    assert isinstance(state, ObservationState)
    assert state.recorded == ROOT.body.model_copy(update={"priority": "cao"})


def test_sharing_begins_with_the_record_and_ends_when_withdrawn():
    patrol, commander, ref = a_story()
    commander.write(Shared(with_units=("CAX_CHIENG_VAN",)), ref, at_ms=patrol.now_ms + 1_000)
    assert state_of(patrol, commander).units == {"DON", "CAX_CHIENG_VAN"}
    commander.write(Unshared(with_units=("CAX_CHIENG_VAN",), reason="…"), ref)
    assert state_of(patrol, commander).units == {"DON"}


def test_a_joined_duplicate_is_shown_as_merged_until_that_is_withdrawn():
    patrol, commander, ref = a_story()
    other = f"{writer_named('b')}.7"
    commander.write(SameAs(other=other), ref, at_ms=patrol.now_ms + 1_000)
    assert (state_of(patrol, commander).status, state_of(patrol, commander).merged_into) == ("gop", other)
    commander.write(SameAsWithdrawn(other=other, reason="…"), ref)
    assert state_of(patrol, commander).status == "moi"


def test_the_lines_of_a_trail_that_was_walked_in_are_its_own_and_change_no_version():
    author = Pencil("a")
    seen = author.write(an_observation("duong_mon"))
    later = author.write(a_track(START_MS + 600_000, distance_mm=150_900), seen.ref)
    first = author.write(a_track(START_MS, distance_mm=450_200), seen.ref)
    state = fold(received(seen, later, first))
    assert isinstance(state, ObservationState)
    assert [piece.ref for piece in state.lines] == [first.ref, later.ref]
    assert (state.line_m, state.version) == (601, seen.ref)


def test_remarks_and_acknowledgements_stay_beside_the_record():
    patrol, commander, ref = a_story()
    commander.write(Remarked(text="đã xem"), ref, at_ms=patrol.now_ms + 1_000)
    commander.write(Acknowledged(seen=ref), ref)
    state = state_of(patrol, commander)
    assert ([one.text for one in state.remarks], [one.seen for one in state.acknowledgements]) == (["đã xem"], [ref])
    assert [step.fact for step in state.timeline] == ["observation_recorded", "remarked", "acknowledged"]


def test_what_the_law_erased_is_folded_as_if_it_had_never_come():
    patrol, _, ref = a_story()
    amended = patrol.write(an_amendment(ref, {"priority": "cao"}), ref)
    erased = make_entry(
        Erased(entries=(amended.ref,), ground="…", ordered_by="person:P01"), writer="station", subject="station:" + "a" * 16
    )
    items = received(*patrol.written, erased)
    state = fold(items, items[0].entry.about)
    assert isinstance(state, ObservationState)
    assert (state.recorded.priority, len(state.timeline)) == ("trung_binh", 1)


def test_a_subject_whose_first_entry_has_not_come_has_no_state_yet():
    patrol, _, ref = a_story()
    amended = patrol.write(an_amendment(ref, {"priority": "cao"}), ref)
    assert fold(received(amended)) is None
    assert fold([]) is None


def test_facts_and_fields_of_a_newer_version_are_counted_and_a_subject_they_begin_is_shown():
    raw = ROOT.model_dump(mode="json", exclude_none=True)
    raw["body"]["smell"] = "smoke"
    weighed = make_entry(UnknownFact.model_validate({"fact": "weighed"}), seq=2, subject=ROOT.ref)
    newer = ROOT.model_validate(raw).model_copy(update={"body": an_observation(smell="smoke")})
    state = fold([Kept(newer), Kept(weighed)])
    assert isinstance(state, ObservationState)
    assert state.newer == 2
    assert isinstance(fold([Kept(read_entry(make_entry(weighed.body, seq=9).model_dump_json().encode()))]), OtherState)


def test_a_patrol_gathers_its_pauses_tracks_and_end():
    pencil = Pencil()
    patrol = pencil.write(a_patrol()).ref
    pencil.write(a_track(START_MS + 600_000), patrol)
    pencil.write(a_track(START_MS), patrol)
    pencil.write(PatrolPaused(paused_ms=START_MS + 700_000), patrol)
    state = fold(received(*pencil.written))
    assert isinstance(state, PatrolState)
    assert (state.ended, state.distance_m, state.people) == (None, 1_200, 7)
    assert [piece.track.from_ms for piece in state.tracks] == [START_MS, START_MS + 600_000]
    pencil.write(PatrolResumed(resumed_ms=START_MS + 900_000), patrol)
    end = pencil.write(an_end(), patrol)
    amended = pencil.write(an_amendment(end.ref, {"composition.bp": 6, "result": "an toàn", "plan": "901–903"}), patrol)
    state = fold(received(*pencil.written))
    assert isinstance(state, PatrolState)
    assert state.ended is not None
    assert (state.ended.result, state.started.plan, state.people, state.distance_m) == ("an toàn", "901–903", 8, 27_268)
    assert [(pause.paused_ms, pause.resumed_ms) for pause in state.pauses] == [(START_MS + 700_000, START_MS + 900_000)]
    assert state.version == amended.ref


def test_roles_are_those_given_and_not_taken_or_run_out():
    station, subject = Pencil("station", "STATION"), "person:P01"
    station.write(PersonRegistered(name="…", home_unit="DON"), subject)
    station.write(RoleGiven(role="to_truong", in_unit="DON"), subject)
    station.write(RoleGiven(role="chi_huy", in_unit="DON", until_ms=START_MS + 1_000_000), subject)
    station.write(RoleGiven(role="can_bo", in_unit="CAX_CHIENG_VAN"), subject)
    station.write(RoleTaken(role="can_bo", in_unit="CAX_CHIENG_VAN", reason="…"), subject)
    state = fold(received(*station.written))
    assert isinstance(state, PersonState)
    assert state.roles_at(START_MS) == {"DON": {"to_truong", "chi_huy"}}
    assert state.roles_at(START_MS + 1_000_000) == {"DON": {"to_truong"}}


def test_a_revoked_writer_stays_revoked():
    station, subject = Pencil("station", "STATION"), about_writer("a")
    station.write(an_enrolment("person:P01"), subject)
    station.write(WriterRevoked(reason="…"), subject)
    station.write(an_enrolment("person:P02"), subject)
    state = fold(received(*station.written))
    assert isinstance(state, WriterState)
    assert (state.person, state.revoked is not None) == ("person:P02", True)


def test_an_entry_names_the_other_subjects_it_touches():
    pencil = Pencil()
    patrol = pencil.write(a_patrol())
    seen = pencil.write(an_observation(patrol=patrol.ref, place="place:M901"))
    photo = pencil.write(a_photo(seen.ref))
    assert related_subjects(patrol) == ()
    assert related_subjects(seen) == (patrol.ref, "place:M901")
    assert related_subjects(photo) == (seen.ref,)
