"""The state of what runs while people are out: calls for help, alarms of the station, shifts of duty."""

from collections.abc import Sequence
from dataclasses import dataclass

from journal.entries import AlarmClosed, AlarmRaised, ShiftEnded, ShiftStarted, SosClosed, SosRaised
from journal.folding.amending import amend
from journal.folding.order import Kept
from journal.folding.record import RecordState, gather_record
from journal.names import WriterId


@dataclass(frozen=True, slots=True, kw_only=True)
class SosState(RecordState):
    """``closed`` is None while help is needed; ``closed_by`` is the writer who said that it is over."""

    raised: SosRaised
    closed: SosClosed | None
    closed_by: WriterId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmState(RecordState):
    raised: AlarmRaised
    closed: AlarmClosed | None
    closed_ms: int | None
    closed_by: WriterId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftState(RecordState):
    """No correction changes who answered when: a wrong shift is taken back with a reason, and stays on the list.

    The first end stands. ``ended_by`` is the writer who wrote it down, at ``ended_at_ms``.
    """

    started: ShiftStarted
    ended: ShiftEnded | None
    ended_by: WriterId | None
    ended_at_ms: int | None

    @property
    def responsible(self) -> str | None:
        """Who answers for the sector."""
        return self.started.responsible or next(iter(self.started.on_duty), None)


def fold_sos(begin: Kept, ordered: Sequence[Kept]) -> SosState:
    """The call for help that ``begin`` raised. The first closing stands."""
    raised = begin.entry.body
    assert isinstance(raised, SosRaised)
    parts = gather_record(begin, ordered)
    raised = amend(raised, [amendment.fact for amendment in parts["amendments"]])
    for kept in ordered:
        if isinstance(kept.entry.body, SosClosed):
            return SosState(**parts, raised=raised, closed=kept.entry.body, closed_by=WriterId(kept.entry.writer))
    return SosState(**parts, raised=raised, closed=None, closed_by=None)


def fold_alarm(begin: Kept, ordered: Sequence[Kept]) -> AlarmState:
    """The alarm that the station raised. The first closing stands."""
    raised = begin.entry.body
    assert isinstance(raised, AlarmRaised)
    parts = gather_record(begin, ordered)
    for kept in ordered:
        if isinstance(kept.entry.body, AlarmClosed):
            by = WriterId(kept.entry.writer)
            return AlarmState(**parts, raised=raised, closed=kept.entry.body, closed_ms=kept.stamp.ms, closed_by=by)
    return AlarmState(**parts, raised=raised, closed=None, closed_ms=None, closed_by=None)


def fold_shift(begin: Kept, ordered: Sequence[Kept]) -> ShiftState:
    """The shift that ``begin`` started."""
    started = begin.entry.body
    assert isinstance(started, ShiftStarted)
    parts = gather_record(begin, ordered)
    for kept in ordered:
        if isinstance(kept.entry.body, ShiftEnded):
            by = WriterId(kept.entry.writer)
            return ShiftState(**parts, started=started, ended=kept.entry.body, ended_by=by, ended_at_ms=kept.stamp.ms)
    return ShiftState(**parts, started=started, ended=None, ended_by=None, ended_at_ms=None)
