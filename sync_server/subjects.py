"""What the station knows of each subject, moved on entry by entry: for judging what comes next and for who may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, FromClause, Select, bindparam, select

from journal.access import SubjectFacts, units_named
from journal.access.roles import OFFICER_KINDS, OPEN_REVIEWS, VILLAGE_KINDS
from journal.entries import (
    AlarmRaised,
    Amended,
    CaseOpened,
    Entry,
    ObservationRecorded,
    OrderIssued,
    PatrolEnded,
    PatrolStarted,
    PhotoTaken,
    Reviewed,
    Shared,
    SosRaised,
    Unshared,
    VoiceRecorded,
)
from journal.names import split_ref
from journal.verdicts import EARLY, SEALED
from sync_server.prepared import AskedOfMany, NewRows
from sync_server.tables import SubjectRow, table_of

SUBJECTS = table_of(SubjectRow)
_COLUMNS = tuple(column.name for column in SUBJECTS.columns)
_IN_ORDER = attrgetter(*_COLUMNS)
_KINDS_FOR_FEW = OFFICER_KINDS | VILLAGE_KINDS
_LISTS = ("own_units", "on_patrol", "addressed")


def _rows_of(named: FromClause) -> Select[Any]:
    return select(SUBJECTS).where(SUBJECTS.c.subject.in_(select(named.c.name)))


_STANDING, _NEW_SUBJECTS = AskedOfMany(_rows_of), NewRows(SUBJECTS)


@dataclass
class Known:
    """A row of the subject table in hand, without the weight of the ORM: a push may begin a thousand of them."""

    subject: str
    began: str
    owner_unit: str
    author_person: str
    own_units: tuple[str, ...]
    version: str
    patrol: str | None = None
    of: str | None = None
    leader_person: str | None = None
    on_patrol: tuple[str, ...] = ()
    kind: str | None = None
    restricted: bool = False
    addressed: tuple[str, ...] = ()
    review: str | None = None
    reviewed_by: str | None = None
    locked: bool = False

    def above(self) -> list[str]:
        """Subjects that it hangs on: the patrol of an observation, the observation of a photo."""
        return [one for one in (self.patrol, self.of) if one]


@lru_cache(maxsize=4_096)
def _streams_of(units: tuple[str, ...]) -> frozenset[str]:
    """The same few units come again and again."""
    return frozenset(units)


class Subjects:
    """Subjects within one transaction: read when first asked for, written by :meth:`flush`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, Known | None] = {}
        self._begun: dict[str, Known] = {}
        self._changed: dict[str, Known] = {}

    def bring(self, names: Iterable[str]) -> None:
        """Reads these subjects, and those that they hang on, in as few queries as their depth."""
        missing = {name for name in names if name not in self._known and split_ref(name) is not None}
        while missing:
            found = {row.subject: known_from(row) for row in _STANDING.rows(self._connection, missing)}
            self._known.update({name: found.get(name) for name in missing})
            above = {name for row in found.values() for name in row.above()}
            missing = {name for name in above if name not in self._known}

    def expect_new(self, names: Iterable[str]) -> None:
        """These begin with what is to be stored: there is nothing to read of them."""
        for name in names:
            self._known.setdefault(name, None)

    def get(self, name: str | None) -> Known | None:
        if name is None:
            return None
        if name not in self._known:
            self.bring([name])
        return self._known.get(name)

    def streams(self, name: str) -> frozenset[str]:
        """Every stream that holds the subject: its own, those of its patrol and of what it is a photo of."""
        row = self.get(name)
        if row is None:
            return frozenset()
        streams = _streams_of(row.own_units)
        above, met = row.above(), {name}
        while above:
            one = above.pop()
            row = None if one in met else self.get(one)
            met.add(one)
            if row is not None:
                streams |= _streams_of(row.own_units)
                above += row.above()
        return streams

    def shows_for_few(self, name: str, of: str) -> bool:
        """Whether it shows as what it is a photo of does, and that is not for all who record in its streams."""
        row, shown = self.get(name), self.get(of)
        return row is not None and shown is not None and row.of == of and (shown.kind in _KINDS_FOR_FEW or shown.restricted)

    def facts(self, name: str) -> SubjectFacts | None:
        """The subject as the rules want to know it."""
        row = self.get(name)
        if row is None:
            return None
        of = self.get(row.of)
        patrol = self.get(row.patrol or (of.patrol if of else None)) or row
        return SubjectFacts(
            author_person=row.author_person,
            leader_person=patrol.leader_person,
            on_patrol=frozenset(patrol.on_patrol),
            units=self.streams(name),
            review=row.review,
            reviewed_by=row.reviewed_by,
            locked=row.locked,
            version=row.version,
            kind=row.kind,
            began=row.began,
            owner_unit=row.owner_unit,
            restricted=row.restricted or (of is not None and of.restricted),
        )

    def children(self, names: Iterable[str]) -> set[str]:
        """Subjects that hang on these, directly: observations and calls of a patrol, photos of an observation."""
        wanted = set(names)
        found = self._connection.execute(
            select(SUBJECTS.c.subject).where(SUBJECTS.c.patrol.in_(wanted) | SUBJECTS.c.of.in_(wanted))
        ).scalars()
        fresh = {row.subject for row in self._begun.values() if row.patrol in wanted or row.of in wanted}
        return {*found, *fresh}

    def apply(self, entry: Entry, person: str) -> None:
        """Moves the subject of an accepted entry on."""
        if entry.begins_subject:
            row = begin(entry, person)
            self._known[row.subject] = self._begun[row.subject] = row
            return
        known = self.get(entry.subject)
        if known is not None and move_on(known, entry, person) and entry.subject not in self._begun:
            self._changed[entry.subject] = known

    def flush(self) -> None:
        """Writes what was begun and changed."""
        if self._begun:
            _NEW_SUBJECTS.add(self._connection, list(map(_IN_ORDER, self._begun.values())))
        if self._changed:
            rows = [{**vars(row), "which": row.subject} for row in self._changed.values()]
            values: dict[str, object] = {name: bindparam(name) for name in _COLUMNS if name != "subject"}
            self._connection.execute(
                SUBJECTS.update().where(SUBJECTS.c.subject == bindparam("which")).values(values),
                [{name: value for name, value in row.items() if name != "subject"} for row in rows],
            )
        self._begun, self._changed = {}, {}


