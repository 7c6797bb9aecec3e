"""Facts of the field: a patrol and its legs, what was seen on it, photos, corrections, calls for help."""

from typing import Annotated, Literal

from pydantic import Field

from journal.entries.envelope import (
    About,
    Base64,
    Code,
    Count,
    Fact,
    Flag,
    Line,
    Part,
    Position,
    Ref,
    Sha256,
    Text,
    Unit,
    Value,
    Whole,
)


class Force(Part):
    """How many people of one force walked: ``bp``, ``cax``, ``dan_quan``, ``ancs``, ``tu_quan``, ``khac``."""

    force: Code
    people: Count


class PatrolStarted(Fact):
    """A team set out. The subject of everything that happens on this patrol."""

    fact: Literal["patrol_started"] = "patrol_started"
    type: Code
    number: Line
    """Number given by the leader's device, e.g. ``TT-2026-0131``; unique with the writer."""
    lead_unit: Unit
    coordinating_units: tuple[Unit, ...] = ()
    leader: About
    """``person:CODE`` who answers for the patrol."""
    members: tuple[About, ...] = ()
    composition: tuple[Force, ...] = ()
    partner_unit: Line | None = None
    partner_people: Count | None = None
    transport: Code | None = None
    plan: Line | None = None
    places_planned: tuple[About, ...] = ()
    campaign: Line | None = None
    order: Ref | None = None
    started_ms: Count
    return_due_ms: Count | None = None
    on_behalf: Flag = False
    """Entered at the station from paper or radio."""
    channel: Code | None = None
    """How the station heard of a patrol entered on behalf: ``paper`` or ``radio``."""
    values: dict[Code, Value] | None = None
    """Answers to what the catalogue asks of this type at the start."""


class PatrolPaused(Fact):
    fact: Literal["patrol_paused"] = "patrol_paused"
    paused_ms: Count
    reason: Line | None = None


class PatrolResumed(Fact):
    fact: Literal["patrol_resumed"] = "patrol_resumed"
    resumed_ms: Count


class LegStarted(Fact):
    """The team goes on by other means."""

    fact: Literal["leg_started"] = "leg_started"
    started_ms: Count
    transport: Code


class PatrolEnded(Fact):
    fact: Literal["patrol_ended"] = "patrol_ended"
    ended_ms: Count
    distance_m: Count | None = None
    result: Text
    """The result sentence the leader confirmed."""
    difficulties: Text | None = None
    safe: Flag = True
    safety_note: Text | None = None
    weather: Code | None = None
    handover_note: Text | None = None
    partner_minutes_signed: Flag | None = None
    partner_next_host: Line | None = None
    end_values: dict[Code, Value] | None = None
    """Answers to what the catalogue asks of this type at the end."""
    nothing_note: Text | None = None
    """The leader's word on a patrol of which nothing was recorded."""


class Gap(Part):
    """A stretch of a track without fixes; never drawn as walked."""

    from_ms: Count
    until_ms: Count
    cause: Literal["paused", "no_fix", "permission", "power", "killed", "typed"] | Code


class TrackRecorded(Fact):
    """About ten minutes of fixes, packed. ``packing`` names the code that unpacks ``fixes``.

    About a patrol, or about an observation of a trail that its author walked in.
    """

    fact: Literal["track_recorded"] = "track_recorded"
    packing: Code
    fixes: Base64
    count: Count
    from_ms: Count
    until_ms: Count
    distance_mm: Count
    gaps: tuple[Gap, ...] = ()


class ObservationRecorded(Fact):
    """Something seen, checked, heard or told. Which fields ``values`` holds is said by the catalogue version."""

    fact: Literal["observation_recorded"] = "observation_recorded"
    kind: Code
    catalogue: Code
    patrol: Ref | None = None
    happened_ms: Count
    position: Position | None = None
    """Where it happened; None means not determined."""
    reporter_position: Position | None = None
    place: About | None = None
    place_text: Line | None = None
    direction: Code | None = None
    heading_deg: Annotated[int, Field(strict=True, ge=0, le=359)] | None = None
    priority: Code
    certainty: Code | None = None
    values: dict[Code, Value] = {}
    description: Text | None = None
    indicators: tuple[Code, ...] = ()
    flags: tuple[Code, ...] = ()
    share_with: tuple[Unit, ...] = ()
    on_behalf: Flag = False
    care_times: dict[Code, Count] = {}


