"""Who may record and see what: the golden tables, and each rule by its name."""

import dataclasses

import pytest

from journal.access import ABILITIES, ROLES, HeldReason, Standing, SubjectFacts, facts_of, judge, may_see, may_use, units_named
from journal.access.roles import OFFICER_FIELDS
from journal.access.rules_of_subject import BEGINNING_FACTS, SUBJECTS_OF
from journal.catalogue import load_catalogue
from journal.chain import canonical_bytes
from journal.entries import (
    FACT_NAMES,
    Acknowledged,
    Amended,
    Entry,
    Fact,
    LineLimitsSet,
    ObservationRecorded,
    PatrolEnded,
    PatrolStarted,
    Released,
    Remarked,
    Reviewed,
    SameAs,
    SameAsWithdrawn,
    Shared,
    SosRaised,
    UnitRegistered,
    Voided,
    read_entry,
)
from tests.journal.make_access_matrix import ACTOR, MATRIX, OTHER, UNIT, standing_of, write_matrix
from tests.journal.samples import AT_MS, make_samples

SEEN = f"{'b' * 16}.4"
SEEN_FACTS = SubjectFacts(
    author_person=OTHER,
    leader_person="person:P55",
    on_patrol=frozenset({"person:P55", OTHER}),
    units=frozenset({UNIT, "DON"}),
    version=SEEN,
    kind="moc",
    began="observation_recorded",
    owner_unit=UNIT,
)
OWN_FACTS = dataclasses.replace(SEEN_FACTS, author_person=ACTOR)
PATROL_FACTS = dataclasses.replace(SEEN_FACTS, began="patrol_started", kind=None, author_person="person:P55")
FINAL = "xac_nhan"


def entry_of(body: Fact, *, about: str | None = SEEN, unit: str = UNIT) -> Entry:
    sample = make_samples()["remarked"]
    return sample.model_copy(update={"body": body, "unit": unit, "subject": about or sample.ref})


def judged(role: str | None, body: Fact, subject: SubjectFacts | None = SEEN_FACTS, **where: str) -> HeldReason | None:
    return judge(standing_of(role), entry_of(body, **where), subject)


def review(verdict: str, *, reason: str | None = None, judged_version: str = SEEN) -> Reviewed:
    return Reviewed.model_validate({"judged": judged_version, "verdict": verdict, "reason": reason})


def amendment(saw: str = SEEN, **changes: str) -> Amended:
    return Amended(saw=saw, changes=changes or {"priority": "cao"}, reason="đếm lại")


def observation(kind: str, **values: str) -> ObservationRecorded:
    return ObservationRecorded(kind=kind, catalogue="2026.1", happened_ms=AT_MS, priority="thap", values=dict(values))


def test_the_tables_of_access_are_the_ones_that_were_read_by_eye():
    assert write_matrix() == MATRIX.read_text(encoding="utf-8")


def test_a_record_by_a_person_with_no_role_in_the_unit_is_held():
    assert judged(None, Remarked(text="x")) == HeldReason.NO_ROLE
    assert judged("chi_huy", Remarked(text="x"), unit="DON") == HeldReason.NO_ROLE


def test_a_call_for_help_is_heard_from_any_unit_and_role():
    entry = entry_of(SosRaised(kind="lac", raised_ms=AT_MS), about=None, unit="DON")
    assert all(judge(standing_of(role), entry, None) is None for role in ROLES)
    assert judge(standing_of(None), entry, None) == HeldReason.NO_ROLE


def test_what_arrives_from_a_revoked_writer_is_held_whatever_it_is():
    for entry in make_samples().values():
        assert judge(standing_of("chi_huy", revoked=True), entry, SEEN_FACTS) == HeldReason.REVOKED


def test_facts_of_the_station_come_from_the_station_only():
    body = UnitRegistered(name="Đồn", kind="don")
    station = Standing(person="station:s", writer="s" * 16, roles={}, station=True)
    assert judged("chi_huy", body, None, about="unit:DON") == HeldReason.STATION_ONLY
    assert judge(station, entry_of(body, about="unit:DON"), None) is None


