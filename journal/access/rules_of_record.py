"""Rules about records in the field: corrections are the author's, facts of a patrol its leader's."""

from journal.access.reasons import HeldReason
from journal.access.roles import COMMAND, DESK, OPEN_REVIEWS
from journal.access.standing import Standing, SubjectFacts
from journal.entries import Amended, Entry, Voided

_JUDGED_BY_COMMANDERS = frozenset({None, "observation_recorded", "patrol_started"})


def judge_patrol_fact(standing: Standing, entry: Entry, subject: SubjectFacts) -> HeldReason | None:
    """Facts of a patrol are its leader's; those of one entered at the station are the desk's too."""
    if standing.person == subject.leader_person:
        return None
    entered_at_station = subject.author_person != subject.leader_person
    if entered_at_station and standing.roles_in(entry.unit) & DESK:
        return None
    return HeldReason.NOT_LEADER


def judge_change(standing: Standing, entry: Entry, subject: SubjectFacts) -> HeldReason | None:
    """The author amends and takes back until a verdict, or when the record was returned; a commander takes back after it."""
    is_open = subject.review in OPEN_REVIEWS
    if _is_own(standing, subject):
        if not is_open:
            return HeldReason.OWN_RECORD if _commands(standing, entry) and _is_void(entry) else HeldReason.ALREADY_REVIEWED
        body = entry.body
        if isinstance(body, Amended) and subject.version and body.saw != subject.version:
            return HeldReason.STALE_VERSION
        return None
    body = entry.body
    if not isinstance(body, Voided) or body.undo or not _commands(standing, entry):
        return HeldReason.NOT_LEADER if subject.began == "patrol_started" else HeldReason.NOT_AUTHOR
    if standing.person in subject.on_patrol:
        return HeldReason.OWN_PATROL
    if subject.owner_unit is not None and entry.unit != subject.owner_unit:
        return HeldReason.OTHER_UNIT
    return HeldReason.NOT_REVIEWED if is_open and subject.began in _JUDGED_BY_COMMANDERS else None


def judge_photo_copy(standing: Standing, entry: Entry, subject: SubjectFacts) -> HeldReason | None:
    """Copies of a photo are made by who took it, or at the desk for those it is shared with."""
    allowed = standing.person == subject.author_person or standing.roles_in(entry.unit) & DESK
    return None if allowed else HeldReason.NOT_AUTHOR


def judge_line(standing: Standing, subject: SubjectFacts) -> HeldReason | None:
    """The line of a trail is walked in by who recorded the trail."""
    return None if standing.person == subject.author_person else HeldReason.NOT_AUTHOR


def judge_source(standing: Standing, subject: SubjectFacts) -> HeldReason | None:
    """Who told a thing is known to who recorded it; nobody else puts a name beside it."""
    return None if standing.person == subject.author_person else HeldReason.NOT_AUTHOR


def _is_own(standing: Standing, subject: SubjectFacts) -> bool:
    leads = subject.began == "patrol_started" and standing.person == subject.leader_person
    return leads or standing.person == subject.author_person


def _commands(standing: Standing, entry: Entry) -> bool:
    return bool(standing.roles_in(entry.unit) & COMMAND)


def _is_void(entry: Entry) -> bool:
    return isinstance(entry.body, Voided)
