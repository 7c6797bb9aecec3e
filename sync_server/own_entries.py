"""The station as a writer: its own facts become entries of its own chain."""

from collections.abc import Sequence
from dataclasses import dataclass

from journal.access import STATION_STREAM
from journal.chain import canonical_bytes, leaf_of, link_after
from journal.clock import HybridClock, Stamp
from journal.entries import Entry, Fact, Taken
from journal.exchange import Link
from journal.names import name_entry
from sync_server.admission import Arriving
from sync_server.station import Station


@dataclass(frozen=True)
class OwnFact:
    """Something the station says. Without a subject it begins its own."""

    body: Fact
    subject: str | None = None
    unit: str = STATION_STREAM


def compose(
    station: Station, facts: Sequence[OwnFact], head: Link, last: Stamp, now_ms: int
) -> tuple[list[Arriving], Link, Stamp]:
    """Entries that continue the station's chain after ``head``, the new head, and the last stamp."""
    clock = HybridClock(last)
    made = []
    for fact in facts:
        seq = head.seq + 1
        entry = Entry(
            writer=station.writer,
            seq=seq,
            unit=fact.unit,
            at=tuple(clock.tick(now_ms)),
            taken=Taken(wall_ms=now_ms, source="station", mono_ms=now_ms, boot="station"),
            subject=fact.subject or name_entry(station.writer, seq),
            body=fact.body,
        )
        raw = canonical_bytes(entry)
        leaf = leaf_of(station.salts.salt(entry.at[0], seq), raw)
        head = Link(seq, link_after(head.link, leaf))
        made.append(Arriving(station.writer, seq, 0, raw, leaf, head.link, entry))
    return made, head, clock.last