@pytest.mark.parametrize("role", ["thanh_vien", "to_truong", "truong_thon"])
def test_who_is_no_officer_records_no_handover_lodging_or_workplace_check(role: str):
    for kind in ("ban_giao", "luu_tru", "lao_dong"):
        assert judged(role, observation(kind), None, about=None) == HeldReason.KIND_NOT_ALLOWED
        assert judged("can_bo", observation(kind), None, about=None) is None


def test_who_is_no_officer_sets_no_coercive_outcome_neither_at_first_nor_by_amending():
    handed_over = observation("phat_hien_nguoi", outcome="da_ban_giao")
    assert judged("thanh_vien", handed_over, None, about=None) == HeldReason.KIND_NOT_ALLOWED
    assert judged("thanh_vien", observation("phat_hien_nguoi", outcome="quay_lai"), None, about=None) is None
    later = amendment(**{"values.outcome": "da_ban_giao"})
    assert judged("thanh_vien", later, OWN_FACTS) == HeldReason.KIND_NOT_ALLOWED
    assert judged("thanh_vien", amendment(kind="ban_giao"), OWN_FACTS) == HeldReason.KIND_NOT_ALLOWED
    assert judged("can_bo", later, OWN_FACTS) is None


def test_fields_that_the_catalogue_keeps_for_document_checks_are_an_officers():
    catalogue = load_catalogue()
    kept = {field.code for kind in catalogue.kinds.values() for field in kind.fields if field.power is not None}
    assert kept <= OFFICER_FIELDS
    assert judged("thanh_vien", observation("van_chuyen", documents_checked_by="cax"), None, about=None) is not None


def test_a_village_head_passes_on_tips_and_nothing_else():
    assert judged("truong_thon", observation("tin_bao"), None, about=None) is None
    assert judged("truong_thon", observation("moc"), None, about=None) == HeldReason.KIND_NOT_ALLOWED
    assert judged("truong_thon", amendment(kind="moc"), dataclasses.replace(OWN_FACTS, kind="tin_bao")) is not None
    assert judged("truong_thon", Remarked(text="x")) == HeldReason.ROLE_NOT_ENOUGH


def test_reviews_need_a_commander_and_the_desk_only_receives():
    assert judged("truc_ban", review("da_tiep_nhan")) is None
    assert judged("truc_ban", review("dang_xac_minh")) is None
    assert judged("truc_ban", review(FINAL)) == HeldReason.ROLE_NOT_ENOUGH
    assert judged("can_bo", review("da_tiep_nhan")) == HeldReason.ROLE_NOT_ENOUGH
    assert judged("chi_huy", review(FINAL)) is None


@pytest.mark.parametrize("verdict", ["khong_co_co_so", "sinh_hoat_binh_thuong", "khong_xac_minh_duoc", "yeu_cau_bo_sung"])
def test_negative_and_returning_verdicts_need_a_reason(verdict: str):
    assert judged("chi_huy", review(verdict)) == HeldReason.REASON_MISSING
    assert judged("chi_huy", review(verdict, reason="  ")) == HeldReason.REASON_MISSING
    assert judged("chi_huy", review(verdict, reason="không thấy dấu vết")) is None


def test_nobody_reviews_their_own_or_a_patrol_they_were_on():
    assert judged("chi_huy", review(FINAL), OWN_FACTS) == HeldReason.OWN_RECORD
    walked = dataclasses.replace(PATROL_FACTS, on_patrol=frozenset({ACTOR}))
    led = dataclasses.replace(SEEN_FACTS, leader_person=ACTOR)
    assert judged("chi_huy", review("da_duyet"), walked) == HeldReason.OWN_PATROL
    assert judged("chi_huy", review(FINAL), led) == HeldReason.OWN_PATROL


def test_a_review_names_the_version_it_judged_and_two_commanders_cannot_review_at_once():
    newer = dataclasses.replace(SEEN_FACTS, version=f"{'b' * 16}.9")
    assert judged("chi_huy", review(FINAL), newer) == HeldReason.STALE_VERSION
    by_another = dataclasses.replace(SEEN_FACTS, review=FINAL, reviewed_by="person:P08")
    assert judged("chi_huy", review("khong_co_co_so", reason="x"), by_another) == HeldReason.ALREADY_REVIEWED
    by_me = dataclasses.replace(by_another, reviewed_by=ACTOR)
    assert judged("chi_huy", review("khong_co_co_so", reason="x"), by_me) is None
    assert judged("truc_ban", review("da_tiep_nhan"), by_another) == HeldReason.ALREADY_REVIEWED


