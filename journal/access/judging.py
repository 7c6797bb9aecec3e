"""Judges one entry when it arrives: may this person record this fact about this subject, as things stand."""

from journal.access.reasons import HeldReason
from journal.access.roles import PATROL_FACTS, STATION_FACTS, WRITERS_OF
from journal.access.rules_of_content import judge_content
from journal.access.rules_of_desk import judge_desk_act
from journal.access.rules_of_record import judge_change, judge_line, judge_patrol_fact, judge_photo_copy, judge_source
from journal.access.rules_of_subject import judge_subject
from journal.access.standing import Standing, SubjectFacts
from journal.entries import Entry


def judge(standing: Standing, entry: Entry, subject: SubjectFacts | None) -> HeldReason | None:
    """None when the entry may be let in, else why it is held.

    ``subject`` is what the station knows of ``entry.subject`` before this entry; None when the entry begins it, when it is a
    registered thing, or when the station does not hold it. A fact of a newer version is never held for what it says.
    """
    if standing.revoked:
        return HeldReason.REVOKED
    fact = entry.body.fact
    if standing.station:
        return None
    if fact in STATION_FACTS:
        return HeldReason.STATION_ONLY
    if not entry.known or fact not in WRITERS_OF:
        return _judge_unread(standing, entry)
    return (
        _judge_role(standing, entry)
        or judge_content(standing, entry, subject)
        or judge_subject(entry, subject)
        or _judge_act(standing, entry, subject)
    )


def _judge_unread(standing: Standing, entry: Entry) -> HeldReason | None:
    """A known fact in a shape that only a newer version reads still needs its role, or that version would find power in it."""
    roles = standing.roles_in(entry.unit)
    if not roles:
        return HeldReason.NO_ROLE
    return None if roles & WRITERS_OF.get(entry.body.fact, roles) else HeldReason.ROLE_NOT_ENOUGH


def _judge_role(standing: Standing, entry: Entry) -> HeldReason | None:
    fact = entry.body.fact
    if fact == "device_reported":
        return None
    if fact == "sos_raised" and any(standing.roles.values()):
        # A call for help is heard wherever it comes from: a false alarm costs less than a lost one.
        return None
    roles = standing.roles_in(entry.unit)
    if not roles:
        return HeldReason.NO_ROLE
    return None if roles & WRITERS_OF[fact] else HeldReason.ROLE_NOT_ENOUGH


def _judge_act(standing: Standing, entry: Entry, subject: SubjectFacts | None) -> HeldReason | None:
    if subject is None:
        return None
    fact = entry.body.fact
    if fact == "track_recorded" and subject.began == "observation_recorded":
        return judge_line(standing, subject)
    if fact in PATROL_FACTS:
        return judge_patrol_fact(standing, entry, subject)
    if fact in {"amended", "voided"}:
        return judge_change(standing, entry, subject)
    if fact == "rendition_made":
        return judge_photo_copy(standing, entry, subject)
    if fact == "source_sealed":
        return judge_source(standing, subject)
    return judge_desk_act(standing, entry, subject)
