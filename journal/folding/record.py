"""What every record has, whatever it is about: versions, reviews, remarks, sharing, withdrawal, and who said what when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from journal.entries import (
    Acknowledged,
    Amended,
    Fact,
    PatrolEnded,
    Remarked,
    Reviewed,
    SameAs,
    SameAsWithdrawn,
    Shared,
    Unshared,
    Voided,
)
from journal.folding.order import Kept
from journal.folding.reviewing import Review, find_standing
from journal.names import EntryRef, Subject, WriterId
from journal.verdicts import EARLY, SEALED

NEW = "moi"
MERGED = "gop"
OPEN_STATUSES = EARLY | {NEW}
"""Statuses that still wait for a commander."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a timeline: ``at_ms`` is the time by which the entry counts."""

    ref: EntryRef
    writer: WriterId
    fact: str
    at_ms: int
    received_ms: int | None


@dataclass(frozen=True, slots=True)
class Amendment:
    ref: EntryRef
    writer: WriterId
    fact: Amended
    at_ms: int


@dataclass(frozen=True, slots=True)
class Remark:
    ref: EntryRef
    writer: WriterId
    text: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    ref: EntryRef
    writer: WriterId
    seen: EntryRef
    note: str | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The record was taken back. ``undo``: by its own author at once; it is hidden and never counted."""

    ref: EntryRef
    writer: WriterId
    reason: str
    undo: bool
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """The part that all records share. Times are ms since 1970; ``author`` is the writer of the first entry."""

    subject: Subject
    unit: str
    author: WriterId
    began_ms: int
    """Ms by which the first entry counts."""
    version: EntryRef
    """The latest entry that changed the content; what a review judges and an amendment names as seen."""
    review: Review | None
    """The word in force on the present version; None while it waits, also after an amendment reopened it."""
    reviews: tuple[Review, ...]
    late_reviews: tuple[Review, ...]
    """Words on the present version that came when another commander's verdict stood: they change nothing."""
    amendments: tuple[Amendment, ...]
    withdrawal: Withdrawal | None
    merged_into: Subject | None
    shared_units: frozenset[str]
    remarks: tuple[Remark, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    newer: int
    """How many entries hold facts or fields of a newer version."""
    timeline: tuple[Step, ...]

    @property
    def hidden(self) -> bool:
        """Undone by its author: shown nowhere."""
        return self.withdrawal is not None and self.withdrawal.undo

    @property
    def voided(self) -> bool:
        """Taken back, by undo or with a reason: not counted."""
        return self.withdrawal is not None

    @property
    def status(self) -> str:
        """``moi``, ``gop`` or the verdict in force."""
        if self.merged_into is not None:
            return MERGED
        return self.review.verdict if self.review else NEW

    @property
    def reopened(self) -> bool:
        """There was a review, but of an older version."""
        return self.review is None and bool(self.reviews)

    @property
    def locked(self) -> bool:
        return self.review is not None and self.review.verdict == SEALED


class RecordParts(TypedDict):
    """The fields of :class:`RecordState`, to be passed on to the state of a kind."""

    subject: Subject
    unit: str
    author: WriterId
    began_ms: int
    version: EntryRef
    review: Review | None
    reviews: tuple[Review, ...]
    late_reviews: tuple[Review, ...]
    amendments: tuple[Amendment, ...]
    withdrawal: Withdrawal | None
    merged_into: Subject | None
    shared_units: frozenset[str]
    remarks: tuple[Remark, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    newer: int
    timeline: tuple[Step, ...]


@dataclass(slots=True)
class _Walk:
    """What has been gathered so far while walking the entries in order."""

    author: str
    shared: set[str]
    version: EntryRef
    reviews: list[Review] = field(default_factory=list)
    amendments: list[Amendment] = field(default_factory=list)
    withdrawal: Withdrawal | None = None
    same_as: dict[str, None] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    acknowledgements: list[Acknowledgement] = field(default_factory=list)


def gather_record(begin: Kept, ordered: Sequence[Kept], shared: Sequence[str] = ()) -> RecordParts:
    """Walks the entries of one subject in order; the first entry counts as first, whatever its stamp says."""
    first = begin.entry
    walk = _Walk(first.writer, set(shared), first.ref)
    steps: list[Step] = []
    newer = 0
    for kept in ordered:
        entry, body = kept.entry, kept.entry.body
        at_ms = kept.stamp.ms
        steps.append(Step(entry.ref, WriterId(entry.writer), body.fact, at_ms, kept.received_ms))
        newer += not entry.known or body.from_newer_version
        take = _TAKERS.get(type(body))
        if take is not None:
            take(walk, kept, at_ms)
    standing, late = find_standing(walk.reviews, walk.version)
    return RecordParts(
        subject=first.about,
        unit=first.unit,
        author=WriterId(first.writer),
        began_ms=begin.stamp.ms,
        version=walk.version,
        review=standing,
        reviews=tuple(walk.reviews),
        late_reviews=late,
        amendments=tuple(walk.amendments),
        withdrawal=walk.withdrawal,
        merged_into=Subject(next(reversed(walk.same_as))) if walk.same_as else None,
        shared_units=frozenset(walk.shared),
        remarks=tuple(walk.remarks),
        acknowledgements=tuple(walk.acknowledgements),
        newer=newer,
        timeline=tuple(steps),
    )


def _take_amended(walk: _Walk, kept: Kept, at_ms: int) -> None:
    entry = kept.entry
    assert isinstance(entry.body, Amended)
    walk.version = entry.ref
    walk.amendments.append(Amendment(entry.ref, WriterId(entry.writer), entry.body, at_ms))


def _take_end(walk: _Walk, kept: Kept, _at_ms: int) -> None:
    walk.version = kept.entry.ref


def _take_review(walk: _Walk, kept: Kept, at_ms: int) -> None:
    entry, body = kept.entry, kept.entry.body
    assert isinstance(body, Reviewed)
    judged = EntryRef(body.judged)
    word = Review(entry.ref, WriterId(entry.writer), judged, body.verdict, body.reason, at_ms, kept.received_ms)
    walk.reviews.append(word)


def _take_void(walk: _Walk, kept: Kept, at_ms: int) -> None:
    """An undo counts as such only from the author's own device; the first withdrawal stands, unless an undo follows."""
    entry, body = kept.entry, kept.entry.body
    assert isinstance(body, Voided)
    undo = body.undo and entry.writer == walk.author
    if walk.withdrawal is None or (undo and not walk.withdrawal.undo):
        walk.withdrawal = Withdrawal(entry.ref, WriterId(entry.writer), body.reason, undo, at_ms)


def _take_remark(walk: _Walk, kept: Kept, at_ms: int) -> None:
    entry, body = kept.entry, kept.entry.body
    assert isinstance(body, Remarked)
    walk.remarks.append(Remark(entry.ref, WriterId(entry.writer), body.text, at_ms))


def _take_acknowledgement(walk: _Walk, kept: Kept, at_ms: int) -> None:
    entry, body = kept.entry, kept.entry.body
    assert isinstance(body, Acknowledged)
    seen = EntryRef(body.seen)
    walk.acknowledgements.append(Acknowledgement(entry.ref, WriterId(entry.writer), seen, body.note, at_ms))


def _take_sameness(walk: _Walk, kept: Kept, _at_ms: int) -> None:
    body = kept.entry.body
    assert isinstance(body, (SameAs, SameAsWithdrawn))
    walk.same_as.pop(body.other, None)
    if isinstance(body, SameAs) and body.other != kept.entry.subject:
        walk.same_as[body.other] = None


def _take_sharing(walk: _Walk, kept: Kept, _at_ms: int) -> None:
    body = kept.entry.body
    assert isinstance(body, (Shared, Unshared))
    if isinstance(body, Shared):
        walk.shared.update(body.with_units)
    else:
        walk.shared.difference_update(body.with_units)


_TAKERS: dict[type[Fact], Callable[[_Walk, Kept, int], None]] = {
    Amended: _take_amended,
    PatrolEnded: _take_end,
    Reviewed: _take_review,
    Voided: _take_void,
    Remarked: _take_remark,
    Acknowledged: _take_acknowledgement,
    SameAs: _take_sameness,
    SameAsWithdrawn: _take_sameness,
    Shared: _take_sharing,
    Unshared: _take_sharing,
}
