"""Rules about what an entry is about: that it is held, that the fact fits it, and that the unit has to do with it."""

from collections.abc import Mapping

from journal.access.reasons import HeldReason
from journal.access.roles import PATROL_FACTS, TIP_FACTS, VILLAGE_KINDS
from journal.access.standing import SubjectFacts
from journal.entries import Entry
from journal.names import split_ref

BEGINNING_FACTS: frozenset[str] = frozenset({
    "patrol_started", "observation_recorded", "photo_taken", "voice_recorded", "sos_raised", "shift_started", "case_opened",
    "order_issued", "report_signed", "lookout_opened", "line_limits_set",
})  # fmt: skip
_RECORDS = frozenset({"observation_recorded", "patrol_started"})
_ON_REGISTERED = frozenset({"remarked", "acknowledged", "device_reported"})
"""What people say of a place, a person or a device that the station registers."""
_OWN_OR_BEGUN = frozenset({"device_reported", "acknowledged"})

SUBJECTS_OF: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(PATROL_FACTS, frozenset({"patrol_started"})),
    "track_recorded": frozenset({"patrol_started", "observation_recorded"}),
    "rendition_made": frozenset({"photo_taken"}),
    "source_sealed": frozenset({"observation_recorded"}),
    "sos_closed": frozenset({"sos_raised"}),
    "shift_ended": frozenset({"shift_started"}),
    "alarm_closed": frozenset({"alarm_raised"}),
    "reviewed": _RECORDS,
    "amended": _RECORDS | {"photo_taken", "voice_recorded", "sos_raised", "shift_started", "case_opened", "order_issued"},
    "voided": _RECORDS | {"photo_taken", "voice_recorded", "shift_started", "case_opened", "report_signed"},
    "same_as": _RECORDS | {"case_opened"},
    "same_as_withdrawn": _RECORDS | {"case_opened"},
    "case_linked": frozenset({"case_opened"}),
    "case_unlinked": frozenset({"case_opened"}),
    "case_moved": frozenset({"case_opened"}),
    "case_disposed": frozenset({"case_opened"}),
    "order_cancelled": frozenset({"order_issued"}),
    "report_sent": frozenset({"report_signed"}),
    "notice_given": frozenset({"order_issued"}),
    "lookout_told": frozenset({"lookout_opened"}),
    "lookout_ended": frozenset({"lookout_opened"}),
    "tip_graded": frozenset({"observation_recorded"}),
    "called_back": frozenset({"observation_recorded"}),
}
"""Which beginnings a fact may be about; facts that are not here may be about anything."""

_ON_LOCKED: frozenset[str] = frozenset({
    "remarked", "acknowledged", "shared", "unshared", "case_linked", "case_unlinked", "rendition_made", "released",
    "device_reported", "called_back",
})  # fmt: skip
"""What may still be said about a subject that was closed for good: nothing that changes it, or whether it is counted."""


def judge_subject(entry: Entry, subject: SubjectFacts | None) -> HeldReason | None:
    """Judges whether the fact may be about its subject at all, whoever records it."""
    fact = entry.body.fact
    if fact in BEGINNING_FACTS:
        return None if entry.begins_subject else HeldReason.WRONG_SUBJECT
    if entry.begins_subject:
        return None if fact in _OWN_OR_BEGUN else HeldReason.WRONG_SUBJECT
    if subject is None:
        return _judge_without_facts(entry)
    fitting = SUBJECTS_OF.get(fact)
    if fitting is not None and subject.began is not None and subject.began not in fitting:
        return HeldReason.WRONG_SUBJECT
    if fact in TIP_FACTS and subject.kind is not None and subject.kind not in VILLAGE_KINDS:
        return HeldReason.WRONG_SUBJECT
    if subject.locked and fact not in _ON_LOCKED:
        return HeldReason.LOCKED
    if subject.units and entry.unit not in subject.units and fact not in _OWN_OR_BEGUN:
        return HeldReason.OTHER_UNIT
    return None


def _judge_without_facts(entry: Entry) -> HeldReason | None:
    if split_ref(entry.subject) is not None:
        return None if entry.body.fact in _OWN_OR_BEGUN else HeldReason.UNKNOWN_SUBJECT
    return None if entry.body.fact in _ON_REGISTERED else HeldReason.WRONG_SUBJECT