def test_any_commander_of_the_unit_closes_an_approved_patrol_for_good():
    approved = dataclasses.replace(PATROL_FACTS, review="da_duyet", reviewed_by="person:P08")
    assert judged("chi_huy", review("khoa_so"), approved) is None


def test_only_the_unit_that_owns_a_record_judges_and_shares_it():
    guest = Standing(person=ACTOR, writer="a" * 16, roles={"DON": frozenset({"chi_huy"})})
    for body in (review(FINAL), Shared(with_units=("TINH",))):
        assert judge(guest, entry_of(body, unit="DON"), SEEN_FACTS) == HeldReason.OTHER_UNIT
    assert judge(guest, entry_of(Remarked(text="rõ"), unit="DON"), SEEN_FACTS) is None
    stranger = dataclasses.replace(SEEN_FACTS, units=frozenset({UNIT}))
    assert judge(guest, entry_of(Remarked(text="rõ"), unit="DON"), stranger) == HeldReason.OTHER_UNIT


def test_an_acknowledgement_comes_from_a_unit_that_the_subject_reached():
    seen = Acknowledged(seen=SEEN)
    guest = Standing(person=ACTOR, writer="a" * 16, roles={"DON": frozenset({"can_bo"})})
    assert judge(guest, entry_of(seen, unit="DON"), SEEN_FACTS) is None
    assert judge(guest, entry_of(seen, unit="DON"), dataclasses.replace(SEEN_FACTS, units=frozenset({UNIT}))) is not None


def test_the_author_amends_until_review_and_later_only_when_returned():
    for verdict in (None, "da_tiep_nhan", "dang_xac_minh", "yeu_cau_bo_sung"):
        assert judged("thanh_vien", amendment(), dataclasses.replace(OWN_FACTS, review=verdict)) is None
    after = dataclasses.replace(OWN_FACTS, review=FINAL)
    assert judged("thanh_vien", amendment(), after) == HeldReason.ALREADY_REVIEWED


def test_commanders_never_amend():
    assert judged("chi_huy", amendment()) == HeldReason.NOT_AUTHOR
    assert judged("chi_huy", amendment(), PATROL_FACTS) == HeldReason.NOT_LEADER


def test_an_amendment_names_the_version_it_saw():
    newer = dataclasses.replace(OWN_FACTS, version=f"{'b' * 16}.9")
    assert judged("thanh_vien", amendment(), newer) == HeldReason.STALE_VERSION
    assert judged("thanh_vien", amendment(saw=newer.version), newer) is None


def test_void_is_the_authors_before_review_and_the_commanders_with_a_reason_after():
    after = dataclasses.replace(SEEN_FACTS, review=FINAL)
    assert judged("thanh_vien", Voided(reason="nhầm"), OWN_FACTS) is None
    assert judged("thanh_vien", Voided(reason="undo", undo=True), OWN_FACTS) is None
    assert judged("thanh_vien", Voided(reason="nhầm"), dataclasses.replace(OWN_FACTS, review=FINAL)) is not None
    assert judged("chi_huy", Voided(reason="sai"), SEEN_FACTS) == HeldReason.NOT_REVIEWED
    assert judged("chi_huy", Voided(reason="sai"), after) is None
    assert judged("chi_huy", Voided(reason=""), after) == HeldReason.REASON_MISSING
    assert judged("chi_huy", Voided(reason="undo", undo=True), after) == HeldReason.NOT_AUTHOR
    assert judged("chi_huy", Voided(reason="sai"), dataclasses.replace(OWN_FACTS, review=FINAL)) == HeldReason.OWN_RECORD
    assert judged("truc_ban", Voided(reason="sai"), after) == HeldReason.NOT_AUTHOR


