"""The state of a report: what was signed, and where it was sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from journal.entries import ReportSent, ReportSigned
from journal.folding.order import Kept
from journal.folding.record import RecordState, gather_record


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState(RecordState):
    """``sent`` in the order in which it was said; what was signed is never amended: another report takes its place."""

    signed: ReportSigned
    sent: tuple[ReportSent, ...]


def fold_report(begin: Kept, ordered: Sequence[Kept]) -> ReportState:
    """The report that ``begin`` signed."""
    signed = begin.entry.body
    assert isinstance(signed, ReportSigned)
    sent = tuple(kept.entry.body for kept in ordered if isinstance(kept.entry.body, ReportSent))
    return ReportState(**gather_record(begin, ordered), signed=signed, sent=sent)
