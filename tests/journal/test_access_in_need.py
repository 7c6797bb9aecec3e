"""Calls for help and alarms: heard from anybody, answered and closed at the desk, ended by who raised them."""

import dataclasses

import pytest

from journal.access import ROLES, HeldReason, judge
from journal.entries import Acknowledged, AlarmClosed, Amended, SosClosed
from tests.journal.make_access_matrix import ACTOR, OTHER, UNIT, standing_of
from tests.journal.test_access import SEEN, SEEN_FACTS, entry_of, judged

CALL = dataclasses.replace(SEEN_FACTS, began="sos_raised", kind=None)
OWN_CALL = dataclasses.replace(CALL, author_person=ACTOR)
ALARM = dataclasses.replace(CALL, began="alarm_raised", author_person="station:a", leader_person=None, on_patrol=frozenset())
ANSWER = Acknowledged(seen=SEEN)


@pytest.mark.parametrize("about", [CALL, ALARM])
def test_only_the_desk_answers_a_call_or_an_alarm(about):
    yes = {role for role in ROLES if judged(role, ANSWER, about) is None}
    assert yes == {"truc_ban", "chi_huy"}


def test_nobody_answers_their_own_call():
    assert judged("chi_huy", ANSWER, OWN_CALL) is HeldReason.OWN_RECORD


def test_who_called_ends_the_call_whatever_their_role():
    assert {judged(role, SosClosed(closed_ms=1, outcome="Đã an toàn"), OWN_CALL) for role in ROLES} == {None}


def test_a_call_of_somebody_else_is_ended_by_the_desk_or_the_leader_of_the_patrol():
    closing = SosClosed(closed_ms=1, outcome="Đã an toàn")
    assert {role for role in ROLES if judged(role, closing, CALL) is None} == {"truc_ban", "chi_huy"}
    led = dataclasses.replace(CALL, leader_person=ACTOR)
    assert judge(standing_of("to_truong"), entry_of(closing), led) is None


def test_an_alarm_is_closed_at_the_desk_and_never_without_words():
    assert {role for role in ROLES if judged(role, AlarmClosed(outcome="Tổ đã về"), ALARM) is None} == {"truc_ban", "chi_huy"}
    assert judged("chi_huy", AlarmClosed(outcome="  "), ALARM) is HeldReason.REASON_MISSING
    assert judged("chi_huy", SosClosed(closed_ms=1, outcome=" "), CALL) is HeldReason.REASON_MISSING


@pytest.mark.parametrize("role", ["truong_thon", "thanh_vien", "to_truong"])
def test_who_called_says_afterwards_what_happened_and_how_many_they_are(role):
    more = Amended(saw=SEEN, changes={"kind": "tai_nan", "people": 3}, reason="sos")
    assert judged(role, more, OWN_CALL) is None
    assert judged(role, more, dataclasses.replace(CALL, author_person=OTHER)) is HeldReason.NOT_AUTHOR


def test_a_call_stays_its_callers_after_an_answer():
    assert (
        judge(standing_of("thanh_vien"), entry_of(Amended(saw=SEEN, changes={"kind": "lac"}, reason="sos"), unit=UNIT), OWN_CALL)
        is None
    )