def test_facts_of_a_patrol_are_its_leaders():
    ended = PatrolEnded(ended_ms=AT_MS, result="xong")
    mine = dataclasses.replace(PATROL_FACTS, leader_person=ACTOR, author_person=ACTOR)
    assert judged("to_truong", ended, PATROL_FACTS) == HeldReason.NOT_LEADER
    assert judged("to_truong", ended, mine) is None
    at_the_station = dataclasses.replace(PATROL_FACTS, author_person="person:P33")
    assert judged("truc_ban", ended, at_the_station) is None
    assert judged("can_bo", ended, at_the_station) == HeldReason.NOT_LEADER


def test_who_starts_a_patrol_leads_it_unless_the_desk_enters_it_for_them():
    start = PatrolStarted(type="chot", number="1", lead_unit=UNIT, leader=OTHER, started_ms=AT_MS)
    assert judged("to_truong", start, None, about=None) == HeldReason.NOT_LEADER
    assert judged("to_truong", start.model_copy(update={"leader": ACTOR}), None, about=None) is None
    assert judged("truc_ban", start.model_copy(update={"on_behalf": True}), None, about=None) is None
    assert judged("to_truong", start.model_copy(update={"on_behalf": True}), None, about=None) == HeldReason.ROLE_NOT_ENOUGH


def test_nothing_changes_what_was_closed_for_good():
    locked = dataclasses.replace(OWN_FACTS, locked=True, review="khoa_so")
    assert judged("can_bo", amendment(), locked) == HeldReason.LOCKED
    assert judged("chi_huy", review(FINAL), dataclasses.replace(SEEN_FACTS, locked=True)) == HeldReason.LOCKED
    assert judged("can_bo", Remarked(text="rõ"), locked) is None


def test_what_was_closed_for_good_is_not_joined_to_another_record():
    locked = dataclasses.replace(SEEN_FACTS, locked=True, review="khoa_so")
    for body in (SameAs(other=SEEN), SameAsWithdrawn(other=SEEN, reason="khác")):
        assert judged("chi_huy", body) is None
        assert judged("chi_huy", body, locked) == HeldReason.LOCKED


def test_nobody_joins_their_own_record_to_another_nor_one_of_a_patrol_they_were_on():
    walked = dataclasses.replace(SEEN_FACTS, leader_person=OTHER, on_patrol=frozenset({ACTOR, OTHER}))
    for body in (SameAs(other=SEEN), SameAsWithdrawn(other=SEEN, reason="khác")):
        assert judged("chi_huy", body, OWN_FACTS) == HeldReason.OWN_RECORD
        assert judged("truc_ban", body, walked) == HeldReason.OWN_PATROL


def test_nobody_lets_in_their_own_held_entry():
    assert judged("chi_huy", Released(reason="đúng")) is None
    assert judged("chi_huy", Released(reason="đúng"), OWN_FACTS) == HeldReason.OWN_RECORD
    assert judged("truc_ban", Released(reason="đúng")) == HeldReason.ROLE_NOT_ENOUGH
    assert judged("chi_huy", Released(reason="")) == HeldReason.REASON_MISSING


def test_a_fact_fits_what_it_is_about():
    assert judged("to_truong", PatrolEnded(ended_ms=AT_MS, result="x"), SEEN_FACTS) == HeldReason.WRONG_SUBJECT
    assert judged("can_bo", amendment(), None) == HeldReason.UNKNOWN_SUBJECT
    assert judged("can_bo", observation("moc"), SEEN_FACTS) == HeldReason.WRONG_SUBJECT
    assert judged("can_bo", amendment(), None, about="place:M905") == HeldReason.WRONG_SUBJECT
    assert judged("can_bo", Remarked(text="mốc nghiêng"), None, about="place:M905") is None
    named = BEGINNING_FACTS | set(SUBJECTS_OF) | {fact for facts in SUBJECTS_OF.values() for fact in facts}
    assert named <= set(FACT_NAMES)


def test_a_fact_of_a_newer_version_is_never_held_for_what_it_says():
    raw = canonical_bytes(entry_of(Remarked(text="x"))).replace(b'"remarked"', b'"seen_from_space"')
    assert judge(standing_of("thanh_vien"), read_entry(raw), None) is None
    assert judge(standing_of(None), read_entry(raw), None) == HeldReason.NO_ROLE


