"""What a judgement needs to know of the person who acts, of the subject, and of an entry that somebody wants to see."""

from collections.abc import Mapping
from dataclasses import dataclass

from journal.entries import (
    CaseOpened,
    Entry,
    LineLimitsSet,
    LookoutOpened,
    ObservationRecorded,
    OrderIssued,
    PatrolStarted,
    Shared,
)

Roles = Mapping[str, frozenset[str]]
"""Role codes by unit. A role in a unit says nothing about the units below it."""


@dataclass(frozen=True)
class Standing:
    """Who acts, as folded from the station's own entries."""

    person: str
    """``person:CODE``; of the station itself ``station:ID``."""
    writer: str
    roles: Roles
    revoked: bool = False
    station: bool = False
    """True for the station's own writer only."""

    def roles_in(self, unit: str) -> frozenset[str]:
        return self.roles.get(unit, frozenset())


@dataclass(frozen=True)
class SubjectFacts:
    """What the station knows of a subject when an entry about it arrives."""

    author_person: str
    leader_person: str | None = None
    """Leader of the patrol that it is or was recorded on."""
    on_patrol: frozenset[str] = frozenset()
    """Leader and members of that patrol."""
    units: frozenset[str] = frozenset()
    """Every unit whose stream holds it."""
    review: str | None = None
    """Last verdict on the present version; None when nobody judged it, or it was amended since."""
    reviewed_by: str | None = None
    locked: bool = False
    version: str = ""
    """Ref of the latest entry that recorded or amended it."""
    kind: str | None = None
    """Kind of an observation."""
    began: str | None = None
    """Name of the fact that began it; None when it is not known, and then not judged by."""
    owner_unit: str | None = None
    """Unit of the entry that began it: verdicts, merging and sharing are for that unit."""
    restricted: bool = False


@dataclass(frozen=True)
class EntryFacts:
    """What decides whether somebody in a stream may see an entry."""

    fact: str
    kind: str | None = None
    """Kind of the observation that the entry records or is about."""
    restricted: bool = False
    """True for a restricted case and everything that is about it."""
    author_person: str | None = None
    """Who began the subject."""
    addressed: frozenset[str] = frozenset()
    """Persons whom the order names that the entry is or is about."""


def facts_of(entry: Entry, subject: Entry | None = None, *, author_person: str | None = None) -> EntryFacts:
    """What may be seen by, of an entry and the entry that began its subject (None where the entry is that one itself)."""
    body, root = entry.body, (subject or entry).body
    return EntryFacts(
        fact=body.fact,
        kind=root.kind if isinstance(root, ObservationRecorded) else None,
        restricted=isinstance(root, CaseOpened) and root.restricted,
        author_person=author_person,
        addressed=frozenset(root.to_persons) if isinstance(root, OrderIssued) else frozenset(),
    )


def units_named(entry: Entry) -> frozenset[str]:
    """Units that an entry itself brings into the streams of its subject: its own and those that it names."""
    body = entry.body
    match body:
        case PatrolStarted():
            return frozenset({entry.unit, body.lead_unit, *body.coordinating_units})
        case ObservationRecorded():
            return frozenset({entry.unit, *body.share_with})
        case OrderIssued():
            return frozenset({entry.unit, body.to_unit, *(body.with_units or ())})
        case LookoutOpened() | LineLimitsSet():
            return frozenset({entry.unit, *body.for_units})
        case Shared():
            return frozenset({entry.unit, *body.with_units})
    return frozenset({entry.unit})