def known_from(row: Any) -> Known:
    """Of a row of the table."""
    fields = row._asdict()
    return Known(**{**fields, **{name: tuple(fields[name]) for name in _LISTS}})


def begin(entry: Entry, person: str) -> Known:
    """What is known of a subject by the entry that begins it."""
    body = entry.body
    row = Known(
        subject=entry.subject,
        began=body.fact,
        owner_unit=entry.unit,
        author_person=person,
        own_units=tuple(sorted(units_named(entry))),
        version=entry.subject,
    )
    match body:
        case PatrolStarted():
            row.leader_person = body.leader
            row.on_patrol = tuple(sorted({body.leader, *body.members}))
        case ObservationRecorded():
            row.patrol, row.kind = body.patrol, body.kind
        case SosRaised():
            row.patrol = body.patrol
        case PhotoTaken() | VoiceRecorded():
            row.of = body.of
        case AlarmRaised():
            row.of = body.about
        case OrderIssued():
            row.addressed = tuple(sorted(body.to_persons))
        case CaseOpened():
            row.restricted = body.restricted
    return row


def move_on(row: Known, entry: Entry, person: str) -> bool:
    """Changes what is known of a subject by a later entry; False when the entry says nothing about it."""
    body = entry.body
    match body:
        case Amended() | PatrolEnded():  # what was judged before is no longer what stands
            row.version, row.review, row.reviewed_by = entry.ref, None, None
        case Reviewed() if body.verdict in EARLY and row.review not in OPEN_REVIEWS:
            return False  # let in by hand after a verdict, which stands
        case Reviewed():
            row.review, row.reviewed_by = body.verdict, person
            row.locked = row.locked or body.verdict == SEALED
        case Shared():
            row.own_units = tuple(sorted({*row.own_units, *body.with_units}))
        case Unshared():
            row.own_units = tuple(sorted(set(row.own_units) - (set(body.with_units) - {row.owner_unit})))
        case _:
            return False
    return True
