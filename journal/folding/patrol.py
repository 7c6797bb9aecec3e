"""The state of a patrol: how it was announced, walked and ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from journal.entries import (
    LegStarted,
    PatrolEnded,
    PatrolPaused,
    PatrolResumed,
    PatrolStarted,
    TrackRecorded,
)
from journal.folding.amending import amend
from journal.folding.order import Kept
from journal.folding.record import RecordState, gather_record
from journal.names import EntryRef

_STARTED_FIELDS = frozenset(PatrolStarted.model_fields) - {"fact"}
_ENDED_FIELDS = frozenset(PatrolEnded.model_fields) - {"fact"}


@dataclass(frozen=True, slots=True)
class Pause:
    """``resumed_ms`` is None while the pause lasts."""

    paused_ms: int
    resumed_ms: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Leg:
    started_ms: int
    transport: str


@dataclass(frozen=True, slots=True)
class TrackPiece:
    """Some minutes of packed fixes; ``track.fixes`` stays as it came."""

    ref: EntryRef
    track: TrackRecorded


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolState(RecordState):
    """``started`` and ``ended`` read as amended; ``ended`` is None while the team is out."""

    started: PatrolStarted
    ended: PatrolEnded | None
    pauses: tuple[Pause, ...]
    legs: tuple[Leg, ...]
    tracks: tuple[TrackPiece, ...]
    """By the time of their first fix."""

    @property
    def distance_m(self) -> int:
        """As the leader confirmed it; before that, the sum of the recorded tracks."""
        if self.ended is not None and self.ended.distance_m is not None:
            return self.ended.distance_m
        return sum(piece.track.distance_mm for piece in self.tracks) // 1000

    @property
    def persons(self) -> frozenset[str]:
        """Leader and members, as ``person:CODE``."""
        return frozenset((self.started.leader, *self.started.members))

    @property
    def units(self) -> frozenset[str]:
        """Every unit that may see the patrol."""
        return self.shared_units | {self.unit, self.started.lead_unit, *self.started.coordinating_units}

    @property
    def people(self) -> int:
        """Own people, by force."""
        return sum(force.people for force in self.started.composition)


def fold_patrol(begin: Kept, ordered: Sequence[Kept]) -> PatrolState:
    """The patrol that ``begin`` started."""
    started = begin.entry.body
    assert isinstance(started, PatrolStarted)
    parts = gather_record(begin, ordered)
    ended: PatrolEnded | None = None
    legs: list[Leg] = []
    for kept in ordered:
        body = kept.entry.body
        if isinstance(body, LegStarted):
            legs.append(Leg(body.started_ms, body.transport))
        elif isinstance(body, PatrolEnded):
            ended = body
    if parts["amendments"]:
        facts = [amendment.fact for amendment in parts["amendments"]]
        ended = ended and amend(ended, facts, only=_ENDED_FIELDS)
        started = amend(started, facts, only=_STARTED_FIELDS)
    return PatrolState(
        **parts,
        started=started,
        ended=ended,
        pauses=_pair_pauses(ordered),
        legs=tuple(legs),
        tracks=gather_tracks(ordered),
    )


def gather_tracks(ordered: Sequence[Kept]) -> tuple[TrackPiece, ...]:
    """The tracks about a subject, by the time of their first fix."""
    pieces = [TrackPiece(kept.entry.ref, kept.entry.body) for kept in ordered if isinstance(kept.entry.body, TrackRecorded)]
    return tuple(sorted(pieces, key=lambda piece: (piece.track.from_ms, piece.ref)))


def _pair_pauses(ordered: Sequence[Kept]) -> tuple[Pause, ...]:
    """Each pause with the resumption or the end that followed it."""
    pauses: list[Pause] = []
    for kept in ordered:
        body = kept.entry.body
        lasting = pauses[-1] if pauses and pauses[-1].resumed_ms is None else None
        if isinstance(body, PatrolPaused) and lasting is None:
            pauses.append(Pause(body.paused_ms, None, body.reason))
        elif isinstance(body, PatrolResumed) and lasting is not None:
            pauses[-1] = Pause(lasting.paused_ms, body.resumed_ms, lasting.reason)
        elif isinstance(body, PatrolEnded) and lasting is not None:
            pauses[-1] = Pause(lasting.paused_ms, body.ended_ms, lasting.reason)
    return tuple(pauses)
