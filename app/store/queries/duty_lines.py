"""What queries give of orders and of shifts of duty."""

from collections.abc import Mapping
from dataclasses import dataclass

from journal.entries import NoticeGiven, Restriction
from journal.folding import OrderState


@dataclass(frozen=True, slots=True)
class OrderLine:
    """``acknowledged`` gives, by writer, when the order was seen. ``to_unit`` leads, ``with_units`` go along."""

    subject: str
    unit: str
    author: str
    kind: str
    title: str
    text: str | None
    to_unit: str
    to_persons: tuple[str, ...]
    patrol_type: str | None
    places: tuple[str, ...]
    issued_ms: int
    starts_ms: int | None
    ends_ms: int | None
    cancelled: str | None
    cancelled_ms: int | None
    acknowledged: Mapping[str, int]
    custody: str
    with_units: tuple[str, ...] = ()
    campaign: str | None = None
    partner_unit: str | None = None
    partner_host: str | None = None
    restriction: Restriction | None = None
    notices: tuple[NoticeGiven, ...] = ()
    """Who was told of it, by the hour."""

    @property
    def units(self) -> tuple[str, ...]:
        """The leading unit and those that go along."""
        return (self.to_unit, *(unit for unit in self.with_units if unit != self.to_unit))

    def holds_at(self, at_ms: int) -> bool:
        """Whether a restriction is in force then."""
        starts_ms, ends_ms = self.starts_ms or 0, self.ends_ms or 0
        lifted_ms = self.cancelled_ms if self.cancelled is not None else None
        return starts_ms <= at_ms < min(ends_ms, lifted_ms if lifted_ms is not None else ends_ms)


@dataclass(frozen=True, slots=True)
class OrderDetail:
    line: OrderLine
    state: OrderState


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """Who answers for a sector, from ``started_ms`` until ``ended_ms`` (None while it lasts); ``acknowledged`` is by writer.

    ``written_ms`` and ``end_written_ms`` are when these were written down: a book kept later says so.
    """

    subject: str
    unit: str
    author: str
    sector: str
    responsible: str | None
    on_duty: tuple[str, ...]
    post: str | None
    places: tuple[str, ...]
    started_ms: int
    until_ms: int | None
    ended_ms: int | None
    takes_over: str | None
    handed_to: str | None
    note: str | None
    written_ms: int
    end_written_ms: int | None
    ended_by: str | None
    """Writer."""
    withdrawn: str | None
    """The reason for which it was taken back: it stays on the list and answers for nothing."""
    acknowledged: Mapping[str, int]
    custody: str

    def runs_at(self, at_ms: int) -> bool:
        """Whether it answered then; the moment of a hand-over is the next shift's."""
        return self.withdrawn is None and self.started_ms <= at_ms and (self.ended_ms is None or at_ms < self.ended_ms)
