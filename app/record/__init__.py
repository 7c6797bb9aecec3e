"""What a person can do: each verb checks what was filled in and makes entries. From its return on, it is on this device."""

from app.record.desk import DeskRecorder
from app.record.duty import DutyRecorder, ShiftForm
from app.record.field import FieldRecorder
from app.record.forms import (
    CopyForm,
    EndForm,
    NotRecorded,
    ObservationForm,
    PatrolForm,
    PhotoForm,
    Problem,
    Recorded,
    VoiceForm,
)
from app.record.photos import PhotoRefused
from app.record.safety import CALL_KINDS, NO_ANSWER, UNNAMED, AlarmRecorder, CallForm, SafetyRecorder
from app.record.shared_copy import Area
from app.record.track import TrackRecorder

__all__ = [
    "CALL_KINDS",
    "NO_ANSWER",
    "UNNAMED",
    "AlarmRecorder",
    "Area",
    "CallForm",
    "CopyForm",
    "DeskRecorder",
    "DutyRecorder",
    "EndForm",
    "FieldRecorder",
    "NotRecorded",
    "ObservationForm",
    "PatrolForm",
    "PhotoForm",
    "PhotoRefused",
    "Problem",
    "Recorded",
    "SafetyRecorder",
    "ShiftForm",
    "TrackRecorder",
    "VoiceForm",
]
