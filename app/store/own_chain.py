"""The own chain on this device: where it stands, and how the next entry is made and linked."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.store.vault import Identity
from journal.chain import FIRST_YEAR, LAST_PERIOD, canonical_bytes, first_link, leaf_of, link_after
from journal.clock import HybridClock, ReadClocks, Stamp, milliseconds
from journal.entries import Entry, Fact, ObservationRecorded, SosClosed, SosRaised, Taken
from journal.exchange import Link
from journal.names import EntryRef, Subject, name_entry
from journal.wire import MAX_ENTRY_BYTES

URGENT_PRIORITY = "khan"


class EntryTooLarge(Exception):
    """More than 64 KiB: the station would refuse it, so it is not made."""


@dataclass(frozen=True)
class Made:
    """A new entry, its bytes, and the links before and after it."""

    entry: Entry
    raw: bytes
    previous_link: bytes
    link: bytes


def is_urgent(body: Fact) -> bool:
    """Whether this goes ahead of its turn: a call for help and its end, an observation of the highest rank."""
    if isinstance(body, ObservationRecorded):
        return body.priority == URGENT_PRIORITY
    return isinstance(body, SosRaised | SosClosed)


class OwnChain:
    """Where the own chain stands. Made entries count once their transaction has; :attr:`stands_at` puts it back."""

    def __init__(self, identity: Identity, read_clocks: ReadClocks, stands_at: Link, last: Stamp) -> None:
        self._identity = identity
        self._read_clocks = read_clocks
        self.stands_at = stands_at
        self.clock = HybridClock(last)

    @classmethod
    def first(cls, identity: Identity, read_clocks: ReadClocks) -> "OwnChain":
        """The chain of a writer that has written nothing."""
        return cls(identity, read_clocks, Link(0, first_link(identity.writer)), Stamp(0, 0))

    def make(self, body: Fact, subject: Subject | None, unit: str | None) -> Made:
        """The next entry of the chain. Raises :class:`EntryTooLarge`."""
        seq = self.stands_at.seq + 1
        reading = self._read_clocks()
        entry = Entry(
            writer=self._identity.writer,
            seq=seq,
            unit=unit or self._identity.enrolment.unit,
            at=self.clock.tick(self._within_salts(reading.wall_ms)),
            taken=Taken(
                wall_ms=reading.wall_ms,
                source=reading.source,
                within_ms=reading.within_ms,
                mono_ms=reading.mono_ms,
                boot=reading.boot,
            ),
            subject=subject or name_entry(self._identity.writer, seq),
            body=body,
        )
        raw = canonical_bytes(entry)
        if len(raw) > MAX_ENTRY_BYTES:
            raise EntryTooLarge(f"{body.fact}: {len(raw)} bytes")
        before = self.stands_at.link
        link = link_after(before, leaf_of(self._identity.salt_keys.salt(entry.stamp.ms, seq), raw))
        self.stands_at = Link(seq, link)
        return Made(entry, raw, before, link)

    def meet(self, stamp: Stamp) -> None:
        """Moves past what another wrote, unless that is a day ahead of this device's clock."""
        self.clock.meet(stamp, self._within_salts(self._read_clocks().wall_ms))

    @property
    def tip(self) -> EntryRef | None:
        return name_entry(self._identity.writer, self.stands_at.seq) if self.stands_at.seq else None

    def _within_salts(self, wall_ms: int) -> int:
        """The wall time, kept within the months that have salt keys: a phone that lives in 1970 must still be able to write.

        What its clock really said is in ``taken``.
        """
        return min(max(wall_ms, _month_starts_ms(self._identity.salt_keys.first_period)), _month_starts_ms(LAST_PERIOD))


def _month_starts_ms(period: int) -> int:
    return milliseconds(datetime(FIRST_YEAR + period // 12, period % 12 + 1, 1, tzinfo=UTC))
