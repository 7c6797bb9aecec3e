"""What is held, shown to those who may let it in."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, select

from journal.access import Standing, may_use
from journal.names import WriterId, name_entry
from sync_server.admission import ENTRIES
from sync_server.register import WRITERS

AT_ONCE = 200


class HeldThere(BaseModel):
    """A held entry: who sent it, why it is held, and its bytes as they were signed."""

    model_config = ConfigDict(frozen=True)

    ref: str
    person: str
    unit: str
    reason: str
    received_ms: int
    branch: int
    raw: str


class HeldPage(BaseModel):
    """Held entries in order of arrival; ask again after ``until`` while there are some."""

    model_config = ConfigDict(frozen=True)

    until: int
    held: tuple[HeldThere, ...]


def list_held(connection: Connection, standing: Standing, after: int) -> HeldPage:
    """Held entries of the units in which the reader may let something in. Own ones are not among them: nobody releases those."""
    units = [unit for unit in standing.roles if may_use(standing, "release", unit)]
    rows = connection.execute(
        select(ENTRIES, WRITERS.c.person)
        .join(WRITERS, WRITERS.c.writer == ENTRIES.c.writer)
        .where(ENTRIES.c.let_in.is_(None), ENTRIES.c.unit.in_(units), ENTRIES.c.arrived > after)
        .where(WRITERS.c.person != standing.person, ENTRIES.c.raw.is_not(None))
        .order_by(ENTRIES.c.arrived)
        .limit(AT_ONCE)
    ).all()
    held = tuple(
        HeldThere(
            ref=name_entry(WriterId(row.writer), row.seq),
            person=row.person,
            unit=row.unit,
            reason=row.reason,
            received_ms=row.received_ms,
            branch=row.branch,
            raw=row.raw.decode("utf-8", "replace"),
        )
        for row in rows
    )
    return HeldPage(until=rows[-1].arrived if rows else after, held=held)
