"""The state of a vehicle that is looked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from journal.entries import LookoutEnded, LookoutOpened, LookoutTold
from journal.folding.order import Kept
from journal.folding.record import RecordState, gather_record
from journal.names import WriterId


@dataclass(frozen=True, slots=True, kw_only=True)
class LookoutState(RecordState):
    """``told`` is None on a device that may not know the plate; ``ended`` is None while it stands or until its end passes."""

    opened: LookoutOpened
    told: LookoutTold | None
    ended: LookoutEnded | None
    ended_ms: int | None
    ended_by: WriterId | None


def fold_lookout(begin: Kept, ordered: Sequence[Kept]) -> LookoutState:
    """The lookout that ``begin`` opened. The first word on what is looked for, and the first end, stand."""
    opened = begin.entry.body
    assert isinstance(opened, LookoutOpened)
    told = next((kept.entry.body for kept in ordered if isinstance(kept.entry.body, LookoutTold)), None)
    parts = gather_record(begin, ordered)
    for kept in ordered:
        if isinstance(kept.entry.body, LookoutEnded):
            return LookoutState(
                **parts, opened=opened, told=told, ended=kept.entry.body, ended_ms=kept.stamp.ms,
                ended_by=WriterId(kept.entry.writer),
            )  # fmt: skip
    return LookoutState(**parts, opened=opened, told=told, ended=None, ended_ms=None, ended_by=None)
