"""Who told a tip, opened for a person who may: only here, only with a reason, and only after it was written down."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, select

from journal.entries import SourceSealed, read_entry
from journal.sealed_box import BoxUnreadable
from journal.tip_source import open_source
from journal.wire import WireUnreadable, from_text
from sync_server.admission import ENTRIES
from sync_server.register import WRITERS
from sync_server.station import Station

FACT = "source_sealed"


class OpenedSource(BaseModel):
    """What one box held, who sealed it and when."""

    model_config = ConfigDict(frozen=True)
    name: str
    phone: str
    how: str
    person: str
    sealed_ms: int


class OpenedSources(BaseModel):
    """The newest first; what was sealed again for a record stands beside what was sealed before."""

    model_config = ConfigDict(frozen=True)
    subject: str
    sources: tuple[OpenedSource, ...]


@dataclass(frozen=True)
class SealedThere:
    """A box that the station holds and let in."""

    raw: bytes
    person: str


def sealed_sources(connection: Connection, subject: str) -> list[SealedThere]:
    """The boxes of a record, the newest first; nothing that is held or erased."""
    rows = connection.execute(
        select(ENTRIES.c.raw, WRITERS.c.person)
        .join(WRITERS, WRITERS.c.writer == ENTRIES.c.writer)
        .where(ENTRIES.c.subject == subject, ENTRIES.c.fact == FACT, ENTRIES.c.branch == 0)
        .where(ENTRIES.c.let_in.is_not(None), ENTRIES.c.raw.is_not(None))
        .order_by(ENTRIES.c.arrived.desc())
    )
    return [SealedThere(row.raw, row.person) for row in rows]


def open_sources(station: Station, sealed: list[SealedThere]) -> tuple[OpenedSource, ...]:
    """What is in the boxes; one that does not open with this station's key and its own writer tells nothing."""
    opened = []
    for one in sealed:
        entry = read_entry(one.raw)
        if not isinstance(entry.body, SourceSealed):
            continue
        try:
            source = open_source(station.sealing_key, from_text(entry.body.box), entry.writer)
        except (BoxUnreadable, WireUnreadable):
            continue
        opened.append(
            OpenedSource(name=source.name, phone=source.phone, how=source.how, person=one.person, sealed_ms=entry.at[0])
        )
    return tuple(opened)
