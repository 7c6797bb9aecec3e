"""The state of a case and of an order: what belongs to it, where it stands, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass

from journal.entries import (
    CaseDisposed,
    CaseLinked,
    CaseMoved,
    CaseOpened,
    CaseUnlinked,
    NoticeGiven,
    OrderCancelled,
    OrderIssued,
)
from journal.folding.amending import amend
from journal.folding.order import Kept
from journal.folding.record import RecordState, gather_record
from journal.names import EntryRef, Subject, WriterId

OPENED = "mo"
_ORDER_WORDS = frozenset({"title", "text", "to_persons", "patrol_type", "campaign", "partner_unit", "partner_host"})


@dataclass(frozen=True, slots=True)
class CaseItem:
    """An observation, patrol or other case that belongs to a case."""

    item: Subject
    role: str | None
    linked_ms: int


@dataclass(frozen=True, slots=True)
class Disposition:
    ref: EntryRef
    disposed: CaseDisposed


@dataclass(frozen=True, slots=True)
class Move:
    """The case went into ``state``."""

    ref: EntryRef
    state: str
    reason: str | None
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState(RecordState):
    opened: CaseOpened
    items: tuple[CaseItem, ...]
    moves: tuple[Move, ...]
    dispositions: tuple[Disposition, ...]

    @property
    def state(self) -> str:
        """Where the case stands: ``mo`` until it is moved."""
        return self.moves[-1].state if self.moves else OPENED


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody was told of an order; ``writer`` wrote that down at ``at_ms``."""

    ref: EntryRef
    writer: WriterId
    given: NoticeGiven
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState(RecordState):
    """``cancelled`` holds the reason; who has seen it stands in ``acknowledgements``."""

    issued: OrderIssued
    cancelled: str | None
    cancelled_ms: int | None
    notices: tuple[Notice, ...]


def fold_case(begin: Kept, ordered: Sequence[Kept]) -> CaseState:
    """The case that ``begin`` opened."""
    opened = begin.entry.body
    assert isinstance(opened, CaseOpened)
    parts = gather_record(begin, ordered)
    items: dict[str, CaseItem] = {}
    moves: list[Move] = []
    dispositions: list[Disposition] = []
    for kept in ordered:
        body, ref = kept.entry.body, kept.entry.ref
        if isinstance(body, CaseLinked):
            items[body.item] = CaseItem(Subject(body.item), body.role, kept.stamp.ms)
        elif isinstance(body, CaseUnlinked):
            items.pop(body.item, None)
        elif isinstance(body, CaseMoved):
            moves.append(Move(ref, body.state, body.reason, kept.stamp.ms))
        elif isinstance(body, CaseDisposed):
            dispositions.append(Disposition(ref, body))
    return CaseState(
        **parts,
        opened=amend(opened, [amendment.fact for amendment in parts["amendments"]]),
        items=tuple(items.values()),
        moves=tuple(moves),
        dispositions=tuple(dispositions),
    )


def fold_order(begin: Kept, ordered: Sequence[Kept]) -> OrderState:
    """The order that ``begin`` issued: corrections change its words, never what it asks and until when."""
    issued = begin.entry.body
    assert isinstance(issued, OrderIssued)
    parts = gather_record(begin, ordered)
    ended = next(
        ((kept.entry.body.reason, kept.stamp.ms) for kept in ordered if isinstance(kept.entry.body, OrderCancelled)), None
    )
    notices = [
        Notice(kept.entry.ref, WriterId(kept.entry.writer), kept.entry.body, kept.stamp.ms)
        for kept in ordered
        if isinstance(kept.entry.body, NoticeGiven)
    ]
    return OrderState(
        **parts,
        issued=amend(issued, [amendment.fact for amendment in parts["amendments"]], only=_ORDER_WORDS),
        cancelled=ended[0] if ended else None,
        cancelled_ms=ended[1] if ended else None,
        notices=tuple(sorted(notices, key=lambda one: (one.given.told_ms, one.ref))),
    )
