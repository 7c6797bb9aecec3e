"""The state of an observation, a photo, a voice note: what was recorded, as it reads after its corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from journal.entries import CalledBack, ObservationRecorded, PhotoTaken, RenditionMade, SourceSealed, TipGraded, VoiceRecorded
from journal.entries.envelope import Value
from journal.folding.amending import amend
from journal.folding.order import Kept
from journal.folding.patrol import TrackPiece, gather_tracks
from journal.folding.record import RecordState, gather_record
from journal.names import EntryRef, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationState(RecordState):
    """``recorded`` reads as amended: kind, values, position, reporter_position, place, priority, certainty, …"""

    recorded: ObservationRecorded
    lines: tuple[TrackPiece, ...]
    """A trail that was walked in, by the time of the first fix of each piece."""
    source_sealed: bool
    """Who told it is known to the station alone."""
    graded: TipGraded | None
    """The desk's last word on a tip."""
    calls: tuple[CalledBack, ...]
    """Calls to who told it, in their order."""

    @property
    def line_m(self) -> int:
        """How long the lines are together, in metres."""
        return sum(piece.track.distance_mm for piece in self.lines) // 1000

    @property
    def values(self) -> Mapping[str, Value]:
        """Catalogue fields after amendments."""
        return self.recorded.values

    @property
    def units(self) -> frozenset[str]:
        """The owner and every unit it is shared with; those of its patrol come in addition."""
        return self.shared_units | {self.unit}


@dataclass(frozen=True, slots=True)
class Rendition:
    ref: EntryRef
    made: RenditionMade


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoState(RecordState):
    """``renditions`` holds the latest copy for each role."""

    taken: PhotoTaken
    renditions: Mapping[str, Rendition]

    @property
    def of(self) -> Subject:
        return Subject(self.taken.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceState(RecordState):
    recorded: VoiceRecorded

    @property
    def of(self) -> Subject:
        return Subject(self.recorded.of)


def fold_observation(begin: Kept, ordered: Sequence[Kept]) -> ObservationState:
    """The observation that ``begin`` recorded."""
    recorded = begin.entry.body
    assert isinstance(recorded, ObservationRecorded)
    parts = gather_record(begin, ordered, recorded.share_with)
    if parts["amendments"]:
        recorded = amend(recorded, [amendment.fact for amendment in parts["amendments"]])
    sealed = any(isinstance(kept.entry.body, SourceSealed) for kept in ordered)
    bodies = [kept.entry.body for kept in ordered]
    grades = [body for body in bodies if isinstance(body, TipGraded)]
    return ObservationState(
        **parts,
        recorded=recorded,
        lines=gather_tracks(ordered),
        source_sealed=sealed,
        graded=grades[-1] if grades else None,
        calls=tuple(body for body in bodies if isinstance(body, CalledBack)),
    )


def fold_photo(begin: Kept, ordered: Sequence[Kept]) -> PhotoState:
    """The photo that ``begin`` took; its hash and origin are evidence that no correction touches."""
    taken = begin.entry.body
    assert isinstance(taken, PhotoTaken)
    parts = gather_record(begin, ordered)
    facts = [amendment.fact for amendment in parts["amendments"]]
    renditions = {
        kept.entry.body.role: Rendition(kept.entry.ref, kept.entry.body)
        for kept in ordered
        if isinstance(kept.entry.body, RenditionMade)
    }
    taken = amend(taken, facts, only=frozenset({"caption", "of"})) if facts else taken
    return PhotoState(**parts, taken=taken, renditions=renditions)


def fold_voice(begin: Kept, ordered: Sequence[Kept]) -> VoiceState:
    """The voice note that ``begin`` recorded."""
    recorded = begin.entry.body
    assert isinstance(recorded, VoiceRecorded)
    return VoiceState(**gather_record(begin, ordered), recorded=recorded)
