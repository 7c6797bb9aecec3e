"""Which verdict on a version stands, when those who gave it could not see each other's."""

from collections.abc import Sequence
from dataclasses import dataclass

from journal.names import EntryRef, WriterId
from journal.verdicts import APPROVED, EARLY, RETURNED, SEALED


@dataclass(frozen=True, slots=True)
class Review:
    """A commander's word. ``judged`` is the version it was about; ``received_ms`` is None while only its own device has it."""

    ref: EntryRef
    writer: WriterId
    judged: EntryRef
    verdict: str
    reason: str | None
    at_ms: int
    received_ms: int | None = None

    @property
    def closes(self) -> bool:
        """After it nobody else judges this version."""
        return self.verdict not in EARLY and self.verdict != RETURNED


def find_standing(reviews: Sequence[Review], version: EntryRef) -> tuple[Review | None, tuple[Review, ...]]:
    """The word in force on this version, and those that came too late to change it; ``reviews`` in the order in which they count.

    The station lets in the first verdict that reaches it and holds another commander's that comes after, so words are read here
    as they reached it, whatever the clocks of the desks said: a verdict stands against words that only say who has the record in
    hand, and what no receipt names stands against nobody's verdict but its own author's. A sealed record stays sealed.
    """
    standing: Review | None = None
    late: list[Review] = []
    about = [review for review in reviews if review.judged == version]
    for review in sorted(about, key=lambda one: (one.received_ms is None, one.received_ms or 0)):
        if standing is None or _gives_way(standing, review):
            standing = review
        else:
            late.append(review)
    return standing, tuple(late)


def _gives_way(standing: Review, review: Review) -> bool:
    if not standing.closes:
        return True
    if standing.verdict == SEALED or review.verdict in EARLY:
        return False
    seals = standing.verdict == APPROVED and review.verdict == SEALED
    return seals or review.received_ms is not None or review.writer == standing.writer
