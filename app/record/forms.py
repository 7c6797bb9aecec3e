"""What a person filled in, before it becomes facts. Plain values: screens build them, the recorder checks and writes them."""

from dataclasses import dataclass, field

from journal.entries import Force, Position, Value
from journal.track.fixes import Fix


@dataclass(frozen=True)
class PatrolForm:
    """A patrol about to start, or one that set out without a phone and is entered at the station (``on_behalf``).

    ``leader`` None is the person who writes, ``started_ms`` None is now; ``values`` answer what the type asks.
    """

    type: str
    lead_unit: str
    number: str
    coordinating_units: tuple[str, ...] = ()
    composition: tuple[Force, ...] = ()
    partner_unit: str | None = None
    partner_people: int | None = None
    transport: str | None = None
    plan: str | None = None
    places_planned: tuple[str, ...] = ()
    order: str | None = None
    return_due_ms: int | None = None
    leader: str | None = None
    members: tuple[str, ...] = ()
    campaign: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    started_ms: int | None = None
    on_behalf: bool = False
    channel: str | None = None


@dataclass(frozen=True)
class EndForm:
    """What the leader says at the end. ``ended_ms`` and ``distance_m`` are typed for a patrol that carried no phone."""

    result: str
    difficulties: str | None = None
    safe: bool = True
    safety_note: str | None = None
    weather: str | None = None
    partner_minutes_signed: bool | None = None
    partner_next_host: str | None = None
    handover_note: str | None = None
    end_values: dict[str, Value] = field(default_factory=dict)
    nothing_note: str | None = None
    """The leader's word on a patrol of which nothing was recorded."""
    ended_ms: int | None = None
    distance_m: int | None = None


@dataclass(frozen=True)
class PhotoForm:
    """A picture that is already durable on this device, with what its facts will say."""

    sha256: str
    size_bytes: int
    media_type: str
    width_px: int | None
    height_px: int | None
    copies: tuple["CopyForm", ...]
    origin: str
    taken_ms: int
    position: Position | None = None
    bearing_deg: int | None = None
    """Where the camera looked, 0 to 359 from magnetic north."""
    caption: str | None = None
    exif_ms: int | None = None
    """When the picture's own EXIF says it was taken, only where that differs from the phone's clock by over ten minutes."""
    no_copies: str | None = None
    """Why it is kept as it came, without copies: ``broken``, ``too_many_pixels``, ``other_type``, ``no_room``."""


@dataclass(frozen=True)
class VoiceForm:
    """A voice note that is already durable on this device."""

    sha256: str
    size_bytes: int
    media_type: str
    length_ms: int
    taken_ms: int


@dataclass(frozen=True)
class CopyForm:
    role: str
    sha256: str
    size_bytes: int
    media_type: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class ObservationForm:
    """An observation about to be recorded. ``priority`` None lets the catalogue decide."""

    kind: str
    values: dict[str, Value] = field(default_factory=dict)
    happened_ms: int | None = None
    position: Position | None = None
    reporter_fix: Fix | None = None
    place: str | None = None
    place_text: str | None = None
    direction: str | None = None
    heading_deg: int | None = None
    priority: str | None = None
    certainty: str | None = None
    description: str | None = None
    indicators: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    share_with: tuple[str, ...] = ()
    patrol: str | None = None
    care_times: dict[str, int] = field(default_factory=dict)
    photos: tuple[PhotoForm, ...] = ()
    voices: tuple[VoiceForm, ...] = ()
    source_box: str | None = None
    """Who told it, sealed for the station; base64url."""
    on_behalf: bool = False


@dataclass(frozen=True)
class Recorded:
    """It is on this device, durably."""

    ref: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Something that must be mended first. ``where`` names the field, ``code`` the text that says it."""

    where: str
    code: str


@dataclass(frozen=True)
class NotRecorded:
    """Nothing was written; these are the reasons."""

    problems: tuple[Problem, ...]
