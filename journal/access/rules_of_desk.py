"""Rules about the desk's acts: nobody judges their own, verdicts name the version they saw, owners decide."""

from journal.access.reasons import HeldReason
from journal.access.roles import ABILITIES, COMMAND, DESK, OPEN_REVIEWS
from journal.access.standing import Standing, SubjectFacts
from journal.entries import Entry, Reviewed
from journal.verdicts import APPROVED, EARLY, SEALED

_OWNERS_ACTS: frozenset[str] = frozenset({
    "reviewed", "same_as", "same_as_withdrawn", "shared", "unshared", "released", "case_linked", "case_unlinked", "case_moved",
    "case_disposed", "order_cancelled", "report_sent", "notice_given", "lookout_told", "lookout_ended", "tip_graded",
    "called_back",
})  # fmt: skip
"""Acts for the unit that owns the subject; a unit that it is shared with reads and remarks."""

_COUNTED_ONCE: frozenset[str] = frozenset({"same_as", "same_as_withdrawn"})

_ANSWERED_AT_DESK: frozenset[str] = frozenset({"sos_raised", "alarm_raised"})


def judge_desk_act(standing: Standing, entry: Entry, subject: SubjectFacts) -> HeldReason | None:
    """Judges reviews, merges, sharing, releases, cases, orders and closed calls for help about a subject that is held."""
    fact = entry.body.fact
    if fact in _OWNERS_ACTS and subject.owner_unit is not None and entry.unit != subject.owner_unit:
        return HeldReason.OTHER_UNIT
    roles = standing.roles_in(entry.unit)
    if subject.restricted and fact in _OWNERS_ACTS and not roles & ABILITIES["see_restricted"]:
        return HeldReason.ROLE_NOT_ENOUGH
    body = entry.body
    if isinstance(body, Reviewed):
        return _judge_review(standing, roles, body, subject)
    if fact in _COUNTED_ONCE and subject.began != "case_opened":
        return _judge_own(standing, subject)
    if fact == "acknowledged" and subject.units and not any(standing.roles_in(unit) for unit in subject.units):
        return HeldReason.OTHER_UNIT
    if fact == "acknowledged" and subject.began in _ANSWERED_AT_DESK:
        return _judge_answer(standing, roles, subject)
    if fact == "released" and standing.person == subject.author_person:
        return HeldReason.OWN_RECORD
    if fact == "sos_closed" and not roles & DESK and standing.person not in {subject.author_person, subject.leader_person}:
        return HeldReason.NOT_AUTHOR
    return None


def _judge_answer(standing: Standing, roles: frozenset[str], subject: SubjectFacts) -> HeldReason | None:
    """Who called reads that somebody at the desk has it: so only the desk says that, and nobody to themselves."""
    if not roles & DESK:
        return HeldReason.ROLE_NOT_ENOUGH
    return HeldReason.OWN_RECORD if standing.person == subject.author_person else None


def _judge_review(standing: Standing, roles: frozenset[str], body: Reviewed, subject: SubjectFacts) -> HeldReason | None:
    early = body.verdict in EARLY
    if not early and not roles & COMMAND:
        return HeldReason.ROLE_NOT_ENOUGH
    own = _judge_own(standing, subject)
    if own is not None:
        return own
    if subject.version and body.judged != subject.version:
        return HeldReason.STALE_VERSION
    if subject.review in OPEN_REVIEWS:
        return None
    corrects_own = standing.person == subject.reviewed_by and not early
    closes = body.verdict == SEALED and subject.review == APPROVED
    return None if corrects_own or closes else HeldReason.ALREADY_REVIEWED


def _judge_own(standing: Standing, subject: SubjectFacts) -> HeldReason | None:
    """Whether a record counts, and as what, is not for those who made it."""
    if standing.person == subject.author_person:
        return HeldReason.OWN_RECORD
    if standing.person == subject.leader_person or standing.person in subject.on_patrol:
        return HeldReason.OWN_PATROL
    return None
