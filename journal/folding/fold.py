"""A subject's state is the fold of its entries, in the order that all agree on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from journal.entries import (
    AlarmRaised,
    CaseOpened,
    Fact,
    LookoutOpened,
    ObservationRecorded,
    OrderIssued,
    PatrolStarted,
    PhotoTaken,
    ReportSigned,
    ShiftStarted,
    SosRaised,
    VoiceRecorded,
)
from journal.folding.case import CaseState, OrderState, fold_case, fold_order
from journal.folding.lookout import LookoutState, fold_lookout
from journal.folding.observation import ObservationState, PhotoState, VoiceState, fold_observation, fold_photo, fold_voice
from journal.folding.order import Kept, put_in_order
from journal.folding.patrol import PatrolState, fold_patrol
from journal.folding.record import RecordState, gather_record
from journal.folding.register import (
    PersonState,
    PlaceState,
    StationState,
    UnitState,
    WriterState,
    fold_person,
    fold_place,
    fold_station,
    fold_unit,
    fold_writer,
)
from journal.folding.report import ReportState, fold_report
from journal.folding.watch import AlarmState, ShiftState, SosState, fold_alarm, fold_shift, fold_sos
from journal.names import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherState(RecordState):
    """A subject begun by a fact that this version does not know, or that begins nothing of its own kind."""

    began: Fact


State = (
    PatrolState
    | ObservationState
    | PhotoState
    | VoiceState
    | SosState
    | AlarmState
    | ShiftState
    | CaseState
    | OrderState
    | ReportState
    | LookoutState
    | UnitState
    | PersonState
    | PlaceState
    | WriterState
    | StationState
    | OtherState
)

_BEGINNINGS: dict[type[Fact], Callable[[Kept, Sequence[Kept]], State]] = {
    PatrolStarted: fold_patrol,
    ObservationRecorded: fold_observation,
    PhotoTaken: fold_photo,
    VoiceRecorded: fold_voice,
    SosRaised: fold_sos,
    AlarmRaised: fold_alarm,
    ShiftStarted: fold_shift,
    CaseOpened: fold_case,
    OrderIssued: fold_order,
    ReportSigned: fold_report,
    LookoutOpened: fold_lookout,
}
_REGISTERED: dict[str, Callable[[Subject, Sequence[Kept]], State | None]] = {
    "unit": fold_unit,
    "person": fold_person,
    "place": fold_place,
    "writer": fold_writer,
    "station": fold_station,
}


def fold(items: Iterable[Kept], subject: Subject | None = None) -> State | None:
    """The state of ONE subject, whatever the order and however often its entries are given.

    None without entries, and while the entry that began the subject has not arrived or is erased. ``subject`` is needed only
    where other entries come along, as an :class:`~journal.entries.Erased` that names some of these.
    """
    ordered = put_in_order(items)
    if subject is None:
        if not ordered:
            return None
        subject = ordered[0].entry.about
    kind, registered, _ = subject.partition(":")
    ordered = [kept for kept in ordered if kept.entry.subject == subject]
    if registered:
        return _REGISTERED[kind](subject, ordered) if ordered else None
    begin = next((kept for kept in ordered if kept.entry.begins_subject), None)
    if begin is None:
        return None
    return _BEGINNINGS.get(type(begin.entry.body), _fold_other)(begin, ordered)


def _fold_other(begin: Kept, ordered: Sequence[Kept]) -> OtherState:
    return OtherState(**gather_record(begin, ordered), began=begin.entry.body)
