"""Which other subjects must be looked at when an entry arrives."""

from collections.abc import Callable

from journal.entries import (
    Acknowledged,
    AlarmRaised,
    CaseLinked,
    CaseUnlinked,
    Entry,
    Erased,
    Fact,
    LookoutTold,
    ObservationRecorded,
    OrderIssued,
    PatrolStarted,
    PhotoTaken,
    SameAs,
    SameAsWithdrawn,
    SosRaised,
    VoiceRecorded,
    WriterEnrolled,
)
from journal.names import Subject

Named = tuple[str | None, ...]


def _of_observation(body: ObservationRecorded) -> Named:
    return (body.patrol, body.place)


def _of_patrol(body: PatrolStarted) -> Named:
    return (body.order,)


def _of_evidence(body: PhotoTaken | VoiceRecorded) -> Named:
    return (body.of,)


def _of_link(body: CaseLinked | CaseUnlinked) -> Named:
    return (body.item,)


def _of_sameness(body: SameAs | SameAsWithdrawn) -> Named:
    return (body.other,)


def _of_sos(body: SosRaised) -> Named:
    return (body.patrol,)


def _of_alarm(body: AlarmRaised) -> Named:
    return (body.about,)


def _of_acknowledgement(body: Acknowledged) -> Named:
    return (body.seen,)


def _of_order(body: OrderIssued) -> Named:
    return body.places


def _of_lookout(body: LookoutTold) -> Named:
    return (body.case,)


def _of_erasure(body: Erased) -> Named:
    return body.entries


def _of_enrolment(body: WriterEnrolled) -> Named:
    return (body.person,)


_NAMED: dict[type[Fact], Callable[..., Named]] = {
    ObservationRecorded: _of_observation,
    PatrolStarted: _of_patrol,
    PhotoTaken: _of_evidence,
    VoiceRecorded: _of_evidence,
    CaseLinked: _of_link,
    CaseUnlinked: _of_link,
    SameAs: _of_sameness,
    SameAsWithdrawn: _of_sameness,
    SosRaised: _of_sos,
    AlarmRaised: _of_alarm,
    Acknowledged: _of_acknowledgement,
    OrderIssued: _of_order,
    LookoutTold: _of_lookout,
    Erased: _of_erasure,
    WriterEnrolled: _of_enrolment,
}


def related_subjects(entry: Entry) -> tuple[Subject, ...]:
    """Subjects named by this entry besides its own: of an observation its patrol, of a photo its observation, …

    An erasure and an acknowledgement name entries, which need not be the first of their subject.
    """
    named = _NAMED.get(type(entry.body))
    if named is None:
        return ()
    about = entry.subject
    return tuple([Subject(name) for name in dict.fromkeys(named(entry.body)) if name is not None and name != about])
