"""What the queries give to screens: frozen values, with person and unit codes resolved where a screen shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from journal.entries.envelope import Value
from journal.folding import CaseState, ObservationState, PatrolState, TrackPiece

PAGE = 50


@dataclass(frozen=True, slots=True)
class PatrolLine:
    """A patrol on a list. Times are ms since 1970; ``people_by_force`` is without the partner's."""

    subject: str
    unit: str
    author: str
    number: str
    type: str
    lead_unit: str
    units: tuple[str, ...]
    leader: str
    members: tuple[str, ...]
    people_by_force: Mapping[str, int]
    people: int
    partner_people: int
    plan: str | None
    order_ref: str | None
    started_ms: int
    return_due_ms: int | None
    on_behalf: bool
    """Entered at the station, from paper or radio."""
    ended_ms: int | None
    paused: bool
    distance_m: int
    result: str | None
    safe: bool | None
    last_ms: int
    status: str
    reopened: bool
    review_reason: str | None
    reviewer: str | None
    """``person:CODE``; the writer's id while its enrolment is not here."""
    reviewed_ms: int | None
    version: str
    voided: bool
    newer: int
    custody: str
    held_reason: str | None
    received_ms: int | None
    number_shared: bool
    """Another patrol carries the same number: two phones without a signal may have proposed it."""


@dataclass(frozen=True, slots=True)
class ObservationLine:
    """An observation on a list. ``author`` is the writer, ``author_person`` who that is, if known here."""

    subject: str
    unit: str
    author: str
    author_person: str | None
    kind: str
    catalogue: str
    patrol: str | None
    happened_ms: int
    recorded_ms: int
    latitude_e7: int | None
    longitude_e7: int | None
    accuracy_mm: int | None
    place: str | None
    place_text: str | None
    priority: str
    certainty: str | None
    values: Mapping[str, Value]
    """Catalogue fields and ``ENTRY_KEYS`` after amendments: what the catalogue wants for a title."""
    description: str | None
    flags: tuple[str, ...]
    status: str
    reopened: bool
    review_reason: str | None
    reviewer: str | None
    reviewed_ms: int | None
    version: str
    merged_into: str | None
    counted: bool
    voided: bool
    acknowledged: bool
    newer: int
    custody: str
    held_reason: str | None
    received_ms: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """``following`` is the cursor of the next page; None on the last."""

    lines: tuple[ObservationLine, ...]
    following: str | None


@dataclass(frozen=True, slots=True)
class ObservationFilter:
    """Empty tuples and None do not filter. The period is from, inclusive, until, exclusive, by when it happened."""

    units: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    custody: tuple[str, ...] = ()
    text: str = ""
    from_ms: int | None = None
    until_ms: int | None = None
    patrol: str | None = None
    author: str | None = None
    """Writer."""
    only_counted: bool = False


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A photo, or a voice note when ``length_ms`` is set."""

    subject: str
    of: str
    author: str
    sha256: str
    size_bytes: int
    media_type: str
    taken_ms: int
    caption: str | None
    origin: str | None
    length_ms: int | None
    preview: str | None
    full: str | None
    voided: bool
    custody: str
    held_reason: str | None
    received_ms: int | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    subject: str
    unit: str
    code: str
    title: str
    kind: str | None
    restricted: bool
    state: str
    opened_ms: int
    last_ms: int
    items: int
    dispositions: int
    voided: bool


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One entry of a record: who said it, and where it is."""

    ref: str
    writer: str
    person: str | None
    fact: str
    order_ms: int
    received_ms: int | None
    custody: str
    held_reason: str | None


@dataclass(frozen=True, slots=True)
class ObservationDetail:
    """``state`` holds values, reviews, amendments, remarks and the timeline of what counts; ``chain`` every entry."""

    line: ObservationLine
    state: ObservationState
    photos: tuple[PhotoLine, ...]
    patrol: PatrolLine | None
    patrol_state: PatrolState | None
    """What the patrol said of itself at its start and end."""
    cases: tuple[CaseLine, ...]
    merged: tuple[str, ...]
    """Records that were joined to this one."""
    chain: tuple[CustodyLine, ...]


@dataclass(frozen=True, slots=True)
class PatrolDetail:
    line: PatrolLine
    state: PatrolState
    observations: tuple[ObservationLine, ...]
    """Those that are not undone, in the order in which they happened."""
    photos: tuple[PhotoLine, ...]
    chain: tuple[CustodyLine, ...]

    @property
    def tracks(self) -> tuple[TrackPiece, ...]:
        return self.state.tracks


@dataclass(frozen=True, slots=True)
class CaseDetail:
    line: CaseLine
    state: CaseState
    observations: tuple[ObservationLine, ...]
    patrols: tuple[PatrolLine, ...]
    chain: tuple[CustodyLine, ...]


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """A call for help (``sos``) or an alarm of the station. ``about`` is the patrol, or what the alarm is about.

    ``answered_by`` and ``closed_by`` are writers. ``fixed_ms`` is when the position was measured, which may be long before.
    """

    subject: str
    unit: str
    author: str
    sos: bool
    kind: str
    about: str | None
    text: str | None
    latitude_e7: int | None
    longitude_e7: int | None
    accuracy_mm: int | None
    fixed_ms: int | None
    people: int | None
    raised_ms: int
    closed_ms: int | None
    closed_by: str | None
    outcome: str | None
    answered_ms: int | None
    answered_by: str | None
    answer: str | None
    custody: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """``line`` holds (latitude_e7, longitude_e7) of a trail."""

    subject: str
    kind: str
    name: str
    latitude_e7: int | None
    longitude_e7: int | None
    line: tuple[tuple[int, int], ...]
    status: str | None
    marker_class: str | None
    number: str | None
    retired: bool


@dataclass(frozen=True, slots=True)
class UnitLine:
    code: str
    name: str
    short_name: str | None
    kind: str
    parent: str | None
    retired: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """``roles`` are those in force, by unit."""

    subject: str
    name: str
    home_unit: str
    title: str | None
    force: str | None
    retired: bool
    roles: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """An entry that the station set aside, and why: a code of ``journal.access``."""

    ref: str
    subject: str
    writer: str
    fact: str
    reason: str | None
    order_ms: int
    own: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Own entries that no receipt names yet. ``oldest_ms`` is None when there are none."""

    entries: int
    size_bytes: int
    oldest_ms: int | None


@dataclass(frozen=True, slots=True)
class DeskCounts:
    out: int
    urgent: int
    """Urgent records without a verdict, calls for help and alarms that last."""
    to_review: int
