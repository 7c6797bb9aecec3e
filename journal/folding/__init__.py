"""A subject's state as the fold of its entries: pure, order-free, repeat-free."""

from journal.folding.amending import amend
from journal.folding.case import CaseItem, CaseState, Disposition, Move, Notice, OrderState
from journal.folding.fold import OtherState, State, fold
from journal.folding.lookout import LookoutState
from journal.folding.observation import ObservationState, PhotoState, Rendition, VoiceState
from journal.folding.order import Kept, order_key, put_in_order
from journal.folding.patrol import Leg, PatrolState, Pause, TrackPiece
from journal.folding.record import (
    MERGED,
    NEW,
    OPEN_STATUSES,
    Acknowledgement,
    Amendment,
    RecordState,
    Remark,
    Step,
    Withdrawal,
)
from journal.folding.register import (
    DeviceReport,
    PersonState,
    PlaceState,
    RoleHeld,
    StationState,
    UnitState,
    WriterState,
)
from journal.folding.related import related_subjects
from journal.folding.report import ReportState
from journal.folding.reviewing import Review
from journal.folding.watch import AlarmState, ShiftState, SosState

__all__ = [
    "MERGED",
    "NEW",
    "OPEN_STATUSES",
    "Acknowledgement",
    "AlarmState",
    "Amendment",
    "CaseItem",
    "CaseState",
    "DeviceReport",
    "Disposition",
    "Kept",
    "Leg",
    "LookoutState",
    "Move",
    "Notice",
    "ObservationState",
    "OrderState",
    "OtherState",
    "PatrolState",
    "Pause",
    "PersonState",
    "PhotoState",
    "PlaceState",
    "RecordState",
    "Remark",
    "Rendition",
    "ReportState",
    "Review",
    "RoleHeld",
    "ShiftState",
    "SosState",
    "State",
    "StationState",
    "Step",
    "TrackPiece",
    "UnitState",
    "VoiceState",
    "Withdrawal",
    "WriterState",
    "amend",
    "fold",
    "order_key",
    "put_in_order",
    "related_subjects",
]