def test_a_known_fact_that_only_a_newer_version_can_read_still_needs_its_role():
    raw = canonical_bytes(entry_of(review(FINAL))).replace(b'"xac_nhan"', b'"a_newer_verdict"')
    assert not read_entry(raw).known
    assert judge(standing_of("thanh_vien"), read_entry(raw), SEEN_FACTS) == HeldReason.ROLE_NOT_ENOUGH


def test_a_technician_sees_no_content_and_an_inspector_edits_nothing():
    for fact, entry in make_samples().items():
        if fact not in {"device_reported", "erased"}:
            assert not may_see(standing_of("ky_thuat"), UNIT, facts_of(entry))
        if fact not in {"device_reported", "acknowledged", "sos_raised"}:
            assert judge(standing_of("kiem_tra"), entry, OWN_FACTS) is not None


def test_what_is_said_about_a_record_is_seen_by_those_who_may_see_the_record():
    samples = make_samples()
    seen = samples["observation_recorded"]
    assert isinstance(seen.body, ObservationRecorded)
    lodging = seen.model_copy(update={"body": seen.body.model_copy(update={"kind": "luu_tru"})})
    remark = facts_of(samples["remarked"], lodging, author_person=OTHER)
    assert not may_see(standing_of("thanh_vien"), UNIT, remark)
    assert may_see(standing_of("can_bo"), UNIT, remark)
    case = samples["case_opened"]
    assert not may_see(standing_of("can_bo"), UNIT, facts_of(samples["case_moved"], case))


def test_a_revoked_or_roleless_person_sees_and_uses_nothing():
    facts = facts_of(make_samples()["observation_recorded"])
    assert not may_see(standing_of(None), UNIT, facts)
    for ability in ABILITIES:
        assert not may_use(standing_of(None), ability, UNIT)
        assert not may_use(standing_of("chi_huy", revoked=True), ability, None)
    assert may_use(standing_of("chi_huy"), "review", None)
    assert not may_use(standing_of("chi_huy"), "review", "DON")


def test_a_joint_patrol_a_shared_record_and_an_order_reach_the_units_they_name():
    samples = make_samples()
    assert units_named(samples["patrol_started"]) == {"CAX_CHIENG_VAN", "DON"}
    assert units_named(samples["observation_recorded"]) == {"CAX_CHIENG_VAN", "DON"}
    assert units_named(samples["shared"]) == {"CAX_CHIENG_VAN", "CAX_MUONG_THAO"}
    assert units_named(samples["order_issued"].model_copy(update={"unit": "DON"})) == {"DON", "CAX_CHIENG_VAN"}


def test_what_more_units_would_see_than_any_work_in_common_has_is_held():
    units = tuple(f"U{number}" for number in range(64))
    seen = observation("moc")
    assert judged("can_bo", seen.model_copy(update={"share_with": units[:63]}), None, about=None) is None
    assert judged("can_bo", seen.model_copy(update={"share_with": units}), None, about=None) == HeldReason.TOO_MANY_UNITS
    assert judged("chi_huy", Shared(with_units=units[:62])) is None
    assert judged("chi_huy", Shared(with_units=units[:63])) == HeldReason.TOO_MANY_UNITS  # two see it already


def test_limits_of_the_line_are_set_for_the_desks_of_units_that_their_writer_commands():
    own, wider = LineLimitsSet(days={"marker": 3}), LineLimitsSet(days={"marker": 3}, for_units=("DON",))
    assert judged("chi_huy", own, None, about=None) is None
    assert judged("chi_huy", wider, None, about=None) == HeldReason.OTHER_UNIT
    both = Standing(person=ACTOR, writer="a" * 16, roles=dict.fromkeys((UNIT, "DON"), frozenset({"chi_huy"})))
    assert judge(both, entry_of(wider, about=None), None) is None
    assert units_named(entry_of(wider, about=None)) == {UNIT, "DON"}


def test_a_trail_is_walked_in_by_who_recorded_it():
    line = make_samples()["track_recorded"].body
    assert judged("thanh_vien", line, OWN_FACTS) is None
    assert judged("thanh_vien", line, SEEN_FACTS) == HeldReason.NOT_AUTHOR
    assert judged("truong_thon", line, OWN_FACTS) == HeldReason.ROLE_NOT_ENOUGH
    assert judged("can_bo", line, dataclasses.replace(OWN_FACTS, locked=True)) == HeldReason.LOCKED
