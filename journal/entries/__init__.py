"""The facts, one frozen model each, joined in one discriminated union; and the entry that carries one of them."""

from functools import cached_property
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError
from pydantic_core import core_schema, from_json

from journal.clock import Stamp
from journal.entries.desk import (
    Acknowledged,
    CalledBack,
    CaseDisposed,
    CaseLinked,
    CaseMoved,
    CaseOpened,
    CaseUnlinked,
    LineLimitsSet,
    NoticeGiven,
    OrderCancelled,
    OrderIssued,
    Released,
    ReportSent,
    ReportSigned,
    Restriction,
    Reviewed,
    SameAs,
    SameAsWithdrawn,
    Shared,
    TipGraded,
    Unshared,
)
from journal.entries.envelope import (
    FORMAT,
    MAX_ENTRY_BYTES,
    About,
    Count,
    Fact,
    Position,
    Seq,
    Taken,
    Unit,
    UnknownFact,
    Value,
    Writer,
)
from journal.entries.field import (
    Amended,
    DeviceReported,
    Force,
    Gap,
    LegStarted,
    ObservationRecorded,
    PatrolEnded,
    PatrolPaused,
    PatrolResumed,
    PatrolStarted,
    PhotoTaken,
    Remarked,
    RenditionMade,
    ShiftEnded,
    ShiftStarted,
    SosClosed,
    SosRaised,
    SourceSealed,
    TrackRecorded,
    VoiceRecorded,
    Voided,
)
from journal.entries.station import (
    AlarmClosed,
    AlarmRaised,
    EpochBegan,
    Erased,
    ForkFound,
    PersonRegistered,
    PlaceRegistered,
    Point,
    RoleGiven,
    RoleTaken,
    UnitRegistered,
    WriterEnrolled,
    WriterRevoked,
)
from journal.entries.vehicle import LookoutEnded, LookoutOpened, LookoutTold, SealedLookout
from journal.names import EntryRef, Subject, WriterId, name_entry

KnownFact = Annotated[
    PatrolStarted
    | PatrolPaused
    | PatrolResumed
    | LegStarted
    | PatrolEnded
    | TrackRecorded
    | ObservationRecorded
    | PhotoTaken
    | RenditionMade
    | VoiceRecorded
    | SourceSealed
    | Amended
    | Voided
    | Remarked
    | SosRaised
    | SosClosed
    | ShiftStarted
    | ShiftEnded
    | DeviceReported
    | Reviewed
    | SameAs
    | SameAsWithdrawn
    | Shared
    | Unshared
    | Released
    | CaseOpened
    | CaseLinked
    | CaseUnlinked
    | CaseMoved
    | CaseDisposed
    | TipGraded
    | CalledBack
    | LookoutOpened
    | LookoutTold
    | LookoutEnded
    | OrderIssued
    | OrderCancelled
    | NoticeGiven
    | Acknowledged
    | ReportSigned
    | ReportSent
    | LineLimitsSet
    | UnitRegistered
    | PersonRegistered
    | RoleGiven
    | RoleTaken
    | PlaceRegistered
    | WriterEnrolled
    | WriterRevoked
    | ForkFound
    | AlarmRaised
    | AlarmClosed
    | Erased
    | EpochBegan,
    Field(discriminator="fact"),
]
"""Every fact of this version: field, desk and station."""

FACTS: tuple[type[Fact], ...] = get_args(get_args(KnownFact)[0])
FACT_NAMES: dict[str, type[Fact]] = {model.model_fields["fact"].default: model for model in FACTS}


class _ReadAsKnown:
    """Read from JSON, a body is one look-up in the union of known facts; made here, it is, and is written as, what it is."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        known, made = handler.generate_schema(KnownFact), handler(source)
        return core_schema.json_or_python_schema(known, made, serialization=core_schema.simple_ser_schema("any"))


class Entry(BaseModel):
    """One fact with its envelope. ``body`` is an :class:`UnknownFact` when a newer version wrote it."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    v: Annotated[int, Field(strict=True, ge=1)] = FORMAT
    writer: Writer
    seq: Seq
    unit: Unit
    at: tuple[Count, Count]
    """Hybrid logical stamp: milliseconds, counter."""
    taken: Taken
    subject: About
    body: Annotated[Fact, _ReadAsKnown]

    @property
    def ref(self) -> EntryRef:
        return name_entry(WriterId(self.writer), self.seq)

    @property
    def stamp(self) -> Stamp:
        return Stamp(*self.at)

    @property
    def about(self) -> Subject:
        return Subject(self.subject)

    @cached_property
    def begins_subject(self) -> bool:
        """True when this entry is the first of what it is about. Asked four times of each that arrives."""
        return self.subject == f"{self.writer}.{self.seq}"

    @property
    def known(self) -> bool:
        """False when this version does not know the fact: it is kept and forwarded, and shown as newer."""
        return not isinstance(self.body, UnknownFact)


class EntryUnreadable(Exception):
    """The bytes are no entry: not JSON, or an envelope that lacks a part."""


def read_entry(raw: bytes) -> Entry:
    """The entry in these canonical bytes.

    A fact that is unknown, or of a shape this version cannot read, becomes an :class:`UnknownFact` that keeps all fields.
    Raises :class:`EntryUnreadable` when the envelope itself cannot be read.
    """
    try:
        return Entry.model_validate_json(raw)
    except ValidationError:
        return _read_loosely(raw)


def _read_loosely(raw: bytes) -> Entry:
    try:
        fields = from_json(raw, allow_inf_nan=False)
        return Entry.model_validate({**fields, "body": UnknownFact.model_validate(fields["body"])})
    except (ValidationError, ValueError, KeyError, TypeError, RecursionError) as unreadable:
        raise EntryUnreadable(str(unreadable)[:300]) from None


__all__ = [
    "FACTS",
    "FACT_NAMES",
    "FORMAT",
    "MAX_ENTRY_BYTES",
    "Acknowledged",
    "AlarmClosed",
    "AlarmRaised",
    "Amended",
    "CalledBack",
    "CaseDisposed",
    "CaseLinked",
    "CaseMoved",
    "CaseOpened",
    "CaseUnlinked",
    "DeviceReported",
    "Entry",
    "EntryUnreadable",
    "EpochBegan",
    "Erased",
    "Fact",
    "Force",
    "ForkFound",
    "Gap",
    "KnownFact",
    "LegStarted",
    "LineLimitsSet",
    "LookoutEnded",
    "LookoutOpened",
    "LookoutTold",
    "NoticeGiven",
    "ObservationRecorded",
    "OrderCancelled",
    "OrderIssued",
    "PatrolEnded",
    "PatrolPaused",
    "PatrolResumed",
    "PatrolStarted",
    "PersonRegistered",
    "PhotoTaken",
    "PlaceRegistered",
    "Point",
    "Position",
    "Released",
    "Remarked",
    "RenditionMade",
    "ReportSent",
    "ReportSigned",
    "Restriction",
    "Reviewed",
    "RoleGiven",
    "RoleTaken",
    "SameAs",
    "SameAsWithdrawn",
    "SealedLookout",
    "Shared",
    "ShiftEnded",
    "ShiftStarted",
    "SosClosed",
    "SosRaised",
    "SourceSealed",
    "Taken",
    "TipGraded",
    "TrackRecorded",
    "UnitRegistered",
    "UnknownFact",
    "Unshared",
    "Value",
    "VoiceRecorded",
    "Voided",
    "WriterEnrolled",
    "WriterRevoked",
    "read_entry",
]
