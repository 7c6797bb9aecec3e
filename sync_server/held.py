"""What is held, shown to those who may let it in."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, and_, func, select

from journal.access import Standing, may_use
from journal.names import WriterId, name_entry
from sync_server.admission import ENTRIES
from sync_server.register import WRITERS
from sync_server.subjects import SUBJECTS

AT_ONCE = 200
HELD_AND_ABOUT = ENTRIES.outerjoin(SUBJECTS, and_(SUBJECTS.c.subject == ENTRIES.c.subject, ENTRIES.c.branch == 0))
"""Entries, each beside what it is about. On another branch the same ref names something else."""
LET_IN_BY = func.coalesce(SUBJECTS.c.owner_unit, ENTRIES.c.unit)
"""The unit whose commanders let a held entry in: that of the record that it is about, or two people of another unit would open
it to theirs. Of what is about nothing that is known here, the unit that it names."""


class HeldThere(BaseModel):
    """A held entry: who sent it, why it is held, and its bytes as they were signed."""

    model_config = ConfigDict(frozen=True)

    ref: str
    person: str
    unit: str
    """In which it may be let in."""
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
        select(ENTRIES, WRITERS.c.person, LET_IN_BY.label("let_in_by"))
        .select_from(HELD_AND_ABOUT)
        .join(WRITERS, WRITERS.c.writer == ENTRIES.c.writer)
        .where(ENTRIES.c.let_in.is_(None), LET_IN_BY.in_(units), ENTRIES.c.arrived > after)
        .where(WRITERS.c.person != standing.person, ENTRIES.c.raw.is_not(None))
        .order_by(ENTRIES.c.arrived)
        .limit(AT_ONCE)
    ).all()
    held = tuple(
        HeldThere(
            ref=name_entry(WriterId(row.writer), row.seq),
            person=row.person,
            unit=row.let_in_by,
            reason=row.reason,
            received_ms=row.received_ms,
            branch=row.branch,
            raw=row.raw.decode("utf-8", "replace"),
        )
        for row in rows
    )
    return HeldPage(until=rows[-1].arrived if rows else after, held=held)