class PhotoTaken(Fact):
    """The original as the camera gave it. The hash is of its first bytes."""

    fact: Literal["photo_taken"] = "photo_taken"
    of: About
    sha256: Sha256
    size_bytes: Count
    media_type: Code
    width_px: Count | None = None
    height_px: Count | None = None
    origin: Literal["camera", "picked"] | Code = "camera"
    taken_ms: Count
    position: Position | None = None
    bearing_deg: Annotated[int, Field(strict=True, ge=0, le=359)] | None = None
    caption: Line | None = None


class RenditionMade(Fact):
    """A copy of a photo made for a purpose: ``preview``, ``full`` or ``shared``; its subject is the photo."""

    fact: Literal["rendition_made"] = "rendition_made"
    role: Code
    sha256: Sha256
    size_bytes: Count
    media_type: Code
    width_px: Count
    height_px: Count
    changes: tuple[Code, ...] = ()


class VoiceRecorded(Fact):
    fact: Literal["voice_recorded"] = "voice_recorded"
    of: About
    sha256: Sha256
    size_bytes: Count
    media_type: Code
    length_ms: Count
    taken_ms: Count


class SourceSealed(Fact):
    """Who told what the observation says and how to reach them, in a box for the station alone (``journal/tip_source.py``)."""

    fact: Literal["source_sealed"] = "source_sealed"
    box: Base64


class Amended(Fact):
    """A correction: the named fields of the subject now read so. Names the version that its author saw."""

    fact: Literal["amended"] = "amended"
    saw: Ref
    changes: dict[Code, Value]
    """Top-level fields by name, catalogue fields as ``values.<code>``, position as ``position.<field>``."""
    cleared: tuple[Code, ...] = ()
    reason: Text


class Voided(Fact):
    """Taken back with a reason. Undo is this, by the author, with reason ``undo``; it is hidden and never counted."""

    fact: Literal["voided"] = "voided"
    reason: Text
    undo: Flag = False


class Remarked(Fact):
    """A remark beside a record, by anyone who may see it."""

    fact: Literal["remarked"] = "remarked"
    text: Text


class SosRaised(Fact):
    fact: Literal["sos_raised"] = "sos_raised"
    patrol: Ref | None = None
    kind: Code
    position: Position | None = None
    people: Count | None = None
    raised_ms: Count
    note: Text | None = None


class SosClosed(Fact):
    fact: Literal["sos_closed"] = "sos_closed"
    closed_ms: Count
    outcome: Text


class ShiftStarted(Fact):
    """Who answers for a sector from now on."""

    fact: Literal["shift_started"] = "shift_started"
    sector: Line
    started_ms: Count
    on_duty: tuple[About, ...] = ()
    responsible: About | None = None
    """Who answers for the sector; the first of ``on_duty`` where it is absent."""
    post: About | None = None
    """``place:CODE`` of the post."""
    places: tuple[About, ...] | None = None
    """Markers, trails and openings of the sector."""
    until_ms: Count | None = None
    """The hour at which the next shift was to take over."""
    takes_over: Ref | None = None
    """The shift that handed over to this one."""


class ShiftEnded(Fact):
    fact: Literal["shift_ended"] = "shift_ended"
    ended_ms: Count
    handed_to: About | None = None
    """Who answers from then on."""
    note: Text | None = None


class DeviceReported(Fact):
    """What a device says of itself: a clock that jumped, a tail lost by the disk, an app of another version."""

    fact: Literal["device_reported"] = "device_reported"
    what: Code
    figures: dict[Code, Whole] = {}
    text: Line | None = None
